"""What is refused of a portfolio."""

from common.errors import Invalid, Refusal, Stale


class BrokenAchievement(Invalid):
    """An achievement that cannot stand as it is; `field` names the wrong input."""

    code = "broken_achievement"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message, field=field)
        self.field = field


class AlreadyConfirmed(Refusal):
    code = "already_confirmed"
    message = "Классный руководитель уже подтвердил достижение: изменить или убрать его нельзя."


class AlreadyChecked(Stale):
    code = "already_checked"
    message = "Это достижение уже проверено. Обновите страницу."


class AlreadyRemoved(Stale):
    code = "already_removed"
    message = "Это достижение уже убрано. Обновите страницу."


class AchievementChanged(Stale):
    code = "achievement_changed"
    message = (
        "Семья изменила достижение, пока вы его смотрели. Обновите страницу и проверьте ещё раз."
    )


class OnlyGuardian(Refusal):
    code = "only_guardian"
    status = 403
    message = "Показать достижение большему кругу может только родитель (законный представитель)."

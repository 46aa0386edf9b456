"""What is refused of announcements, recommendations, contact hours and the portfolio."""

from common.errors import Invalid, Refusal


class BrokenWords(Invalid):
    """An announcement or a recommendation that cannot stand as it is; `field` names the wrong input."""

    code = "broken_words"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message, field=field)
        self.field = field


class AlreadyWithdrawn(Refusal):
    code = "already_withdrawn"
    message = "Запись уже снята: изменить её нельзя."

"""What the actions on roles and accounts refuse."""

from datetime import date

from common.errors import Invalid, Refusal


class RoleGivenAlready(Refusal):
    code = "role_given_already"
    message = "Эта роль у человека уже есть."


class RoleEnded(Refusal):
    code = "role_ended"
    message = "Эта роль уже снята."


class RoleNotPossible(Invalid):
    """A role that the school's facts do not allow."""

    code = "role_not_possible"
    message = "Эту роль человеку дать нельзя."


class RoleDateOutside(Invalid):
    """The role would begin in years that nobody has planned."""

    code = "role_date_outside"

    def __init__(self, first: date, last: date) -> None:
        super().__init__(f"Роль начинается не раньше {first:%d.%m.%Y} и не позже {last:%d.%m.%Y}.")


class LastAdministrator(Refusal):
    code = "last_administrator"
    message = "Это последний администратор школы: сначала назначьте другого."


class NoAccount(Refusal):
    code = "no_account"
    message = "У человека нет учётной записи."


class AccountBlocked(Refusal):
    code = "account_blocked"
    message = "Учётная запись заблокирована: сначала разблокируйте её."


class AccountBlockedAlready(Refusal):
    code = "account_blocked_already"
    message = "Учётная запись уже заблокирована."


class AccountNotBlocked(Refusal):
    code = "account_not_blocked"
    message = "Учётная запись не заблокирована."


class OwnAccount(Refusal):
    code = "own_account"
    message = "Свою учётную запись заблокировать нельзя."


class AccountRemoved(Refusal):
    code = "account_removed"
    message = "Обучение закончено, учётная запись удалена: новую не выдают."


class SharedAccount(Refusal):
    code = "shared_account"
    message = "Этой учётной записью пользуются и в другой школе: код выдаёт администратор обеих."


class NotYetApplied(Invalid):
    code = "not_yet_applied"
    message = "Дата обращения ещё не наступила."


class AnsweredAlready(Refusal):
    code = "answered_already"
    message = "Ответ этому заявителю уже записан."


class WrongCode(Invalid):
    code = "wrong_code"
    message = "Логин или код не подходят. Проверьте листок или попросите новый код."


class TooManyTries(Refusal):
    code = "too_many_tries"
    status = 429
    message = (
        "Слишком много неверных попыток. Подождите 15 минут и попробуйте снова: код не пропал."
    )


class LoginTaken(Invalid):
    code = "login_taken"
    message = "Такой логин уже занят, придумайте другой."


class RemovalOver(Refusal):
    code = "removal_over"
    message = "Удалять уже нечего: запись удалена, сохранена, или удаление отменено."


class PupilReturned(Refusal):
    code = "pupil_returned"
    message = "Ученик снова учится: в течение часа доступ откроется, удалять нельзя."


class ServesElsewhere(Refusal):
    code = "serves_elsewhere"
    message = "Этой учётной записью пользуются и в другой школе: её разберёт задание по расписанию."


class ContactNotAgreed(Invalid):
    code = "contact_not_agreed"
    message = "Выберите один из действующих контактов этого человека."


class ResultsTermOutside(Invalid):
    """The contact would be kept longer than the results of examinations take."""

    code = "results_term_outside"

    def __init__(self, first: date, last: date) -> None:
        super().__init__(
            f"Контакт можно оставить не меньше чем по {first:%d.%m.%Y} и не дольше чем по {last:%d.%m.%Y}."
        )

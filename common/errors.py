"""Refusals: what the program will not do, with a sentence for the user and a code for machines."""


class Refusal(Exception):
    """An action refused; shown to the user as `message`, to machines as `code`."""

    code = "refused"
    status = 409
    message = "Действие не выполнено."

    def __init__(self, message: str | None = None, **details: object) -> None:
        self.details = details
        if message is not None:
            self.message = message
        super().__init__(self.message)


class Forbidden(Refusal):
    """The user may see the thing but not do this to it."""

    code = "forbidden"
    status = 403
    message = "У вас нет права на это действие."


class Invalid(Refusal):
    """What was entered cannot be accepted as it is."""

    code = "invalid"
    status = 422
    message = "Проверьте введённые данные."


class Stale(Refusal):
    """Somebody changed the thing since it was read."""

    code = "stale"
    status = 409
    message = "Запись изменили, пока вы работали. Обновите страницу и повторите."


class BrokenFile(Invalid):
    """The file is too big, broken or not what its name says."""

    code = "broken_file"


def require(allowed: bool) -> None:
    """Raise Forbidden unless `allowed`: the first line of every action."""
    if not allowed:
        raise Forbidden

"""What the regulation's actions refuse."""

from common.errors import Invalid, Refusal


class AlreadyInForce(Refusal):
    code = "version_not_later"
    message = "Новая редакция вступает в силу позже действующей: выберите более позднюю дату."


class UnknownProfile(Invalid):
    code = "unknown_profile"
    message = "Такого профиля регламента нет."


class BadParameter(Invalid):
    code = "bad_parameter"
    message = "Параметр регламента записан неверно."


class AcquaintedAlready(Refusal):
    code = "acquainted_already"
    message = "Ознакомление этого сотрудника уже записано."

"""What the API refuses."""

from common.errors import Refusal


class WrongPassword(Refusal):
    code = "wrong_password"
    status = 401
    message = "Логин или пароль не подходят."


class SecondFactorNeeded(Refusal):
    code = "second_factor"
    status = 403
    message = "Учётная запись защищена вторым фактором: ключ по одному паролю не выдаётся."

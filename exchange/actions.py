"""Keys of machines."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authtoken.models import Token

from exchange.errors import SecondFactorNeeded, WrongPassword
from people.models import User

KEY_LIVES = timedelta(days=180)


def issue_token(*, request: HttpRequest, login: str, password: str) -> Token:
    """Give the key of the account that the password opens, the same one until it is too old.

    Raises WrongPassword (also when there were too many attempts) and SecondFactorNeeded.
    """
    try:
        user = get_adapter().authenticate(request, username=login, password=password)
    except ValidationError as error:
        raise WrongPassword(" ".join(error.messages)) from error
    if not isinstance(user, User) or not user.is_active:
        raise WrongPassword
    if is_mfa_enabled(user):
        raise SecondFactorNeeded
    Token.objects.filter(user=user, created__lte=timezone.now() - KEY_LIVES).delete()
    return Token.objects.get_or_create(user=user)[0]

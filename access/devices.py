"""Whether a browser has signed in under an account before: it keeps a signed note of its accounts.

The rows of allauth's sessions cannot tell: signing out removes them, and the next sign-in from the
same computer would look like a stranger's.
"""

from typing import TypeVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

Response = TypeVar("Response", bound=HttpResponseBase)

COOKIE = "known"
SALT = "access.devices"
MOST = 20  # accounts of one browser: the computer of a staff room
LASTS = 60 * 60 * 24 * 400
NEW = "new_device"  # the session's word for it, until the first edit


def greet(request: HttpRequest, response: HttpResponseBase, user: AbstractBaseUser) -> None:
    """Note in the session that the browser is new to the account, and in the browser that it is not any more."""
    known = _known(request)
    mine = _sign(user)
    if mine not in known:
        request.session[NEW] = True
    kept = [mine, *(sign for sign in known if sign != mine)][:MOST]
    remember(response, kept)


def remember(response: HttpResponseBase, signs: list[str]) -> None:
    response.set_signed_cookie(
        COOKIE,
        ".".join(signs),
        salt=SALT,
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def met(response: Response, request: HttpRequest, user: AbstractBaseUser) -> Response:
    """Remember the browser of a first entry: its account has no other."""
    remember(response, [_sign(user), *_known(request)][:MOST])
    return response


def _known(request: HttpRequest) -> list[str]:
    stored = request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=LASTS) or ""
    return [sign for sign in stored.split(".") if sign]


def _sign(user: AbstractBaseUser) -> str:
    return salted_hmac(SALT, str(user.pk)).hexdigest()[:20]

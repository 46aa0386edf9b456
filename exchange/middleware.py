"""Signs a machine in by its token before the scope is opened."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework.authtoken.models import Token

from exchange.actions import KEY_LIVES


class TokenMiddleware:
    """`Authorization: Token …` on /api/ makes the token's owner the user of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        word, _, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if word == "Token" and request.path.startswith("/api/"):
            live = Token.objects.filter(created__gt=timezone.now() - KEY_LIVES)
            token = live.select_related("user").filter(key=key.strip()).first()
            if token is not None and token.user.is_active:
                request.user = token.user
                request.token = token  # type: ignore[attr-defined]
        return self.get_response(request)

"""Sign-in of machines: the token was read by the middleware, before the scope was opened."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from people.models import User


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token <key>`; an unknown key is 401, never an anonymous answer."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        token: Token | None = getattr(request, "token", None)  # put there by TokenMiddleware
        if token is not None:
            return token.user, token
        if request.headers.get("Authorization", "").startswith("Token"):
            raise AuthenticationFailed
        return None

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema names it."""

    target_class = "exchange.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Token <key>",
        }

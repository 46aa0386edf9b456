"""Every request of a signed-in user runs in one transaction whose scope is the user's schools."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import (
    AuthenticationMiddleware,
    LoginRequiredMiddleware,
    get_user,
)
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, JsonResponse
from django.utils import timezone

from common.unsent import hand_back
from people.scope import scope_of_user


class SessionUserMiddleware(AuthenticationMiddleware):
    """Reads the account at once: nearly every page needs it, and a lazy one costs at each of its uses."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = get_user(request)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in unless it says `login_not_required`; machines get 401.

    A form that was filled in before the session ended is handed back to be sent again.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        accepts = request.headers.get("Accept", "")
        if "application/json" in accepts or "HX-Request" in request.headers:
            message = "Вы вышли из системы. Войдите снова."
            return JsonResponse({"code": "signed_out", "message": message}, status=401)
        if request.method == "POST" and (page := hand_back(request, signed_out=True)):
            return page
        return super().handle_no_permission(request, view_func)


class ScopeMiddleware:
    """Opens the scope of a signed-in user, by the clock of her school.

    An answer of 400 and above rolls everything back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with scope_of_user(
            request.user,
            origin=request.META.get("REMOTE_ADDR", ""),
            request_id=getattr(request, "request_id", ""),
        ):
            with timezone.override(request.user.zone):
                response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response

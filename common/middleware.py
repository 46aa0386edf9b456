"""Turns a refusal into an answer that the page, the fragment or the machine can show."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from common.errors import Refusal


class RefusalMiddleware:
    """Answers an action's refusal with its status and its sentence; the transaction rolls back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if "application/json" in request.headers.get("Accept", ""):
            body = {"code": exception.code, "message": exception.message}
            return JsonResponse(body, status=exception.status)
        context = {"refusal": exception}
        return render(request, "errors/refusal.html", context, status=exception.status)

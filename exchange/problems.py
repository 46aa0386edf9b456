"""Refusals and errors as problem JSON (RFC 9457), with the codes that the pages know."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from common.errors import Refusal

TITLES = {
    "not_found": "Не найдено.",
    "not_authenticated": "Войдите в систему.",
    "authentication_failed": "Ключ доступа не подходит.",
    "permission_denied": "У вас нет права на это действие.",
    "parse_error": "Запрос не читается: нужен JSON.",
    "method_not_allowed": "Так к этому адресу не обращаются.",
    "unsupported_media_type": "Нужен JSON.",
    "not_acceptable": "Ответ бывает только в JSON.",
    "throttled": "Слишком много попыток. Подождите.",
}


def problem_handler(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception into `application/problem+json`; anything unknown stays a 500."""
    if isinstance(exception, Refusal):
        return _problem(exception.status, exception.code, exception.message)
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    response = exception_handler(exception, context)
    if response is None or not isinstance(exception, exceptions.APIException):
        return response
    if isinstance(exception, exceptions.ValidationError):
        answer = _problem(422, "invalid", "Проверьте введённые данные.", details=response.data)
    else:
        code = exception.default_code
        answer = _problem(response.status_code, code, TITLES.get(code, str(exception.detail)))
    for name in {"Allow", "Retry-After", "WWW-Authenticate"} & set(response.headers):
        answer.headers[name] = response.headers[name]
    return answer


def _problem(status: int, code: str, title: str, **more: object) -> Response:
    body = {"type": "about:blank", "status": status, "code": code, "title": title, **more}
    return Response(body, status=status, content_type="application/problem+json")

"""The front door and the error pages."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template import loader
from django.views.decorators.http import require_safe

from common.unsent import hand_back, is_own
from ediary.context import name_of
from people.http import Request
from people.roles import Role

API_WORDS = {
    HTTPStatus.BAD_REQUEST: "Запрос не читается.",
    HTTPStatus.FORBIDDEN: "У вас нет права на это действие.",
    HTTPStatus.NOT_FOUND: "Не найдено.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Ошибка на сервере. Она записана.",
}


@require_safe
def home(request: Request) -> HttpResponse:
    """Lead everybody to the page that she opens every day."""
    if request.user.has_role(Role.TEACHER, Role.CLASS_TEACHER):
        return redirect("journal:day")
    if request.user.has_role(Role.GUARDIAN, Role.PUPIL):
        return redirect("diary:home")
    if request.user.has_role(Role.HEAD, Role.DEPUTY_HEAD, Role.BRANCH_HEAD):
        return redirect("control:clauses")
    if request.user.has_role(Role.ADMIN):
        return redirect("access:people")
    if request.user.has_role(Role.SECRETARY):
        return redirect("consent:register")
    return _page(request, "errors/no_role.html", HTTPStatus.OK)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "errors/400.html", HTTPStatus.BAD_REQUEST)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is of an earlier sign-in: hand back what was typed, if the form was ours."""
    in_page = is_own(request) and "HX-Request" not in request.headers
    found = (
        hand_back(request, signed_out=False, user_name=name_of(request.user)) if in_page else None
    )
    return found or _page(request, "403_csrf.html", HTTPStatus.FORBIDDEN)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "errors/403.html", HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "errors/404.html", HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, "errors/500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(request: HttpRequest, template: str, status: HTTPStatus) -> HttpResponse:
    if request.path.startswith("/api/"):
        code = status.phrase.lower().replace(" ", "_")
        body = {"type": "about:blank", "status": status, "code": code, "title": API_WORDS[status]}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    context = {"incident": getattr(request, "request_id", "")}
    return HttpResponse(loader.render_to_string(template, context, request), status=status)

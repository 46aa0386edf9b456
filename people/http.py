"""The typed request, and the door between families and staff."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from people.models import User
from people.roles import STAFF

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


class Request(HttpRequest):
    """A signed-in request: what every view of ours receives."""

    user: User
    htmx: HtmxDetails
    request_id: str


def staff_only(
    view: Callable[Concatenate[Request, P], R],
) -> Callable[Concatenate[Request, P], R]:
    """Hide a page of the staff from families: to them it is not there (404, not 403)."""

    @wraps(view)
    def door(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if not request.user.has_role(*STAFF):
            raise Http404
        return view(request, *args, **kwargs)

    return door

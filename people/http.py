"""The typed request."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from people.models import User


class Request(HttpRequest):
    """A signed-in request: what every view of ours receives."""

    user: User
    htmx: HtmxDetails
    request_id: str

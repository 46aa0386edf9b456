"""Work without network: the script that keeps a teacher's day on her own device."""

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from people.http import Request, staff_only


@cache
def _script() -> bytes:
    return Path(str(finders.find("js/offline/worker.js"))).read_bytes()


@require_GET
@staff_only
def worker(_request: Request) -> HttpResponse:
    """Give the script at an address above all pages of the journal: it may serve those below its own."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/journal/"
    response["Cache-Control"] = "no-cache"
    return response

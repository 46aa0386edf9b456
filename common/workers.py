"""The script that serves pages without network: one answer, at an address above the pages it may serve."""

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpResponse


@cache
def _script() -> bytes:
    parts = ("js/offline/worker.js", "js/offline/worker_bring.js")
    return b"\n".join(Path(str(finders.find(part))).read_bytes() for part in parts)


def worker_for(scope: str) -> HttpResponse:
    """Answer with the script, allowed to serve the pages below `scope`, such as /diary/."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = scope
    response["Cache-Control"] = "no-cache"
    return response

"""Whether the process lives and is ready, and its metrics: answered before sessions and scopes."""

import hmac
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.exceptions import RedisError

from ediary import metrics as numbers


def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer while the process lives; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer whether database, broker and migrations are ready, else 503 and which one is not."""
    parts = {"database": database(), "broker": broker(), "migrations": migrations()}
    is_ready = all(state == "ok" for state in parts.values())
    return JsonResponse(parts, status=200 if is_ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the metrics to who brings METRICS_TOKEN as a bearer; open in the demo only."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    allowed = hmac.compare_digest(given.encode(), token.encode()) if token else settings.DEMO
    if not allowed:
        return HttpResponse(status=404)
    return HttpResponse(numbers.page(), content_type=numbers.CONTENT_TYPE)


PAGES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}


class HealthMiddleware:
    """Answers the three addresses itself, whatever the host name and without a database transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = PAGES.get(request.path_info)
        if page is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = page(request)
        response["Cache-Control"] = "no-store"
        return response


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "away"
    return "ok"


def broker() -> str:
    try:
        with numbers.broker() as client:
            client.ping()
    except RedisError:
        return "away"
    return "ok"


def migrations() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
    except DatabaseError:
        return "unknown"
    return "ok" if wanted_migrations() <= applied else "behind"


@cache
def wanted_migrations() -> frozenset[tuple[str, str]]:
    """Return the last migrations of each app that this code needs."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())

"""One id, one log line and one count for each request."""

import gzip
import ipaddress
import logging
import re
import secrets
import time
from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from common.ids import uuid7
from common.tracing import request_id
from ediary import metrics

logger = logging.getLogger("ediary.access")
# What a proxy may send: letters, digits and hyphens, so that nothing else enters the log.
ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")
ONE_PACKET = 1000  # bytes
LARGE = 100_000
QUICK = 3
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class ClientAddressMiddleware:
    """Makes REMOTE_ADDR the client's address: the one that the outermost of our proxies saw.

    Each proxy adds at the right the address that it was called from; what stands further left,
    the client wrote itself. A list that is too short came past a proxy: the address stays.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.proxies = settings.PROXIES

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.proxies and (address := forwarded(request, self.proxies)):
            request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


class RequestLogMiddleware:
    """Writes route, status and time: no address of a person's page, no account, no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        this_id = given if ACCEPTED.fullmatch(given) else str(uuid7())
        request.request_id = this_id  # type: ignore[attr-defined]
        token = request_id.set(this_id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = this_id
            self.note(request, response, time.perf_counter() - started)
        finally:
            request_id.reset(token)
        return response

    def note(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        """Log and count the answer."""
        method = request.method if request.method in METHODS else "OTHER"
        where = route(request)
        metrics.REQUESTS.labels(method, where, str(response.status_code)).inc()
        metrics.SECONDS.labels(method, where).observe(seconds)
        fields = {
            "event": "request",
            "method": method,
            "route": where,
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
        }
        if not response.streaming:
            fields["bytes"] = len(response.content)
        logger.info("request", extra=fields)


class PackMiddleware(GZipMiddleware):
    """Leaves alone what fits into one packet: the answer to a saved mark. Packs large pages quickly.

    A tenth more bytes of a page of hundreds of kilobytes come sooner than the last tenth is packed away.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not isinstance(response, HttpResponse):
            return super().process_response(request, response)
        size = len(response.content)
        if size < ONE_PACKET:
            return response
        if (
            size > LARGE
            and not (response.has_header("Content-Encoding") or response.has_header("ETag"))
            and "gzip" in request.headers.get("Accept-Encoding", "")
        ):
            patch_vary_headers(response, ("Accept-Encoding",))
            response.content = packed(response.content)
            response["Content-Length"] = str(len(response.content))
            response["Content-Encoding"] = "gzip"
            return response
        return super().process_response(request, response)


def packed(content: bytes) -> bytes:
    """Return what GZipMiddleware makes, with its name of a random length, at a lower level."""
    whole = gzip.compress(content, compresslevel=QUICK, mtime=0)
    name = b"a" * secrets.randbelow(GZipMiddleware.max_random_bytes) + b"\0"
    return whole[:3] + bytes([gzip.FNAME]) + whole[4:10] + name + whole[10:]


class PageHeadersMiddleware:
    """Sends the one Content-Security-Policy of all pages, without nonces or exemptions; keeps no page.

    What a browser or a proxy keeps, the next one at the school's computer could read (G2.10.1b).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response[HEADER] = self.policy
        response.setdefault("Cache-Control", "private, no-store")
        return response


def forwarded(request: HttpRequest, proxies: int) -> str | None:
    """Return the address at that place from the right of X-Forwarded-For, if one stands there."""
    addresses = request.headers.get("X-Forwarded-For", "").split(",")
    if len(addresses) < proxies:
        return None
    try:
        return str(ipaddress.ip_address(addresses[-proxies].strip()))
    except ValueError:
        return None


def route(request: HttpRequest) -> str:
    """Return the pattern of the address, which names nobody, not the address itself."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or match.route
    if request.path_info in {"/healthz", "/readyz", "/metrics"}:
        return request.path_info
    return "/static/" if request.path_info.startswith("/static/") else "unknown"

"""A page that the family's own phone holds is not made anew while it is true (304): docs/adr/0012.

The copy is the diary's service worker's; the browser's own cache keeps nothing, as on a shared computer (G2.10.1b).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.crypto import constant_time_compare, salted_hmac

from common.looks import TEXT_SIZE
from diary import queries
from diary.queries.days import SCHOOL_IS_OUT
from diary.queries.held import Moment, moment, moment_since
from diary.views.frame import is_phone, looked
from people.http import Request

TAG = re.compile(r'(?:W/)?"([0-9:,]{5,500})\.(\d{10,18})\.(\d{10,18})\.([0-9a-f]{64})"')
LONGEST = 500
# The code whose change makes another page.
APPS = ("common", "consent", "diary", "ediary", "journal", "people", "regulation", "school")


@dataclass(frozen=True, slots=True)
class Held:
    """What the browser is told of its copy; without a tag it keeps none."""

    tag: str = ""
    is_true: bool = False

    def put_on(self, response: HttpResponse) -> HttpResponse:
        if self.tag:
            response["ETag"] = self.tag
        return response

    def not_modified(
        self, request: Request, found: queries.Opened, section: str, now: datetime
    ) -> HttpResponse:
        """Answer without a page; a look is a look."""
        looked(request, found, section, now)
        return self.put_on(HttpResponseNotModified())


def held(request: Request, found: queries.Opened, now: datetime) -> Held:
    """Judge the browser's copy of this page: that the reader may see it was asked before."""
    if not is_phone(request, found) or len(get_messages(request)):
        return Held()
    facts = _facts(request, found, now)
    given = TAG.fullmatch(request.headers.get("If-None-Match", ""))
    copy = Moment(*given.groups()[:3]) if given else None
    if given is None or copy is None or not constant_time_compare(given[4], _sign(copy, facts)):
        return _new(moment(now), facts)
    today = found.pupil.school.local_date(now)
    current, is_changed = moment_since(copy, found.pupil, today=today, now=now)
    return _new(current, facts) if is_changed else Held(given[0], is_true=True)


def _new(made_of: Moment, facts: str) -> Held:
    if len(made_of.snapshot) > LONGEST:
        return Held()
    return Held(f'W/"{made_of}.{_sign(made_of, facts)}"')


def _sign(made_of: Moment, facts: str) -> str:
    return salted_hmac("diary.held", f"{made_of} {facts}", algorithm="sha256").hexdigest()


def _facts(request: Request, found: queries.Opened, now: datetime) -> str:
    """Return what the page depends on beside rows that tell of their changes."""
    local = now.astimezone(found.pupil.school.zone)
    identities = [
        (one.person_id, one.school_id, one.name, sorted(one.roles))
        for one in request.user.identities
    ]
    facts = (
        _program(), request.get_full_path(), request.user.pk, identities, request.headers.get("HX-Request"),
        request.COOKIES.get(TEXT_SIZE),
        request.META.get("CSRF_COOKIE"),  # the page's forms carry its token
        found.pupil.person.last_name, found.pupil.person.first_name, found.class_name,
        found.children, found.unread,
        local.date(), local.time() >= SCHOOL_IS_OUT,  # then the next day stands first
    )  # fmt: skip
    return repr(facts)


@cache
def _program() -> str:
    """Return a digest that changes with the program; all processes of an installation have the same."""
    base = settings.BASE_DIR
    files = [Path(settings.STATIC_ROOT) / "staticfiles.json", *base.glob("templates/**/*.html")]
    files += [one for app in APPS for one in (base / app).glob("**/*.py")]
    told = sorted((str(one), stat.st_mtime_ns, stat.st_size) for one in files if one.exists() for stat in [one.stat()])  # fmt: skip
    return sha256(repr(told).encode()).hexdigest()

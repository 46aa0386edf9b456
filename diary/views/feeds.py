"""A child's calendar for other programs: the family's page, and the calendar at its secret address."""

import hashlib
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_POST, require_safe

from diary import actions, ical, queries
from diary.views.frame import monday_at, opened, show
from people.http import Request
from people.scope import scope_of_user


@require_safe
def calendar(request: Request, pupil_id: UUID) -> HttpResponse:
    """The page of the address; staff have no child here."""
    found, now = opened(request, pupil_id), timezone.now()
    if not found.is_own:
        raise Http404
    state = queries.own_feed(request.user, found.pupil)
    return show(request, found, "calendar", now, state=state, address="", webcal="")


@require_POST
def make_calendar(request: Request, pupil_id: UUID) -> HttpResponse:
    """Make a new address and show it, this once."""
    found, now = opened(request, pupil_id), timezone.now()
    secret = actions.make_feed(by=request.user, pupil=found.pupil, now=now)
    address = settings.PUBLIC_URL + reverse("calendar:feed", args=[secret])
    state = queries.own_feed(request.user, found.pupil)
    webcal = "webcal://" + address.partition("://")[2]
    return show(request, found, "calendar", now, state=state, address=address, webcal=webcal)


@require_POST
def revoke_calendar(request: Request, pupil_id: UUID) -> HttpResponse:
    found, now = opened(request, pupil_id), timezone.now()
    if actions.revoke_feed(by=request.user, pupil=found.pupil, now=now):
        messages.success(request, "Адрес календаря отозван: по нему больше ничего не видно.")
    return redirect("diary:calendar", pupil_id)


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar itself: what its owner may still read, or nothing."""
    feed, now = queries.feed_of(secret), timezone.now()
    if feed is None:
        raise Http404
    with scope_of_user(feed.user, origin="calendar"):
        found = queries.opened(feed.user, feed.pupil_id, now=now)
        if found is None or not found.is_own:
            raise Http404
        text = _text(found, now)
        actions.note_reading(feed_id=feed.feed_id, now=now)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["ETag"] = quote_etag(hashlib.sha256(text).hexdigest())
    response["Cache-Control"] = "private, no-cache"
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer or response


def _text(found: queries.Opened, now: datetime) -> bytes:
    """Return the calendar; its stamp stays the same for a week, so that its ETag does."""
    pupil = found.pupil
    monday = datetime.combine(monday_at(pupil, now), datetime.min.time(), pupil.school.zone)
    name = ", ".join(filter(None, (f"Уроки: {pupil.person.first_name}", found.class_name)))
    host = urlsplit(settings.PUBLIC_URL).hostname or "diary"
    stamp = monday - timedelta(minutes=1)
    return ical.calendar(queries.calendar_events(pupil, now=now), name=name, host=host, stamp=stamp)

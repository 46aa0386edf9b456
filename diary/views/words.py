"""The family reads: announcements."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from diary import queries
from diary.actions import words as actions
from diary.models import Announcement
from diary.queries import words
from diary.views.frame import opened, show_page
from people.http import Request


@require_safe
def announcements(request: Request, pupil_id: UUID) -> HttpResponse:
    found, now = opened(request, pupil_id), timezone.now()
    page = words.announcements(found.pupil, user=request.user, now=now)
    context = {"page": page, "advice": words.unread_advice(found.pupil, user=request.user)}
    return show_page(request, found, "announcements", now, "diary/announcements.html", context)


@require_safe
def announcement(request: Request, pupil_id: UUID, announcement_id: UUID) -> HttpResponse:
    """One announcement: opened by the family, it is read."""
    found, now = opened(request, pupil_id), timezone.now()
    row = _announcement(request, found, announcement_id)
    if found.is_own and request.method == "GET":
        actions.read_announcement(by=request.user, announcement=row, now=now)
    today = found.pupil.school.local_date(now)
    context = {"said": words.said(row, today=today, is_read=True)}
    return show_page(request, found, "announcements", now, "diary/announcement.html", context)


def _announcement(request: Request, found: queries.Opened, announcement_id: UUID) -> Announcement:
    today = found.pupil.school.local_date(timezone.now())
    seen = Announcement.objects.visible_to(request.user).select_related("school_class", "author")
    return get_object_or_404(seen.filter(words.told(found.pupil, today=today)), pk=announcement_id)

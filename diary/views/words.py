"""The family reads what the school says: announcements and recommendations."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from diary import queries
from diary.actions import advice
from diary.actions import words as actions
from diary.models import Announcement, Recommendation
from diary.policy import can_answer
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


@require_safe
def recommendations(request: Request, pupil_id: UUID) -> HttpResponse:
    found, now = opened(request, pupil_id), timezone.now()
    page = words.recommendations(found.pupil, user=request.user)
    context = {"page": page, "may_read": can_answer(request.user, found.pupil)}
    return show_page(request, found, "recommendations", now, "diary/recommendations.html", context)


@require_POST
def read(request: Request, pupil_id: UUID, recommendation_id: UUID) -> HttpResponse:
    """«Прочитано»: who of the family has read the recommendation, and when."""
    found = opened(request, pupil_id)
    seen = Recommendation.objects.visible_to(request.user).select_related("pupil")
    row = get_object_or_404(seen, pk=recommendation_id, pupil=found.pupil.pk)
    advice.read_recommendation(by=request.user, recommendation=row, now=timezone.now())
    messages.success(request, "Отмечено: рекомендация прочитана.")
    return redirect("diary:recommendations", pupil_id)

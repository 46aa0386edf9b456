"""«Задания»: what is to be done, and the family's own tick."""

from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from diary import actions, queries
from diary.views.frame import opened, show
from journal.models import Homework
from people.http import Request


@require_safe
def tasks(request: Request, pupil_id: UUID) -> HttpResponse:
    found, now = opened(request, pupil_id), timezone.now()
    subject = request.GET.get("subject", "")
    page = queries.tasks(found.pupil, now=now, subject=subject, is_family=found.is_own)
    return show(request, found, "tasks", now, page=page)


@require_POST
def task_done(request: Request, pupil_id: UUID, homework_id: UUID) -> HttpResponse:
    """Tick a homework as done, or take the tick back: a plain form, or the day's list for htmx."""
    found, now = opened(request, pupil_id), timezone.now()
    set_to_her = Homework.objects.visible_to(request.user).filter(queries.asked(found.pupil))
    homework = get_object_or_404(set_to_her, pk=homework_id)
    if request.POST.get("done") == "1":
        actions.mark_done(by=request.user, pupil=found.pupil, homework=homework, now=now)
    else:
        actions.undo_done(by=request.user, pupil=found.pupil, homework=homework)
    subject = request.POST.get("subject", "")
    if request.htmx:
        return _day(request, found, homework.due_day, subject, now)
    query = f"?{urlencode({'subject': subject})}" if subject else ""
    return redirect(f"{reverse('diary:tasks', args=[pupil_id])}{query}#task-{homework_id}")


def _day(
    request: Request, found: queries.Opened, day: date, subject: str, now: datetime
) -> HttpResponse:
    page = queries.tasks(found.pupil, now=now, subject=subject, is_family=found.is_own)
    context = {"page": page, "day": page.of_day(day), "pupil_id": found.pupil.pk}
    with timezone.override(found.pupil.school.zone):
        return render(request, "diary/task_day.html", context)

"""«Задания»: what is to be done, and the family's own tick."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from diary import actions, queries
from diary.task_cards import Sheet
from diary.views.frame import opened, show
from diary.views.held import held
from journal.models import Homework
from people.http import Request


@require_safe
def tasks(request: Request, pupil_id: UUID) -> HttpResponse:
    found, now = opened(request, pupil_id), timezone.now()
    copy = held(request, found, now)
    if copy.is_true:
        return copy.not_modified(request, found, "tasks", now)
    subject, past = request.GET.get("subject", ""), request.GET.get("past") == "1"
    page = queries.tasks(found.pupil, now=now, subject=subject, past=past, is_family=found.is_own)
    sheet = _sheet(request, found, page.shown_subject)
    with timezone.override(found.pupil.school.zone):
        days, earlier = sheet.days(page.days), sheet.days(page.past)
    return copy.put_on(show(request, found, "tasks", now, page=page, days=days, past=earlier))


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
    past = homework.due_day < found.pupil.school.local_date(now)
    if request.htmx:
        page = queries.tasks(found.pupil, now=now, subject=subject, past=past, is_family=True)
        with timezone.override(found.pupil.school.zone):
            return HttpResponse(_sheet(request, found, subject).days(page.of_day(homework.due_day)))
    query = urlencode({"subject": subject} | ({"past": 1} if past else {}))
    return redirect(f"{reverse('diary:tasks', args=[pupil_id])}?{query}#task-{homework_id}")


def _sheet(request: Request, found: queries.Opened, subject: str) -> Sheet:
    """Who is not of the family gets no forms."""
    token = get_token(request) if found.is_own else ""
    return Sheet.of(found.pupil.pk, token=token, subject=subject)

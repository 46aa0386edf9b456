"""The grid of a course, its cells and the panel of one cell."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access import devices
from common.errors import Forbidden, Refusal
from journal import actions, forms, queries
from journal.actions.owed import move_debt
from journal.cells import render_table
from journal.views.asked import asked_uuid
from people.http import Request


@require_GET
def sheet(request: Request, course_id: UUID) -> HttpResponse:
    period = asked_uuid(request.GET.get("period"))
    found = queries.sheet(
        request.user, course_id, period, today=request.user.today, now=timezone.now()
    )
    return render(request, "journal/sheet.html", {"sheet": found, "table": render_table(found)})


@require_POST
def cells(request: Request, course_id: UUID) -> HttpResponse:
    """Save cells: the answer names what became of each."""
    now = timezone.now()
    course = queries.course_facts(request.user, course_id, today=request.user.today)
    sent = forms.read_cells(request.body, user=request.user)
    new_device = bool(request.session.get(devices.NEW))
    answer = actions.save_cells(
        by=request.user,
        course=course,
        op=sent.op,
        entries=sent.entries,
        now=now,
        reason=sent.reason,
        new_device=new_device,
    )
    if new_device and answer.has_written:
        del request.session[devices.NEW]
    return JsonResponse(answer.told)


@require_http_methods(["GET", "POST"])
def cell(request: Request, course_id: UUID) -> HttpResponse:
    """Show the panel of one cell; a POST writes its comment."""
    if request.method == "POST":
        return _comment(request, course_id)
    form = forms.CellForm(request.GET)
    if not form.is_valid():
        raise Http404
    return _panel(request, course_id, form)


def _comment(request: Request, course_id: UUID) -> HttpResponse:
    form = forms.CommentForm(request.POST)
    if not form.is_valid():
        return _panel(request, course_id, form, error=form.words())
    course = queries.course_facts(request.user, course_id, today=request.user.today)
    sent = form.cleaned_data
    try:
        said = _write(request, course, sent)
    except Forbidden:
        raise
    except Refusal as refusal:
        return _panel(request, course_id, form, error=refusal.message)
    return _panel(request, course_id, form, saved=said)


def _write(request: Request, course: queries.CourseFacts, sent: dict[str, Any]) -> str:
    """Write the comment of a cell, and until when its work is owed; say what was done."""
    which = {"lesson_id": sent["lesson"], "pupil_id": sent["pupil"]}
    now = timezone.now()
    actions.set_comment(
        by=request.user, course=course, comment=sent["comment"], rev=sent["rev"], now=now, **which
    )
    if not sent["due"]:
        return "Комментарий записан."
    move_debt(by=request.user, course=course, due_day=sent["due"], rev=None, now=now, **which)
    return "Комментарий и срок долга записаны."


def _panel(
    request: Request, course_id: UUID, form: forms.CellForm, *, error: str = "", saved: str = ""
) -> HttpResponse:
    which = getattr(form, "cleaned_data", {})
    if "lesson" not in which or "pupil" not in which:
        raise Http404
    found = queries.cell_details(
        request.user,
        course_id,
        lesson_id=which["lesson"],
        pupil_id=which["pupil"],
        today=request.user.today,
    )
    comment = form.data.get("comment", "") if error else found.comment
    context = {"cell": replace(found, error=error, saved=saved, comment=comment)}
    return render(request, "journal/cell.html", context, status=422 if error else 200)

"""Marks still owed, and works that are judged by criteria."""

from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from common.errors import Forbidden, Invalid, Refusal, require
from common.ids import uuid7
from journal import actions, policy, queries
from journal.actions.criteria import CriterionRow, set_criteria, set_points
from journal.actions.owed import move_debt
from journal.forms_marking import DebtForm, words
from journal.models import Work
from journal.queries.criteria import CriteriaPage, CriteriaRow, criteria_page
from journal.queries.owed import owed
from journal.sheet import CellEntry
from journal.views.asked import asked_text, asked_uuid
from people.http import Request, staff_only


@require_http_methods(["GET", "POST"])
@staff_only
def debts(request: Request) -> HttpResponse:
    """Marks still owed: the teacher writes them here, or gives more time."""
    require(policy.can_open_day(request.user))
    if request.method == "POST":
        _settle(request)
        return redirect(request.get_full_path())
    found = owed(
        request.user,
        today=request.user.today,
        group=asked_uuid(request.GET.get("group")),
        course=asked_uuid(request.GET.get("course")),
    )
    return render(request, "journal/debts.html", {"page": found})


def _settle(request: Request) -> None:
    """Write the mark that was owed, or move its day; say what became of it."""
    form = DebtForm(request.POST)
    if not form.is_valid():
        raise Invalid(words(form))
    sent = form.cleaned_data
    course = queries.course_facts(request.user, sent["course"], today=request.user.today)
    try:
        if sent["value"]:
            messages.success(request, _pay(request, course, sent))
        elif sent["due"]:
            move_debt(
                by=request.user, course=course, lesson_id=sent["lesson"], pupil_id=sent["pupil"],
                due_day=sent["due"], rev=sent["rev"], now=timezone.now(),
            )  # fmt: skip
            messages.success(request, "Срок долга изменён.")
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)


def _pay(request: Request, course: queries.CourseFacts, sent: dict[str, Any]) -> str:
    """Put the mark into the place of the точка, whatever stands beside it."""
    text = sent["text"].replace("•", sent["value"], 1)
    entry = CellEntry(sent["pupil"], sent["lesson"], text, sent["rev"])
    answer = actions.save_cells(
        by=request.user, course=course, op=uuid7(), entries=[entry], now=timezone.now()
    )
    (cell,) = answer.cells
    if cell.state != "ok":
        raise Invalid(cell.message)
    return f"Записано: {cell.value}."


@require_http_methods(["GET", "POST"])
def criteria(request: Request, course_id: UUID, work_id: UUID) -> HttpResponse:
    """A work's criteria: points of each pupil, the proposed mark."""
    course = queries.course_facts(request.user, course_id, today=request.user.today)
    works = Work.objects.visible_to(request.user).filter(lesson__course=course.course_id)
    work = get_object_or_404(works.select_related("kind", "lesson__sitting"), pk=work_id)
    if request.method == "GET":
        page = criteria_page(request.user, course, work)
        return render(request, "journal/criteria.html", {"page": page, "empty": range(2)})
    require(course.who.keeps)
    try:
        messages.success(request, _judge(request, course, work))
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(reverse("journal:criteria", args=[course_id, work_id]))


def _judge(request: Request, course: queries.CourseFacts, work: Work) -> str:
    """Write the criteria, or the points and, where it was asked for, the marks."""
    now, step = timezone.now(), request.POST.get("step")
    if step == "criteria":
        set_criteria(by=request.user, course=course, work=work, rows=_criteria(request), now=now)
        return "Критерии записаны."
    points, seen = _touched(request)
    set_points(by=request.user, course=course, work=work, points=points, seen=seen, now=now)
    if step != "marks":
        return "Баллы записаны."
    return _mark(request, course, criteria_page(request.user, course, work))


def _criteria(request: Request) -> list[CriterionRow]:
    sent = (request.POST.getlist(name) for name in ("criterion", "name", "maximum"))
    rows = []
    for known, name, maximum in zip_longest(*sent, fillvalue=""):
        title, most = asked_text(name, 200), maximum.strip()
        if title and not (most.isascii() and most.isdecimal()):
            raise Invalid("Наибольший балл — целое число.")
        rows.append(CriterionRow(asked_uuid(known), title, int(most[:6]) if title else 0))
    return rows


def _points(request: Request, prefix: str) -> dict[tuple[UUID, UUID], int | None]:
    """Return the points of the fields «p_criterion_pupil», or those that stood in the form, «was_…»."""
    found: dict[tuple[UUID, UUID], int | None] = {}
    for name, typed in request.POST.items():
        _, _, ids = name.partition(prefix)
        criterion, pupil = (asked_uuid(part) for part in (*ids.split("_"), "", "")[:2])
        if not name.startswith(prefix) or criterion is None or pupil is None:
            continue
        text = str(typed).strip()
        if text and not (text.isascii() and text.isdecimal() and len(text) < 6):
            raise Invalid("Баллы — целые числа.")
        found[criterion, pupil] = int(text) if text else None
    return found


def _touched(request: Request) -> tuple[dict[tuple[UUID, UUID], int | None], ...]:
    """Return the points that were changed in the form, and what stood there."""
    points, seen = _points(request, "p_"), _points(request, "was_")
    return {k: v for k, v in points.items() if k not in seen or seen[k] != v}, seen


def _rev(request: Request, row: CriteriaRow) -> int:
    """Return the revision of the cell that stood in the form: what came meanwhile is a conflict."""
    sent = request.POST.get(f"rev_{row.pupil_id}", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else row.rev


def _mark(request: Request, course: queries.CourseFacts, page: CriteriaPage) -> str:
    """Write the proposed marks through the one way that cells have."""
    entries = [
        CellEntry(row.pupil_id, page.lesson_id, row.wanted, _rev(request, row))
        for row in page.rows
        if row.wanted
    ]
    answer = actions.save_cells(
        by=request.user,
        course=course,
        op=uuid7(),
        entries=entries,
        now=timezone.now(),
        reason=asked_text(request.POST.get("reason")),
    )
    refused = {cell.message for cell in answer.cells if cell.state != "ok"}
    if refused:
        messages.warning(request, " ".join(sorted(refused)))
    return f"Отметок поставлено: {sum(cell.state == 'ok' for cell in answer.cells)}."

"""Closing a period or a year: who is how far, one screen of results, one result."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from common.errors import Forbidden, Invalid, Refusal, require
from common.ids import uuid7
from common.templatetags.words import count_ru
from journal import actions, policy
from journal.closing import YEAR, Chosen, ResultAnswer, ResultEntry
from journal.closing_cells import render_rows
from journal.forms_closing import DeferralForm, ResultForm, read_results
from journal.queries.closing import closing_page
from journal.queries.closing_lists import closing_cell as read_cell
from journal.queries.closing_lists import closing_index
from journal.views.asked import asked_text, asked_uuid
from people.http import Request, staff_only
from school.models import PeriodKind

RESULTS = "результат,результата,результатов"
COURSES = "журнал утверждён,журнала утверждены,журналов утверждены"


def _period(request: Request) -> str:
    """Return what period is asked for: by its id, by its code («quarter-2»), or the year."""
    asked = request.GET.get("period", "")
    kind, _, number = asked.partition("-")
    known = asked == YEAR or (kind in PeriodKind.values and number.isdecimal())
    return asked if known else str(asked_uuid(asked) or "")


@require_GET
@staff_only
def closing(request: Request) -> HttpResponse:
    """The user's own courses, the classes that she leads or oversees, and what was put off."""
    require(policy.can_open_day(request.user))
    period = _period(request)
    if school_class := asked_uuid(request.GET.get("class")):
        place = reverse("journal:closing_class", args=[school_class])
        return redirect(f"{place}?period={period}")
    found = closing_index(request.user, period, today=request.user.today)
    return render(request, "journal/closing.html", {"index": found, "today": request.user.today})


@require_http_methods(["GET", "POST"])
@staff_only
def closing_class(request: Request, class_id: UUID) -> HttpResponse:
    return _screen(request, Chosen(class_id=class_id, period=_period(request)))


@require_http_methods(["GET", "POST"])
@staff_only
def closing_course(request: Request, course_id: UUID) -> HttpResponse:
    return _screen(request, Chosen(course_id=course_id, period=_period(request)))


def _screen(request: Request, chosen: Chosen) -> HttpResponse:
    page = _page(request, chosen)  # 404 for who may not see it
    if request.method == "GET":
        return render(request, "journal/closing_sheet.html", page)
    verb = VERBS.get(request.POST.get("do", ""))
    if verb is None:
        raise Invalid
    try:
        told = verb(request, chosen, timezone.now())
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(request.get_full_path())
    if isinstance(told, str):
        messages.success(request, told)
        return redirect(request.get_full_path())
    # An answer of 422 would take back what was written.
    status = 200 if any(answer.state == "ok" for answer in told) else 422
    page = _page(request, chosen, told)
    return render(request, "journal/closing_sheet.html", page, status=status)


def _page(
    request: Request, chosen: Chosen, answers: Sequence[ResultAnswer] = ()
) -> Mapping[str, object]:
    page = closing_page(
        request.user,
        chosen,
        today=request.user.today,
        shows_all=request.GET.get("show") == "all",
        answers=answers,
    )
    written = sum(answer.state == "ok" for answer in answers)
    refused = [answer for answer in answers if answer.state != "ok"]
    return {
        "page": page,
        "rows": render_rows(page),
        "op": uuid7(),
        "written": written,
        "refused": refused,
    }


Told = str | tuple[ResultAnswer, ...]


def _save(request: Request, chosen: Chosen, now: datetime) -> Told:
    entries = read_results(request.POST.dict())
    answers = actions.set_results(by=request.user, chosen=chosen, entries=entries, now=now)
    if any(answer.state != "ok" for answer in answers):
        return answers
    return f"Записано: {count_ru(len(answers), RESULTS)}." if answers else "Изменений нет."


def _fill(request: Request, chosen: Chosen, now: datetime) -> Told:
    op = asked_uuid(request.POST.get("op")) or uuid7()
    filled = actions.fill_sure(by=request.user, chosen=chosen, op=op, now=now)
    return f"Заполнено по положению: {count_ru(filled, RESULTS)}."


def _undo(request: Request, chosen: Chosen, now: datetime) -> Told:
    op = asked_uuid(request.POST.get("op")) or uuid7()
    taken = actions.undo_fill(by=request.user, chosen=chosen, op=op, now=now)
    return f"Заполнение отменено: {count_ru(taken, RESULTS)}."


def _sign(request: Request, chosen: Chosen, now: datetime) -> Told:
    actions.sign_off(by=request.user, chosen=_named(request, chosen), now=now)
    return "Итоги подписаны и ждут утверждения завучем."


def _approve(request: Request, chosen: Chosen, now: datetime) -> Told:
    number = actions.approve(by=request.user, chosen=_named(request, chosen), now=now)
    return f"{count_ru(number, COURSES)}."


def _send_back(request: Request, chosen: Chosen, now: datetime) -> Told:
    reason = asked_text(request.POST.get("reason"))
    actions.send_back(by=request.user, chosen=_named(request, chosen), reason=reason, now=now)
    return "Подпись снята: учитель может исправить итоги."


def _named(request: Request, chosen: Chosen) -> Chosen:
    """The course that the button names, or what the page shows."""
    course = asked_uuid(request.POST.get("course"))
    return Chosen(course_id=course, period=chosen.period) if course else chosen


VERBS: Mapping[str, Callable[[Request, Chosen, datetime], Told]] = {
    "save": _save,
    "fill": _fill,
    "undo": _undo,
    "sign": _sign,
    "approve": _approve,
    "back": _send_back,
}


@require_http_methods(["GET", "POST"])
@staff_only
def closing_cell(request: Request, course_id: UUID, pupil_id: UUID) -> HttpResponse:
    """One result: its marks, why it is proposed, its deferral, its history."""
    chosen = Chosen(course_id=course_id, period=_period(request))
    cell = read_cell(request.user, chosen, pupil_id, today=request.user.today)
    defers = request.POST.get("do") == "defer"
    sent = request.POST if request.method == "POST" else None
    initial = {"rev": cell.place.rev, "until": cell.place.until}
    deferral = DeferralForm(sent if defers else None, initial=initial)
    form = ResultForm(None if defers else sent, initial=initial | {"value": cell.place.value})
    if sent is not None:
        told = (
            _defer(request, chosen, pupil_id, deferral)
            if defers
            else _set_one(request, chosen, pupil_id, form)
        )
        if told:
            messages.success(request, told)
            return redirect(cell.url)
    status = 422 if sent is not None else 200
    context = {"cell": cell, "deferral": deferral, "form": form}
    return render(request, "journal/closing_cell.html", context, status=status)


def _defer(request: Request, chosen: Chosen, pupil_id: UUID, form: DeferralForm) -> str:
    if not form.is_valid():
        return ""
    try:
        made = actions.defer(
            by=request.user, chosen=chosen, pupil_id=pupil_id, now=timezone.now(), **form.cleaned_data
        )  # fmt: skip
    except Forbidden:
        raise
    except Refusal as refusal:
        form.add_error(str(refusal.details.get("field", "")) or None, refusal.message)
        return ""
    return f"Отметка отложена до {made.until:%d.%m.%Y}."


def _set_one(request: Request, chosen: Chosen, pupil_id: UUID, form: ResultForm) -> str:
    if not form.is_valid():
        return ""
    sent = form.cleaned_data
    entry = ResultEntry(
        str(chosen.course_id), str(pupil_id), sent["value"], sent["rev"], sent["reason"]
    )
    (answer,) = actions.set_results(
        by=request.user, chosen=chosen, entries=[entry], now=timezone.now()
    )
    if answer.state == "ok":
        return "Записано."
    form.add_error("reason" if answer.state == "reason" else "value", answer.message)
    return ""

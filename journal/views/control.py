"""The deputy head's pages: what journals lack, remarks, pupils at risk, comparisons, load, trail."""

from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from common.errors import Refusal, require
from common.weeks import monday_of
from journal import actions, queries
from journal.forms_control import FOUND, REACHES, AnswerForm, RemarkForm
from journal.homework import LateHomework
from journal.models import Remark
from journal.queries import board as boards
from journal.queries import comparison, loads, risk, trail
from journal.queries import remarks as remark_lists
from journal.queries.controlled import period_began, schools_controlled
from journal.views.asked import asked_date, asked_uuid
from journal.views.sections import Link
from people.http import Request, staff_only
from people.roles import Permission
from school.calendar import school_year
from school.models import Course, Lesson

WEEKS = 6
LATE_SHOWN = 20
PAGES = {
    "journal:board": "Заполнение",
    "journal:remarks": "Замечания",
    "journal:risk": "Ученики в зоне риска",
    "journal:comparison": "Средние и итоги",
    "journal:load": "Нагрузка контрольными",
    "journal:substitutions": "Замены",
    "journal:reopenings": "Открытие",
    "journal:unusual": "Необычное",
}
BY = {"teacher": "По учителям", "class": "По классам", "subject": "По предметам"}


def _schools(request: Request) -> tuple[UUID, ...]:
    """Return the school that was asked for among those that the user controls; none: all of them."""
    controls = request.user.schools_with(Permission.JOURNAL_CONTROL)
    require(bool(controls))
    asked = asked_uuid(request.GET.get("school"))
    if asked and asked not in controls:
        raise Http404
    return (asked,) if asked else ()


def frame(request: Request, page: str) -> dict[str, Any]:
    """Return what every page of the control shares: tabs and the switch of schools."""
    school = request.GET.get("school", "")
    tail = f"?{urlencode({'school': school})}" if school else ""
    schools = schools_controlled(request.user)
    switch = [Link("Все", "?" + urlencode(_others(request, "school")), not school)]
    switch += [
        Link(
            one.short_name,
            "?" + urlencode({**_others(request, "school"), "school": one.pk}),
            str(one.pk) == school,
        )
        for one in schools
    ]
    tabs = [Link(name, reverse(key) + tail, key == page) for key, name in PAGES.items()]
    return {"tabs": tabs, "switch": switch if len(switch) > 2 else []}


def _others(request: Request, *without: str) -> dict[str, str]:
    return {key: str(value) for key, value in request.GET.items() if key not in without}


def _since(request: Request) -> date:
    """Return the first day that is looked at: of a week ago, the current period, the year."""
    today = request.user.today
    reach = request.GET.get("reach", "period")
    if reach == "week":
        return today - timedelta(days=7)
    year = school_year(today)
    if reach == "year":
        return date(year, 8, 1)
    return period_began(request.user, today)


def _reaches(request: Request) -> list[Link]:
    asked = request.GET.get("reach", "period")
    others = _others(request, "reach")
    return [
        Link(name, "?" + urlencode({**others, "reach": key}), key == asked)
        for key, name in REACHES.items()
    ]


def _overdue(request: Request) -> int:
    """Return the days of the school that is shown; of all, those of the main one."""
    asked = _schools(request) or request.user.schools_with(Permission.JOURNAL_CONTROL)
    return queries.norms_on(asked[0], request.user.today).marks_overdue_days


@require_GET
@staff_only
def board(request: Request) -> HttpResponse:
    """What the journals of the school lack, by teacher, class or subject."""
    schools = _schools(request)
    by = request.GET.get("by", "teacher")
    if by not in BY:
        raise Http404
    found = boards.board(
        request.user, cast("boards.By", by), since=_since(request), today=request.user.today,
        overdue_days=_overdue(request), schools=schools,
    )  # fmt: skip
    others = _others(request, "by")
    views = [
        Link(name, "?" + urlencode({**others, "by": key}), key == by) for key, name in BY.items()
    ]
    tail = urlencode({key: request.GET[key] for key in ("reach", "school") if key in request.GET})
    context = {"board": found, "views": views, "reaches": _reaches(request), "tail": tail}
    context |= {"late": _late(request, schools), "shown": LATE_SHOWN}
    context |= frame(request, "journal:board")
    with timezone.override(request.user.zone):
        return render(request, "journal/control/board.html", context)


def _late(request: Request, schools: tuple[UUID, ...]) -> tuple[LateHomework, ...]:
    """Return the homework of a week that came after the evening's deadline, the latest first."""
    asked = schools or request.user.schools_with(Permission.JOURNAL_CONTROL)
    today = request.user.today
    return queries.homework_late(asked, starts=today - timedelta(days=7), ends=today)[::-1]


@require_http_methods(["GET", "POST"])
@staff_only
def gaps(request: Request, by: str, which: UUID) -> HttpResponse:
    """The lessons behind a line of the board; a POST raises remarks about the chosen ones."""
    name = boards.line_name(request.user, by, which)
    schools, today = _schools(request), request.user.today
    found = boards.gaps(
        request.user, by, which, since=_since(request), today=today,
        overdue_days=_overdue(request), schools=schools,
    )  # fmt: skip
    lessons = [str(gap.lesson_id) for gap in found.lessons]
    form = RemarkForm(request.POST or None, lessons=lessons, today=today)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            return _raised(request, form, found)
        status = 422
    context = {"gaps": found, "name": name, "form": form, "reaches": _reaches(request)}
    page = "journal/control/gaps.html"
    return render(request, page, context | frame(request, "journal:board"), status=status)


def _raised(request: Request, form: RemarkForm, found: boards.Gaps) -> HttpResponse:
    """Raise the remarks: about what each lesson lacks, or in the deputy's own words."""
    sent = form.cleaned_data
    lacks = {str(gap.lesson_id): gap.kinds[0] for gap in found.lessons}
    lessons = Lesson.objects.visible_to(request.user).filter(pk__in=sent["lesson"])
    groups: dict[tuple[Course, str], list[Lesson]] = {}
    for lesson in lessons.select_related("course", "sitting"):
        kind = lacks[str(lesson.pk)] if sent["kind"] == FOUND else sent["kind"]
        groups.setdefault((lesson.course, kind), []).append(lesson)
    for (course, kind), own in groups.items():
        actions.raise_remarks(
            by=request.user, course=course, lessons=own, kind=kind, text=sent["text"],
            due_day=sent["due_day"], now=timezone.now(),
        )  # fmt: skip
    messages.success(request, f"Замечания отправлены: {sum(map(len, groups.values()))}.")
    return redirect(request.get_full_path())


@require_GET
@staff_only
def remarks(request: Request) -> HttpResponse:
    """All remarks of the school, open or closed; of one teacher where one is named."""
    schools, closed = _schools(request), "closed" in request.GET
    found = remark_lists.remarks(
        request.user, today=request.user.today, own=False, closed=closed,
        teacher=asked_uuid(request.GET.get("teacher")), schools=schools,
    )  # fmt: skip
    others = _others(request, "closed")
    views = [
        Link("Открытые", "?" + urlencode(others), not closed, found.open_number),
        Link("Снятые", "?" + urlencode({**others, "closed": "1"}), closed, found.closed_number),
    ]
    context = {"remarks": found, "views": views, "own": False}
    return render(
        request, "journal/control/remarks.html", context | frame(request, "journal:remarks")
    )


@require_GET
@staff_only
def own_remarks(request: Request) -> HttpResponse:
    """The remarks that a teacher is to answer."""
    require(bool(request.user.schools_with(Permission.JOURNAL_KEEP)))
    closed = "closed" in request.GET
    found = remark_lists.remarks(request.user, today=request.user.today, own=True, closed=closed)
    views = [
        Link("Открытые", "?", not closed, found.open_number),
        Link("Снятые", "?closed=1", closed, found.closed_number),
    ]
    context = {"remarks": found, "views": views, "own": True}
    return render(request, "journal/control/own_remarks.html", context)


def _remark(request: Request, remark_id: UUID) -> Remark:
    found = Remark.objects.visible_to(request.user).filter(pk=remark_id).first()
    if found is None:
        raise Http404
    return found


@require_POST
@staff_only
def answer_remark(request: Request, remark_id: UUID) -> HttpResponse:
    """Write the teacher's answer."""
    remark = _remark(request, remark_id)
    form = AnswerForm(request.POST)
    try:
        if form.is_valid():
            actions.answer_remark(
                by=request.user,
                remark_id=remark.pk,
                answer=form.cleaned_data["answer"],
                now=timezone.now(),
            )
            messages.success(request, "Ответ записан.")
        else:
            messages.error(request, str(form.errors["answer"][0]))
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, refusal.message)
    return redirect("journal:own_remarks")


@require_POST
@staff_only
def close_remark(request: Request, remark_id: UUID) -> HttpResponse:
    """Take a remark off."""
    remark = _remark(request, remark_id)
    actions.close_remark(by=request.user, remark_id=remark.pk, now=timezone.now())
    messages.success(request, "Замечание снято.")
    return redirect("journal:remarks")


@require_safe
@staff_only
def at_risk(request: Request) -> HttpResponse:
    """Pupils whose averages are low or fall, who miss lessons, who owe works."""
    found = risk.pupils_at_risk(
        request.user, since=_since(request), today=request.user.today, schools=_schools(request)
    )
    context = {"pupils": found, "reaches": _reaches(request)}
    return render(request, "journal/control/risk.html", context | frame(request, "journal:risk"))


@require_safe
@staff_only
def compared(request: Request) -> HttpResponse:
    """Averages beside results of the last closed period."""
    schools, today = _schools(request), request.user.today
    classes = comparison.classes_controlled(request.user, today=today, schools=schools)
    first = classes[0].value if classes else ""
    asked = request.GET.get("class", first)
    if asked not in {one.value for one in classes}:
        asked = ""
    found = comparison.averages_and_results(
        request.user, today=today, schools=schools, class_id=asked_uuid(asked)
    )
    context = {"courses": found, "classes": classes, "chosen": asked, "school": schools}
    page = "journal/control/comparison.html"
    return render(request, page, context | frame(request, "journal:comparison"))


@require_safe
@staff_only
def load(request: Request) -> HttpResponse:
    """Tests of every class by week."""
    day = asked_date(request.GET.get("from")) or request.user.today
    monday = monday_of(day)
    found = loads.load_of_tests(
        request.user,
        monday=monday,
        weeks=WEEKS,
        today=request.user.today,
        schools=_schools(request),
    )
    weeks = [monday + timedelta(days=7 * number) for number in range(WEEKS)]
    context = {
        "classes": found,
        "weeks": weeks,
        "before": monday - timedelta(weeks=WEEKS),
        "after": weeks[-1] + timedelta(days=7),
    }
    return render(request, "journal/control/load.html", context | frame(request, "journal:load"))


@require_safe
@staff_only
def substitutions(request: Request) -> HttpResponse:
    """Lessons of substitutes, and missed ones."""
    today = request.user.today
    since = asked_date(request.GET.get("from")) or today - timedelta(days=14)
    until = asked_date(request.GET.get("until")) or today + timedelta(days=7)
    found = loads.substitutions(
        request.user, since=since, until=until, today=today, schools=_schools(request)
    )
    context = {
        "lessons": found,
        "since": since,
        "until": until,
        "missed": sum(not one.substitute for one in found),
    }
    return render(
        request,
        "journal/control/substitutions.html",
        context | frame(request, "journal:substitutions"),
    )


@require_safe
@staff_only
def history(request: Request, course_id: UUID) -> HttpResponse:
    """Every change of the cells of a journal, newest first."""
    course = queries.course_facts(request.user, course_id, today=request.user.today)
    require(not course.who.only_led)
    lines = trail.trail(
        course, lesson=asked_uuid(request.GET.get("lesson")), pupil=asked_uuid(request.GET.get("pupil")),
        corrections="corrections" in request.GET,
    )  # fmt: skip
    context = {
        "course": course,
        "lines": lines,
        "shown": trail.SHOWN,
        "asked": request.GET,
        "corrections": "corrections" in request.GET,
    }
    return render(request, "journal/control/history.html", context)

"""Opening locked lessons, unusual edits, rolling back bulk changes."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Forbidden, Invalid, Refusal, require
from journal import policy, queries
from journal.actions import reopenings as openings
from journal.actions.rollback import roll_back
from journal.actions.unusual import confirm_unusual, deny_unusual, mark_unusual_seen
from journal.forms_marking import AskForm, DecisionForm, OpeningForm, RollbackForm, words
from journal.models import Reopening, UnusualEdit
from journal.queries import oversight as found
from journal.views.asked import asked_uuid
from journal.views.control import frame
from people.http import Request, staff_only
from people.models import Person
from people.roles import Permission


@require_GET
@staff_only
def reopenings(request: Request) -> HttpResponse:
    """Locked lessons: asked for, open, past; the heads decide, a teacher sees her own."""
    require(policy.can_open_day(request.user))
    now, controls = timezone.now(), bool(request.user.schools_with(Permission.JOURNAL_CONTROL))
    context = {
        "openings": found.openings(request.user, now=now, own=not controls),
        "controls": controls,
        "today": request.user.today,
    }
    return render(
        request, "journal/reopenings.html", context | _tabs(request, "journal:reopenings")
    )


def _tabs(request: Request, page: str) -> dict[str, Any]:
    """Return the tabs of the deputy head's pages; a teacher has none."""
    if not request.user.schools_with(Permission.JOURNAL_CONTROL):
        return {"tabs": [], "switch": []}
    return frame(request, page) | {"switch": []}


@require_POST
@staff_only
def decide_reopening(request: Request, reopening_id: UUID) -> HttpResponse:
    """Open what was asked for until the end of a day, or refuse."""
    asked = get_object_or_404(
        Reopening.objects.visible_to(request.user).select_related("lesson"), pk=reopening_id
    )
    form = DecisionForm(request.POST)
    try:
        _decide(request, asked, form)
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("journal:reopenings")


def _decide(request: Request, asked: Reopening, form: DecisionForm) -> None:
    require(policy.may_control(request.user, asked.school_id))
    if not form.is_valid():
        raise Invalid(words(form))
    sent, now = form.cleaned_data, timezone.now()
    if sent["decision"] == "refuse":
        openings.refuse_reopening(by=request.user, reopening=asked, reason=sent["reason"], now=now)
        messages.success(request, "Отказ записан, учитель узнает о нём.")
        return
    course = queries.course_facts(request.user, asked.lesson.course_id, today=request.user.today)
    openings.grant_reopening(
        by=request.user, course=course, reopening=asked, reason=sent["reason"], now=now,
        until=_end_of(sent["day"] or request.user.today, course),
    )  # fmt: skip
    messages.success(request, "Урок открыт, учитель узнает об этом.")


def _end_of(day: date, course: queries.CourseFacts) -> datetime:
    """Return the last minute of a day by the school's clock."""
    return datetime.combine(day, time(23, 59), tzinfo=course.zone)


@require_POST
@staff_only
def close_reopening(request: Request, reopening_id: UUID) -> HttpResponse:
    asked = get_object_or_404(Reopening.objects.visible_to(request.user), pk=reopening_id)
    openings.close_reopening(by=request.user, reopening=asked, now=timezone.now())
    messages.success(request, "Урок закрыт.")
    return redirect("journal:reopenings")


@require_POST
def ask_reopening(request: Request, course_id: UUID) -> HttpResponse:
    """«Запросить правку у завуча» from the panel of a cell or the list of a lesson."""
    course = queries.course_facts(request.user, course_id, today=request.user.today)
    require(course.who.keeps)
    form = AskForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid(words(form))
        sent = form.cleaned_data
        openings.ask_reopening(
            by=request.user, course=course, lesson_id=sent["lesson"], reason=sent["reason"],
            now=timezone.now(),
        )  # fmt: skip
        messages.success(request, "Запрос отправлен завучу. Ответ появится на странице «Мой день».")
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("journal:reopenings")
    return redirect(back)


@require_http_methods(["GET", "POST"])
@staff_only
def open_lesson(request: Request, course_id: UUID) -> HttpResponse:
    """The deputy head opens a locked lesson of a course without being asked."""
    course = queries.course_facts(request.user, course_id, today=request.user.today)
    require(policy.may_control(request.user, course.school_id))
    now, today = timezone.now(), request.user.today
    form = OpeningForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            _open(request, course, form)
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            return redirect("journal:reopenings")
    chosen = asked_uuid(request.GET.get("lesson"))
    shown = found.to_open(course, today=today, now=now, lesson=chosen)
    sent = {name: request.POST.get(name, "") for name in form.fields}
    context = {"opening": shown, "today": today, "sent": sent}
    return render(
        request, "journal/open_lesson.html", context, status=422 if form.is_bound else 200
    )


def _open(request: Request, course: queries.CourseFacts, form: OpeningForm) -> None:
    if not form.is_valid():
        raise Invalid(words(form))
    sent = form.cleaned_data
    people = Person.objects.visible_to(request.user).filter(school=course.school_id)
    person = people.filter(pk=sent["person"]).first()
    shown = found.to_open(course, today=request.user.today, now=timezone.now())
    if person is None or str(person.pk) not in {one.value for one in shown.persons}:
        raise Invalid("Выберите учителя из списка.")
    openings.open_lesson(
        by=request.user, course=course, lesson_id=sent["lesson"], person=person,
        until=_end_of(sent["day"], course), reason=sent["reason"], now=timezone.now(),
    )  # fmt: skip
    messages.success(request, "Урок открыт, учитель узнает об этом.")


@require_GET
@staff_only
def unusual(request: Request) -> HttpResponse:
    """Unusual edits: one's own, and the school's for the heads."""
    require(policy.can_open_day(request.user))
    edits = found.unusual_edits(request.user, now=timezone.now())
    context = {"edits": edits} | _tabs(request, "journal:unusual")
    return render(request, "journal/unusual.html", context)


@require_POST
@staff_only
def answer_unusual(request: Request, unusual_id: UUID) -> HttpResponse:
    """«Это я», «Это не я», «Просмотрено»."""
    row = get_object_or_404(UnusualEdit.objects.visible_to(request.user), pk=unusual_id)
    act = {"me": confirm_unusual, "not_me": deny_unusual, "seen": mark_unusual_seen}.get(
        request.POST.get("answer", "")
    )
    if act is None:
        raise Invalid
    act(by=request.user, unusual=row, now=timezone.now())
    return redirect("journal:unusual")


@require_http_methods(["GET", "POST"])
def operations(request: Request, course_id: UUID) -> HttpResponse:
    """The last bulk changes of a journal; a POST rolls one back."""
    course = queries.course_facts(request.user, course_id, today=request.user.today)
    controls = policy.may_control(request.user, course.school_id)
    require(controls or course.who.keeps)
    if request.method == "POST":
        _roll_back(request, course)
        return redirect(request.path)
    changes = found.bulk_changes(request.user, course)
    context = {"course": course, "changes": changes, "controls": controls}
    return render(request, "journal/operations.html", context)


def _roll_back(request: Request, course: queries.CourseFacts) -> None:
    form = RollbackForm(request.POST)
    if not form.is_valid():
        raise Invalid(words(form))
    try:
        answer = roll_back(
            by=request.user, course=course, operation_id=form.cleaned_data["operation"],
            reason=form.cleaned_data["reason"], now=timezone.now(),
        )  # fmt: skip
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return
    left = [cell for cell in answer.cells if cell.state != "ok"]
    messages.success(request, f"Возвращено клеток: {len(answer.cells) - len(left)}.")
    if left:
        names = found.names_of([cell.pupil_id for cell in left])
        said = ", ".join(
            f"{names.get(cell.pupil_id, '')} ({cell.value or 'пусто'})" for cell in left[:20]
        )
        messages.warning(request, f"Оставлены, их изменили позже или они закрыты: {said}.")

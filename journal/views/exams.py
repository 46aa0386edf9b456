"""Exams and contests, final marks of the certificate, academic debts."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms as django
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Forbidden, Refusal, Stale, require
from common.templatetags.words import count_ru
from journal import forms_results as forms
from journal import policy
from journal.actions import debts, exams
from journal.certificate import GRADES
from journal.errors_results import AttemptRefused
from journal.models import AcademicDebt
from journal.queries import exams as found
from people.http import Request, staff_only
from people.models import School
from people.roles import Permission
from regulation.queries import parameter
from school.calendar import school_year
from school.models import SchoolClass

BAD = HTTPStatus.UNPROCESSABLE_ENTITY
RESULTS = "результат,результата,результатов"
MARKS = "отметка,отметки,отметок"


@require_GET
@staff_only
def exams_list(request: Request) -> HttpResponse:
    """Exams of the year, and the way to a new list."""
    require(policy.can_open_day(request.user))
    year = school_year(request.user.today)
    choices = found.exam_choices(request.user, year, today=request.user.today)
    held = found.exams_held(
        [one.pk for one in choices.classes], year, hours=_hours(request), now=timezone.now()
    )
    chosen = choices.chosen(request.GET.get("school_class", ""))
    initial = {"held_on": request.user.today, "school_class": chosen}
    form = forms.ExamForm(choices=choices, initial=initial)
    context = {
        "exams": held,
        "open": _open(request, choices, held),
        "form": form,
        "has_choices": choices.classes,
        "hours": _hours(request),
    }
    with timezone.override(request.user.zone):
        return render(request, "journal/exams.html", context)


def _open(
    request: Request, choices: found.Choices, held: Sequence[found.HeldExam]
) -> frozenset[found.HeldExam]:
    """Return the exams whose list the user may open: the others she only sees."""
    classes = found.classes_of(held)
    return frozenset(
        one
        for one in held
        if choices.offers(one.class_id, one.subject_id)
        and exams.may_enter(request.user, classes[one.class_id], one.subject_id, one.kind)
    )


def _hours(request: Request) -> int:
    """Return the regulation's term for opening results, of the user's first school."""
    school = School.objects.visible_to(request.user).order_by("parent", "pk").first()
    if school is None:
        raise Http404
    day = request.user.today
    return int(parameter(school, "final_results_deadline_hours", day=day).number)


@require_http_methods(["GET", "POST"])
@staff_only
def exam(request: Request) -> HttpResponse:
    """The list of one exam; the address names it."""
    require(policy.can_open_day(request.user))
    today = request.user.today
    choices = found.exam_choices(request.user, school_year(today), today=today)
    asked = forms.ExamForm(request.GET, choices=choices)
    if not asked.is_valid():
        _only_offered(asked)
        context = {
            "exams": (),
            "open": (),
            "form": asked,
            "has_choices": choices.classes,
            "hours": 0,
        }
        return render(request, "journal/exams.html", context, status=BAD)
    school_class = found.offered_class(choices, asked.cleaned_data["school_class"])
    if not exams.may_enter(request.user, school_class, asked.exam.subject_id, asked.exam.kind):
        raise Forbidden("Результаты этого экзамена вносит администрация.")
    return _exam_list(request, school_class, asked)


def _only_offered(form: django.Form) -> None:
    """A class or a subject that the form did not offer is not there for the user."""
    if {"school_class", "subject"} & set(form.errors) & set(form.data):
        raise Http404


def _exam_list(request: Request, school_class: SchoolClass, asked: forms.ExamForm) -> HttpResponse:
    form = _list_form(request, school_class, asked.exam, request.POST or None)
    refusal = None
    if form.is_bound and form.is_valid():
        refusal, changed = _save_exam(request, school_class, asked.exam, form)
        if refusal is None:
            messages.success(request, f"Записано: {count_ru(changed, RESULTS)}.")
            return redirect("journal:exams")
    status = BAD if form.errors or refusal else HTTPStatus.OK
    if isinstance(refusal, Stale):
        status = HTTPStatus.CONFLICT
        now = _list_form(request, school_class, asked.exam, None)
        typed = forms.over_the_new(request.POST, now, "rev_")
        form = _list_form(request, school_class, asked.exam, typed)
    context = _names(asked) | {"form": form, "refusal": refusal, "school_class": school_class}
    with timezone.override(school_class.school.zone):
        return render(request, "journal/exam.html", context, status=status)


def _list_form(
    request: Request, school_class: SchoolClass, one: exams.Exam, typed: QueryDict | None
) -> forms.ExamListForm:
    """Return the list of the pupils whose results the user enters, over what stands now."""
    only = exams.own_pupils(request.user, school_class, one.subject_id)
    lines = found.exam_lines(
        school_class, one.subject_id, one.kind, one.held_on, today=request.user.today, only=only
    )
    moments = [line.obtained_at for line in lines if line.obtained_at is not None]
    obtained = min(moments, default=timezone.now()).astimezone(school_class.school.zone)
    initial = {"obtained_at": obtained}
    return forms.ExamListForm(typed, lines=lines, scale=one.scale, initial=initial)


def _names(asked: forms.ExamForm) -> dict[str, object]:
    given = asked.cleaned_data
    subjects = dict(asked.fields["subject"].choices)  # type: ignore[attr-defined]
    kinds = dict(asked.fields["kind"].choices)  # type: ignore[attr-defined]
    return {"asked": given, "subject": subjects[given["subject"]], "kind": kinds[given["kind"]]}


def _save_exam(
    request: Request, school_class: SchoolClass, one: exams.Exam, form: forms.ExamListForm
) -> tuple[Refusal | None, int]:
    try:
        return None, exams.save_exam(
            by=request.user,
            school_class=school_class,
            exam=one,
            entries=form.entries(),
            obtained_at=form.obtained(school_class),
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
    except Forbidden:
        raise
    except Refusal as refusal:
        return refusal, 0


@require_http_methods(["GET", "POST"])
@staff_only
def finals(request: Request, class_id: UUID) -> HttpResponse:
    """Final marks of the certificate: proposed, filled in one click, corrected with a reason."""
    classes = SchoolClass.objects.visible_to(request.user).select_related("school")
    school_class = get_object_or_404(classes, pk=class_id)
    if school_class.grade_level not in GRADES:
        raise Http404
    sheet = found.finals_sheet(school_class, today=request.user.today)
    form = forms.FinalForm(request.POST if request.POST.get("pupil") else None, sheet=sheet)
    error = ""
    if request.method == "POST":
        error = _set_finals(request, school_class, sheet, form)
        if not error and not form.errors:
            return redirect(request.path)
    context = {
        "school_class": school_class,
        "sheet": sheet,
        "form": form,
        "error": error,
        "may_control": policy.may_control(request.user, school_class.school_id),
    }
    return render(
        request, "journal/finals.html", context, status=BAD if error or form.errors else 200
    )


def _set_finals(
    request: Request, school_class: SchoolClass, sheet: found.FinalsSheet, form: forms.FinalForm
) -> str:
    """Fill the undisputed, or set the one that the form names; return what is wrong."""
    marks, reason = sheet.undisputed, ""
    if form.is_bound:
        if not form.is_valid():
            return ""
        given = form.cleaned_data
        marks = {(UUID(given["pupil"]), given["subject"]): given["value"]}
        reason = given["reason"]
    try:
        changed = exams.set_finals(
            by=request.user, school_class=school_class, marks=marks, proposals=sheet.proposals,
            now=timezone.now(), reason=reason,
        )  # fmt: skip
    except Forbidden:
        raise
    except Refusal as refusal:
        return refusal.message
    messages.success(request, f"Записано: {count_ru(changed, MARKS)}.")
    return ""


@require_http_methods(["GET", "POST"])
@staff_only
def academic_debts(request: Request) -> HttpResponse:
    """The debts that the user may see; the heads open those of a class."""
    require(policy.can_open_day(request.user))
    form = _debts_form(request)
    error = ""
    if request.method == "POST":
        require(bool(request.user.schools_with(Permission.JOURNAL_CONTROL)))
        error = _open_debts(request, form)
        if not error and not form.errors:
            return redirect(request.path)
    context = {
        "lines": found.debts(request.user, today=request.user.today),
        "form": form,
        "error": error,
        "may_control": bool(request.user.schools_with(Permission.JOURNAL_CONTROL)),
    }
    return render(
        request, "journal/academic_debts.html", context, status=BAD if error or form.errors else 200
    )


def _debts_form(request: Request) -> forms.OpenDebtsForm:
    classes = SchoolClass.objects.visible_to(request.user).filter(
        school__in=request.user.schools_with(Permission.JOURNAL_CONTROL),
        year=school_year(request.user.today),
    )
    return forms.OpenDebtsForm(
        request.POST or None, classes=classes.select_related("school").in_order()
    )


def _open_debts(request: Request, form: forms.OpenDebtsForm) -> str:
    if not form.is_valid():
        _only_offered(form)
        return ""
    given = form.cleaned_data
    classes = SchoolClass.objects.visible_to(request.user).select_related("school")
    school_class = get_object_or_404(classes, pk=given["school_class"])
    try:
        made = debts.open_debts(
            by=request.user, school_class=school_class, due_day=given["due_day"], now=timezone.now()
        )
    except Forbidden:
        raise
    except Refusal as refusal:
        return refusal.message
    messages.success(request, f"Новых задолженностей: {made}.")
    return ""


@require_POST
@staff_only
def debt_attempt(request: Request, debt_id: UUID) -> HttpResponse:
    """Appoint an attempt, or write the result of the appointed one."""
    debt = get_object_or_404(AcademicDebt.objects.visible_to(request.user), pk=debt_id)
    form = forms.AttemptForm(request.POST)
    if not form.is_valid():
        require(policy.may_control(request.user, debt.school_id))
        messages.error(request, "Назначьте дату попытки или запишите её результат.")
        return redirect("journal:academic_debts")
    try:
        _attempt(request, debt, form.cleaned_data)
    except AttemptRefused as refusal:
        messages.error(request, refusal.message)
    return redirect("journal:academic_debts")


def _attempt(request: Request, debt: AcademicDebt, given: Mapping[str, Any]) -> None:
    now = timezone.now()
    if given["value"]:
        number = given["number"] or 0
        debts.record_attempt(by=request.user, debt=debt, number=number, value=given["value"], now=now)  # fmt: skip
    else:
        debts.appoint_attempt(by=request.user, debt=debt, held_on=given["held_on"], now=now)

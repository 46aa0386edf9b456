"""The morning: the absent and the eaters of every class, the class teacher's form, her notes."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Forbidden, Refusal, require
from common.templatetags.words import count_ru
from journal.actions import morning as actions
from journal.actions import notes as note_actions
from journal.announced import announced, waiting_reports
from journal.forms_morning import ClassDayForm, EatersForm, NoteForm
from journal.models import AbsenceNote
from journal.queries import class_day as queries
from journal.queries.morning import morning
from journal.views.asked import asked_date
from people.http import Request, staff_only
from people.models import Pupil
from people.roles import Permission
from school.models import SchoolClass


@require_GET
@staff_only
def overview(request: Request) -> HttpResponse:
    """Every class of the school, or those that the user leads."""
    led = queries.classes_led(request.user)
    require(bool(led) or bool(request.user.schools_with(Permission.MORNING_VIEW)))
    day = asked_date(request.GET.get("day")) or request.user.today
    found = morning(request.user, day, now=timezone.now(), led=led)
    counts = [(one, waiting_reports([one], today=request.user.today)) for one in led]
    waiting = [(class_id, count) for class_id, count in counts if count]
    context = {"morning": found, "led": led, "waiting": waiting}
    return render(request, "journal/morning.html", context)


@require_http_methods(["GET", "POST"])
@staff_only
def class_day(request: Request, class_id: UUID) -> HttpResponse:
    """A class's day: its teacher writes the absences, a head the eaters."""
    school_class = get_object_or_404(SchoolClass.objects.visible_to(request.user), pk=class_id)
    day = asked_date(request.GET.get("day")) or request.user.today
    found = queries.class_day(school_class.pk, school_class.school_id, day)
    leads = queries.leads_class(request.user, school_class)
    initial = {"eaters": queries.meal_of(school_class.pk, day)}
    form = (
        ClassDayForm(request.POST or None, found=found, initial=initial)
        if leads
        else EatersForm(request.POST or None, initial=initial)
    )
    if request.method == "POST" and form.is_valid() and _saved(request, school_class, day, form):
        return redirect(f"{request.path}?{urlencode({'day': day})}")
    context = _day_context(request, school_class, found, leads=leads) | {
        "form": form,
        "leads": leads,
    }
    return render(request, "journal/class_day.html", context, status=422 if form.is_bound else 200)


def told_of_class(found: queries.ClassDay) -> list[tuple[str, str]]:
    """Return whom families told to be absent, while the class teacher has not answered."""
    names = {UUID(one.pupil_id): one.name for one in found.pupils}
    waiting = (one for one in announced(names, found.day) if not one.is_accepted)
    return [(names[one.pupil_id], one.words) for one in waiting]


def _day_context(
    request: Request, school_class: SchoolClass, found: queries.ClassDay, *, leads: bool
) -> dict[str, Any]:
    today = request.user.today
    notes = queries.notes_of_class(school_class.pk, school_class.year, today=found.day)
    return {
        "school_class": school_class, "found": found, "day": found.day, "today": today,
        "is_ahead": found.day > today, "notes": [one for one in notes if one.in_force],
        "absent": _read_only(found), "told": told_of_class(found) if leads else (),
    }  # fmt: skip


def _read_only(found: queries.ClassDay) -> list[tuple[str, str]]:
    """What a head reads: who is absent, and why."""
    letters = ((pupil, found.letter_of(pupil)) for pupil in found.pupils)
    return [
        (pupil.name, "не на всех уроках" if letter == "*" else letter)
        for pupil, letter in letters
        if letter
    ]


def _saved(request: Request, school_class: SchoolClass, day: date, form: forms.Form) -> bool:
    """Write the form; a refusal stands in it."""
    eaters, now = form.cleaned_data["eaters"], timezone.now()
    try:
        if isinstance(form, ClassDayForm):
            done = actions.record_day(
                by=request.user, school_class=school_class, day=day, entries=form.entries(),
                eaters=eaters, now=now,
            )  # fmt: skip
            _tell(request, done)
        else:
            actions.set_eaters(
                by=request.user, school_class=school_class, day=day, eaters=eaters, now=now
            )
            messages.success(request, "Число едоков записано.")
    except Forbidden:
        raise
    except Refusal as refusal:
        field = str(refusal.details.get("field", ""))
        form.add_error(field or None, refusal.message)
        return False
    return True


def _tell(request: Request, done: actions.DayAnswer) -> None:
    """Say what was written and what was not."""
    messages.success(request, f"Записано. Изменено клеток: {done.cells}.")
    if done.conflicts:
        names = ", ".join(done.conflicts)
        messages.warning(request, f"Пока вы работали, запись изменил другой: {names}. Проверьте.")
    if done.attended:
        names = ", ".join(done.attended)
        messages.info(request, f"Есть отметка, урок остался как посещённый: {names}.")
    if done.closed:
        messages.warning(request, f"Запись закрыта: {', '.join(done.closed)}.")


@require_http_methods(["GET", "POST"])
@staff_only
def notes(request: Request, class_id: UUID) -> HttpResponse:
    """The notes of a class, and the form of a new one."""
    school_class = get_object_or_404(SchoolClass.objects.visible_to(request.user), pk=class_id)
    leads, today = queries.leads_class(request.user, school_class), request.user.today
    require(leads or request.method == "GET")
    found = queries.class_day(school_class.pk, school_class.school_id, today)
    names = [(one.pupil_id, one.name) for one in found.pupils]
    pupil = request.GET.get("pupil", "")
    initial = {"since": today, "until": today, "pupil": pupil, "reason": "ill"}
    form = NoteForm(request.POST or None, pupils=names, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = get_object_or_404(
            Pupil.objects.visible_to(request.user), pk=form.cleaned_data["pupil"]
        )
        if _added(request, school_class, chosen, form):
            return redirect(request.path)
    lines = queries.notes_of_class(school_class.pk, school_class.year, today=today)
    context = {"school_class": school_class, "notes": lines, "form": form, "leads": leads}
    status = 422 if form.is_bound else 200
    return render(request, "journal/absence_notes.html", context, status=status)


def _wanted(form: NoteForm) -> note_actions.NoteFields:
    sent = form.cleaned_data
    return note_actions.NoteFields(
        sent["since"], sent["until"], sent["reason"], sent["document"], form.lessons
    )


def _added(request: Request, school_class: SchoolClass, pupil: Pupil, form: NoteForm) -> bool:
    try:
        done = note_actions.add_note(
            by=request.user, school_class=school_class, pupil=pupil, wanted=_wanted(form),
            now=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _refused(form, refusal)
    taken = count_ru(done.taken, "пропуск,пропуска,пропусков")
    messages.success(request, f"Справка внесена. Причину получили: {taken}.")
    return True


def _refused(form: NoteForm, refusal: Refusal) -> bool:
    if isinstance(refusal, Forbidden):
        raise refusal
    field = str(refusal.details.get("field", ""))
    form.add_error(field or None, refusal.message)
    return False


def _note(request: Request, note_id: UUID) -> tuple[AbsenceNote, SchoolClass]:
    """Return a note with the class that its pupil is in now."""
    notes = AbsenceNote.objects.visible_to(request.user).select_related("pupil__person")
    found = get_object_or_404(notes, pk=note_id)
    school_class = queries.class_of(found.pupil_id, today=request.user.today)
    if school_class is None:
        raise Http404
    require(queries.leads_class(request.user, school_class))
    return found, school_class


@require_http_methods(["GET", "POST"])
@staff_only
def note(request: Request, note_id: UUID) -> HttpResponse:
    """Correct a note."""
    found, school_class = _note(request, note_id)
    names = [(str(found.pupil_id), found.pupil.person.full_name)]
    own = ("since", "until", "document", "first_lesson", "last_lesson")
    values = {name: getattr(found, name) for name in own}
    form = NoteForm(
        request.POST or None,
        pupils=names,
        initial=values | {"pupil": str(found.pupil_id), "reason": found.code},
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and _changed(request, school_class, found, form)
    ):
        return redirect(reverse("journal:absence_notes", args=[school_class.pk]))
    context = {"school_class": school_class, "note": found, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "journal/absence_note.html", context, status=status)


def _changed(
    request: Request, school_class: SchoolClass, found: AbsenceNote, form: NoteForm
) -> bool:
    try:
        done = note_actions.change_note(
            by=request.user, school_class=school_class, note=found, wanted=_wanted(form),
            now=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _refused(form, refusal)
    words = f"Справка исправлена. Причину получили: {done.taken}, прежняя запись вернулась: {done.given_back}."
    messages.success(request, words)
    return True


@require_POST
@staff_only
def remove_note(request: Request, note_id: UUID) -> HttpResponse:
    """Take a note away: its absences get back what stood there."""
    found, school_class = _note(request, note_id)
    done = note_actions.remove_note(
        by=request.user, school_class=school_class, note=found, now=timezone.now()
    )
    given = count_ru(done.given_back, "пропуск,пропуска,пропусков")
    messages.success(request, f"Справка удалена. Прежняя запись вернулась: {given}.")
    return redirect(reverse("journal:absence_notes", args=[school_class.pk]))

"""«Сообщить об отсутствии»: the guardian tells, the class teacher accepts or declines."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet

from common import uploads
from common.errors import Forbidden, require
from common.templatetags.words import day_month
from diary import policy
from diary.errors_absences import BadReport, ReportAnswered
from diary.events import absence_answered
from diary.models import AbsenceReason, AbsenceReport, ReportState
from diary.queries.reports import has_no_lessons, lessons_of_day
from journal.actions.held import hold_pupils
from journal.actions.notes import NoteAnswer, NoteFields, add_note, change_note, overlapping
from journal.models import AbsenceCode, AbsenceNote
from journal.queries.class_day import class_of, leads_class, note_term
from people.models import Pupil, User
from school.calendar import school_year
from school.models import SchoolClass, SchoolYear

PAST = timedelta(days=7)  # later than that a certificate is brought
LONGEST_REASON = 300
WORDS = {
    ReportState.ACCEPTED: "Сообщение уже принято.",
    ReportState.DECLINED: "На сообщение уже ответили: не принято.",
    ReportState.WITHDRAWN: "Сообщение уже отозвано.",
}


@dataclass(frozen=True, slots=True)
class ReportFields:
    """What the guardian tells; with `lessons` (from, to) she speaks of one day."""

    since: date
    until: date
    reason: str
    comment: str = ""
    lessons: tuple[int, int] | None = None


@transaction.atomic
def report_absence(
    *,
    by: User,
    pupil: Pupil,
    wanted: ReportFields,
    upload: "UploadedFile[Any] | None",
    now: datetime,
) -> AbsenceReport:
    """Keep what an open guardian tells from her own account; the same told twice is one report.

    Raises Forbidden, BadReport, BrokenFile.
    """
    require(policy.can_report_absence(by, pupil))
    # Of two presses, or of two parents, the second waits here for the first.
    hold_pupils([pupil.pk])
    first, last = wanted.lessons or (None, None)
    report = AbsenceReport(
        school_id=pupil.school_id, pupil=pupil, since=wanted.since, until=wanted.until,
        first_lesson=first, last_lesson=last, reason=wanted.reason, comment=wanted.comment.strip(),
        reported_by=by, reported_at=now, state=ReportState.SENT,
    )  # fmt: skip
    _require_sense(report)
    _require_in_time(report, today=pupil.school.local_date(now))
    if has_no_lessons(pupil, report.since, report.until):
        raise BadReport("В эти дни нет уроков: сообщать не нужно.", field="since")
    _require_lessons(report)
    other = _overlapping(report).order_by("since", "pk").first()
    if other is not None and _is_same(other, report) and (upload is None or other.file):
        return other
    if other is not None:
        raise _told_already(other)
    if upload is not None:
        report.file_name, report.file = uploads.admit(upload).name, upload
    report.save(force_insert=True)
    return report


@transaction.atomic
def withdraw_report(*, by: User, report: AbsenceReport, now: datetime) -> AbsenceReport:
    """Take a report back, and its file, while nobody has answered it. Raises Forbidden, ReportAnswered."""
    require(policy.can_report_absence(by, report.pupil))
    report = _waiting(report)
    uploads.discard_after(report.file.storage, str(report.file.name or ""))
    report.state, report.file, report.file_name = ReportState.WITHDRAWN, "", ""
    report.save(update_fields=["state", "file", "file_name"])
    return report


@transaction.atomic
def accept_report(*, by: User, report: AbsenceReport, now: datetime) -> NoteAnswer:
    """Accept: the journal shows the reason for absences that stand and for those to come.

    Raises Forbidden, ReportAnswered, and BadNote or YearClosed of the journal.
    """
    school_class = _led_class(by, report)
    report = _waiting(report)
    answer = _noted(by, school_class, report, now)
    report.note = answer.note
    _answer(report, ReportState.ACCEPTED, by=by, now=now)
    return answer


@transaction.atomic
def decline_report(*, by: User, report: AbsenceReport, answer: str, now: datetime) -> AbsenceReport:
    """Say why the report is not accepted. Raises Forbidden, ReportAnswered, BadReport."""
    _led_class(by, report)
    words = answer.strip()
    if not words:
        raise BadReport(
            "Напишите, почему сообщение не принято: семья увидит ответ.", field="answer"
        )
    if len(words) > LONGEST_REASON:
        raise BadReport(f"Не длиннее {LONGEST_REASON} знаков.", field="answer")
    report = _waiting(report)
    report.answer = words
    _answer(report, ReportState.DECLINED, by=by, now=now)
    return report


def _led_class(by: User, report: AbsenceReport) -> SchoolClass:
    """Return the pupil's class of today, if the user leads it."""
    school_class = class_of(report.pupil_id, today=by.today)
    if school_class is None or not leads_class(by, school_class):
        raise Forbidden
    return school_class


def _waiting(report: AbsenceReport) -> AbsenceReport:
    """Lock the report: of two answers the second sees the first."""
    found = AbsenceReport.objects.select_for_update(of=("self",)).select_related("pupil__school")
    held = found.get(pk=report.pk)
    if held.state != ReportState.SENT:
        raise ReportAnswered(WORDS[ReportState(held.state)])
    return held


def _answer(report: AbsenceReport, state: ReportState, *, by: User, now: datetime) -> None:
    report.state, report.answered_by, report.answered_at = state, by, now
    report.save(update_fields=["state", "answer", "answered_by", "answered_at", "note"])
    absence_answered.send(sender=AbsenceReport, report=report, by=by, now=now)


def _noted(by: User, school_class: SchoolClass, report: AbsenceReport, now: datetime) -> NoteAnswer:
    """Make the note of the report; a note that tells it already is kept, that of another report grows."""
    wanted = _note_of(report)
    draft = AbsenceNote(
        pupil_id=report.pupil_id, since=report.since, until=report.until,
        first_lesson=report.first_lesson, last_lesson=report.last_lesson,
    )  # fmt: skip
    stand = list(overlapping(draft)[:2])
    for note in stand:
        if _covers(note, report):
            return NoteAnswer(note)
    if not stand:
        return add_note(
            by=by, school_class=school_class, pupil=report.pupil, wanted=wanted, now=now
        )
    note = stand[0]
    if len(stand) > 1 or note.code != wanted.code or not note.reports.exists():
        term = note_term(note.since, note.until, note.first_lesson, note.last_lesson)
        raise BadReport(
            f"На часть этого времени уже есть справка ({term}). Исправьте её в «Справках», "
            "потом примите сообщение."
        )
    return change_note(
        by=by, school_class=school_class, note=note, wanted=_union(note, wanted), now=now
    )


def _note_of(report: AbsenceReport) -> NoteFields:
    """Return the note's words: heads read notes too, so they name no more than the letter does."""
    ill = report.reason == AbsenceReason.ILL
    told = report.pupil.school.local_date(report.reported_at)
    lessons = None
    if report.first_lesson is not None and report.last_lesson is not None:
        lessons = (report.first_lesson, report.last_lesson)
    return NoteFields(
        report.since,
        report.until,
        AbsenceCode.ILL if ill else AbsenceCode.EXCUSED,
        f"Сообщение родителей от {told:%d.%m.%Y}",
        lessons,
    )


def _covers(note: AbsenceNote, report: AbsenceReport) -> bool:
    if not (note.since <= report.since and report.until <= note.until):
        return False
    if note.first_lesson is None or note.last_lesson is None:
        return True
    if report.first_lesson is None or report.last_lesson is None:
        return False
    return note.first_lesson <= report.first_lesson and report.last_lesson <= note.last_lesson


def _union(note: AbsenceNote, wanted: NoteFields) -> NoteFields:
    lessons = None
    if wanted.lessons and note.first_lesson is not None and note.last_lesson is not None:
        lessons = (
            min(note.first_lesson, wanted.lessons[0]),
            max(note.last_lesson, wanted.lessons[1]),
        )
    return NoteFields(
        min(note.since, wanted.since), max(note.until, wanted.until), note.code, note.document, lessons
    )  # fmt: skip


def _require_sense(report: AbsenceReport) -> None:
    first, last = report.first_lesson, report.last_lesson
    if report.since > report.until:
        raise BadReport("Последний день раньше первого.", field="until")
    if first is not None and last is not None:
        if report.since != report.until:
            raise BadReport("Уроки указывают для одного дня.", field="first_lesson")
        if first > last:
            raise BadReport("Последний урок раньше первого.", field="last_lesson")
    if report.reason not in AbsenceReason.values:
        raise BadReport("Выберите причину.", field="reason")
    if report.reason == AbsenceReason.OTHER and not report.comment:
        raise BadReport("Напишите, какая причина.", field="comment")


def _require_lessons(report: AbsenceReport) -> None:
    """Refuse numbers that the day has no lessons for: accepted, they would stand in a true report's way."""
    held = lessons_of_day(report.pupil, report.since)
    if report.first_lesson is None or report.last_lesson is None or held is None:
        return
    if report.first_lesson < held[0] or report.last_lesson > held[1]:
        told = f"{held[0]}–{held[1]}" if held[0] != held[1] else f"только {held[0]}"
        raise BadReport(f"Номера уроков этого дня: {told}.", field="first_lesson")


def _require_in_time(report: AbsenceReport, *, today: date) -> None:
    if report.since < today - PAST:
        raise BadReport(
            f"Сообщить можно не позже чем через {PAST.days} дней: с {day_month(today - PAST)}. "
            "О более давних пропусках отдайте справку или заявление классному руководителю.",
            field="since",
        )
    year = SchoolYear.objects.filter(
        school=report.school_id, year=school_year(report.since)
    ).first()
    if year is None or year.closed_at is not None:
        raise BadReport("Этот учебный год закрыт или ещё не открыт.", field="since")
    if report.since < year.starts or report.until > year.ends:
        raise BadReport(
            f"Дни должны быть внутри учебного года: он заканчивается {day_month(year.ends)}.",
            field="until" if report.until > year.ends else "since",
        )


def _overlapping(report: AbsenceReport) -> QuerySet[AbsenceReport]:
    """Return the pupil's reports about the same lessons that wait or are accepted."""
    found = AbsenceReport.objects.filter(
        pupil=report.pupil_id, since__lte=report.until, until__gte=report.since,
        state__in=[ReportState.SENT, ReportState.ACCEPTED],
    )  # fmt: skip
    if report.first_lesson is None:
        return found
    some = Q(first_lesson__lte=report.last_lesson, last_lesson__gte=report.first_lesson)
    return found.filter(Q(first_lesson__isnull=True) | some)


def _is_same(one: AbsenceReport, other: AbsenceReport) -> bool:
    """Say whether the button was pressed twice."""
    names = (
        "since", "until", "first_lesson", "last_lesson", "reason", "comment", "reported_by_id",
    )  # fmt: skip
    return one.state == ReportState.SENT and all(
        getattr(one, name) == getattr(other, name) for name in names
    )


def _told_already(other: AbsenceReport) -> BadReport:
    term = note_term(other.since, other.until, other.first_lesson, other.last_lesson)
    if other.state == ReportState.ACCEPTED:
        words = "классный руководитель его принял. Чтобы изменить, скажите классному руководителю"
    else:
        words = "оно ждёт ответа. Чтобы исправить, отзовите его"
    return BadReport(f"На это время уже есть сообщение ({term}): {words}.", field="since")

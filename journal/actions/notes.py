"""Notes (справки): every absence in their dates or lessons takes the reason, and gives it back with the note."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from common.errors import require
from journal.errors import BadNote, YearClosed
from journal.models import AbsenceNote
from journal.queries.class_day import leads_class, note_term
from people.models import Pupil, User
from people.scope import because
from school.models import SchoolClass, SchoolYear

# The same order as that of saves of cells: whoever comes second sees what the first wrote.
_LOCK = """
SELECT l.id FROM school_lesson l JOIN school_course c ON c.id = l.course_id
 WHERE l.school_id = %(school)s AND l.day BETWEEN %(since)s AND %(until)s
   AND c.group_id IN (SELECT m.group_id FROM school_membership m WHERE m.pupil_id = %(pupil)s)
 ORDER BY l.id FOR NO KEY UPDATE OF l
"""
_TAKE = """
UPDATE journal_absence a SET code = %(code)s, reason = %(document)s, set_by_id = %(by)s, set_at = %(now)s
  FROM school_lesson l
 WHERE a.year = %(year)s AND a.pupil_id = %(pupil)s AND l.id = a.lesson_id
   AND l.day BETWEEN %(since)s AND %(until)s
   AND l.number BETWEEN coalesce(%(first)s, l.number) AND coalesce(%(last)s, l.number)
   AND a.code <> 'late' AND (a.code, a.reason) <> (%(code)s, %(document)s)
"""
# What stood in the cell when the note came, by the history; «н» where nothing did.
_GIVE_BACK = """
UPDATE journal_absence a
   SET code = coalesce(was.code, 'absent'), reason = coalesce(was.reason, ''), set_by_id = %(by)s, set_at = %(now)s
  FROM (
    SELECT b.id, (SELECT e.before FROM audit_event e
                   WHERE e.school_id = b.school_id AND e.row_id = b.id AND e.table_name = 'journal_absence'
                     AND e.action = 'U' AND e.after->>'code' = %(code)s AND e.after->>'reason' = %(document)s
                     AND (e.before->>'code' <> %(code)s OR e.before->>'reason' <> %(document)s)
                   ORDER BY e.at DESC, e.id DESC LIMIT 1) AS before
      FROM journal_absence b JOIN school_lesson l ON l.id = b.lesson_id
     WHERE b.year = %(year)s AND b.pupil_id = %(pupil)s AND b.code = %(code)s AND b.reason = %(document)s
       AND l.day BETWEEN %(since)s AND %(until)s
       AND l.number BETWEEN coalesce(%(first)s, l.number) AND coalesce(%(last)s, l.number)
       AND NOT (l.day BETWEEN %(kept_since)s AND %(kept_until)s
            AND l.number BETWEEN coalesce(%(kept_first)s, l.number) AND coalesce(%(kept_last)s, l.number))
  ) found, jsonb_to_record(coalesce(found.before, '{}'::jsonb)) AS was (code text, reason text)
 WHERE a.year = %(year)s AND a.id = found.id
"""
NEVER = (date(1, 1, 2), date(1, 1, 1))


@dataclass(frozen=True, slots=True)
class NoteFields:
    """What the class teacher writes; with `lessons` (from, to) the note is of these lessons of one day."""

    since: date
    until: date
    code: str
    document: str
    lessons: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class NoteAnswer:
    """How many absences took the reason, and how many gave it back."""

    note: AbsenceNote
    taken: int = 0
    given_back: int = 0


@transaction.atomic
def add_note(
    *, by: User, school_class: SchoolClass, pupil: Pupil, wanted: NoteFields, now: datetime
) -> NoteAnswer:
    """Register a note: absences that stand take its reason now, later ones when they are entered.

    Raises Forbidden, BadNote, YearClosed.
    """
    require(leads_class(by, school_class))
    note = AbsenceNote(
        school_id=school_class.school_id, year=school_class.year, pupil=pupil, set_by=by, set_at=now
    )
    _fill(note, wanted)
    _lock(note, [wanted.since, wanted.until], today=by.today)
    _require_fits(note)
    with because("По справке"):
        note.save(force_insert=True)
        return NoteAnswer(note, taken=_run(_TAKE, note, by, now))


@transaction.atomic
def change_note(
    *, by: User, school_class: SchoolClass, note: AbsenceNote, wanted: NoteFields, now: datetime
) -> NoteAnswer:
    """Correct a note: days that fall out get back what stood there, new days take the reason.

    Raises Forbidden, BadNote, YearClosed.
    """
    require(leads_class(by, school_class))
    _lock(note, [note.since, note.until, wanted.since, wanted.until], today=by.today)
    note.refresh_from_db()
    before = _values(note, by, now)
    same_words = (note.code, note.document) == (wanted.code, wanted.document)
    _fill(note, wanted)
    _require_fits(note)
    note.set_by, note.set_at = by, now
    with because("Справка исправлена"):
        if not same_words:
            # The old reason goes back first: the history of a cell then tells what stood before any note.
            # By SQL: what points to the note keeps pointing to it, the ties look at the commit.
            _execute("DELETE FROM journal_absencenote WHERE id = %(note)s", {"note": note.pk})
            given = _execute(_GIVE_BACK, before)
            note.save(force_insert=True)
        else:
            note.save(force_update=True)
            first, last = wanted.lessons or (None, None)
            kept = {
                "kept_since": wanted.since, "kept_until": wanted.until, "kept_first": first,
                "kept_last": last,
            }  # fmt: skip
            given = _execute(_GIVE_BACK, before | kept)
        return NoteAnswer(note, _run(_TAKE, note, by, now), given)


@transaction.atomic
def remove_note(
    *, by: User, school_class: SchoolClass, note: AbsenceNote, now: datetime
) -> NoteAnswer:
    """Take a note away: its absences get back the letters that stood before it. Raises Forbidden, YearClosed."""
    require(leads_class(by, school_class))
    _lock(note, [note.since, note.until], today=by.today)
    _require_open_year(note)
    values = _values(note, by, now)
    with because("Справка удалена"):
        AbsenceNote.objects.filter(pk=note.pk).delete()
        return NoteAnswer(note, given_back=_execute(_GIVE_BACK, values))


def _fill(note: AbsenceNote, wanted: NoteFields) -> None:
    note.since, note.until = wanted.since, wanted.until
    note.code, note.document = wanted.code, wanted.document
    note.first_lesson, note.last_lesson = wanted.lessons or (None, None)


def _lock(note: AbsenceNote, days: Sequence[date], *, today: date) -> None:
    """Wait for other notes of the pupil, and for cells that are being saved."""
    list(Pupil.objects.select_for_update(no_key=True).filter(pk=note.pupil_id).values_list("pk"))
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "school": note.school_id, "pupil": note.pupil_id, "since": min(days),
            "until": min(max(days), today + timedelta(days=1)),
        }  # fmt: skip
        cursor.execute(_LOCK, values)


def _require_fits(note: AbsenceNote) -> None:
    if note.since > note.until:
        raise BadNote("Последний день раньше первого.", field="until")
    _require_lessons_fit(note)
    year = _require_open_year(note)
    if year is not None and not (year.starts <= note.since and note.until <= year.ends):
        raise BadNote("Справка — на дни одного учебного года.", field="since")
    other = overlapping(note).first()
    if other is not None:
        term = note_term(other.since, other.until, other.first_lesson, other.last_lesson)
        raise BadNote(f"На это время уже есть справка ({term}): исправьте её.", field="since")


def overlapping(note: AbsenceNote) -> QuerySet[AbsenceNote]:
    """Return the pupil's other notes about the same lessons, the earliest first."""
    others = AbsenceNote.objects.filter(
        pupil=note.pupil_id, since__lte=note.until, until__gte=note.since
    ).exclude(pk=note.pk)
    if note.first_lesson is not None:
        whole = Q(first_lesson__isnull=True)
        others = others.filter(
            whole | Q(first_lesson__lte=note.last_lesson, last_lesson__gte=note.first_lesson)
        )
    return others.order_by("since", "first_lesson", "pk")


def _require_lessons_fit(note: AbsenceNote) -> None:
    first, last = note.first_lesson, note.last_lesson
    if first is None or last is None:
        return
    if note.since != note.until:
        raise BadNote("Уроки указывают для одного дня.", field="last_lesson")
    if first > last:
        raise BadNote("Последний урок раньше первого.", field="last_lesson")


def _require_open_year(note: AbsenceNote) -> SchoolYear | None:
    year = SchoolYear.objects.filter(school=note.school_id, year=note.year).first()
    if year is not None and year.closed_at is not None:
        raise YearClosed
    return year


def _values(note: AbsenceNote, by: User, now: datetime) -> dict[str, Any]:
    return {
        "year": note.year, "pupil": note.pupil_id, "since": note.since, "until": note.until, "code": note.code,
        "document": note.document, "by": by.pk, "now": now, "kept_since": NEVER[0], "kept_until": NEVER[1],
        "first": note.first_lesson, "last": note.last_lesson, "kept_first": None, "kept_last": None,
    }  # fmt: skip


def _run(sql: str, note: AbsenceNote, by: User, now: datetime) -> int:
    return _execute(sql, _values(note, by, now))


def _execute(sql: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)

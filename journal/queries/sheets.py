"""The grid of a course in a period: four statements, whatever the class and the number of marks.

Rows come by a raw cursor: ids as text, numbers as hundredths. A page has 1,200 marks.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from common.prepared import array, of_year, prepared
from common.templatetags.words import MONTH_TITLES, day_digits
from journal import announced, grading, policy
from journal.errors import CellRefusal, NotYourLesson
from journal.grading import DOT, OWED
from journal.models import AbsenceCode
from journal.queries.facts import CourseFacts, course_facts
from journal.sheet import (
    EMPTY,
    LOCKED,
    NOTE,
    OUTSIDE,
    TOLD,
    CellState,
    Column,
    MonthHead,
    PeriodHead,
    Row,
    Sheet,
    WorkHead,
)
from people.models import User
from people.naming import Name, told_apart
from school.calendar import school_year
from school.models import LessonStatus

Sums = tuple[int, int, int, int]  # of marks, their number, of marks by weight, of weights
PLACE = itemgetter(7)
LETTERS = {code.value: str(code.label) for code in AbsenceCode}
ATTENDANCE = ("н", "о", "б", "у")
# data-kind is ASCII: a Cyrillic «К» and a Latin "K" look the same and are not.
ASCII = dict(zip("абвгдеёжзийклмнопрстуфхцчшщыэюя", "abvgdeejziyklmnoprstufhccssyeua", strict=True))

_LESSONS = """
SELECT l.id::text, l.day, l.number, l.status, l.topic, s.teacher_id::text,
       (SELECT json_agg(json_build_array(w.id, k.letter, k.name, w.weight, w.counts, nullif(k.colour, 'none')) ORDER BY w.number)::text
          FROM journal_work w JOIN journal_workkind k ON k.id = w.kind_id WHERE w.lesson_id = l.id),
       (SELECT string_agg(h.text, E'\\n' ORDER BY h.id) FROM journal_homework h WHERE h.lesson_id = l.id),
       {given}
  FROM school_lesson l JOIN school_sitting s ON s.id = l.sitting_id
 WHERE l.course_id = %s AND l.day BETWEEN %s AND %s
 ORDER BY l.day, l.number, l.id
"""
# Pupils of the group in the period, those who left or came in it too, with the period's result.
_PUPILS = """
SELECT m.pupil_id::text, p.last_name, p.first_name, p.middle_name, p.sex, m.since, m.until, r.status, r.value, {led}, {told}
  FROM school_membership m
  JOIN people_person p ON p.id = m.pupil_id
  LEFT JOIN journal_periodmark r ON r.pupil_id = m.pupil_id AND r.course_id = %(course)s AND r.period_id = %(period)s
 WHERE m.group_id = %(group)s AND m.since <= %(ends)s AND (m.until IS NULL OR m.until >= %(starts)s)
 ORDER BY p.sort_key COLLATE "C", p.id, m.since
"""
LED = """EXISTS (SELECT 1 FROM school_membership cm
   JOIN school_studygroup cg ON cg.id = cm.group_id AND cg.kind = 'class'
   JOIN school_classteacher ct ON ct.school_class_id = cg.school_class_id
  WHERE cm.pupil_id = m.pupil_id AND cm.since <= %(today)s AND (cm.until IS NULL OR cm.until >= %(today)s)
    AND ct.since <= %(today)s AND (ct.until IS NULL OR ct.until >= %(today)s)
    AND ct.person_id = ANY (%(persons)s::uuid[]))"""
# Read in PostgreSQL's binary form: ids as their sixteen bytes, a flag that is rarely true as NULL.
_MARKS = """
SELECT uuid_send(lesson_id), uuid_send(pupil_id), value, rev, nullif(comment <> '', false), (score * 100)::int,
       uuid_send(work_id), position, nullif(retake, false)
  FROM journal_mark WHERE year = %(year)s AND lesson_id = ANY (%(lessons)s::uuid[])
 UNION ALL
SELECT uuid_send(lesson_id), uuid_send(pupil_id), code, rev, NULL, NULL, NULL, 0, NULL
  FROM journal_absence WHERE year = %(year)s AND lesson_id = ANY (%(lessons)s::uuid[])
"""


@dataclass(slots=True)
class _Pupil:
    """A row of the grid while it is being filled."""

    pupil_id: str
    name: Name
    sex: str
    result: str
    led: bool
    told: str | None  # JSON of journal.announced
    spans: list[tuple[date, date | None]] = field(default_factory=list)
    cells: list[CellState] = field(default_factory=list)
    sums: Sums = (0, 0, 0, 0)

    def was_there(self, day: date) -> bool:
        return any(since <= day and (until is None or day <= until) for since, until in self.spans)


def sheet(
    user: User,
    course_id: UUID,
    period_id: UUID | None,
    *,
    today: date,
    now: datetime | None = None,
) -> Sheet:
    """Read the grid. Raises Http404 for a course that the user may not open."""
    facts = course_facts(user, course_id, today=today)
    span = shown_period(facts.periods, period_id, today)
    lessons = _lessons(facts, span)
    pupils = _pupils(facts, span, today)
    rights = _rights(facts, pupils, lessons)
    columns = tuple(_columns(facts, lessons, today, led=rights.led, now=now))
    _fill(facts, lessons, pupils)
    _tell(facts, lessons, pupils)
    return Sheet(
        course_id=facts.course_id,
        title=facts.title,
        group_name=facts.group_name,
        subject_name=facts.subject_name,
        teacher_name=facts.teacher_name,
        period=PeriodHead(UUID(span.period_id), span.name, is_shown=True),
        periods=tuple(PeriodHead(UUID(p.period_id), p.name, p is span) for p in facts.periods),
        months=tuple(
            MonthHead(MONTH_TITLES[month - 1], len(list(days)))
            for (_, month), days in groupby((c.date.year, c.date.month) for c in columns)
        ),
        columns=columns,
        rows=tuple(_rows(pupils, columns, today, only_led=rights.only_led)),
        today=today,
        can_edit=rights.can_edit,
        allowed=rights.allowed,
        marks_in_cell=facts.marks_in_cell,
        retake_rule=facts.norms.retake_rule,
        has_results=any(scale.values for scale in facts.scales),
        closed_note="Период закрыт: отметку меняет только завуч." if span.signed else "",
    )


def shown_period(
    periods: Sequence[policy.Span], period_id: UUID | None, today: date
) -> policy.Span:
    """Choose the period: the asked one, today's, in holidays the last one, else the first."""
    chosen = next((p for p in periods if p.period_id == str(period_id)), None)
    past = [p for p in periods if p.starts <= today]
    return chosen or (past[-1] if past else periods[0] if periods else _whole(today))


def _whole(today: date) -> policy.Span:
    """Return the year in one page, for a school that has not made its periods yet."""
    year = school_year(today)
    return policy.Span(
        str(UUID(int=0)), "Учебный год", date(year, 8, 1), date(year + 1, 7, 31), signed=False
    )


def _lessons(facts: CourseFacts, span: policy.Span) -> list[Any]:
    with prepared() as cursor:
        sql = _LESSONS.format(given=facts.given)
        cursor.execute(sql, [facts.course_id, span.starts, span.ends])
        return [
            (*row[:6], json.loads(row[6] or "[]"), row[7] or "", row[8])
            for row in cursor.fetchall()
        ]


def _pupils(facts: CourseFacts, span: policy.Span, today: date) -> dict[str, _Pupil]:
    led = LED if facts.who.leads_a_class else "false"
    told = announced.column("m.pupil_id", since="%(starts)s", until="%(ends)s")
    values: dict[str, Any] = {
        "course": facts.course_id, "period": span.period_id, "group": facts.group_id,
        "starts": span.starts, "ends": span.ends, "today": today, "persons": array(facts.who.person_ids),
    }  # fmt: skip
    found: dict[str, _Pupil] = {}
    with prepared() as cursor:
        cursor.execute(_PUPILS.format(led=led, told=told), values)
        for pupil_id, *name, sex, since, until, status, value, is_led, waits in cursor:
            if not policy.may_see(facts.who, led=is_led):
                continue
            result = RESULTS.get(status, value or "")
            row = found.setdefault(
                pupil_id, _Pupil(pupil_id, (name[0], name[1], name[2]), sex, result, is_led, waits)
            )
            row.spans.append((since, until))
    return found


RESULTS = {"not_assessed": "н/а", "exempt": "осв", "deferred": "отср."}


def _fill(facts: CourseFacts, lessons: Sequence[Any], pupils: dict[str, _Pupil]) -> None:
    """Put every mark and absence into its cell, and add the marks up for the averages."""
    place = {_stored(lesson[0]): index for index, lesson in enumerate(lessons)}
    weights = {
        _stored(w[0]): grading.hundredths(w[3]) if w[4] else 0
        for lesson in lessons
        for w in lesson[6]
    }
    rows: dict[bytes, list[Any]] = {_stored(pupil_id): [] for pupil_id in pupils}
    with prepared(binary=True) as cursor:
        values = {"lessons": array(lesson[0] for lesson in lessons)}
        cursor.execute(of_year(_MARKS, facts.year), values)
        for row in cursor.fetchall():
            if (found := rows.get(row[1])) is not None:
                found.append(row)
    for pupil, found in zip(pupils.values(), rows.values(), strict=True):
        # Sorted here: PostgreSQL would take longer over rows as wide as these.
        found.sort(key=PLACE)
        pupil.cells, pupil.sums = _filled(found, place, weights)


def _stored(one: str) -> bytes:
    """Return an id as the database stores it."""
    return bytes.fromhex(one.replace("-", ""))


def _filled(
    rows: Sequence[Any], place: Mapping[bytes, int], weights: Mapping[bytes, int]
) -> tuple[list[CellState], Sums]:
    """Return a pupil's cells, and what the averages are made of. A page has 2,400 cells: no calls."""
    cells = [EMPTY] * len(place)
    total = count = heavy = parts = 0
    for lesson_id, _, value, rev, note, score, work_id, position, retake in rows:
        index = place[lesson_id]
        text, old_rev, flags = cells[index]
        if not position:
            text = LETTERS[value]
        elif text:
            sign = "→" if retake else " " if text in grading.ABSENCES else "/"
            text += sign + grading.seen(value)
        else:
            text = DOT if value == OWED else value
        cells[index] = (text, old_rev + rev, flags | NOTE if note else flags)
        if score is not None and (weight := weights.get(work_id, 100)):
            total += score
            count += 1
            heavy += score * weight
            parts += weight
    return cells, (total, count, heavy, parts)


def _tell(facts: CourseFacts, lessons: Sequence[Any], pupils: dict[str, _Pupil]) -> None:
    """Flag the empty cells of absences that were told ahead: to those who teach the pupil, and who lead her class."""
    for pupil in pupils.values():
        if not pupil.told:
            continue
        found = announced.told(UUID(pupil.pupil_id), pupil.told)
        for index, lesson in enumerate(lessons):
            knows = pupil.led or policy.may_hold(facts.who, lesson[5])
            text, rev, flags = pupil.cells[index]
            if knows and not text and announced.words_of(lesson[1], lesson[2], found):
                pupil.cells[index] = (text, rev, flags | TOLD)


def _columns(
    facts: CourseFacts,
    lessons: Sequence[Any],
    today: date,
    *,
    led: bool,
    now: datetime | None,
) -> Iterator[Column]:
    who, default = facts.who, facts.default_kind(today)
    for lesson_id, day, number, status, topic, teacher, works, homework, given in lessons:
        reason: CellRefusal | None = facts.shut(
            lesson_id, day=day, status=status, today=today, given=given, now=now
        )
        holds = policy.may_hold(who, teacher)
        if reason is None and not (holds or led):
            reason = NotYourLesson()
        heads = tuple(WorkHead(UUID(w[0]), w[2], _weight(w[3])) for w in works)
        letter, name = (works[0][1], works[0][2]) if works else ("Р", "Ответ на уроке")
        if not works and default:
            letter, name = default.letter, default.name
        yield Column(
            lesson_id=UUID(lesson_id),
            date=day,
            number=number,
            kind_letter=letter,
            kind_code=kind_code(letter),
            kind_name=name,
            kind_colour=(works[0][5] or "") if works else "",
            weight=heads[0].weight if heads else "1",
            topic=topic,
            homework=homework,
            is_today=day == today,
            is_future=day > today,
            is_cancelled=status == LessonStatus.CANCELLED,
            locked=reason is not None,
            locked_reason=reason.short if reason else "",
            works=heads,
            allowed=None if holds or not led else ATTENDANCE,
        )


def kind_code(letter: str) -> str:
    first = letter[:1].lower()
    return ASCII.get(first, first if first.isascii() and first.isalnum() else "x")


def _weight(value: float | str) -> str:
    return f"{float(value):g}".replace(".", ",")


@dataclass(frozen=True, slots=True)
class _Rights:
    can_edit: bool
    allowed: tuple[str, ...]
    led: bool  # some pupils here are of the user's own class
    only_led: bool  # and nothing else may be written


def _rights(facts: CourseFacts, pupils: dict[str, _Pupil], lessons: Sequence[Any]) -> _Rights:
    """Say what this user may type here, and whether only for the pupils of her own class."""
    who = facts.who
    holds = any(policy.may_hold(who, lesson[5]) for lesson in lessons) or (
        who.keeps and who.teaches
    )
    led = who.keeps and any(pupil.led for pupil in pupils.values())
    values = facts.values_on(lessons[-1][1]) if lessons else {}
    marks = grading.offered(values) if holds else ()
    allowed = (*marks, *(ATTENDANCE if led else ATTENDANCE[:2]))
    can_edit = (holds or led) and not facts.year_closed
    return _Rights(can_edit, allowed if can_edit else (), led=led, only_led=led and not holds)


def _rows(
    pupils: dict[str, _Pupil], columns: Sequence[Column], today: date, *, only_led: bool
) -> Iterator[Row]:
    days = [column.date for column in columns]
    names = told_apart([pupil.name for pupil in pupils.values()])
    for number, (pupil, (name, short)) in enumerate(
        zip(pupils.values(), names, strict=True), start=1
    ):
        _flag(pupil, days, locked=only_led and not pupil.led)
        until = pupil.spans[-1][1]
        left = until is not None and until < today
        gone = "выбыла" if pupil.sex == "f" else "выбыл"
        total, count, heavy, weight = pupil.sums
        yield Row(
            pupil_id=UUID(pupil.pupil_id),
            number=number,
            name=name,
            short_name=short,
            cells=tuple(pupil.cells),
            average=grading.shown(total, count),
            weighted=grading.shown(heavy, weight),
            period_mark=pupil.result,
            left=f"{gone} {day_digits(until)}" if left else "",
        )


def _flag(pupil: _Pupil, days: Sequence[date], *, locked: bool) -> None:
    """Mark the cells that are closed for this pupil only."""
    if len(pupil.spans) == 1 and not locked and days:
        since, until = pupil.spans[0]
        if since <= days[0] and (until is None or until >= days[-1]):
            return
    for index, day in enumerate(days):
        text, rev, flags = pupil.cells[index]
        if not pupil.was_there(day):
            pupil.cells[index] = (text, rev, flags | OUTSIDE)
        elif locked:
            pupil.cells[index] = (text, rev, flags | LOCKED)

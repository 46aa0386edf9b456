"""The deputy head's board: what the school's journals lack, by teacher, class and subject.

Two statements for the whole school, whatever its size; `gaps` lists the lessons behind a number.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from django.http import Http404

from journal.models import RemarkKind
from journal.queries.controlled import controlled, controlled_rows
from journal.queries.facts import short_name
from journal.queries.lacks import NO_HOMEWORK, NO_MARKS, NO_RECORD, NO_TOPIC
from people.models import Person, User
from people.roles import Permission
from school.models import Course, SchoolClass, Subject

By = Literal["teacher", "class", "subject"]
GAPS_SHOWN = 200

_LESSONS = f"""
SELECT l.id, l.course_id, l.day, l.number, s.teacher_id, c.subject_id, g.id AS group_id, g.school_class_id,
       {NO_RECORD} AS no_record,
       {NO_TOPIC} AND NOT ({NO_RECORD}) AS no_topic,
       {NO_HOMEWORK} AND NOT ({NO_RECORD}) AS no_homework,
       l.day < %(overdue)s AND {NO_MARKS} AND NOT ({NO_RECORD}) AS no_marks
  FROM school_lesson l
  JOIN school_sitting s ON s.id = l.sitting_id
  JOIN school_course c ON c.id = l.course_id
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN school_subject u ON u.id = c.subject_id
 WHERE l.school_id = ANY (%(schools)s::uuid[]) AND l.day >= %(since)s AND l.day < %(today)s
   AND l.status <> 'cancelled'
"""  # noqa: S608
_BOARD = f"""
WITH lesson AS ({_LESSONS})
SELECT x.teacher_id::text, p.last_name, p.first_name, p.middle_name, x.course_id::text, u.name, g.name,
       coalesce(k.grade_level || k.letter, ''), x.school_class_id::text, x.subject_id::text,
       count(*), count(*) FILTER (WHERE no_record), count(*) FILTER (WHERE no_topic),
       count(*) FILTER (WHERE no_homework), count(*) FILTER (WHERE no_marks),
       min(x.day) FILTER (WHERE no_record OR no_topic OR no_homework OR no_marks)
  FROM lesson x
  JOIN people_person p ON p.id = x.teacher_id
  JOIN school_subject u ON u.id = x.subject_id
  JOIN school_studygroup g ON g.id = x.group_id
  LEFT JOIN school_schoolclass k ON k.id = x.school_class_id
 GROUP BY x.teacher_id, p.id, x.course_id, u.id, g.id, k.id, x.school_class_id, x.subject_id
 ORDER BY p.sort_key COLLATE "C", p.id, u.name, g.name
"""  # noqa: S608
_REMARKS = """
SELECT r.teacher_id::text, count(*), count(*) FILTER (WHERE r.due_day < %(today)s)
  FROM journal_remark r WHERE r.school_id = ANY (%(schools)s::uuid[]) AND r.closed_at IS NULL
 GROUP BY r.teacher_id
"""
_GAPS = f"""
WITH lesson AS ({_LESSONS})
SELECT x.id, x.course_id, x.day, x.number, u.name, g.name, p.id, p.last_name, p.first_name, p.middle_name,
       x.no_record, x.no_topic, x.no_homework, x.no_marks,
       EXISTS (SELECT 1 FROM journal_remark r WHERE r.lesson_id = x.id AND r.closed_at IS NULL),
       count(*) OVER ()
  FROM lesson x
  JOIN people_person p ON p.id = x.teacher_id
  JOIN school_subject u ON u.id = x.subject_id
  JOIN school_studygroup g ON g.id = x.group_id
 WHERE (x.no_record OR x.no_topic OR x.no_homework OR x.no_marks) AND {{which}}
 ORDER BY x.day, x.number, u.name, x.id LIMIT {GAPS_SHOWN}
"""  # noqa: S608
_WHICH = {
    "teacher": "x.teacher_id = %(which)s",
    "class": "x.school_class_id = %(which)s",
    "subject": "x.subject_id = %(which)s",
    "course": "x.course_id = %(which)s",
}

_LINES: dict[str, Any] = {
    "teacher": Person,
    "class": SchoolClass,
    "subject": Subject,
    "course": Course,
}


@dataclass(frozen=True, slots=True)
class Counts:
    """Lessons of the past, and how many of them lack what; `oldest` is the day of the oldest gap."""

    lessons: int = 0
    no_record: int = 0
    no_topic: int = 0
    no_homework: int = 0
    no_marks: int = 0
    oldest: date | None = None

    @property
    def gaps(self) -> int:
        return self.no_record + self.no_topic + self.no_homework + self.no_marks

    def __add__(self, other: "Counts") -> "Counts":
        days = [day for day in (self.oldest, other.oldest) if day]
        return Counts(
            self.lessons + other.lessons,
            self.no_record + other.no_record,
            self.no_topic + other.no_topic,
            self.no_homework + other.no_homework,
            self.no_marks + other.no_marks,
            min(days, default=None),
        )


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A teacher, class or subject; beside the classes stand courses of many classes."""

    by: str
    key: str
    name: str
    counts: Counts
    courses: int
    remarks: int = 0
    remarks_late: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    by: By
    since: date
    lines: tuple[BoardLine, ...]  # those with gaps first, the most of them at the top
    total: Counts
    remarks: int
    remarks_late: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A lesson that lacks something."""

    lesson_id: UUID
    course_id: UUID
    date: date
    number: int
    subject_name: str
    group_name: str
    teacher_id: UUID
    teacher_name: str
    missing: tuple[str, ...]
    kinds: tuple[str, ...]  # the same as kinds of remarks
    has_remark: bool


@dataclass(frozen=True, slots=True)
class Gaps:
    lessons: tuple[Gap, ...]
    total: int


def board(
    user: User, by: By, *, since: date, today: date, overdue_days: int, schools: Sequence[UUID] = ()
) -> Board:
    """Count what the journals of the schools that the user controls lack from `since` until yesterday."""
    values = controlled(user, since=since, today=today, schools=schools)
    values["overdue"] = today - timedelta(days=overdue_days)
    rows = controlled_rows(_BOARD, values)
    open_remarks = {row[0]: (row[1], row[2]) for row in controlled_rows(_REMARKS, values)}
    lines = list(_lines(rows, by, open_remarks))
    lines.sort(key=lambda line: (-line.counts.gaps, line.name))
    return Board(
        by=by,
        since=since,
        lines=tuple(lines),
        total=_sum(line.counts for line in lines),
        remarks=sum(count for count, _ in open_remarks.values()),
        remarks_late=sum(late for _, late in open_remarks.values()),
    )


def line_name(user: User, by: str, which: UUID) -> str:
    """Name a line of the board. Raises Http404 for another school's, or of a part that she does not control."""
    controls = user.schools_with(Permission.JOURNAL_CONTROL)
    own = controls or [identity.school_id for identity in user.identities]
    found = _LINES[by].objects.filter(pk=which, school__in=own).first()
    if found is None:
        raise Http404
    if isinstance(found, Course):
        return f"{found.subject.name}, {found.group.name}"
    return found.short_name if isinstance(found, Person) else str(found.name)


def gaps(
    user: User,
    by: str,
    which: UUID,
    *,
    since: date,
    today: date,
    overdue_days: int,
    schools: Sequence[UUID] = (),
) -> Gaps:
    """List the lessons behind a line of the board, the oldest first, 200 at most."""
    values = controlled(user, since=since, today=today, schools=schools)
    values |= {"overdue": today - timedelta(days=overdue_days), "which": which}
    rows = controlled_rows(_GAPS.format(which=_WHICH[by]), values)
    return Gaps(tuple(_gap(row) for row in rows), rows[0][-1] if rows else 0)


def _lines(rows: Sequence[Any], by: By, remarks: dict[str, tuple[int, int]]) -> Iterable[BoardLine]:
    places: dict[By, Callable[[Any], tuple[str, str, str]]] = {
        "teacher": lambda row: (by, row[0], short_name(row[1], row[2], row[3])),
        "class": lambda row: (
            (by, row[8], row[7]) if row[8] else ("course", row[4], f"{row[5]}, {row[6]}")
        ),
        "subject": lambda row: (by, row[9], row[5]),
    }
    found: dict[tuple[str, str, str], list[Any]] = {}
    for row in rows:
        found.setdefault(places[by](row), []).append(row)
    for (of, key, name), own in found.items():
        count, late = remarks.get(key, (0, 0)) if by == "teacher" else (0, 0)
        yield BoardLine(
            by=of,
            key=key,
            name=name,
            counts=_sum(Counts(*row[10:16]) for row in own),
            courses=len({row[4] for row in own}),
            remarks=count,
            remarks_late=late,
        )


def _sum(counts: Iterable[Counts]) -> Counts:
    return sum(counts, start=Counts())


MISSING = (
    RemarkKind.NOT_RECORDED,
    RemarkKind.NO_TOPIC,
    RemarkKind.NO_HOMEWORK,
    RemarkKind.MARKS_OVERDUE,
)


def _gap(row: Sequence[Any]) -> Gap:
    lesson_id, course_id, day, number, subject, group, teacher_id, *name = row[:10]
    lacks = [kind for kind, is_owed in zip(MISSING, row[10:14], strict=True) if is_owed]
    return Gap(
        lesson_id=lesson_id,
        course_id=course_id,
        date=day,
        number=number,
        subject_name=subject,
        group_name=group,
        teacher_id=teacher_id,
        teacher_name=short_name(*name),
        missing=tuple(str(kind.label) for kind in lacks),
        kinds=tuple(kind.value for kind in lacks),
        has_remark=row[14],
    )

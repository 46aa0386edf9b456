"""What the diary shows: the same shapes feed the page, the paper, the message and the machine.

A leaf: it imports nothing of ours. Dates are the school's own; moments are aware and already in the
school's time zone, so that `moment.time()` is what the school's clock showed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

LessonState = Literal["ordinary", "substituted", "moved", "cancelled"]
AbsenceKind = Literal["absent", "ill", "excused", "late"]
Section = Literal["timetable", "finals"]
Delivery = Literal["electronic", "paper", "substitute"]
# What was shown, by a key that survives a correction: {"<lesson>:<position>": ("алгебра", "4")}.
Seen = Mapping[str, tuple[str, str]]


def iso_week(monday: date) -> str:
    """Return «2026-W47» of addresses."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


@dataclass(frozen=True, slots=True)
class PupilHead:
    """Whose diary it is."""

    pupil_id: UUID
    school_id: UUID
    school_name: str
    time_zone: str
    last_name: str
    first_name: str
    middle_name: str = ""
    class_id: UUID | None = None
    class_name: str = ""  # «7А»; empty while the pupil is in no class
    grade_level: int | None = None

    @property
    def name(self) -> str:
        """«Петрова Анна»."""
        return f"{self.last_name} {self.first_name}"

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.last_name, self.first_name, self.middle_name)))


@dataclass(frozen=True, slots=True)
class FileLink:
    file_id: UUID
    name: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Task:
    """Homework: what, from which lesson, by when."""

    homework_id: UUID
    course_id: UUID
    subject: str
    text: str
    given_on: date
    due_on: date
    due_lesson_id: UUID | None = None
    minutes: int | None = None
    is_distance: bool = False
    for_all: bool = True
    files: tuple[FileLink, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark and what it was given for (G2.1b)."""

    key: str  # "<lesson>:<position>": survives a correction of the value
    value: str
    score: Decimal | None
    work: str  # «контрольная работа»
    work_title: str
    weight: Decimal
    counts: bool  # stands in averages
    comment: str
    set_at: datetime
    lesson_id: UUID
    day: date
    subject: str
    topic: str = ""
    is_new: bool = False

    @property
    def given_for(self) -> str:
        """«контрольная работа «Квадратные уравнения», вес 2»."""
        title = f" «{self.work_title}»" if self.work_title else ""
        weight = f", вес {self.weight.normalize():f}".replace(".", ",") if self.weight != 1 else ""
        return f"{self.work}{title}{weight}"


@dataclass(frozen=True, slots=True)
class AbsenceView:
    kind: AbsenceKind
    reason: str
    lesson_id: UUID
    day: date
    number: int
    subject: str
    set_at: datetime
    is_new: bool = False

    @property
    def letter(self) -> str:
        return {"absent": "н", "ill": "б", "excused": "у", "late": "о"}[self.kind]

    @property
    def words(self) -> str:
        return {
            "absent": "пропуск без указания причины",
            "ill": "пропуск по болезни",
            "excused": "пропуск по уважительной причине",
            "late": "опоздание",
        }[self.kind]


@dataclass(frozen=True, slots=True)
class LessonView:
    lesson_id: UUID
    course_id: UUID
    day: date
    number: int
    starts: time
    ends: time
    subject: str
    teacher: str  # «Орлова Т. В.»: who holds it, the substitute too
    room: str = ""
    group: str = ""  # «англ. яз., группа 1»: only where it is not the whole class
    course_kind: str = ""  # «факультатив»; empty for an ordinary lesson
    state: LessonState = "ordinary"
    change: str = ""  # «замена: вместо учителя Орлова Т. В.», «перенесён с 17 ноября, 3-й урок»
    is_distance: bool = False
    topic: str = ""
    homework: tuple[Task, ...] = ()  # due at this lesson
    given: tuple[Task, ...] = ()  # set at this lesson
    marks: tuple[MarkView, ...] = ()
    absence: AbsenceView | None = None
    is_over: bool = False
    is_now: bool = False
    homework_missing: bool = False  # over, and «Задание ещё не внесено»

    @property
    def has_new(self) -> bool:
        return any(mark.is_new for mark in self.marks) or bool(self.absence and self.absence.is_new)


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    lessons: tuple[LessonView, ...] = ()
    note: str = ""  # «Каникулы», «День народного единства», «Актированный день»
    homework: tuple[Task, ...] = ()  # due on this day, but at no lesson of it
    is_today: bool = False
    is_past: bool = False
    is_first: bool = False  # the day at which the week opens
    label: str = ""  # «сегодня», «завтра», «к завтрашнему дню»

    @property
    def has_new(self) -> bool:
        return any(lesson.has_new for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class Emptiness:
    """Why there is nothing in the week, and the nearest week that has lessons."""

    kind: Literal["vacation", "no_timetable", "not_enrolled", "outside_year"]
    title: str  # «Каникулы до 8 ноября»
    text: str = ""
    next_day: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What is other than the guardian saw when she acknowledged."""

    subject: str
    before: str  # empty: there was nothing
    after: str  # empty: it was taken away

    @property
    def words(self) -> str:
        """«алгебра 4 → 5»."""
        return f"{self.subject} {self.before or '—'} → {self.after or 'снята'}"


@dataclass(frozen=True, slots=True)
class GuardianState:
    """One guardian's acknowledgement of a section of the week."""

    guardian_id: UUID
    name: str  # «Петрова О. В.»
    kind: str  # «Родитель»
    is_open: bool  # reads the electronic diary
    takes: Delivery = "electronic"
    at: datetime | None = None
    channel: str = ""  # web | message | paper
    version: str = ""
    is_reader: bool = False  # this is who reads the page


@dataclass(frozen=True, slots=True)
class AcknowledgementState:
    """The block «С дневником ознакомлен» of a section and a week."""

    section: Section
    monday: date
    version: str  # of what is shown now
    guardians: tuple[GuardianState, ...] = ()
    changes: tuple[Change, ...] = ()  # since the reader's own (or the last) acknowledgement
    may_press: bool = False  # the reader is a guardian with open access

    @property
    def acknowledged(self) -> tuple[GuardianState, ...]:
        return tuple(guardian for guardian in self.guardians if guardian.at)

    @property
    def waiting(self) -> tuple[GuardianState, ...]:
        return tuple(guardian for guardian in self.guardians if not guardian.at)

    @property
    def mine(self) -> GuardianState | None:
        return next((g for g in self.guardians if g.is_reader and g.at), None)

    @property
    def shows_button(self) -> bool:
        return self.may_press and (self.mine is None or bool(self.changes))

    @property
    def is_kept(self) -> bool:
        """One guardian suffices; a later change does not undo it."""
        return bool(self.acknowledged)


@dataclass(frozen=True, slots=True)
class Week:
    """One pupil's week: `days` from Monday to Saturday (to Sunday, if it has lessons)."""

    pupil: PupilHead
    monday: date
    now: datetime
    days: tuple[Day, ...]
    version: str
    seen: Seen
    acknowledgement: AcknowledgementState
    emptiness: Emptiness | None = None
    first_day: date | None = None  # where the page opens; None: not the current week

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def iso(self) -> str:
        return iso_week(self.monday)

    @property
    def previous_iso(self) -> str:
        return iso_week(self.monday - timedelta(days=7))

    @property
    def following_iso(self) -> str:
        return iso_week(self.monday + timedelta(days=7))

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def is_current(self) -> bool:
        return self.monday <= self.today <= self.sunday

    @property
    def lessons(self) -> tuple[LessonView, ...]:
        return tuple(lesson for day in self.days for lesson in day.lessons)

    @property
    def marks(self) -> tuple[MarkView, ...]:
        return tuple(mark for lesson in self.lessons for mark in lesson.marks)

    @property
    def absences(self) -> tuple[AbsenceView, ...]:
        """Missed lessons: being late is not one."""
        found = (lesson.absence for lesson in self.lessons)
        return tuple(absence for absence in found if absence and absence.kind != "late")

    @property
    def lates(self) -> tuple[AbsenceView, ...]:
        found = (lesson.absence for lesson in self.lessons)
        return tuple(absence for absence in found if absence and absence.kind == "late")

    @property
    def comments(self) -> tuple[MarkView, ...]:
        return tuple(mark for mark in self.marks if mark.comment)

    @property
    def is_owed(self) -> bool:
        """A week without lessons need not be acknowledged."""
        return any(lesson.state != "cancelled" for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class PeriodTab:
    period_id: UUID
    name: str  # «II четверть»
    starts: date
    ends: date
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class SubjectMarks:
    course_id: UUID
    subject: str
    marks: tuple[MarkView, ...] = ()
    average: Decimal | None = None
    weighted: Decimal | None = None
    period_mark: str = ""  # what stands for the period, once it is visible

    @property
    def has_weights(self) -> bool:
        return any(mark.weight != 1 for mark in self.marks)


@dataclass(frozen=True, slots=True)
class MarksPage:
    pupil: PupilHead
    now: datetime
    periods: tuple[PeriodTab, ...]
    period: PeriodTab | None
    subjects: tuple[SubjectMarks, ...]

    @property
    def by_date(self) -> tuple[MarkView, ...]:
        every = (mark for subject in self.subjects for mark in subject.marks)
        return tuple(
            sorted(every, key=lambda mark: (mark.day, mark.subject, mark.key), reverse=True)
        )


@dataclass(frozen=True, slots=True)
class ControlWork:
    """A test ahead: it is announced in the lesson's works."""

    lesson_id: UUID
    day: date
    number: int
    subject: str
    work: str
    title: str


@dataclass(frozen=True, slots=True)
class TaskDay:
    day: date
    label: str  # «Сегодня», «Завтра», else empty
    tasks: tuple[Task, ...]
    controls: tuple[ControlWork, ...] = ()

    @property
    def minutes(self) -> int:
        return sum(task.minutes or 0 for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Tasks:
    pupil: PupilHead
    now: datetime
    days: tuple[TaskDay, ...]
    past: tuple[TaskDay, ...] = ()  # the last two weeks, latest first
    subjects: tuple[str, ...] = ()
    shown_subject: str = ""


@dataclass(frozen=True, slots=True)
class AbsenceDay:
    day: date
    letters: str  # «н», «б», «о», «нб»; empty
    in_month: bool = True
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class AbsenceMonth:
    first: date
    weeks: tuple[tuple[AbsenceDay, ...], ...]


@dataclass(frozen=True, slots=True)
class Absences:
    pupil: PupilHead
    now: datetime
    periods: tuple[PeriodTab, ...]
    period: PeriodTab | None
    entries: tuple[AbsenceView, ...]  # latest first
    full_days: int  # days of which every lesson was missed
    lessons_held: int
    months: tuple[AbsenceMonth, ...] = ()

    def count(self, kind: str) -> int:
        return sum(entry.kind == kind for entry in self.entries)

    @property
    def totals(self) -> tuple[tuple[str, int], ...]:
        return (
            ("по болезни", self.count("ill")),
            ("по уважительной причине", self.count("excused")),
            ("без указания причины", self.count("absent")),
            ("опозданий", self.count("late")),
        )


@dataclass(frozen=True, slots=True)
class FinalCell:
    """A result, or why there is none yet."""

    text: str = ""  # «4», «н/а», «осв», «отсрочка»; empty: none
    note: str = ""  # «до 15 января», «изменена 20 ноября», «закроется 28 декабря»
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class FinalRow:
    subject: str
    periods: tuple[FinalCell, ...]
    year: FinalCell = field(default_factory=FinalCell)
    exam: FinalCell = field(default_factory=FinalCell)
    final: FinalCell = field(default_factory=FinalCell)


@dataclass(frozen=True, slots=True)
class Finals:
    pupil: PupilHead
    now: datetime
    year: int  # the calendar year in which the school year begins
    monday: date  # of the week that the block acknowledges
    periods: tuple[PeriodTab, ...]
    rows: tuple[FinalRow, ...]
    version: str
    seen: Seen
    acknowledgement: AcknowledgementState

    @property
    def year_name(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02d}"

    @property
    def iso(self) -> str:
        return iso_week(self.monday)

    @property
    def previous_iso(self) -> str:
        return iso_week(self.monday - timedelta(days=7))

    @property
    def following_iso(self) -> str:
        return iso_week(self.monday + timedelta(days=7))

    @property
    def has_exams(self) -> bool:
        return any(row.exam.text for row in self.rows)


@dataclass(frozen=True, slots=True)
class ChildLink:
    """A child whose diary the account may open."""

    pupil_id: UUID
    name: str  # «Петрова Анна»
    class_name: str
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class ClosedChild:
    """A child whose diary is not open to this guardian, and what to do about it."""

    name: str
    school_name: str
    state: Literal["no_decision", "refused", "withdrawn", "restricted", "not_yet"]
    title: str
    text: str
    bring: tuple[str, ...] = ()  # what to bring to the school


@dataclass(frozen=True, slots=True)
class DeskGuardian:
    """A guardian in the class teacher's table of a week."""

    guardian_id: UUID
    name: str
    kind: str
    takes: Delivery
    substitute: str  # «Сферум»
    is_open: bool
    timetable_at: datetime | None = None
    timetable_channel: str = ""
    finals_at: datetime | None = None
    finals_channel: str = ""
    last_visit: datetime | None = None
    visited_this_week: bool = False

    @property
    def on_paper(self) -> bool:
        return not self.is_open or self.takes != "electronic"

    @property
    def is_done(self) -> bool:
        return bool(self.timetable_at and self.finals_at)


@dataclass(frozen=True, slots=True)
class DeskRow:
    pupil_id: UUID
    number: int
    name: str
    guardians: tuple[DeskGuardian, ...]

    @property
    def is_kept(self) -> bool:
        """One guardian suffices, in both sections."""
        return any(g.timetable_at for g in self.guardians) and any(
            g.finals_at for g in self.guardians
        )

    @property
    def on_paper(self) -> bool:
        return not any(not g.on_paper for g in self.guardians)


@dataclass(frozen=True, slots=True)
class Desk:
    """/class/<class>/: who acknowledged the week."""

    class_id: UUID
    class_name: str
    school_name: str
    time_zone: str
    monday: date
    now: datetime
    rows: tuple[DeskRow, ...]
    is_owed: bool  # the class had lessons in the week

    @property
    def iso(self) -> str:
        return iso_week(self.monday)

    @property
    def previous_iso(self) -> str:
        return iso_week(self.monday - timedelta(days=7))

    @property
    def following_iso(self) -> str:
        return iso_week(self.monday + timedelta(days=7))

    @property
    def kept(self) -> int:
        return sum(row.is_kept for row in self.rows)

    @property
    def paper(self) -> int:
        return sum(row.on_paper for row in self.rows)

"""The shapes that the journal's pages read: filled by journal/queries.py, drawn by the templates.

A leaf: it imports nothing of ours. Texts are ready for the screen (Russian, formatted) unless
a field says otherwise; ids are UUIDs.

The templates name these addresses: journal:day, journal:sheet (course), journal:cells (course),
journal:cell (course), journal:lesson (course, lesson); and these contexts: day.html and
lesson.html and cell.html get "day", "lesson", "cell"; sheet.html gets "sheet" and
"table" = cells.render_table(sheet).

A cell of the grid is a bare tuple, not an object: a page draws 1,200 of them.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal
from uuid import UUID

Day = date  # where a field of the class is called date

# (text by the grammar of the grid, revision, flags). No marks and no absence: EMPTY.
CellState = tuple[str, int, int]
EMPTY: CellState = ("", 0, 0)

NOTE = 1  # the cell has a comment
LOCKED = 2  # closed for this pupil only; a closed column says so in Column.locked
TOLD = 8  # the family told that the pupil will not come to the lesson; nothing stands here yet
OUTSIDE = 4  # the pupil was not in the group on that day: nothing can be written

# «reason»: an old mark is changed with a reason only; the request did not carry one.
AnswerState = Literal["ok", "conflict", "locked", "invalid", "forbidden", "gone", "reason"]


@dataclass(frozen=True, slots=True)
class PeriodHead:
    period_id: UUID
    name: str  # «2 четверть»
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class MonthHead:
    name: str  # «Ноябрь»
    span: int  # how many columns stand under it


@dataclass(frozen=True, slots=True)
class WorkHead:
    work_id: UUID
    name: str  # «Контрольная работа»
    weight: str  # «2»


@dataclass(frozen=True, slots=True)
class Column:
    """One lesson."""

    lesson_id: UUID
    date: date
    number: int  # the lesson's number in the day
    kind_letter: str  # «К»: what stands in the head
    kind_code: str  # "k": ASCII, for colours
    kind_name: str  # «Контрольная работа»
    kind_colour: str = ""  # "red": beside the letter, never instead of it
    weight: str = "1"
    topic: str = ""
    homework: str = ""
    is_today: bool = False
    is_future: bool = False
    is_cancelled: bool = False
    locked: bool = False
    locked_reason: str = ""  # «прошло больше 14 дней»
    works: tuple[WorkHead, ...] = ()
    allowed: tuple[str, ...] | None = None  # None: as Sheet.allowed


@dataclass(frozen=True, slots=True)
class Row:
    """One pupil: a state for every column, in the order of the columns."""

    pupil_id: UUID
    number: int
    name: str  # «Гончаренко Дарья»
    short_name: str  # «Гончаренко Д.»
    cells: tuple[CellState, ...]
    average: str = ""  # «3,64»
    weighted: str = ""
    period_mark: str = ""
    left: str = ""  # «выбыл 12.11»: shown beside the name


@dataclass(frozen=True, slots=True)
class Sheet:
    """The grid of a course in a period."""

    course_id: UUID
    title: str  # «Алгебра, 8 «Б»»: the page's heading and the grid's name
    group_name: str
    subject_name: str
    teacher_name: str
    period: PeriodHead
    periods: tuple[PeriodHead, ...]
    months: tuple[MonthHead, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    today: date
    can_edit: bool
    allowed: tuple[str, ...]  # ("5", "4", "3", "2", "н", "о", "зач", …): what this user may type
    marks_in_cell: int = 2  # how many marks a cell may hold: "4/5"
    retake_rule: str = "replaces"  # or "averages", "both": what a retaken work counts for
    has_results: bool = True  # a course without marks has no results of a period
    closed_note: str = ""  # «Четверть закрыта: отметку меняет только завуч.»


@dataclass(frozen=True, slots=True)
class CellEntry:
    """What a client sends of one cell: the whole new text and the revision that it was typed over."""

    pupil_id: UUID
    lesson_id: UUID
    value: str
    rev: int


@dataclass(frozen=True, slots=True)
class CellAnswer:
    """What became of one cell that the browser sent. The value is the server's, in the cells' grammar."""

    pupil_id: UUID
    lesson_id: UUID
    state: AnswerState
    value: str
    rev: int
    author: str = ""  # «Орлова Т. В.»: who wrote the server's value
    at: str = ""  # «10:42» or «2 ноября, 10:42», school's time
    message: str = ""  # why it was not written


@dataclass(frozen=True, slots=True)
class Average:
    pupil_id: UUID
    average: str
    weighted: str


@dataclass(frozen=True)
class SaveAnswer:
    """The answer of POST …/cells; what it told is kept in Operation.answer."""

    op: UUID
    cells: tuple[CellAnswer, ...]
    averages: tuple[Average, ...]
    saved_at: str  # «14:20», school's time

    @property
    def has_written(self) -> bool:
        return any(cell.state == "ok" for cell in self.cells)

    @cached_property
    def told(self) -> dict[str, object]:
        return {
            "op": str(self.op),
            "saved_at": self.saved_at,
            "cells": [
                {
                    "pupil": str(cell.pupil_id),
                    "lesson": str(cell.lesson_id),
                    "state": cell.state,
                    "value": cell.value,
                    "rev": cell.rev,
                    "author": cell.author,
                    "at": cell.at,
                    "message": cell.message,
                }
                for cell in self.cells
            ],
            "averages": {
                str(row.pupil_id): {"average": row.average, "weighted": row.weighted}
                for row in self.averages
            },
        }


# (place of the lesson, place of the pupil, text, revision, flags, «Орлова Т. В., 10:42» if it is new).
CellPatch = tuple[int, int, str, int, int, str]


@dataclass(frozen=True, slots=True)
class Changes:
    """The answer to a poll: without `cells` nothing has changed since the token that was sent."""

    token: str
    present: tuple[str, ...]  # «Орлова Т. В.»: who else has the journal open
    now: str
    lessons: tuple[str, ...] = ()
    pupils: tuple[str, ...] = ()
    cells: tuple[CellPatch, ...] | None = None
    averages: tuple[tuple[str, str], ...] = ()  # of the pupils, in their order

    def as_json(self) -> dict[str, object]:
        told: dict[str, object] = {"token": self.token, "present": self.present, "now": self.now}
        if self.cells is None:
            return told
        whole = {"lessons": self.lessons, "pupils": self.pupils, "cells": self.cells}
        return told | whole | {"averages": self.averages}


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FileLink:
    name: str
    size: str  # «120 КБ»
    url: str
    file_id: str = ""


@dataclass(frozen=True, slots=True)
class LessonLink:
    lesson_id: UUID
    label: str  # «19 ноября, 3-й урок»


@dataclass(frozen=True, slots=True)
class LessonRow:
    """One pupil in the list view."""

    pupil_id: UUID
    number: int
    name: str
    value: str = ""  # what stands in the field: the refused text after a refusal
    rev: int = 0
    comment: str = ""
    locked_reason: str = ""  # not empty: no field, only the value
    error: str = ""  # «„7“ — нет такой отметки»
    told: str = ""  # «сообщили родители: до 20 ноября, болезнь»


@dataclass(frozen=True, slots=True)
class LessonSheet:
    """One lesson as a list: a plain form."""

    course_id: UUID
    lesson_id: UUID
    title: str  # «Алгебра, 8 «Б»»
    date: date
    when: str  # «2 ноября, понедельник, 3-й урок, 10:35–11:20»
    rows: tuple[LessonRow, ...]
    allowed: tuple[str, ...]
    can_edit: bool
    can_record: bool  # topic and homework too; a class teacher only notes attendance
    op: UUID  # a fresh operation id: a second submit of the same form writes nothing
    work_kinds: tuple[Choice, ...]
    room: str = ""
    topic: str = ""
    homework: str = ""
    homework_minutes: str = ""
    homework_due: tuple[Choice, ...] = ()  # coming lessons of the course
    homework_files: tuple[FileLink, ...] = ()
    locked_reason: str = ""
    errors: tuple[str, ...] = ()  # stand above the form
    topic_error: str = ""
    homework_error: str = ""
    homework_minutes_error: str = ""
    homework_due_error: str = ""
    homework_file_error: str = ""
    work_kind_error: str = ""
    saved: str = ""  # «Записано: 12»
    marks_in_cell: int = 1
    can_ask: bool = False  # the window has passed: the heads may open the lesson
    work_id: UUID | None = None  # of the first work, for its criteria
    reason_wanted: bool = False  # an old mark changes: the form asks why
    reason: str = ""
    seen: str = ""  # what stood here when the page was made: comes back with the form
    planned: tuple[Choice, ...] = ()  # topics of the plan around this lesson
    planned_topic: str = ""  # «Сложение дробей»: its words may be taken
    planned_homework: str = ""
    planned_topic_error: str = ""
    lesson_kinds: tuple[Choice, ...] = ()
    lesson_kind_error: str = ""
    previous: LessonLink | None = None
    following: LessonLink | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What the teacher wrote of a lesson; `due_lesson_id` empty: the next lesson of the course."""

    topic: str
    homework: str = ""
    minutes: int | None = None
    due_lesson_id: UUID | None = None
    kind_id: UUID | None = None
    planned: str | None = None  # the plan's topic, "" outside the plan, None: by the topic's words
    lesson_kind: str | None = None  # None: as it is


@dataclass(frozen=True, slots=True)
class CellEvent:
    """One line of a cell's history."""

    at: str  # «2 ноября, 10:42»
    author: str
    text: str  # «было «4», стало «5»»
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CellDetails:
    """The panel of one cell: comment, weight, history."""

    course_id: UUID
    lesson_id: UUID
    pupil_id: UUID
    pupil_name: str
    when: str  # «2 ноября, 3-й урок»
    work: str  # «Контрольная работа, вес 2»
    value: str
    rev: int
    comment: str
    can_edit: bool
    owed_until: Day | None = None  # a точка stands here
    can_ask: bool = False  # the window has passed: the heads may open the lesson
    history: tuple[CellEvent, ...] = ()
    locked_reason: str = ""
    topic: str = ""
    told: str = ""  # «сообщили родители: до 20 ноября, болезнь»
    error: str = ""
    saved: str = ""


@dataclass(frozen=True, slots=True)
class DayLesson:
    """A lesson of the teacher's day, or one of an earlier day that lacks something."""

    course_id: UUID
    lesson_id: UUID
    date: date
    number: int
    time: str  # «10:35–11:20»
    subject_name: str
    group_name: str
    room: str = ""
    topic: str = ""
    homework: str = ""
    marks: int = 0
    absences: int = 0
    missing: tuple[str, ...] = ()  # («нет темы», «нет домашнего задания», «нет отметок»)
    note: str = ""  # «замена: за Орлову Т. В.», «отменён», «перенесён с 17 ноября»
    is_cancelled: bool = False
    is_over: bool = False
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class CourseLink:
    course_id: UUID
    subject_name: str
    group_name: str
    note: str = ""  # «факультатив», «замещаю до 24 ноября»


@dataclass(frozen=True, slots=True)
class TeacherDay:
    """/journal/: the lessons of a day, what is not filled in, all courses of the teacher."""

    date: date
    heading: str  # «Понедельник, 23 ноября»
    is_today: bool
    lessons: tuple[DayLesson, ...]
    unfilled: tuple[DayLesson, ...]  # earlier lessons of the current period that lack something
    unfilled_total: int
    courses: tuple[CourseLink, ...]
    empty_note: str = ""  # «Сегодня уроков нет», «Каникулы до 8 ноября»
    previous: Day | None = None
    following: Day | None = None


@dataclass(frozen=True, slots=True)
class ClassLink:
    class_id: UUID
    name: str  # «7А»
    school_name: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SchoolCourse:
    """One journal in the list of a class."""

    course_id: UUID
    subject_name: str
    group_name: str
    teachers: str  # «Кузнецова М. П.»
    unfilled: str = ""  # «3 урока»: past lessons without a topic


@dataclass(frozen=True, slots=True)
class SchoolJournals:
    """/journal/school/: the journals of one class, and the classes to choose from."""

    classes: tuple[ClassLink, ...]
    class_id: UUID | None
    class_name: str
    school_name: str
    courses: tuple[SchoolCourse, ...]

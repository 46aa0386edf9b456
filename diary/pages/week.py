"""A pupil's week, and what the pages share."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

from common.templatetags.words import count_ru, day_month, room_words
from diary.pages.acknowledgement import AcknowledgementState, Seen
from diary.pages.folding import folded

LessonState = Literal["ordinary", "substituted", "moved", "cancelled"]
AbsenceKind = Literal["absent", "ill", "excused", "late"]


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
class WebLink:
    """A link of a homework."""

    url: str
    title: str

    @property
    def words(self) -> str:
        return self.title or self.url


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
    links: tuple[WebLink, ...] = ()
    answer_wanted: bool = False
    answers: int = 0  # how many the pupil has sent
    answered_at: datetime | None = None  # when she sent the last one
    is_seen: bool = False  # the teacher has looked at the last one
    is_done: bool = False  # ticked by the family; told to nobody else

    @property
    def opening(self) -> str:
        """The lines of the text that stand open."""
        return folded(self.text)[0]

    @property
    def rest(self) -> str:
        """What is folded away of a long text."""
        return folded(self.text)[1]

    @property
    def remarks(self) -> str:
        """«≈ 20 мин, личное задание»."""
        minutes = f"≈\u00a0{self.minutes}\u00a0мин" if self.minutes else ""
        whose = "" if self.for_all else "личное задание"
        answer = "нужен ответ" if self.answer_wanted and not self.answers else ""
        return ", ".join(filter(None, (minutes, whose, answer)))


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
    rev: int = 0
    is_new: bool = False
    retakes: str = ""  # the mark that this one retakes: «2»
    is_replaced: bool = False  # a retake stands for it in the averages
    owed_until: date | None = None  # точка: the work is still owed
    was: str = ""  # what stood here long enough to be seen, before it was corrected
    corrected_on: date | None = None

    @property
    def shown(self) -> str:
        """«2→4» of a retake, on paper; else the mark."""
        return f"{self.retakes}→{self.value}" if self.retakes else self.value

    @property
    def correction(self) -> str:
        """«исправлено 12 ноября: 4 → 5»."""
        if self.corrected_on is None:
            return ""
        return f"исправлено {day_month(self.corrected_on)}: {self.was} → {self.value}"

    @property
    def beside(self) -> str:
        """The topic, where the work's own title does not say the same."""
        return "" if self.topic == self.work_title else self.topic

    @property
    def given_for(self) -> str:
        """«контрольная работа «Квадратные уравнения», вес 2», «пересдача: …», «долг до 5 декабря: …»."""
        if self.work_title.casefold().startswith(self.work.casefold()):
            said = self.work + self.work_title[len(self.work) :]
        else:
            said = f"{self.work} «{self.work_title}»" if self.work_title else self.work
        weight = f", вес {self.weight.normalize():f}".replace(".", ",") if self.weight != 1 else ""
        first = f"долг до {day_month(self.owed_until)}: " if self.owed_until else ""
        return f"{first}{'пересдача: ' if self.retakes else ''}{said}{weight}"


@dataclass(frozen=True, slots=True)
class AbsenceView:
    kind: AbsenceKind
    reason: str
    lesson_id: UUID
    day: date
    number: int
    subject: str
    set_at: datetime
    rev: int = 0
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
    removed: tuple[str, ...] = ()  # «отметка «4» снята 12 ноября»
    is_over: bool = False
    is_now: bool = False
    homework_missing: bool = False  # over, and «Задание ещё не внесено»

    @property
    def place(self) -> str:
        """«каб. 213», «спортзал»."""
        return room_words(self.room)

    @property
    def meta(self) -> str:
        """«8:30–9:15 · каб. 213 · дистанционно · Орлова Т. В. · 7А Англ. яз 1»."""
        times = f"{self.starts:%H:%M}".lstrip("0") + "–" + f"{self.ends:%H:%M}".lstrip("0")
        distance = "дистанционно" if self.is_distance else ""
        return " · ".join(filter(None, (times, self.place, distance, self.teacher, self.group)))

    @property
    def has_new(self) -> bool:
        return any(mark.is_new for mark in self.marks) or bool(self.absence and self.absence.is_new)


@dataclass(frozen=True, slots=True)
class Note:
    """What the class teacher wrote to the class, or about one pupil."""

    note_id: UUID
    title: str
    text: str
    author: str  # «Орлов И. С.»
    is_personal: bool
    is_new: bool = False


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
    notes: tuple[Note, ...] = ()  # of the class teacher
    entered: str = ""  # «С этого дня — в классе 8Б»

    @property
    def has_new(self) -> bool:
        return any(lesson.has_new for lesson in self.lessons) or any(
            note.is_new for note in self.notes
        )


@dataclass(frozen=True, slots=True)
class Emptiness:
    """Why there is nothing in the week, and the nearest week that has lessons."""

    kind: Literal["vacation", "no_timetable", "not_enrolled", "left", "outside_year"]
    title: str  # «Каникулы до 8 ноября»
    text: str = ""
    next_day: date | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """One pupil's week: `days` from Monday to Friday or Saturday, further if there are lessons."""

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
    def is_behind(self) -> bool:
        """The current week has no lesson ahead: the next one is what is wanted."""
        return self.is_current and bool(self.lessons) and all(x.is_over for x in self.lessons)

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
    def summary(self) -> str:
        """«8 отметок, 2 пропуска, 1 опоздание»."""
        counted = (
            (len(self.marks), "отметка,отметки,отметок"),
            (len(self.absences), "пропуск,пропуска,пропусков"),
            (len(self.lates), "опоздание,опоздания,опозданий"),
        )
        said = ", ".join(count_ru(number, forms) for number, forms in counted if number)
        if self.pupil.grade_level == 1 and not self.marks:
            return f"{said or 'Пропусков нет'}. В первом классе отметки не ставят."
        return f"{said or 'Отметок и пропусков нет'}."

    @property
    def is_vacation(self) -> bool:
        return self.emptiness is not None and self.emptiness.kind == "vacation"

    @property
    def has_words(self) -> bool:
        """A week without lessons may still hold a note or a task of some day."""
        return any(day.notes or day.homework for day in self.days)

    @property
    def is_owed(self) -> bool:
        """A week without lessons need not be acknowledged."""
        return any(lesson.state != "cancelled" for lesson in self.lessons)

"""What is to be done: homework by the day it is due, tests ahead, debts."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from common.templatetags.words import day_month
from diary.pages.week import PupilHead, Task


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
class Debt:
    """Точка: a work still owed, and until when."""

    lesson_id: UUID
    day: date  # of the lesson
    subject: str
    work: str
    title: str
    due_on: date
    is_overdue: bool

    @property
    def term(self) -> str:
        """«сдать до 5 декабря»."""
        return f"{'срок был' if self.is_overdue else 'сдать до'} {day_month(self.due_on)}"

    @property
    def words(self) -> str:
        """«контрольная работа «Дроби», урок 12 ноября»."""
        title = f" «{self.title}»" if self.title else ""
        return f"{self.work}{title}, урок {day_month(self.day)}"


@dataclass(frozen=True, slots=True)
class TaskDay:
    day: date
    label: str  # «Сегодня», «Завтра», else empty
    tasks: tuple[Task, ...]
    controls: tuple[ControlWork, ...] = ()

    @property
    def minutes(self) -> int:
        """How long what is not done yet takes."""
        return sum(task.minutes or 0 for task in self.tasks if not task.is_done)

    @property
    def length(self) -> str:
        """«≈ 40 мин»."""
        return f"≈\u00a0{self.minutes}\u00a0мин" if self.minutes else ""

    @property
    def progress(self) -> str:
        """«сделано 2 из 5, осталось ≈ 40 мин»: for the family, who ticks."""
        done = sum(task.is_done for task in self.tasks)
        if not done:
            return self.length
        left = f"осталось {self.length}" if self.length else ""
        return ", ".join(filter(None, (f"сделано {done} из {len(self.tasks)}", left)))


@dataclass(frozen=True, slots=True)
class Tasks:
    pupil: PupilHead
    now: datetime
    days: tuple[TaskDay, ...]
    past: tuple[TaskDay, ...] = ()  # the last two weeks, latest first
    subjects: tuple[str, ...] = ()
    shown_subject: str = ""
    controls: tuple[ControlWork, ...] = ()  # tests ahead; those of a week stand at their days too
    debts: tuple[Debt, ...] = ()  # the soonest due first
    with_past: bool = False
    may_tick: bool = False  # the reader is of the family: nobody else is told what is done

    def of_day(self, day: date) -> tuple[TaskDay, ...]:
        return tuple(one for one in (*self.days, *self.past) if one.day == day)

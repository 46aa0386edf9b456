"""A pupil's marks of a period, and all that is told of one subject."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from common.templatetags.words import day_month, joined
from diary.pages.results import PeriodTab
from diary.pages.week import MarkView, PupilHead


@dataclass(frozen=True, slots=True)
class ForecastView:
    """A forecast in words that promise nothing; without a value there is nothing to name yet."""

    value: str = ""  # «4»
    chance: str = ""  # «около 75 %»
    note: str = ""  # «мало отметок», «отметок нет», «выставлено»
    same: str = ""  # «Если ничего не изменится — «4»; решает учитель.»
    needed: str = ""  # «До «5» — ещё 3 пятёрки подряд, если выставит учитель по среднему.»
    risk: str = ""  # ««2» — около 25 %»
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubjectMarks:
    subject_id: UUID
    course_id: UUID
    subject: str
    marks: tuple[MarkView, ...] = ()
    average: Decimal | None = None
    weighted: Decimal | None = None
    period_mark: str = ""  # what stands for the period, once it is visible
    forecast: ForecastView | None = None  # of the running period

    @property
    def has_weights(self) -> bool:
        return any(mark.weight != 1 for mark in self.marks)

    @property
    def level(self) -> Decimal:
        """What «сначала низкие» sorts by; without marks comes last."""
        return self.weighted if self.weighted is not None else Decimal(1000)


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

    @property
    def lowest_first(self) -> tuple[SubjectMarks, ...]:
        return tuple(sorted(self.subjects, key=lambda one: one.level))

    @property
    def has_forecasts(self) -> bool:
        return any(one.forecast for one in self.subjects)


def anchor(mark: MarkView) -> str:
    """Return the place of a mark on its subject's page."""
    return f"m-{mark.key.replace(':', '-')}"


@dataclass(frozen=True, slots=True)
class CriterionView:
    name: str
    points: int | None
    maximum: int

    @property
    def words(self) -> str:
        got = "не оценён" if self.points is None else f"{self.points} из {self.maximum}"
        return f"{self.name}: {got}"


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark in the subject's table, with all that it was given for (G2.1b)."""

    mark: MarkView
    criteria: tuple[CriterionView, ...] = ()
    history: tuple[str, ...] = ()  # «исправлено 12 ноября: 3 → 4», the latest last

    @property
    def anchor(self) -> str:
        """Where the mark stands on the page: chips lead here."""
        return anchor(self.mark)

    @property
    def points(self) -> str:
        """«7 из 10 баллов» over the criteria that were judged."""
        judged = [one for one in self.criteria if one.points is not None]
        if not judged:
            return ""
        got, of = sum(one.points or 0 for one in judged), sum(one.maximum for one in judged)
        return f"{got} из {of} баллов"


TopicState = Literal["past", "today", "coming"]


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic with its lessons: those that were, or those that the plan lays it on."""

    title: str
    days: tuple[date, ...]
    state: TopicState
    work: str = ""  # a control work that is announced for one of the days

    @property
    def days_words(self) -> str:
        """«9, 11 и 12 ноября»."""
        words = []
        for place, day in enumerate(self.days):
            last = place + 1 == len(self.days) or self.days[place + 1].month != day.month
            words.append(day_month(day) if last else str(day.day))
        return joined(words)


@dataclass(frozen=True, slots=True)
class Tried:
    """A value that may be tried in «что если», and how many of it are."""

    value: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class WhatIf:
    """«Что если получить 5?»: what the average and the forecast would be."""

    tried: tuple[Tried, ...]
    weight: Decimal  # of the marks that are tried
    weights: tuple[
        Decimal, ...
    ] = ()  # of the subject's works; none where the school does not weigh
    average: str = ""  # «4,20»; empty: nothing tried
    gives: str = ""  # ««4»», ««4» или «5»»
    forecast: ForecastView | None = None

    @property
    def is_tried(self) -> bool:
        return any(one.count for one in self.tried)


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """One subject of one pupil: marks, topics, forecast."""

    pupil: PupilHead
    now: datetime
    periods: tuple[PeriodTab, ...]
    period: PeriodTab | None
    subject: SubjectMarks
    lines: tuple[MarkLine, ...]  # latest first
    topics: tuple[TopicLine, ...]
    year: ForecastView | None = None
    what_if: WhatIf | None = None

    @property
    def past(self) -> tuple[TopicLine, ...]:
        return tuple(topic for topic in self.topics if topic.state != "coming")

    @property
    def coming(self) -> tuple[TopicLine, ...]:
        return tuple(topic for topic in self.topics if topic.state == "coming")

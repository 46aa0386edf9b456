"""A plan laid on lessons: which hour of which topic falls on which lesson, and how far behind it is.

Pure: facts come in, no SQL and no clock. Queries and actions, the seed and the tests share it.

An *hour* is one lesson's worth of a topic: a topic of three hours has hours 1, 2 and 3. A lesson that was
recorded keeps the hour that it gave. All others that take place receive, in their order, the hours that
nobody has given, in theirs. A cancelled lesson gives and receives nothing, so that the rest moves on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class PlanTopic:
    """A topic of the plan: they come in the plan's order."""

    topic_id: str
    hours: int


@dataclass(frozen=True, slots=True)
class Hour:
    """The first, second, … lesson of a topic. Above the topic's hours: more was spent than planned."""

    topic_id: str
    number: int


@dataclass(frozen=True, slots=True)
class PlanLesson:
    """A lesson of the course: they come in the order of day and number.

    `timetable_day` is the day the lesson stood on before it was moved. `gave`: what a recorded lesson gave;
    a recorded one without it was held outside the plan.
    """

    lesson_id: str
    day: date
    timetable_day: date
    cancelled: bool = False
    recorded: bool = False
    gave: Hour | None = None

    @property
    def is_open(self) -> bool:
        """Say whether an hour of the plan may still fall here."""
        return not self.cancelled and not self.recorded and self.gave is None


@dataclass(frozen=True, slots=True)
class Laying:
    """Where every hour of the plan is: on a lesson, or after the year's end."""

    given: Mapping[str, Hour] = field(default_factory=dict)  # by lesson
    coming: Mapping[str, Hour] = field(default_factory=dict)
    left: tuple[Hour, ...] = ()  # no lesson is left for these
    free: tuple[str, ...] = ()  # lessons that the plan does not reach

    def at(self, lesson_id: str) -> Hour | None:
        return self.given.get(lesson_id) or self.coming.get(lesson_id)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the plan is behind on a day, and why. `lag` below zero: ahead."""

    due: int
    given: int
    cancelled: int = 0
    unrecorded: int = 0
    outside: int = 0  # held outside the plan
    repeated: int = 0  # hours above those of the topic
    moved: int = 0  # moved to a later day; below zero: given earlier

    @property
    def lag(self) -> int:
        return self.due - self.given


def hours_of(topics: Iterable[PlanTopic]) -> tuple[Hour, ...]:
    return tuple(
        Hour(topic.topic_id, number) for topic in topics for number in range(1, topic.hours + 1)
    )


def lay(topics: Sequence[PlanTopic], lessons: Sequence[PlanLesson]) -> Laying:
    """Lay the plan on the lessons."""
    given = {
        lesson.lesson_id: lesson.gave
        for lesson in lessons
        if lesson.gave is not None and not lesson.cancelled
    }
    done = set(given.values())
    wanted = [hour for hour in hours_of(topics) if hour not in done]
    places = [lesson.lesson_id for lesson in lessons if lesson.is_open]
    fits = min(len(wanted), len(places))
    return Laying(
        given=given,
        coming=dict(zip(places[:fits], wanted[:fits], strict=True)),
        left=tuple(wanted[fits:]),
        free=tuple(places[fits:]),
    )


def progress(
    topics: Sequence[PlanTopic], lessons: Sequence[PlanLesson], *, until: date
) -> Progress:
    """Say how far the plan is behind at the end of the day `until`.

    Due: the lessons that the timetable had up to that day, cancelled ones among them and moved ones on their
    first day, but no more than the plan has hours. Given: different hours of the plan that lessons up to that
    day gave; an hour given twice, or one above the topic's hours, counts once or not. The lag is their
    difference; as long as the plan has not ended the lag is the sum of its reasons.
    """
    planned = set(hours_of(topics))
    due = [lesson for lesson in lessons if lesson.timetable_day <= until]
    past = [lesson for lesson in lessons if lesson.day <= until and not lesson.cancelled]
    gave = [lesson.gave for lesson in past if lesson.gave is not None]
    given = len(planned.intersection(gave))
    stood = sum(not lesson.cancelled for lesson in due)
    return Progress(
        due=min(len(due), len(planned)),
        given=given,
        cancelled=len(due) - stood,
        unrecorded=sum(lesson.is_open for lesson in past),
        outside=sum(lesson.recorded and lesson.gave is None for lesson in past),
        repeated=len(gave) - given,
        moved=stood - len(past),
    )


def next_hour(
    topic: PlanTopic, lessons: Sequence[PlanLesson], *, lesson_id: str, laid: Laying
) -> Hour:
    """Return which hour of the topic the lesson gives: the one laid there, else the first that is missing."""
    stands = laid.at(lesson_id)
    if stands is not None and stands.topic_id == topic.topic_id:
        return stands
    taken = {
        lesson.gave.number
        for lesson in lessons
        if lesson.gave is not None
        and not lesson.cancelled
        and lesson.lesson_id != lesson_id
        and lesson.gave.topic_id == topic.topic_id
    }
    return Hour(topic.topic_id, next(n for n in range(1, len(taken) + 2) if n not in taken))

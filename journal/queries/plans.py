"""The plan of a course with its lessons, in one statement: what laying it on lessons begins with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from journal.plan import Hour, Laying, PlanLesson, PlanTopic, lay, next_hour
from journal.sheet import Choice
from school.models import LessonKind

# A lesson is recorded once its topic was written by a person; timetable's drafts are not.
LESSONS = """
SELECT l.id, l.day, coalesce(f.from_day, l.day), l.status = 'cancelled',
       l.recorded_at IS NOT NULL AND l.topic <> '', t.id, lt.hour
  FROM school_lesson l
  LEFT JOIN LATERAL (SELECT from_day FROM school_lessonchange h
                      WHERE h.lesson_id = l.id AND h.kind = 'moved' ORDER BY h.made_at, h.id LIMIT 1) f ON true
  LEFT JOIN journal_lessontopic lt ON lt.lesson_id = l.id
  LEFT JOIN journal_topic t ON t.id = lt.topic_id AND t.programme_id = p.id
 WHERE l.course_id = cp.course_id ORDER BY l.day, l.number, l.id
"""
_PLAN = f"""
SELECT p.id, p.name, u.titles, t.topics, l.lessons
  FROM journal_courseprogramme cp
  JOIN journal_programme p ON p.id = cp.programme_id
  LEFT JOIN LATERAL (SELECT json_object_agg(n.id, n.title)::text AS titles
                       FROM journal_unit n WHERE n.programme_id = p.id) u ON true
  LEFT JOIN LATERAL (SELECT json_agg(json_build_array(t.id, t.unit_id, t.number, t.title, t.hours, t.lesson_kind,
                                     t.work_kind_id, t.homework) ORDER BY t.number)::text AS topics
                       FROM journal_topic t WHERE t.programme_id = p.id) t ON true
  LEFT JOIN LATERAL (SELECT json_agg(to_json(r))::text AS lessons
                       FROM ({LESSONS}) r(id, day, stood, cancelled, recorded, topic, hour)) l ON true
 WHERE cp.course_id = %s
"""  # noqa: S608 - our own text


BEFORE, AFTER = 10, 20  # topics offered around a lesson's own


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """A topic of a plan as lessons need it."""

    topic_id: str
    unit_id: str
    number: int
    title: str
    hours: int
    lesson_kind: str
    work_kind_id: str | None
    homework: str


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """The plan that a course follows, laid on its lessons."""

    programme_id: UUID
    name: str
    units: Mapping[str, str]
    topics: tuple[TopicFacts, ...]
    lessons: tuple[PlanLesson, ...]
    laid: Laying

    @property
    def wanted(self) -> tuple[PlanTopic, ...]:
        return tuple(PlanTopic(topic.topic_id, topic.hours) for topic in self.topics)

    def topic(self, topic_id: str) -> TopicFacts | None:
        return next((topic for topic in self.topics if topic.topic_id == topic_id), None)

    def at(self, lesson_id: str) -> TopicFacts | None:
        """Return the topic that the lesson gave or is to give."""
        hour = self.laid.at(lesson_id)
        return self.topic(hour.topic_id) if hour else None

    def offered(self, lesson_id: str) -> TopicFacts | None:
        """Return the topic that is laid on a lesson without a record."""
        hour = self.laid.coming.get(lesson_id)
        return self.topic(hour.topic_id) if hour else None

    def named(self, title: str, *, lesson_id: str) -> TopicFacts | None:
        """Return the topic of that name: the one laid on the lesson, else the first that is not given in full."""
        words = title.casefold().strip()
        same = [topic for topic in self.topics if topic.title.casefold().strip() == words]
        laid = self.at(lesson_id)
        if laid in same or not same:
            return laid if laid in same else None
        waiting = {hour.topic_id for hour in (*self.laid.coming.values(), *self.laid.left)}
        return next((topic for topic in same if topic.topic_id in waiting), same[0])

    def hour(self, topic: TopicFacts, *, lesson_id: str) -> Hour:
        wanted = PlanTopic(topic.topic_id, topic.hours)
        return next_hour(wanted, self.lessons, lesson_id=lesson_id, laid=self.laid)


def course_plan(course_id: UUID) -> CoursePlan | None:
    """Read the plan of a course whose journal the caller may open; None while it has none."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, [course_id])
        row = cursor.fetchone()
    if row is None:
        return None
    units, topics, lessons = (json.loads(part or "[]") for part in row[2:])
    every = tuple(TopicFacts(*one) for one in topics)
    taught = tuple(_lesson(one) for one in lessons)
    wanted = [PlanTopic(topic.topic_id, topic.hours) for topic in every]
    return CoursePlan(row[0], row[1], dict(units), every, taught, lay(wanted, taught))


def _lesson(row: Mapping[str, Any]) -> PlanLesson:
    gave = Hour(row["topic"], row["hour"]) if row["topic"] else None
    return PlanLesson(
        row["id"],
        date.fromisoformat(row["day"]),
        date.fromisoformat(row["stood"]),
        cancelled=row["cancelled"],
        recorded=row["recorded"],
        gave=gave,
    )


def stands_planned(plan: CoursePlan | None, lesson_id: str) -> str:
    """Return the topic that the lesson gave or is to give: "" outside the plan or without one."""
    topic = plan.at(lesson_id) if plan else None
    return topic.topic_id if topic else ""


def stands_kind(plan: CoursePlan | None, lesson_id: str, kind: str) -> str:
    """Return the kind of lesson: of a lesson that is still to be recorded, the planned one."""
    hour = plan.laid.coming.get(lesson_id) if plan else None
    topic = plan.topic(hour.topic_id) if plan and hour else None
    return topic.lesson_kind if topic else kind


def kind_choices(plan: CoursePlan | None, lesson_id: str, kind: str) -> tuple[Choice, ...]:
    chosen = stands_kind(plan, lesson_id, kind)
    return tuple(
        Choice(value, label, chosen=value == chosen) for value, label in LessonKind.choices
    )


def planned_choices(plan: CoursePlan, lesson_id: str) -> tuple[Choice, ...]:
    """Return the topics around the lesson's own, and «outside the plan»."""
    stands = stands_planned(plan, lesson_id)
    place = next((n for n, topic in enumerate(plan.topics) if topic.topic_id == stands), None)
    if place is None:
        coming = {hour.topic_id for hour in (*plan.laid.coming.values(), *plan.laid.left)}
        place = next((n for n, topic in enumerate(plan.topics) if topic.topic_id in coming), 0)
    around = plan.topics[max(0, place - BEFORE) : place + AFTER]
    return (
        Choice("", "Вне плана", chosen=not stands),
        *(
            Choice(one.topic_id, f"{one.number}. {one.title}", chosen=one.topic_id == stands)
            for one in around
        ),
    )

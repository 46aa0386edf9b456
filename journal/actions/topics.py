"""A plan's topics given to lessons at once, its tests put into the schedule, homework copied to parallels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404

from common.errors import Refusal, require
from journal import policy
from journal.actions.lessons import record_lesson, stands
from journal.actions.testplan import plan_test
from journal.errors_programme import WrongPlan
from journal.models import Homework, WorkKind
from journal.queries import CourseFacts
from journal.queries.plans import course_plan
from journal.queries.programmes import fillable, unplanned_tests
from journal.sheet import Record
from people.models import User
from school.models import Lesson


@dataclass(frozen=True, slots=True)
class Bulk:
    """What a bulk change did, and what it was refused, lesson by lesson."""

    done: int
    refused: tuple[str, ...] = ()


@transaction.atomic
def fill_topics(*, by: User, course: CourseFacts, now: datetime) -> Bulk:
    """Record past lessons without a record with the topics laid on them. Raises Forbidden, WrongPlan."""
    require(policy.may_hold(course.who, "") and course.who.teaches)
    plan = course_plan(course.course_id)
    if plan is None:
        raise WrongPlan
    wanted = fillable(course, plan, today=now.astimezone(course.zone).date())
    topics = {lesson_id: plan.at(lesson_id) for lesson_id in wanted}
    lessons = {str(row.pk): row for row in Lesson.objects.filter(pk__in=wanted)}
    for lesson_id, topic in topics.items():
        if topic is None:
            continue
        stood = stands(lessons[lesson_id], course, plan)
        record = replace(stood, topic=topic.title, planned=topic.topic_id, lesson_kind=None)
        record_lesson(by=by, course=course, lesson_id=UUID(lesson_id), record=record, now=now)
    return Bulk(len(topics))


def schedule_tests(*, by: User, course: CourseFacts, now: datetime) -> Bulk:
    """Put the plan's coming control works into the schedule of tests; its rules may refuse some."""
    require(policy.may_plan(by, course.who, course.school_id))
    plan = course_plan(course.course_id)
    if plan is None:
        raise WrongPlan
    kinds = {str(kind.pk): kind for kind in WorkKind.objects.filter(school=course.school_id)}
    today, done, refused = now.astimezone(course.zone).date(), 0, []
    days = {lesson.lesson_id: lesson.day for lesson in plan.lessons}
    for test in unplanned_tests(course, plan, kinds, today=today):
        try:
            plan_test(
                course=course, lesson_id=UUID(test.lesson_id), kind_id=UUID(test.kind_id), title=test.title,
                minutes=kinds[test.kind_id].minutes, now=now,
            )  # fmt: skip
        except Refusal as refusal:
            refused.append(f"{days[test.lesson_id]:%d.%m}: {refusal.message}")
        else:
            done += 1
    return Bulk(done, tuple(refused))


@dataclass(frozen=True, slots=True)
class LessonEntry:
    """A row of the page of topics: what was typed, and what stood there."""

    lesson_id: UUID
    typed: tuple[str, str, str]  # topic, homework, kind of lesson
    seen: tuple[str, str, str]


@transaction.atomic
def record_many(
    *, by: User, course: CourseFacts, entries: Sequence[LessonEntry], now: datetime
) -> int:
    """Record lessons of a course; after one refusal nothing is written.

    Raises what record_lesson raises, with the lesson's day before its words.
    """
    for entry in entries:
        lesson = get_object_or_404(Lesson, course=course.course_id, pk=entry.lesson_id)
        stood = stands(lesson, course, course_plan(course.course_id))
        wanted, seen = (_with(stood, words) for words in (entry.typed, entry.seen))
        try:
            record_lesson(
                by=by, course=course, lesson_id=lesson.pk, record=wanted, seen=seen, now=now
            )
        except Refusal as refusal:
            refusal.message = f"{lesson.day:%d.%m}: {refusal.message}"
            raise
    return len(entries)


def _with(stood: Record, words: tuple[str, str, str]) -> Record:
    topic, homework, kind = words
    return replace(stood, topic=topic, homework=homework, lesson_kind=kind)


@transaction.atomic
def copy_homework(
    *,
    by: User,
    course: CourseFacts,
    homework: Homework,
    to: Sequence[tuple[CourseFacts, UUID]],
    now: datetime,
) -> int:
    """Set the same homework at lessons of parallel groups; a lesson that has one already keeps it."""
    require(course.who.keeps and course.who.teaches)
    done = 0
    for parallel, lesson_id in to:
        lesson = Lesson.objects.get(course=parallel.course_id, pk=lesson_id)
        stood = stands(lesson, parallel, course_plan(parallel.course_id))
        if stood.homework:
            continue
        record = replace(stood, homework=homework.text, minutes=homework.minutes)
        record_lesson(
            by=by, course=parallel, lesson_id=lesson_id, record=record, seen=stood, now=now
        )
        done += 1
    return done

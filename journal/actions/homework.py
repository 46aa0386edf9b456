"""Homework beyond the one line of a lesson: links, files, named pupils."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from common.errors import require
from journal import policy
from journal.actions.lessons import discard_file, due_lesson, hold, keep_file
from journal.errors import (
    BrokenRecord,
    HomeworkAnswered,
    HomeworkChanged,
    HomeworkOfAllTwice,
)
from journal.events import lesson_recorded
from journal.homework import Draft, Link
from journal.models import Homework, HomeworkAnswer, HomeworkFile, HomeworkLink, HomeworkPupil
from journal.queries import CourseFacts
from people.models import User
from school.models import Lesson, LessonForm, Membership


@transaction.atomic
def save_homework(
    *,
    by: User,
    course: CourseFacts,
    lesson_id: UUID,
    homework_id: UUID | None,
    draft: Draft,
    now: datetime,
    seen_at: datetime | None = None,
    files: Sequence["UploadedFile[Any]"] = (),
    removed: Sequence[UUID] = (),
) -> Homework:
    """Set a homework, or change the one of that id as the teacher saw it at `seen_at`.

    Raises the refusals of `hold`, HomeworkChanged, HomeworkOfAllTwice, BrokenRecord, BrokenFile.
    """
    lesson = hold(course, lesson_id)
    homework = _homework(lesson, homework_id, seen_at)
    _check(lesson, homework, draft)
    due = due_lesson(lesson, draft.due_lesson_id)
    homework.text, homework.minutes, homework.form = draft.text, draft.minutes, draft.form
    homework.due_lesson_id = due.pk if due else None
    if due is not None or homework_id is None:
        homework.due_day = due.day if due else lesson.day
    homework.for_all, homework.answer_wanted = draft.for_all, draft.answer_wanted
    homework.set_by, homework.set_at = by, now
    homework.save()
    _name_pupils(homework, draft.pupils)
    _keep_links(homework, draft.links)
    for file in HomeworkFile.objects.filter(pk__in=removed, homework=homework):
        discard_file(file)
    for upload in files:
        keep_file(upload, homework, by=by, now=now)
    lesson_recorded.send(sender=Lesson, lesson=lesson, by=by, now=now)
    return homework


def _homework(lesson: Lesson, homework_id: UUID | None, seen_at: datetime | None) -> Homework:
    if homework_id is None:
        return Homework(school_id=lesson.school_id, year=lesson.year, lesson=lesson)
    homework = Homework.objects.filter(lesson=lesson, pk=homework_id).first()
    if homework is None or (seen_at is not None and homework.set_at != seen_at):
        raise HomeworkChanged
    return homework


def _check(lesson: Lesson, homework: Homework, draft: Draft) -> None:
    if not draft.text:
        raise BrokenRecord("Напишите задание.", field="text")
    others = Homework.objects.filter(lesson=lesson, for_all=True).exclude(pk=homework.pk)
    if draft.for_all and others.exists():
        raise HomeworkOfAllTwice
    there = Membership.objects.in_force(lesson.day).filter(
        group__courses=lesson.course_id, pupil__in=draft.pupils
    )
    if there.values("pupil").distinct().count() < len(draft.pupils):
        raise BrokenRecord("Этот ученик не учится в группе.", field="pupils")
    answered = HomeworkAnswer.objects.filter(homework=homework.pk).exclude(pupil__in=draft.pupils)
    if draft.pupils and answered.exists():
        raise HomeworkAnswered("Ученик уже прислал ответ: задание остаётся за ним.")


def _name_pupils(homework: Homework, wanted: frozenset[UUID]) -> None:
    stands = set(HomeworkPupil.objects.filter(homework=homework).values_list("pupil_id", flat=True))
    HomeworkPupil.objects.filter(homework=homework, pupil__in=stands - wanted).delete()
    HomeworkPupil.objects.bulk_create(
        HomeworkPupil(school_id=homework.school_id, homework=homework, pupil_id=pupil_id)
        for pupil_id in sorted(wanted - stands)
    )


def _keep_links(homework: Homework, wanted: tuple[Link, ...]) -> None:
    stands = list(HomeworkLink.objects.filter(homework=homework).order_by("pk"))
    if [Link(one.url, one.title) for one in stands] == list(wanted):
        return
    HomeworkLink.objects.filter(homework=homework).delete()
    for link in wanted:
        HomeworkLink.objects.create(
            school_id=homework.school_id, homework=homework, url=link.url, title=link.title
        )


@transaction.atomic
def remove_homework(
    *, by: User, course: CourseFacts, lesson_id: UUID, homework_id: UUID, now: datetime
) -> None:
    """Take a homework back with its files. Raises the refusals of `hold`, HomeworkAnswered."""
    lesson = hold(course, lesson_id)
    homework = Homework.objects.filter(lesson=lesson, pk=homework_id).first()
    if homework is None:
        raise HomeworkChanged("Этого задания уже нет.")
    if homework.answers.exists():
        raise HomeworkAnswered
    for file in homework.files.all():
        discard_file(file)
    homework.delete()
    lesson_recorded.send(sender=Lesson, lesson=lesson, by=by, now=now)


@transaction.atomic
def choose_lesson_form(*, course: CourseFacts, lesson_id: UUID, form: LessonForm) -> Lesson:
    """Say whether the lesson is held in class or at a distance. Raises the refusals of `hold`."""
    lesson = hold(course, lesson_id)
    if lesson.form != form:
        lesson.form = form
        lesson.save(update_fields=["form"])
    return lesson


@transaction.atomic
def note_seen(*, course: CourseFacts, homework: Homework, upto: datetime, now: datetime) -> int:
    """Mark the answers that had come by `upto` as looked at by the teacher. Raises Forbidden."""
    sitting = homework.lesson.sitting
    require(policy.may_hold(course.who, str(sitting.teacher_id)))
    new = Q(homework=homework, seen_at__isnull=True, sent_at__lte=upto)
    return HomeworkAnswer.objects.filter(new).update(seen_at=now)

"""What was done at a lesson: topic, kind of work, homework with its files."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from common import uploads
from common.errors import require
from journal import policy
from journal.actions.held import require_open_record
from journal.actions.plans import give_topic, lesson_kind, planned_topic
from journal.errors import BrokenRecord, HomeworkAnswered
from journal.events import lesson_recorded
from journal.models import Homework, HomeworkFile, Work, WorkKind
from journal.queries import CourseFacts
from journal.queries.plans import CoursePlan, course_plan, stands_kind, stands_planned
from journal.seen import merged
from journal.sheet import Record
from people.models import User
from school.models import Lesson, LessonStatus


@transaction.atomic
def record_lesson(
    *,
    by: User,
    course: CourseFacts,
    lesson_id: UUID,
    record: Record,
    now: datetime,
    files: Sequence["UploadedFile[Any]"] = (),
    seen: Record | None = None,
    removed: Sequence[UUID] = (),
) -> Lesson:
    """Write topic, kind of work and homework. They may be written ahead, and late.

    `seen` is what stood in the form: of it only what `record` changed is written. Raises RecordChanged,
    Forbidden for whoever does not hold the lesson, LessonCancelled, PeriodSigned, YearClosed,
    BrokenFile, BrokenRecord.
    """
    lesson = hold(course, lesson_id)
    plan = course_plan(course.course_id)
    if seen is not None:
        record = merged(record, seen, stands(lesson, course, plan))
    topic = planned_topic(lesson, record, plan)
    kind = lesson_kind(lesson, record, plan, topic)
    today = now.astimezone(course.zone).date()
    _write_lesson(lesson, record, kind=kind, by=by, now=now, today=today)
    if plan is not None:
        give_topic(lesson, plan, topic)
    _choose_kind(lesson, course, record.kind_id)
    for file in HomeworkFile.objects.filter(pk__in=removed, homework__lesson=lesson):
        discard_file(file)
    homework = _write_homework(lesson, record, by=by, now=now, with_files=bool(files))
    for upload in files:
        if homework is not None:
            keep_file(upload, homework, by=by, now=now)
    lesson_recorded.send(sender=Lesson, lesson=lesson, by=by, now=now)
    return lesson


def hold(course: CourseFacts, lesson_id: UUID) -> Lesson:
    """Lock a lesson whose record its holder may write.

    Raises Forbidden for whoever does not hold it, LessonCancelled, PeriodSigned, YearClosed.
    """
    lessons = Lesson.objects.filter(course=course.course_id).select_related("sitting")
    lesson = lessons.select_for_update(of=("self",), no_key=True).get(pk=lesson_id)
    require(policy.may_hold(course.who, str(lesson.sitting.teacher_id)))
    require_open_record(course, status=lesson.status, day=lesson.day)
    return lesson


def stands(lesson: Lesson, course: CourseFacts, plan: CoursePlan | None) -> Record:
    """Return what is written of the locked lesson, with the defaults that its form shows."""
    work = _first_work(lesson)
    default = course.default_kind(lesson.day)
    homework = _homework_of_all(lesson)
    next_lesson = None if homework else due_lesson(lesson, None)
    due_id = next_lesson.pk if next_lesson else None
    kind_id = UUID(default.kind_id) if default else None
    return Record(
        topic=lesson.topic,
        homework=homework.text if homework else "",
        minutes=homework.minutes if homework else None,
        due_lesson_id=homework.due_lesson_id if homework else due_id,
        kind_id=work.kind_id if work else kind_id,
        planned=stands_planned(plan, str(lesson.pk)),
        lesson_kind=stands_kind(plan, str(lesson.pk), lesson.kind),
    )


def _first_work(lesson: Lesson) -> Work | None:
    return Work.objects.filter(lesson=lesson).order_by("number").first()


def _homework_of_all(lesson: Lesson) -> Homework | None:
    return Homework.objects.filter(lesson=lesson, for_all=True).order_by("pk").first()


def _write_lesson(
    lesson: Lesson, record: Record, *, kind: str, by: User, now: datetime, today: date
) -> None:
    """Write topic, kind and author; a lesson of the past with a topic was held."""
    status = lesson.status
    if record.topic and lesson.day <= today:
        status = LessonStatus.HELD
    if (lesson.topic, lesson.status, lesson.kind) == (record.topic, status, kind):
        return
    lesson.topic, lesson.status, lesson.kind = record.topic, status, kind
    lesson.recorded_by, lesson.recorded_at = by, now
    lesson.save(update_fields=["topic", "status", "kind", "recorded_by", "recorded_at"])


def _choose_kind(lesson: Lesson, course: CourseFacts, kind_id: UUID | None) -> None:
    """Set the kind of the lesson's first work; marks that stand there already follow it."""
    work = _first_work(lesson)
    default = course.default_kind(lesson.day)
    if kind_id is None or (work is None and default and default.kind_id == str(kind_id)):
        return
    if not any(kind.kind_id == str(kind_id) for kind in course.kinds):
        raise BrokenRecord("Такого вида работы в школе нет.", field="work_kind")
    if work is None:
        work = Work(school_id=course.school_id, lesson=lesson, number=1)
    elif work.kind_id == kind_id:
        return
    version = WorkKind.objects.get(pk=kind_id)
    work.kind_id, work.weight = kind_id, version.weight
    work.counts, work.minutes = version.counts, version.minutes
    work.save()


def _write_homework(
    lesson: Lesson, record: Record, *, by: User, now: datetime, with_files: bool
) -> Homework | None:
    """Write the homework of the whole group; an emptied one is taken back."""
    homework = _homework_of_all(lesson)
    if not record.homework and not with_files:
        if homework is not None and not homework.files.exists():
            if homework.answers.exists():
                raise HomeworkAnswered
            homework.delete()
            return None
        if homework is None:
            return None
    if homework is not None and record.due_lesson_id == homework.due_lesson_id:
        due = homework.due_lesson
    else:
        due = due_lesson(lesson, record.due_lesson_id)
    due_day = due.day if due else homework.due_day if homework else lesson.day
    wanted = (record.homework, record.minutes, due.pk if due else None, due_day)
    if homework is None:
        homework = Homework(school_id=lesson.school_id, year=lesson.year, lesson=lesson)
    elif (homework.text, homework.minutes, homework.due_lesson_id, homework.due_day) == wanted:
        return homework
    homework.text, homework.minutes, homework.due_lesson_id, homework.due_day = wanted
    homework.set_by, homework.set_at = by, now
    homework.save()
    return homework


def due_lesson(lesson: Lesson, due_id: UUID | None) -> Lesson | None:
    """Return the lesson that homework is due at: the chosen one, else the next of the course."""
    later = Lesson.objects.filter(course=lesson.course_id, day__gte=lesson.day).exclude(
        pk=lesson.pk
    )
    if due_id is not None:
        chosen = later.filter(pk=due_id).first()
        if chosen is None or (chosen.day, chosen.number) < (lesson.day, lesson.number):
            raise BrokenRecord(
                "Выберите урок этого курса после сегодняшнего.", field="homework_due"
            )
        return chosen
    coming = later.not_cancelled().in_order()
    return next((n for n in coming if (n.day, n.number) > (lesson.day, lesson.number)), None)


def discard_file(file: HomeworkFile) -> None:
    """Take a file back: the bytes go only when the row has really gone."""
    storage, name = file.stored.storage, str(file.stored.name)
    file.delete()
    uploads.discard_after(storage, name)


def keep_file(upload: "UploadedFile[Any]", homework: Homework, *, by: User, now: datetime) -> None:
    """Check the file and store it under a name that nobody can guess."""
    checked = uploads.admit(upload)
    HomeworkFile.objects.create(
        school_id=homework.school_id,
        homework=homework,
        name=checked.name,
        stored=upload,
        size=checked.size,
        content_type=checked.content_type,
        sha256=checked.sha256,
        added_by=by,
        added_at=now,
    )

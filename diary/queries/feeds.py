"""A child's calendar for other programs: what the week and the tasks show, without marks or absences.

An address may be passed on: nothing stands in it that a neighbour may not know.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from django.db import connection

from common.weeks import monday_of
from diary.models import CalendarFeed
from diary.pages import ControlWork, LessonView, PupilHead, Task
from diary.pages.feed import CalendarEvent, FeedState
from diary.queries.tasks import tasks
from diary.queries.vacations import vacations
from diary.queries.week import week
from people.models import Pupil, User

WEEKS_BACK, WEEKS_AHEAD = 1, 6
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """Whose calendar a secret address leads to, and whose eyes read it."""

    feed_id: UUID
    school_id: UUID
    pupil_id: UUID
    user: User


def digest_of(secret: str) -> str:
    """Return what is kept of a secret: it has 256 random bits, so a plain hash will do."""
    return hashlib.sha256(secret.encode()).hexdigest()


def feed_of(secret: str) -> FoundFeed | None:
    """Return the feed at a secret address; revoked and unknown ones are the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app_calendar_feed(%s)", [digest_of(secret)])
        row = cursor.fetchone()
    user = User.objects.filter(pk=row[3], is_active=True).first() if row else None
    return FoundFeed(row[0], row[1], row[2], user) if row and user else None


def own_feed(user: User, pupil: Pupil) -> FeedState | None:
    """Return the account's own address of the child's calendar, if there is one."""
    feeds = CalendarFeed.objects.visible_to(user).filter(pupil=pupil, user=user)
    found = feeds.filter(revoked_at__isnull=True).first()
    return FeedState(found.made_at, found.read_at) if found else None


def calendar_events(pupil: Pupil, *, now: datetime) -> tuple[CalendarEvent, ...]:
    """Return the lessons of eight weeks, tests, homework by its term, and the vacations of a year."""
    today = pupil.school.local_date(now)
    monday = monday_of(today)
    shown = [
        week(pupil, monday + timedelta(weeks=number), user=None, now=now)
        for number in range(-WEEKS_BACK, WEEKS_AHEAD + 1)
    ]
    head = next((one.pupil for one in reversed(shown) if one.pupil.class_id), shown[0].pupil)
    lessons = [lesson for one in shown for lesson in one.lessons]
    due = tasks(pupil, now=now)
    days = sorted((*due.past, *due.days), key=lambda day: day.day)  # whatever the page shows first
    return (
        *(_lesson(lesson, pupil.school.zone) for lesson in lessons),
        *(_task(task) for day in days for task in day.tasks),
        *(_control(control) for day in days for control in day.controls),
        *_vacations(head, now),
    )


def _lesson(lesson: LessonView, zone: tzinfo) -> CalendarEvent:
    kind = f" ({lesson.course_kind})" if lesson.course_kind else ""
    told = (
        f"Учитель: {lesson.teacher}" if lesson.teacher else "",
        f"Группа: {lesson.group}" if lesson.group else "",
        lesson.change[:1].upper() + lesson.change[1:],
        f"Тема: {lesson.topic}" if lesson.topic else "",
        "Дистанционно" if lesson.is_distance else "",
    )
    return CalendarEvent(
        uid=f"lesson-{lesson.lesson_id}",
        title=f"{lesson.subject}{kind}",
        starts=datetime.combine(lesson.day, lesson.starts, zone),
        ends=datetime.combine(lesson.day, lesson.ends, zone),
        place=lesson.place,
        text="\n".join(filter(None, told)),
        is_cancelled=lesson.state == "cancelled",
        is_busy=True,
    )


def _task(task: Task) -> CalendarEvent:
    files = "В дневнике есть файлы." if task.files else ""
    links = [link.url for link in task.links]
    return CalendarEvent(
        uid=f"homework-{task.homework_id}",
        title=f"Задание: {task.subject}",
        starts=task.due_on,
        ends=task.due_on,
        text="\n".join(filter(None, (task.text, *links, files))),
    )


def _control(control: ControlWork) -> CalendarEvent:
    return CalendarEvent(
        uid=f"work-{control.lesson_id}-{digest_of(control.title + control.work)[:8]}",
        title=f"{control.work[:1].upper()}{control.work[1:]}: {control.subject}",
        starts=control.day,
        ends=control.day,
        text=f"{control.number}-й урок" + (f". {control.title}" if control.title else ""),
    )


def _vacations(head: PupilHead, now: datetime) -> Iterator[CalendarEvent]:
    today = now.date()
    for found in vacations(head, today - YEAR / 2, today + YEAR):
        yield CalendarEvent(
            uid=f"vacation-{head.school_id}-{found.starts}",
            title=found.name,
            starts=found.starts,
            ends=found.ends,
        )

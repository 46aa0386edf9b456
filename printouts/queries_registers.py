"""The register and the day's blank sheet, from what the journal's pages show to the same user."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.http import Http404

from common.templatetags.words import MONTH_TITLES
from journal import queries as journal
from journal.official import official
from journal.sheet import LessonSheet, Sheet
from people.models import User
from printouts.registers import (
    BlankLesson,
    DaySheet,
    PaperLesson,
    PaperPupil,
    Register,
    Spread,
    chunks,
    months_of,
)
from school.models import Course


def register(user: User, course_id: UUID, period_id: UUID | None, *, today: date) -> Register:
    """Read the held lessons of the period; Http404 for a course that the user may not open."""
    course = Course.objects.visible_to(user).select_related("school").filter(pk=course_id).first()
    if course is None:
        raise Http404
    sheet = journal.sheet(user, course_id, period_id, today=today)
    held = [
        place
        for place, column in enumerate(sheet.columns)
        if not column.is_cancelled and column.date <= today
    ]
    norms = journal.norms_on(course.school_id, today)
    pages = chunks(len(held))
    return Register(
        title=f"Журнал. {sheet.title}, {sheet.period.name}",
        school=course.school.name,
        subject=sheet.subject_name,
        group=sheet.group_name,
        teacher=sheet.teacher_name,
        period=sheet.period.name,
        printed_on=today,
        spreads=tuple(
            _spread(
                sheet,
                held[start:end],
                absences=norms.absence_print,
                separator="/" if norms.marks_separator == "slash" else "",
                is_last=(start, end) == pages[-1],
            )
            for start, end in pages
        ),
    )


def _spread(
    sheet: Sheet, places: list[int], *, absences: Mapping[str, str], separator: str, is_last: bool
) -> Spread:
    columns = [sheet.columns[place] for place in places]
    lessons = tuple(
        PaperLesson(column.date, column.number, column.topic, column.homework) for column in columns
    )
    return Spread(
        lessons=lessons,
        months=months_of(lessons, MONTH_TITLES),
        pupils=tuple(
            PaperPupil(
                number=row.number,
                name=row.name,
                left=row.left,
                cells=tuple(
                    official(row.cells[place][0], absences, separator=separator) for place in places
                ),
                result=row.period_mark,
            )
            for row in sheet.rows
        ),
        is_last=is_last,
    )


def day_sheet(user: User, day: date, *, now: datetime) -> DaySheet:
    """Read the user's lessons of the day with their pupils; three statements a lesson."""
    found = journal.teacher_day(user, day, now=now)
    lessons = []
    for lesson in found.lessons:
        if lesson.is_cancelled:
            continue
        sheet = journal.lesson_sheet(user, lesson.course_id, lesson.lesson_id, today=user.today)
        lessons.append(_blank(sheet))
    return DaySheet(
        title=f"Листы уроков. {found.heading}",
        day=day,
        printed_on=user.today,
        lessons=tuple(lessons),
    )


def _blank(sheet: LessonSheet) -> BlankLesson:
    return BlankLesson(
        title=sheet.title,
        when=sheet.when,
        room=sheet.room,
        topic=sheet.topic,
        homework=sheet.homework,
        marks=sheet.marks_in_cell,
        pupils=tuple((row.number, row.name) for row in sheet.rows),
    )

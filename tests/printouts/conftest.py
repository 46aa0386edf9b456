"""Marks of the cast's week, and orders of extracts."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.ids import uuid7
from journal.models import Absence, Homework, Mark, Work, WorkKind
from people.models import Pupil
from school.models import Lesson
from tests.cast import NOW, TODAY, YEAR, Cast


def give_mark(
    cast: Cast, pupil: str, course: str, value: str, *, day: date = TODAY, comment: str = ""
) -> Mark:
    lesson = cast.lesson(course, day)
    kind = WorkKind.objects.filter(school_id=lesson.school_id).order_by("pk").first()
    assert kind is not None
    work, _ = Work.objects.get_or_create(
        school_id=lesson.school_id,
        lesson=lesson,
        number=1,
        defaults={"kind": kind, "weight": kind.weight},
    )
    return Mark.objects.create(
        id=uuid7(), year=YEAR, school_id=lesson.school_id, lesson=lesson, work=work, pupil=cast.pupils[pupil],
        value=value, score=Decimal(value), comment=comment, set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip


def give_homework(cast: Cast, lesson: Lesson, text: str, *, due: date) -> Homework:
    return Homework.objects.create(
        school_id=lesson.school_id, year=YEAR, lesson=lesson, due_day=due, text=text,
        set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip


def note_absence(cast: Cast, pupil: Pupil, lesson: Lesson, code: str = "absent") -> Absence:
    return Absence.objects.create(
        id=uuid7(), year=YEAR, school_id=lesson.school_id, lesson=lesson, pupil=pupil, code=code,
        set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip


@pytest.fixture
def week_of_7a(cast: Cast) -> Cast:
    """A week with marks, homework and an absence for 7А."""
    give_mark(cast, "vitya", "algebra", "5", comment="Молодец")
    give_mark(cast, "vitya", "physics", "3", day=TODAY - timedelta(days=1))
    give_mark(cast, "olya", "algebra", "4")
    note_absence(cast, cast.pupils["vitya"], cast.lesson("russian"))
    give_homework(cast, cast.lesson("algebra"), "№ 412 (а, б)", due=TODAY + timedelta(days=1))
    return cast


@pytest.fixture(autouse=True)
def files_of_a_test(settings: Any, tmp_path: Any) -> None:
    """Each test keeps its files apart."""
    storage = settings.STORAGES["default"]
    settings.STORAGES = settings.STORAGES | {
        "default": storage | {"OPTIONS": {"location": str(tmp_path / "media")}}
    }

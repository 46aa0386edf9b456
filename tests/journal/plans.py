"""A plan for a course of the cast."""

from collections.abc import Sequence

from journal.models import CourseProgramme, Programme, Topic, Unit, WorkKind
from tests.cast import NOW, YEAR, Cast

FRACTIONS = (("Дроби", 2), ("Сложение дробей", 3), ("Контрольная по дробям", 1))


def plan_of(
    cast: Cast,
    topics: Sequence[tuple[str, int]] = FRACTIONS,
    *,
    course: str = "algebra",
    by: str = "maria",
) -> Programme:
    """Give the course a plan of one unit; a topic «Контрольная…» has its work."""
    row = cast.courses[course]
    programme = Programme.objects.create(
        school_id=row.school_id, year=YEAR, subject_id=row.subject_id, grade_level=row.group.grade_level,
        name="Алгебра, 7 класс", made_by=cast.users[by], made_at=NOW,
    )  # fmt: skip
    unit = Unit.objects.create(
        school_id=row.school_id, programme=programme, number=1, title="Дроби и действия"
    )
    control = WorkKind.objects.get(school_id=row.school_id, code="control")
    for number, (title, hours) in enumerate(topics, start=1):
        is_control = title.startswith("Контрольная")
        Topic.objects.create(
            school_id=row.school_id, programme=programme, unit=unit, number=number, title=title, hours=hours,
            lesson_kind="control" if is_control else "new", work_kind=control if is_control else None,
            homework="" if is_control else f"§ {number}",
        )  # fmt: skip
    CourseProgramme.objects.create(
        school_id=row.school_id, course=row, programme=programme, set_by=cast.users[by], set_at=NOW
    )
    return programme

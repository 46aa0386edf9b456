"""What the pages of years are asked for: a class that finishes, a debt, an exam's list."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from journal.models import AcademicDebt
from school.models import ClassTeacher, SchoolClass, StudyGroup
from tests.cast import NOW, SEPTEMBER, TODAY, YEAR, Cast


def results_of(cast: Cast, *, pupil: str, course: str, leader: str, teacher: str) -> dict[str, Any]:
    """Return the parameters of the addresses of results: every object is there."""
    row = cast.courses[course]
    finishing = SchoolClass.objects.create(
        school_id=row.school_id, year=YEAR, grade_level=9, letter="Я", sort_key="я"
    )
    ClassTeacher.objects.create(
        school_id=row.school_id, school_class=finishing, person=cast.people[leader], since=SEPTEMBER
    )
    StudyGroup.objects.create(
        school_id=row.school_id,
        year=YEAR,
        kind="class",
        name="9Я",
        school_class=finishing,
        grade_level=9,
    )
    debt = AcademicDebt.objects.create(
        school_id=row.school_id, year=YEAR, pupil=cast.pupils[pupil], subject=row.subject, arisen_on=TODAY,
        due_day=date(2027, 5, 25), set_by=cast.users[teacher], set_at=NOW,
    )  # fmt: skip
    return {
        "journal:finals": {"class_id": finishing.pk},
        "journal:debt_attempt": {"debt_id": debt.pk},
        "journal:course_comparison": {"course_id": row.pk},
    }


def exam_query(cast: Cast, *, course: str, school_class: str) -> str:
    asked = {
        "school_class": cast.classes[school_class].pk, "subject": cast.courses[course].subject_id,
        "kind": "interim", "held_on": "2026-11-17", "scale": "five",
    }  # fmt: skip
    return f"?{urlencode(asked)}"


def results_bodies(cast: Cast, *, pupil: str, school_class: str) -> dict[str, dict[str, Any]]:
    return {
        "journal:exam": {
            "obtained_at": "2026-11-18T10:00", f"value_{cast.pupils[pupil].pk}": "4",
        },
        "journal:finals": {"fill": "all"},
        "journal:academic_debts": {
            "school_class": str(cast.classes[school_class].pk), "due_day": "2027-05-25",
        },
        "journal:debt_attempt": {"held_on": "2026-12-01"},
    }  # fmt: skip

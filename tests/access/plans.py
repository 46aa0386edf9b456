"""Plans: objects for the addresses of their pages, and what a browser sends."""

from datetime import timedelta
from typing import Any

from journal.models import Programme
from tests.cast import TODAY, Cast
from tests.journal.plans import plan_of

TOMORROW = TODAY + timedelta(days=1)


def things(cast: Cast, course: str, teacher: str) -> dict[str, dict[str, Any]]:
    row = cast.courses[course]
    found = Programme.objects.filter(courses__course=row).first()
    programme = {"programme_id": (found or plan_of(cast, course=course, by=teacher)).pk}
    journal = {"course_id": row.pk}
    return {
        "journal:programme": programme, "journal:programme_export": programme,
        "journal:course_programme": journal, "journal:course_topics": journal, "journal:copy_homework": journal,
    }  # fmt: skip


def bodies(cast: Cast, course: str) -> dict[str, dict[str, Any]]:
    row, lesson = cast.courses[course], cast.lesson(course, TOMORROW).pk
    plan = {"name": "Алгебра", "subject": str(row.subject_id), "grade_level": "7"}
    line = {
        "lesson": str(lesson), f"topic_{lesson}": "Дроби", f"kind_{lesson}": "new", f"seen_kind_{lesson}": "new",
    }  # fmt: skip
    return {
        "journal:programmes": plan,
        "journal:programme_import": plan
        | {"plan": '[["Дроби", [["Сложение", 2, "new", "", ""]]]]'},
        "journal:programme": {"do": "name", "title": "Алгебра, 7 класс"},
        "journal:course_programme": {"do": "leave"},
        "journal:course_topics": line,
        "journal:copy_homework": {"lesson": str(cast.lesson(course).pk)},
    }

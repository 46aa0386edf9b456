"""Whole-page reads: each returns a frozen dataclass in a fixed number of statements."""

from journal.queries.days import teacher_day
from journal.queries.details import cell_details
from journal.queries.facts import CourseFacts, course_facts
from journal.queries.homework import (
    homework_answers,
    homework_late,
    homework_load,
    homeworks,
    lesson_form,
)
from journal.queries.individual import individual, individual_rows
from journal.queries.lessons import LessonFacts, lesson_facts, lesson_page, lesson_sheet
from journal.queries.norms import norms_on
from journal.queries.schedule import course_plan, tests_schedule
from journal.queries.school import school_journals
from journal.queries.sheets import sheet

__all__ = [
    "CourseFacts",
    "LessonFacts",
    "cell_details",
    "course_facts",
    "course_plan",
    "homework_answers",
    "homework_late",
    "homework_load",
    "homeworks",
    "individual",
    "individual_rows",
    "lesson_facts",
    "lesson_form",
    "lesson_page",
    "lesson_sheet",
    "norms_on",
    "school_journals",
    "sheet",
    "teacher_day",
    "tests_schedule",
]

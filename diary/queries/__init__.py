"""Whole-page reads of the diary: each answers with one of the shapes of `diary.pages`."""

from diary.queries.absences import absences
from diary.queries.answers import answers, asked
from diary.queries.desk import desk
from diary.queries.family import children, closed_children
from diary.queries.finals import finals
from diary.queries.marks import marks
from diary.queries.opened import Opened, opened
from diary.queries.tasks import tasks
from diary.queries.week import week, weeks

__all__ = [
    "Opened",
    "absences",
    "answers",
    "asked",
    "children",
    "closed_children",
    "desk",
    "finals",
    "marks",
    "opened",
    "tasks",
    "week",
    "weeks",
]

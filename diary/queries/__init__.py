"""Whole-page reads of the diary: each answers with one of the shapes of `diary.pages`."""

from diary.queries.absences import absences
from diary.queries.desk import desk
from diary.queries.family import Opened, children, closed_children, opened
from diary.queries.finals import finals
from diary.queries.marks import marks
from diary.queries.tasks import tasks
from diary.queries.week import week, weeks

__all__ = [
    "Opened",
    "absences",
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

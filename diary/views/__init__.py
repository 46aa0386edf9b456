"""Pages of families (/diary/) and of class teachers (/class/)."""

from diary.views.answers import answer, answer_file
from diary.views.desk import desk, desks, paper_acknowledgement
from diary.views.family import (
    absences,
    acknowledge,
    children,
    current_week,
    finals,
    home,
    homework_file,
    marks,
    tasks,
    week,
)

__all__ = [
    "absences",
    "acknowledge",
    "answer",
    "answer_file",
    "children",
    "current_week",
    "desk",
    "desks",
    "finals",
    "home",
    "homework_file",
    "marks",
    "paper_acknowledgement",
    "tasks",
    "week",
]

"""Pages of families (/diary/) and of class teachers (/class/)."""

from diary.views.answers import answer, answer_file
from diary.views.desk import desk, desks, paper_acknowledgement
from diary.views.family import (
    acknowledge,
    children,
    current_week,
    finals,
    home,
    homework_file,
    week,
)

__all__ = [
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
    "paper_acknowledgement",
    "week",
]

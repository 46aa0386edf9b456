"""Whole-page reads of the diary: each answers with one of the shapes of `diary.pages`."""

from diary.queries.absences import absences
from diary.queries.acknowledgement import pressed_now
from diary.queries.answers import answers, asked
from diary.queries.board import board
from diary.queries.class_weeks import class_weeks
from diary.queries.desk import desk
from diary.queries.family import children, closed_children
from diary.queries.feeds import calendar_events, feed_of, own_feed
from diary.queries.finals import finals
from diary.queries.marks import marks
from diary.queries.opened import Opened, opened
from diary.queries.own import own_section
from diary.queries.reminders import reminding
from diary.queries.rule import week_to_remind
from diary.queries.subject import subject
from diary.queries.tasks import tasks
from diary.queries.visits import visits
from diary.queries.week import week, weeks

__all__ = [
    "Opened",
    "absences",
    "answers",
    "asked",
    "board",
    "calendar_events",
    "children",
    "class_weeks",
    "closed_children",
    "desk",
    "feed_of",
    "finals",
    "marks",
    "opened",
    "own_feed",
    "own_section",
    "pressed_now",
    "reminding",
    "subject",
    "tasks",
    "visits",
    "week",
    "week_to_remind",
    "weeks",
]

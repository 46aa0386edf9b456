"""Verbs of the diary."""

from diary.actions.acknowledgement import acknowledge
from diary.actions.answers import send_answer
from diary.actions.feeds import make_feed, note_reading, revoke_feed
from diary.actions.paper import Slip, record_slip, record_slips
from diary.actions.reminders import remind, remind_due, remind_in_person
from diary.actions.results import record_first_views
from diary.actions.tasks import mark_done, undo_done
from diary.actions.visits import record_visit

__all__ = [
    "Slip",
    "acknowledge",
    "make_feed",
    "mark_done",
    "note_reading",
    "record_first_views",
    "record_slip",
    "record_slips",
    "record_visit",
    "remind",
    "remind_due",
    "remind_in_person",
    "revoke_feed",
    "send_answer",
    "undo_done",
]

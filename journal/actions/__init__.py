"""Verbs that change a journal: keyword-only, each checks, locks, refuses, writes, announces."""

from journal.actions.cells import save_cells
from journal.actions.comments import set_comment
from journal.actions.finals import set_period_mark, sign_off
from journal.actions.lessons import record_lesson
from journal.actions.lists import ListEntry, save_list

__all__ = [
    "ListEntry",
    "record_lesson",
    "save_cells",
    "save_list",
    "set_comment",
    "set_period_mark",
    "sign_off",
]

"""Verbs that change a journal: keyword-only, each checks, locks, refuses, writes, announces."""

from journal.actions.cells import save_cells
from journal.actions.comments import set_comment
from journal.actions.deferrals import defer, remind
from journal.actions.finals import fill_sure, set_results, undo_fill
from journal.actions.lessons import record_lesson
from journal.actions.lists import ListEntry, save_list
from journal.actions.signing import approve, send_back, sign_off

__all__ = [
    "ListEntry",
    "approve",
    "defer",
    "fill_sure",
    "record_lesson",
    "remind",
    "save_cells",
    "save_list",
    "send_back",
    "set_comment",
    "set_results",
    "sign_off",
    "undo_fill",
]

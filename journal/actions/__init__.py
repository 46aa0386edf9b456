"""Verbs that change a journal: keyword-only, each checks, locks, refuses, writes, announces."""

from journal.actions.cells import save_cells
from journal.actions.comments import set_comment
from journal.actions.deferrals import defer, remind
from journal.actions.finals import fill_sure, set_results, undo_fill
from journal.actions.homework import (
    choose_lesson_form,
    note_seen,
    remove_homework,
    save_homework,
)
from journal.actions.lessons import record_lesson
from journal.actions.lists import ListEntry, save_list
from journal.actions.remarks import answer_remark, close_remark, raise_remarks
from journal.actions.signing import approve, send_back, sign_off
from journal.actions.testplan import move_test, plan_test, remove_test

__all__ = [
    "ListEntry",
    "answer_remark",
    "approve",
    "choose_lesson_form",
    "close_remark",
    "defer",
    "fill_sure",
    "move_test",
    "note_seen",
    "plan_test",
    "raise_remarks",
    "record_lesson",
    "remind",
    "remove_homework",
    "remove_test",
    "save_cells",
    "save_homework",
    "save_list",
    "send_back",
    "set_comment",
    "set_results",
    "sign_off",
    "undo_fill",
]

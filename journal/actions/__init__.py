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
from journal.actions.programmes import (
    TopicEntry,
    change_order,
    copy_programme,
    delete_programme,
    follow_programme,
    make_programme,
    rename_programme,
    save_topic,
    save_unit,
)
from journal.actions.remarks import answer_remark, close_remark, raise_remarks
from journal.actions.signing import approve, send_back, sign_off
from journal.actions.testplan import move_test, plan_test, remove_test
from journal.actions.topics import (
    Bulk,
    LessonEntry,
    copy_homework,
    fill_topics,
    record_many,
    schedule_tests,
)

__all__ = [
    "Bulk",
    "LessonEntry",
    "ListEntry",
    "TopicEntry",
    "answer_remark",
    "approve",
    "change_order",
    "choose_lesson_form",
    "close_remark",
    "copy_homework",
    "copy_programme",
    "defer",
    "delete_programme",
    "fill_sure",
    "fill_topics",
    "follow_programme",
    "make_programme",
    "move_test",
    "note_seen",
    "plan_test",
    "raise_remarks",
    "record_lesson",
    "record_many",
    "remind",
    "remove_homework",
    "remove_test",
    "rename_programme",
    "save_cells",
    "save_homework",
    "save_list",
    "save_topic",
    "save_unit",
    "schedule_tests",
    "send_back",
    "set_comment",
    "set_results",
    "sign_off",
    "undo_fill",
]

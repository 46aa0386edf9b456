"""Saving cells: many at once, each with its own answer, and the same answer to a repeat."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from common.errors import require
from common.templatetags.words import time_hm
from journal import grading, policy
from journal.actions.rows import Changes, Rule, write
from journal.actions.unusual import note_unusual
from journal.errors import (
    CellRefusal,
    LessonGone,
    LessonLocked,
    NotOnRoster,
    NotYourLesson,
    OnlyAttendance,
    OperationReused,
    OtherUser,
    OutsideScale,
    ReasonWanted,
    StaleCell,
    TooManyMarks,
    WrongReasonRole,
)
from journal.queries import CourseFacts
from journal.queries.cells import (
    Answered,
    Cell,
    CellsNow,
    Key,
    LockedLesson,
    averages,
    cells_now,
    lock_lessons,
    sums_asked,
    when,
)
from journal.sheet import Average, CellAnswer, CellEntry, SaveAnswer
from people.models import User
from people.scope import because

BULK = 10  # so many changed cells, and above, can be rolled back in one click


@dataclass(slots=True)
class _Save:
    """One request while it is being judged."""

    by: User
    course: CourseFacts
    today: date
    moment: datetime
    reason: str
    corrects: (
        bool  # rolls back what another wrote: neither the lesson's owner nor the window matters
    )
    lessons: Mapping[str, LockedLesson]
    now: CellsNow
    corrected: int = 0  # cells in which a mark gave way to another
    answers: list[tuple[Key, CellAnswer]] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    rules: dict[str, Rule] = field(default_factory=dict)  # by lesson, as they are asked for

    def rule(self, lesson_id: str) -> Rule:
        """Return how marks of the lesson count by today's norms: what was counted before stays."""
        if lesson_id not in self.rules:
            day, norms = self.lessons[lesson_id].day, self.course.norms
            due = max(day + timedelta(days=norms.debt_days), self.today)
            self.rules[lesson_id] = Rule(self.course.values_on(day), norms.retake_rule, due)
        return self.rules[lesson_id]


def save_cells(
    *,
    by: User,
    course: CourseFacts,
    op: UUID,
    entries: Sequence[CellEntry],
    now: datetime,
    digest: str = "",
    reason: str = "",
    new_device: bool = False,
    corrects: bool = False,
) -> SaveAnswer:
    """Write the cells that may be written and say of each what became of it.

    `digest` names the content of a larger whole that the cells are a part of, `reason` says why old
    marks change; `corrects` is for the deputy head, who rolls back what another wrote. The same operation
    gets its first answer again. Raises Forbidden for a reader, OperationReused for a known operation
    with another content. Locks and writes in the transaction of the scope: a savepoint of its own
    would only cost time, since every refusal that comes after a write rolls the request back.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Cells are saved inside a scope.")
    require(corrects or course.who.keeps)
    keys = [(str(e.lesson_id), str(e.pupil_id)) for e in entries]
    lessons = lock_lessons(course, sorted({lesson for lesson, _ in keys}))
    today = now.astimezone(course.zone).date()
    pupils = sorted({pupil for _, pupil in keys})
    state = cells_now(course, op=op, lessons=list(lessons), pupils=pupils, today=today)
    digest = digest or _digest(course, keys, entries, reason)
    if state.answered is not None:
        return _first_answer(state.answered, by=by, op=op, digest=digest)
    course = course.with_signed(state.signed)
    require(corrects or _has_part(course, lessons, state))
    save = _Save(
        by=by, course=course, today=today, moment=now, reason=reason, corrects=corrects,
        lessons=lessons, now=state,
    )  # fmt: skip
    for key, entry in zip(keys, entries, strict=True):
        save.answers.append((key, _answer(save, key, entry)))
    with because(reason) if reason else nullcontext():
        answer = _write(save, op=op, digest=digest)
    if save.changes.kept:
        note_unusual(
            by=by, course=course, op=op, corrected=save.corrected, new_device=new_device, now=now
        )
    return answer


def _has_part(course: CourseFacts, lessons: Mapping[str, LockedLesson], state: CellsNow) -> bool:
    """Say whether anything here is the user's to write; a reader gets 403, not a list of refusals."""
    who = course.who
    if who.teaches or not lessons:
        return True
    return any(policy.may_hold(who, lesson.teacher) for lesson in lessons.values()) or any(
        policy.may_give_reason(who, led=member.led) for member in state.members.values()
    )


def _answer(save: _Save, key: Key, entry: CellEntry) -> CellAnswer:
    """Judge one cell; what may be written joins the changes."""
    cell = save.now.cells.get(key) or Cell()
    text = cell.text
    try:
        wanted = _judged(save, entry, key, cell, text)
    except CellRefusal as refusal:
        return CellAnswer(
            entry.pupil_id,
            entry.lesson_id,
            state=refusal.state,
            value=str(text),
            rev=cell.rev,
            author=cell.author,
            at=when(cell.set_at, save.course, today=save.today) if cell.set_at else "",
            message=refusal.message,
        )
    if wanted != text:
        works = save.now.works.get(key[0], {})
        save.changes.plan(key, cell, wanted, stood=text, works=works, by_rule=save.rule(key[0]))
        save.corrected += not grading.adds_only(text, wanted)
    return CellAnswer(entry.pupil_id, entry.lesson_id, "ok", value=str(wanted), rev=cell.rev)


def _judged(
    save: _Save, entry: CellEntry, key: Key, cell: Cell, text: grading.CellText
) -> grading.CellText:
    """Return what the cell shall hold, which holds `text`. Raises the refusal that stands in the way."""
    lesson = save.lessons.get(key[0])
    if lesson is None:
        raise LessonGone
    member = save.now.members.get(key[1])
    if member is None or not member.was_there(lesson.day):
        raise NotOnRoster
    course = save.course
    shut = course.shut(
        lesson.lesson_id, day=lesson.day, status=lesson.status, today=save.today, given=lesson.given,
        now=save.moment,
    )  # fmt: skip
    late = isinstance(shut, LessonLocked)
    if shut is not None and not late:
        raise shut
    if shut is not None and not save.corrects and not _may_pay(entry.value, text):
        raise shut
    wanted = _read(entry.value, course, save.rule(key[0]))
    if not save.corrects:
        _require_right(course.who, lesson, text, wanted, led=member.led)
    if wanted != text and entry.rev != cell.rev:
        raise StaleCell
    if not save.reason and _has_stood(save, cell, text, wanted):
        raise ReasonWanted(course.norms.reason_after_days)
    return wanted


def _may_pay(typed: str, before: grading.CellText) -> bool:
    """Say whether a точка gives way to its mark: that may be after the window, it was promised."""
    if grading.OWED not in before.marks:
        return False
    try:
        return grading.pays(before, grading.parse(typed))
    except grading.Unreadable:
        return False


def _has_stood(save: _Save, cell: Cell, text: grading.CellText, wanted: grading.CellText) -> bool:
    """Say whether a mark that has stood for more than the school's days is changed or removed."""
    if grading.adds_only(text, wanted):
        return False
    until = save.today - timedelta(days=save.course.norms.reason_after_days)
    marks = dict(enumerate(wanted.marks, start=1))
    touched = (place for place in cell.places if cell.values[place] != marks.get(place))
    return any(
        cell.values[place] != grading.OWED
        and cell.moments[place].astimezone(save.course.zone).date() < until
        for place in touched
    )


def _read(raw: str, course: CourseFacts, rule: Rule) -> grading.CellText:
    try:
        wanted = grading.parse(raw)
    except grading.Unreadable as error:
        raise OutsideScale(raw.strip()[: grading.LONGEST]) from error
    if wrong := grading.outside(wanted, rule.values):
        raise OutsideScale(wrong)
    if wanted.works > course.marks_in_cell:
        raise TooManyMarks(course.marks_in_cell)
    return wanted


def _require_right(
    who: policy.Standing,
    lesson: LockedLesson,
    before: grading.CellText,
    wanted: grading.CellText,
    *,
    led: bool,
) -> None:
    """Raise unless this user may make this change of this cell."""
    holds = policy.may_hold(who, lesson.teacher)
    if not holds and not policy.may_give_reason(who, led=led):
        raise NotYourLesson
    if wanted.marks != before.marks and not holds:
        raise OnlyAttendance
    if not policy.may_change_absence(
        who, holds=holds, led=led, before=before.absence, after=wanted.absence
    ):
        raise WrongReasonRole


def _write(save: _Save, *, op: UUID, digest: str) -> SaveAnswer:
    """Write the planned rows, the averages and the operation's answer."""
    course, now = save.course, save.moment
    fine = [key for key, answer in save.answers if answer.state == "ok"]
    touched = sorted({pupil for _, pupil in fine})
    days = [save.lessons[lesson].day for lesson, _ in fine[:1]]
    asked = sums_asked(course, pupils=touched, day=days[0]) if days else None
    revs, rows = write(
        save.changes, course=course, lessons=save.lessons, by=save.by, now=now, asked=asked
    )
    sums = averages(rows)
    answer = SaveAnswer(
        op=op,
        cells=tuple(_with_rev(key, a, revs, save.changes.letters) for key, a in save.answers),
        averages=tuple(Average(UUID(pupil), *sums.get(pupil, ("", ""))) for pupil in touched),
        saved_at=time_hm(now.astimezone(course.zone).time()),
    )
    save.changes.remember(
        op=op,
        digest=digest,
        answer=answer,
        course=course,
        by=save.by,
        now=now,
        before=_before(save),
    )
    return answer


def _before(save: _Save) -> dict[str, str] | None:
    """Return what a bulk change found, by cell, so that it can be rolled back."""
    changed = save.changes.kept
    if len(changed) < BULK:
        return None
    found = save.now.cells
    return {" ".join(key): str(found[key].text) if key in found else "" for key in changed}


def _with_rev(
    key: Key, answer: CellAnswer, revs: Mapping[Key, int], letters: Mapping[Key, str]
) -> CellAnswer:
    """Give the cell its new revision; a note may have turned «н» into its reason."""
    rev = revs.get(key)
    if rev is None or answer.state != "ok":
        return answer
    value = letters[key] + answer.value[1:] if key in letters else answer.value
    return CellAnswer(answer.pupil_id, answer.lesson_id, "ok", value=value, rev=rev)


def _digest(
    course: CourseFacts, keys: Sequence[Key], entries: Sequence[CellEntry], reason: str
) -> str:
    content = [
        [pupil, lesson, e.value, e.rev] for (lesson, pupil), e in zip(keys, entries, strict=True)
    ]
    whole = json.dumps([str(course.course_id), content, *([reason] if reason else [])])
    return hashlib.sha256(whole.encode()).hexdigest()


def _first_answer(answered: Answered, *, by: User, op: UUID, digest: str) -> SaveAnswer:
    if answered.user_id != str(by.pk):
        raise OtherUser
    if answered.request != digest:
        raise OperationReused
    return answer_from(op, answered.answer)


def answer_from(op: UUID, kept: Mapping[str, Any]) -> SaveAnswer:
    """Read back what SaveAnswer.told was."""
    return SaveAnswer(
        op=op,
        cells=tuple(
            CellAnswer(
                UUID(cell["pupil"]),
                UUID(cell["lesson"]),
                state=cell["state"],
                value=cell["value"],
                rev=cell["rev"],
                author=cell["author"],
                at=cell["at"],
                message=cell["message"],
            )
            for cell in kept["cells"]
        ),
        averages=tuple(
            Average(UUID(pupil), row["average"], row["weighted"])
            for pupil, row in kept["averages"].items()
        ),
        saved_at=kept["saved_at"],
    )

"""What stood in a lesson's form when it was opened, so that only what the teacher touched is written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from journal.errors import RecordChanged
from journal.sheet import Choice, LessonSheet, Record

UNSAID = frozenset({"planned", "lesson_kind"})  # left as they are by whoever does not speak of them


@dataclass(frozen=True, slots=True)
class Seen:
    """Texts of the form: the lesson's fields by name; value and comment by pupil."""

    fields: Mapping[str, str]
    cells: Mapping[str, tuple[str, str]]

    def as_text(self) -> str:
        return json.dumps([self.fields, self.cells], ensure_ascii=False, separators=(",", ":"))

    def record(self) -> Record:
        """Return the lesson's fields as the record they came from."""
        return Record(
            topic=self.fields["topic"],
            homework=self.fields["homework"],
            minutes=int(self.fields["homework_minutes"] or 0) or None,
            due_lesson_id=_uuid(self.fields["homework_due"]),
            kind_id=_uuid(self.fields["work_kind"]),
            planned=self.fields["planned_topic"],
            lesson_kind=self.fields["lesson_kind"],
        )


def _uuid(text: str) -> UUID | None:
    return UUID(text) if text else None


def of(lesson: LessonSheet) -> Seen:
    """Return what the form of the lesson shows."""
    return Seen(
        {
            "topic": lesson.topic,
            "homework": lesson.homework,
            "homework_minutes": lesson.homework_minutes,
            "homework_due": chosen(lesson.homework_due).value,
            "work_kind": chosen(lesson.work_kinds).value,
            "planned_topic": chosen(lesson.planned).value,
            "lesson_kind": chosen(lesson.lesson_kinds).value,
        },
        {str(row.pupil_id): (row.value, row.comment) for row in lesson.rows},
    )


def chosen(choices: tuple[Choice, ...]) -> Choice:
    return next((choice for choice in choices if choice.chosen), Choice("", "не выбрано"))


def read(text: Any, *, lesson: LessonSheet) -> Seen:
    """Read what the form sent back; a form without it was opened just now."""
    now = of(lesson)
    try:
        sent, cells = json.loads(text)
        seen = Seen(
            {name: str(sent[name]) for name in now.fields},
            {pupil: (str(value), str(comment)) for pupil, (value, comment) in cells.items()},
        )
        seen.record()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return now
    return seen


def merged(wanted: Record, seen: Record, stands: Record) -> Record:
    """Return what to write: an untouched field stays as it stands.

    Raises RecordChanged if a field that the teacher changed was changed by somebody else too.
    """
    values, clashes = {}, []
    for each in fields(Record):
        new, old, now = (getattr(record, each.name) for record in (wanted, seen, stands))
        if new is None and each.name in UNSAID:
            new = old
        if new not in {old, now} and now != old:
            clashes.append(each.name)
        values[each.name] = now if new == old else new
    if clashes:
        raise RecordChanged(clashes)
    return Record(**values)

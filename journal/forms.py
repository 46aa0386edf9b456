"""What browsers send: read and checked for form, never saved."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from common import uploads
from common.errors import BrokenFile, Invalid, Refusal
from common.ids import uuid7
from journal import seen
from journal.errors import ListRefused, OtherUser, RecordChanged
from journal.queries import CourseFacts
from journal.sheet import CellAnswer, CellEntry, Choice, LessonRow, LessonSheet, Record
from people.models import User

MOST = 200  # cells in one request
COMMENT = 500
REASON = 500
REASON_TOO_LONG = "Причина не длиннее 500 знаков."
TOO_LONG = "Комментарий не длиннее 500 знаков."
Told = tuple[str, CellAnswer]  # «value» or «comment», and what became of it
MESSAGE = "Запрос не понят: обновите страницу и повторите."


@dataclass(frozen=True, slots=True)
class CellsRequest:
    """The body of POST …/cells."""

    op: UUID
    entries: tuple[CellEntry, ...]
    reason: str = ""  # why old marks change: of the whole request


def read_cells(body: bytes, *, user: User) -> CellsRequest:
    """Read the grid's JSON. Raises Invalid for another shape, OtherUser for another one's outbox."""
    try:
        sent = json.loads(body)
        if sent.get("user") not in {None, str(user.pk)}:
            raise OtherUser
        entries = tuple(_entry(cell) for cell in sent["cells"])
        request = CellsRequest(UUID(sent["op"]), entries, _reason(sent.get("reason", "")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid(MESSAGE) from error
    if len(entries) > MOST:
        raise Invalid(f"В одном запросе не больше {MOST} клеток.")
    if len({(e.pupil_id, e.lesson_id) for e in entries}) < len(entries):
        raise Invalid("Одна и та же клетка названа дважды.")
    return request


def _reason(sent: Any) -> str:
    if not isinstance(sent, str):
        raise TypeError(MESSAGE)
    reason = " ".join(sent.replace("\0", "").split())
    if len(reason) > REASON:
        raise Invalid(REASON_TOO_LONG)
    return reason


def _entry(cell: Mapping[str, Any]) -> CellEntry:
    value, rev = cell["value"], cell["rev"]
    if not isinstance(value, str) or isinstance(rev, bool) or not isinstance(rev, int):
        raise TypeError(MESSAGE)
    if not 0 <= rev < 2**63:
        raise ValueError(MESSAGE)
    return CellEntry(UUID(cell["pupil"]), UUID(cell["lesson"]), value=value, rev=rev)


class CellForm(forms.Form):
    """Which cell, and in a POST its comment."""

    pupil = forms.UUIDField()
    lesson = forms.UUIDField()


class CommentForm(CellForm):
    rev = forms.IntegerField(min_value=0)
    comment = forms.CharField(
        max_length=COMMENT, required=False, error_messages={"max_length": TOO_LONG}
    )
    due = forms.DateField(required=False, error_messages={"invalid": "Введите дату долга."})

    def words(self) -> str:
        """Say what is wrong with the comment, or with the day until which the work is owed."""
        return _words(self, "comment") or _words(self, "due") or MESSAGE


class LessonForm(forms.Form):
    """The list of one lesson: topic, homework, kind of work, file, and a value for each pupil."""

    op = forms.UUIDField(required=False)
    reason = forms.CharField(
        max_length=REASON, required=False, error_messages={"max_length": REASON_TOO_LONG}
    )
    topic = forms.CharField(
        max_length=500, required=False, error_messages={"max_length": "Тема не длиннее 500 знаков."}
    )
    homework = forms.CharField(
        max_length=4000,
        required=False,
        error_messages={"max_length": "Задание не длиннее 4000 знаков."},
    )
    homework_minutes = forms.IntegerField(
        min_value=1,
        max_value=600,
        required=False,
        error_messages={
            "invalid": "Число минут, например 30.",
            "min_value": "Не меньше 1 минуты.",
            "max_value": "Не больше 600 минут.",
        },
    )
    homework_due = forms.UUIDField(
        required=False, error_messages={"invalid": "Выберите урок из списка."}
    )
    work_kind = forms.UUIDField(
        required=False, error_messages={"invalid": "Выберите вид работы из списка."}
    )
    planned_topic = forms.CharField(max_length=36, required=False)
    lesson_kind = forms.CharField(max_length=10, required=False)
    homework_file = forms.FileField(
        required=False,
        allow_empty_file=True,
        error_messages={"max_length": "Имя файла слишком длинное."},
    )

    removed_files = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": "Этот файл уже убрали."}
    )

    def __init__(self, *args: Any, course: CourseFacts, lesson: LessonSheet, **kwargs: Any) -> None:
        self.course = course
        self.lesson = lesson
        self.too_long: set[UUID] = set()  # pupils whose comment is
        super().__init__(*args, **kwargs)
        files = [(file.file_id, file.name) for file in lesson.homework_files]
        self.fields["removed_files"].choices = files  # type: ignore[attr-defined]
        self.seen = seen.read(self.data.get("seen"), lesson=lesson)

    def clean_homework(self) -> str:
        return _lines(self.cleaned_data["homework"])

    def clean_planned_topic(self) -> str:
        return self._known("planned_topic", self.lesson.planned)

    def clean_lesson_kind(self) -> str:
        return self._known("lesson_kind", self.lesson.lesson_kinds)

    def _known(self, name: str, choices: tuple[Choice, ...]) -> str:
        """Return a choice of the form: one that was not sent is the one that stood there."""
        value: str = self.cleaned_data[name] if name in self.data else self.seen.fields[name]
        if value and value not in {*(one.value for one in choices), self.seen.fields[name]}:
            raise ValidationError("Выберите из списка.")
        return value

    def clean_work_kind(self) -> UUID | None:
        kind: UUID | None = self.cleaned_data["work_kind"]
        if kind and str(kind) not in {one.kind_id for one in self.course.kinds}:
            raise ValidationError("Выберите вид работы из списка.")
        return kind

    def clean_homework_due(self) -> UUID | None:
        due: UUID | None = self.cleaned_data["homework_due"]
        if due and str(due) not in {one.value for one in self.lesson.homework_due}:
            raise ValidationError("Выберите урок из списка.")
        return due

    def clean_homework_file(self) -> Any:
        upload = self.cleaned_data["homework_file"]
        if upload:
            try:
                uploads.check(upload)
            except BrokenFile as refusal:
                raise ValidationError(refusal.message) from refusal
        return upload

    def clean(self) -> dict[str, Any]:
        for row in self.lesson.rows:
            if len(self.touched("comment", row) or "") > COMMENT:
                self.too_long.add(row.pupil_id)
                self.add_error(None, TOO_LONG)
        return self.cleaned_data

    @property
    def has_record(self) -> bool:
        """Say whether topic and homework were in the form: who only notes attendance has them not."""
        return "topic" in self.data

    @property
    def op_id(self) -> UUID:
        return self.cleaned_data["op"] or uuid7()

    def entries(self) -> Iterator[CellEntry]:
        """Yield the cells that the teacher changed since she opened the page."""
        for row in self.lesson.rows:
            value = self.touched("value", row)
            if value is None:
                continue
            yield CellEntry(row.pupil_id, self.lesson.lesson_id, value, rev=self._rev(row))

    def comments(self) -> Iterator[tuple[UUID, str, str]]:
        """Yield the changed comments, each with the one that stood there."""
        for row in self.lesson.rows:
            comment = self.touched("comment", row)
            if comment is not None:
                yield row.pupil_id, comment.strip(), self._saw(row)[1]

    def record(self) -> Record:
        """Return topic, homework and kind of work as they were entered, or taken from the plan."""
        sent, take = self.cleaned_data, self.data.get("take")
        return Record(
            topic=sent["topic"].strip() or (self.lesson.planned_topic if take == "topic" else ""),
            homework=sent["homework"].strip()
            or (self.lesson.planned_homework if take == "homework" else ""),
            minutes=sent["homework_minutes"],
            due_lesson_id=sent["homework_due"],
            kind_id=sent["work_kind"],
            planned=sent["planned_topic"],
            lesson_kind=sent["lesson_kind"] or None,
        )

    def typed(self, name: str, pupil_id: UUID) -> str | None:
        value = self.data.get(f"{name}_{pupil_id}")
        return value.replace("\0", "") if isinstance(value, str) else None

    def touched(self, name: Literal["value", "comment"], row: LessonRow) -> str | None:
        """Return what was typed for a pupil, or None if it is what stood there."""
        typed = self.typed(name, row.pupil_id)
        saw = self._saw(row)[0 if name == "value" else 1]
        return None if typed is None or typed.strip() == saw.strip() else typed

    def _saw(self, row: LessonRow) -> tuple[str, str]:
        return self.seen.cells.get(str(row.pupil_id), (row.value, row.comment))

    def _fields(self) -> dict[str, str]:
        """Return the lesson's fields: typed where the teacher changed them, else as they stand."""
        now = seen.of(self.lesson).fields
        typed = {name: _lines(str(self.data.get(name, self.seen.fields[name]))) for name in now}
        return {
            name: now[name] if typed[name] == self.seen.fields[name] else typed[name]
            for name in now
        }

    def _seen_again(self, told: Collection[str], answers: Mapping[UUID, Told]) -> seen.Seen:
        """What the next page counts as seen: of a conflict that is not told yet, what was seen before."""
        now, typed = seen.of(self.lesson), self._fields()
        return seen.Seen(
            {
                name: now.fields[name]
                if name in told or typed[name] == now.fields[name]
                else self.seen.fields[name]
                for name in now.fields
            },
            {
                str(row.pupil_id): (
                    row.value if self._is_told("value", row, answers) else self._saw(row)[0],
                    row.comment if self._is_told("comment", row, answers) else self._saw(row)[1],
                )
                for row in self.lesson.rows
            },
        )

    def _is_told(
        self, name: Literal["value", "comment"], row: LessonRow, answers: Mapping[UUID, Told]
    ) -> bool:
        """Say whether the page will show what stands there now: untouched, or named as a conflict."""
        if self.touched(name, row) is None:
            return True
        about, answer = answers.get(row.pupil_id, ("", None))
        return about == name and answer is not None and answer.state == "conflict"

    def again(self, refusal: Refusal | None = None) -> LessonSheet:
        """Return the page with everything that was typed, and what is wrong with it."""
        wrong: dict[UUID, Told] = {}
        if isinstance(refusal, ListRefused):
            cells = (cell for cell in refusal.answer.cells if cell.state != "ok")
            wrong = {cell.pupil_id: (refusal.about, cell) for cell in cells}
        data = self._fields()
        clashes = self._clashes(refusal.names) if isinstance(refusal, RecordChanged) else {}
        wrong_fields: dict[str, Any] = {
            f"{name}_error": clashes.get(name) or _words(self, name)
            for name in self.fields
            if name not in {"op", "removed_files", "reason"}
        }
        errors = [refusal.message if refusal else "Ничего не записано: исправьте отмеченное."]
        errors += [
            error for error in [_words(self, "removed_files"), _words(self, "reason")] if error
        ]
        reason = str(self.data.get("reason", "")).strip()
        asked = any(about == "value" and cell.state == "reason" for about, cell in wrong.values())
        return replace(
            self.lesson,
            op=self.cleaned_data.get("op") or self.lesson.op,
            seen=self._seen_again(clashes, wrong).as_text(),
            rows=tuple(self._row(row, wrong) for row in self.lesson.rows),
            topic=data["topic"],
            homework=data["homework"],
            homework_minutes=data["homework_minutes"],
            homework_due=_chosen(self.lesson.homework_due, data["homework_due"]),
            work_kinds=_chosen(self.lesson.work_kinds, data["work_kind"]),
            planned=_chosen(self.lesson.planned, data["planned_topic"]),
            lesson_kinds=_chosen(self.lesson.lesson_kinds, data["lesson_kind"]),
            errors=tuple(errors),
            reason_wanted=asked or bool(reason),
            reason=reason,
            **wrong_fields,
        )

    def _clashes(self, names: Sequence[str]) -> dict[str, str]:
        """Say of each field that others changed what stands there now."""
        lesson = self.lesson
        stands = {
            "topic": ("topic", lesson.topic),
            "homework": ("homework", lesson.homework),
            "minutes": ("homework_minutes", lesson.homework_minutes),
            "due_lesson_id": ("homework_due", seen.chosen(lesson.homework_due).label),
            "kind_id": ("work_kind", seen.chosen(lesson.work_kinds).label),
            "planned": ("planned_topic", seen.chosen(lesson.planned).label),
            "lesson_kind": ("lesson_kind", seen.chosen(lesson.lesson_kinds).label),
        }
        return {
            field: f"Пока вы работали, здесь записали «{text or 'пусто'}». Ваша запись заменит это."
            for field, text in (stands[name] for name in names)
        }

    def _row(self, row: LessonRow, wrong: Mapping[UUID, Told]) -> LessonRow:
        value, comment = self.touched("value", row), self.touched("comment", row)
        is_told = self._is_told("value", row, wrong)
        return replace(
            row,
            value=row.value if value is None or row.locked_reason else value,
            rev=row.rev if is_told else self._rev(row),
            comment=row.comment if comment is None else comment,
            error=self._error(row, *wrong.get(row.pupil_id, ("value", None))),
        )

    def _error(self, row: LessonRow, about: str, wrong: CellAnswer | None) -> str:
        if row.pupil_id in self.too_long:
            return TOO_LONG
        if wrong is None:
            return ""
        if about == "value" and wrong.state == "conflict":
            stands = f"записано «{wrong.value}»" if wrong.value else "стёрто"
            who = f" ({wrong.author}, {wrong.at})" if wrong.author else ""
            return f"{wrong.message} Теперь {stands}{who}. Ваша запись заменит её."
        if about == "value" and row.locked_reason:
            return f"«{self.touched('value', row)}» не записано. {wrong.message}"
        return wrong.message

    def _rev(self, row: LessonRow) -> int:
        """Return the revision that came with the form."""
        rev = self.typed("rev", row.pupil_id)
        return int(rev) if rev and re.fullmatch(r"[0-9]{1,18}", rev) else 0


def _lines(text: str) -> str:
    """Return the text as we keep it: browsers send a field's lines with carriage returns."""
    return text.replace("\r\n", "\n").strip()


def _words(form: forms.Form, name: str) -> str:
    return " ".join(str(error) for error in form.errors.get(name, []))


def _chosen(choices: tuple[Choice, ...], value: str) -> tuple[Choice, ...]:
    if not any(choice.value == value for choice in choices):
        return choices
    return tuple(replace(choice, chosen=choice.value == value) for choice in choices)

"""What the pages of plans send."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from common.workbooks import BrokenBook, read_book
from journal.actions import TopicEntry
from journal.actions.programmes import CHANGES
from journal.programme_file import MOST_HOURS, MOST_TOPICS, ReadPlan, ReadTopic, ReadUnit, read_plan
from journal.queries.programmes import offered_subjects
from people.models import User
from school.models import LessonKind, Subject

REQUIRED = {"required": "Заполните это поле."}
GRADES = [(number, f"{number} класс") for number in range(1, 12)]


class ProgrammeForm(forms.Form):
    """A new plan: of what subject and grade, under what name."""

    name = forms.CharField(
        label="Название",
        max_length=200,
        error_messages=REQUIRED | {"max_length": "Название не длиннее 200 знаков."},
    )
    subject = forms.ChoiceField(
        label="Предмет", error_messages=REQUIRED | {"invalid_choice": "Выберите предмет."}
    )
    grade_level = forms.TypedChoiceField(
        label="Параллель",
        choices=GRADES,
        coerce=int,
        error_messages=REQUIRED | {"invalid_choice": "Выберите класс."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = offered_subjects(user)  # type: ignore[attr-defined]

    def clean_subject(self) -> Subject:
        return Subject.objects.get(pk=self.cleaned_data["subject"])


class FileForm(ProgrammeForm):
    """A plan in a table."""

    file = forms.FileField(
        label="Файл .xlsx",
        allow_empty_file=True,
        error_messages={"required": "Выберите файл.", "max_length": "Имя файла слишком длинное."},
    )

    def clean_file(self) -> ReadPlan:
        try:
            return read_plan(read_book(self.cleaned_data["file"]))
        except BrokenBook as refusal:
            raise ValidationError(refusal.message) from refusal


class ReadPlanForm(ProgrammeForm):
    """What was understood of a table, sent back to be written."""

    plan = forms.CharField(error_messages=REQUIRED)

    def clean_plan(self) -> tuple[ReadUnit, ...]:
        try:
            units = tuple(_unit(*unit) for unit in json.loads(self.cleaned_data["plan"]))
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise ValidationError("Загрузите файл ещё раз.") from error
        if len(units) > MOST_TOPICS or sum(len(unit.topics) for unit in units) > MOST_TOPICS:
            raise ValidationError(f"В плане не больше {MOST_TOPICS} тем.")
        return units


def _unit(title: str, topics: list[list[Any]]) -> ReadUnit:
    return ReadUnit(_line(title, 300), [_topic(*topic) for topic in topics])


def _line(text: str, longest: int) -> str:
    return str(text).replace("\0", "")[:longest]


def _topic(title: str, hours: int, kind: str, work: str, homework: str) -> ReadTopic:
    if not 1 <= int(hours) <= MOST_HOURS or kind not in LessonKind.values:
        raise ValueError(title)
    return ReadTopic(_line(title, 500), int(hours), kind, _line(work, 100), _line(homework, 1000))


def sent_back(plan: ReadPlan) -> list[Any]:
    """Return what ReadPlanForm reads."""
    return [
        [
            unit.title,
            [[t.title, t.hours, t.lesson_kind, t.work, t.homework] for t in unit.topics],
        ]
        for unit in plan.units
    ]


class TitleForm(forms.Form):
    """The name of a plan or a unit."""

    title = forms.CharField(
        label="Название",
        max_length=300,
        error_messages=REQUIRED | {"max_length": "Название не длиннее 300 знаков."},
    )
    unit = forms.UUIDField(required=False, widget=forms.HiddenInput)


class TopicForm(forms.Form):
    """One topic of a plan."""

    title = forms.CharField(
        label="Тема",
        max_length=500,
        error_messages=REQUIRED | {"max_length": "Тема не длиннее 500 знаков."},
    )
    hours = forms.IntegerField(
        label="Часов",
        min_value=1,
        max_value=MOST_HOURS,
        initial=1,
        error_messages=REQUIRED
        | {
            "invalid": "Целое число часов.",
            "min_value": "Не меньше 1 часа.",
            "max_value": f"Не больше {MOST_HOURS} часов.",
        },
    )
    lesson_kind = forms.ChoiceField(
        label="Тип урока",
        choices=LessonKind.choices,
        error_messages=REQUIRED | {"invalid_choice": "Выберите из списка."},
    )
    work_kind = forms.ChoiceField(
        label="Работа на последнем часе",
        required=False,
        error_messages={"invalid_choice": "Выберите из списка."},
    )
    homework = forms.CharField(
        label="Домашнее задание",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "Задание не длиннее 1000 знаков."},
    )
    unit = forms.ChoiceField(
        label="Раздел", error_messages=REQUIRED | {"invalid_choice": "Выберите раздел."}
    )
    topic = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        works: list[tuple[str, str]],
        units: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work_kind"].choices = [("", "без работы"), *works]  # type: ignore[attr-defined]
        self.fields["unit"].choices = units  # type: ignore[attr-defined]

    def entry(self) -> TopicEntry:
        sent = self.cleaned_data
        return TopicEntry(
            title=sent["title"].strip(),
            hours=sent["hours"],
            lesson_kind=sent["lesson_kind"],
            work_kind_id=UUID(sent["work_kind"]) if sent["work_kind"] else None,
            homework=sent["homework"].replace("\r\n", "\n").strip(),
            unit_id=UUID(sent["unit"]),
        )


class OrderForm(forms.Form):
    """«topic_up:<id>»: what a button of a row asks."""

    change = forms.CharField(max_length=60)

    def clean_change(self) -> tuple[str, UUID]:
        what, _, row_id = self.cleaned_data["change"].partition(":")
        if what not in CHANGES:
            raise ValidationError("Такого действия нет.")
        try:
            return what, UUID(row_id)
        except ValueError as error:
            raise ValidationError("Такой строки нет.") from error


def lesson_entries(data: Any) -> list[tuple[UUID, tuple[str, str, str], tuple[str, str, str]]]:
    """Read the rows of the page of topics that the teacher changed; garbage is skipped."""
    found = []
    for text in data.getlist("lesson"):
        try:
            lesson_id = UUID(text)
        except ValueError:
            continue
        typed, seen = (_words(data, prefix, text) for prefix in ("", "seen_"))
        if data.get("take") == text and not typed[0]:
            typed = (data.get(f"planned_{text}", "")[:500], *typed[1:])
        if typed != seen and typed[2] in LessonKind.values and seen[2] in LessonKind.values:
            found.append((lesson_id, typed, seen))
    return found


def _words(data: Any, prefix: str, lesson_id: str) -> tuple[str, str, str]:
    topic, homework, kind = (
        data.get(f"{prefix}{name}_{lesson_id}", "").replace("\r\n", "\n").replace("\0", "").strip()
        for name in ("topic", "homework", "kind")
    )
    return topic[:500], homework[:4000], kind

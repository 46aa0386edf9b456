"""The form of a homework with its links, files and named pupils."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator

from common import uploads
from common.errors import BrokenFile
from journal.homework import Card, Draft, Link
from journal.sheet import FileLink, LessonSheet
from school.models import LessonForm

LINKS = 5  # of one homework
FILES = 10  # in one form
URL = 500
is_web_page = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A pair of fields as it was typed."""

    number: int
    url: str
    title: str
    error: str = ""


class HomeworkForm(forms.Form):
    """What is set, to whom, by which lesson. `card` is the homework that is changed, if any."""

    whom = forms.ChoiceField(
        label="Кому",
        choices=[("all", "всей группе"), ("named", "отдельным ученикам")],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, кому задание."},
    )
    pupils = forms.MultipleChoiceField(
        label="Ученики",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Этот ученик не учится в группе."},
    )
    text = forms.CharField(
        label="Задание",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Напишите задание.", "max_length": "Не длиннее 4000 знаков."},
    )
    homework_due = forms.ChoiceField(
        label="К какому уроку",
        required=False,
        error_messages={"invalid_choice": "Выберите урок из списка."},
    )
    homework_minutes = forms.IntegerField(
        label="Сколько минут займёт",
        min_value=1,
        max_value=600,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 3}),
        error_messages={
            "invalid": "Число минут, например 30.",
            "min_value": "Не меньше 1 минуты.",
            "max_value": "Не больше 600 минут.",
        },
    )
    form = forms.ChoiceField(label="Форма задания", choices=LessonForm.choices)
    answer_wanted = forms.BooleanField(
        label="Ученик присылает ответ (текст или файл)", required=False
    )
    removed_files = forms.MultipleChoiceField(required=False)
    homework = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        lesson: LessonSheet,
        card: Card | None = None,
        has_all: bool = False,
        **kwargs: Any,
    ) -> None:
        self.lesson, self.card = lesson, card
        initial = _initial(lesson, card)
        if has_all and card is None:
            initial["whom"] = "named"
        super().__init__(*args, **{**kwargs, "initial": initial})
        self._choose("pupils", [(str(row.pupil_id), row.name) for row in lesson.rows])
        due = [(one.value, one.label) for one in lesson.homework_due]
        if card and card.due_id not in {value for value, _ in due}:
            due.insert(0, (card.due_id, card.due))
        self._choose("homework_due", due)
        self._choose("removed_files", [(file.file_id, file.name) for file in self.stored])

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def stored(self) -> tuple[FileLink, ...]:
        return self.card.files if self.card else ()

    @property
    def has_links(self) -> bool:
        return any(row.url or row.title for row in self.link_rows())

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").strip()

    def clean(self) -> dict[str, Any]:
        sent = self.cleaned_data
        if sent.get("whom") == "named" and not sent.get("pupils") and "pupils" not in self.errors:
            self.add_error("pupils", "Отметьте хотя бы одного ученика.")
        for row in self.link_rows():
            if row.error:
                self.add_error(None, f"Ссылка {row.number}: {row.error}")
        for upload in self.uploads():
            try:
                uploads.check(upload)
            except BrokenFile as refusal:
                self.add_error(None, refusal.message)
        if len(self.uploads()) > FILES:
            self.add_error(None, f"Файлов за один раз не больше {FILES}.")
        return sent

    def uploads(self) -> list["UploadedFile[Any]"]:
        return list(self.files.getlist("files")) if hasattr(self.files, "getlist") else []

    def link_rows(self) -> Iterator[LinkRow]:
        """Yield the pairs of fields: what was typed, else what stands."""
        stands = self.card.links if self.card else ()
        for number in range(1, LINKS + 1):
            old = stands[number - 1] if number <= len(stands) else Link("")
            if not self.is_bound:
                yield LinkRow(number, old.url, old.title)
                continue
            url = str(self.data.get(f"link_url_{number}", "")).strip()
            title = str(self.data.get(f"link_title_{number}", "")).strip()[:200]
            yield LinkRow(number, url, title, _wrong(url, title))

    def draft(self) -> Draft:
        sent = self.cleaned_data
        named = sent["pupils"] if sent["whom"] == "named" else ()
        return Draft(
            text=sent["text"],
            due_lesson_id=UUID(sent["homework_due"]) if sent["homework_due"] else None,
            minutes=sent["homework_minutes"],
            form=sent["form"],
            answer_wanted=sent["answer_wanted"],
            pupils=frozenset(UUID(one) for one in named),
            links=tuple(Link(row.url, row.title) for row in self.link_rows() if row.url),
        )


def _wrong(url: str, title: str) -> str:
    """Say what is wrong with a link: only pages of the web are opened."""
    if not url:
        return "Впишите адрес." if title else ""
    try:
        is_web_page(url)
    except ValidationError:
        return "Адрес начинается с https:// или http://."
    return f"Адрес не длиннее {URL} знаков." if len(url) > URL else ""


def _initial(lesson: LessonSheet, card: Card | None) -> dict[str, Any]:
    chosen = next((one.value for one in lesson.homework_due if one.chosen), "")
    if card is None:
        return {"whom": "all", "homework_due": chosen, "form": LessonForm.IN_CLASS}
    return {
        "whom": "all" if card.for_all else "named",
        "pupils": [str(pupil_id) for pupil_id, _ in card.pupils],
        "text": card.text,
        "homework_due": card.due_id,
        "homework_minutes": card.minutes,
        "form": card.form,
        "answer_wanted": card.answer_wanted,
        "homework": card.homework_id,
        "seen_at": card.set_at.isoformat(),
    }


class LessonFormForm(forms.Form):
    """Whether a lesson is held in class or at a distance."""

    form = forms.ChoiceField(choices=LessonForm.choices)

"""What families and class teachers send."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms

from common import uploads
from common.errors import BrokenFile
from diary.addresses import monday_named
from diary.models import Channel, Section
from diary.pages import Desk


class WeekField(forms.CharField):
    """«2026-W47» → its Monday."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return monday_named(text) if text else None
        except ValueError:
            raise forms.ValidationError("Такой недели нет.", code="invalid") from None


class AnswerForm(forms.Form):
    """An answer to a homework: words, a file, or both."""

    text = forms.CharField(
        label="Ответ",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": "Не длиннее 4000 знаков."},
    )
    file = forms.FileField(
        label="Файл",
        required=False,
        allow_empty_file=True,
        error_messages={"max_length": "Имя файла слишком длинное."},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").strip()

    def clean_file(self) -> Any:
        return looked_at(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        sent: dict[str, Any] = self.cleaned_data
        if not self.errors and not sent.get("text") and not sent.get("file"):
            raise forms.ValidationError("Напишите ответ или приложите файл.", code="empty")
        return sent


def looked_at(upload: Any) -> Any:
    """Return the upload if it is what its name says. Raises ValidationError."""
    if upload:
        try:
            uploads.check(upload)
        except BrokenFile as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from None
    return upload


class AcknowledgeForm(forms.Form):
    section = forms.ChoiceField(choices=Section.choices)
    week = WeekField()
    version = forms.CharField(max_length=64)


class PaperForm(forms.Form):
    """A returned slip or message: whose, of which sections, how, with what evidence (K4b)."""

    guardian = forms.ChoiceField(label="Кто ознакомлен")
    sections = forms.MultipleChoiceField(
        label="С чем", choices=Section.choices, widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(
        label="Как сообщил(а)",
        choices=[(c.value, c.label) for c in Channel if c is not Channel.WEB],
        widget=forms.RadioSelect,
    )
    evidence = forms.CharField(
        label="Чем подтверждено",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Например: «корешок выписки с подписью от 20.11», «сообщение в Сферуме, 20.11, 19:40».",
    )
    file = forms.FileField(
        label="Фото или файл",
        required=False,
        allow_empty_file=True,
        help_text="Снимок корешка или сообщения: PDF, PNG, JPG и другие, до 10 МБ.",
        error_messages={"max_length": "Имя файла слишком длинное."},
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["guardian"])
        field.choices = [("", "Выберите"), *choices_of(desk)]

    def clean_guardian(self) -> tuple[UUID, UUID]:
        pupil, _, guardian = str(self.cleaned_data["guardian"]).partition(":")
        return UUID(pupil), UUID(guardian)

    def clean_file(self) -> Any:
        return looked_at(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        sent: dict[str, Any] = self.cleaned_data
        if not self.errors and not sent.get("evidence", "").strip() and not sent.get("file"):
            self.add_error(
                "evidence", "Укажите, чем подтверждено ознакомление, или приложите фото."
            )
        return sent


def choices_of(desk: Desk) -> list[tuple[str, str]]:
    """Return «Петров Пётр: Петров С. И.» for every guardian of the class."""
    return [
        (f"{row.pupil_id}:{guardian.guardian_id}", f"{row.name}: {guardian.name}")
        for row in desk.rows
        for guardian in row.guardians
    ]


def week_or(text: str, default: date) -> date:
    """Return the Monday of an address's `?week=`, or `default` for none and for nonsense."""
    try:
        return monday_named(text)
    except ValueError:
        return default

"""What the deputy head asks of the board, and what is written about remarks."""

from datetime import date, timedelta
from typing import Any

from django import forms

from journal.actions.remarks import LONGEST, TERM
from journal.models import RemarkKind

FOUND = "found"  # each lesson's remark is about what it lacks itself
REACHES = {"week": "7 дней", "period": "Период", "year": "Год"}


class RemarkForm(forms.Form):
    """A remark about chosen lessons."""

    kind = forms.ChoiceField(
        label="О чём", choices=[(FOUND, "то, чего в уроке нет"), (RemarkKind.OTHER.value, "другое")]
    )
    text = forms.CharField(
        label="Что исправить",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_day = forms.DateField(
        label="Исправить до", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    lesson = forms.TypedMultipleChoiceField(
        label="Уроки", coerce=str, required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Этих уроков в списке уже нет: обновите страницу."},
    )  # fmt: skip

    def __init__(self, *args: Any, lessons: list[str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["due_day"] = today + TERM
        self.today = today
        self.fields["lesson"].choices = [(one, one) for one in lessons]  # type: ignore[attr-defined]

    def clean_due_day(self) -> date:
        due: date = self.cleaned_data["due_day"]
        if due < self.today:
            raise forms.ValidationError("Срок не может быть в прошлом.")
        if due > self.today + timedelta(days=365):
            raise forms.ValidationError("Срок дальше года: проверьте дату.")
        return due

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("lesson") and "lesson" not in self.errors:
            self.add_error("lesson", "Отметьте хотя бы один урок.")
        if data.get("kind") == RemarkKind.OTHER and not data.get("text", "").strip():
            self.add_error("text", "Напишите, что исправить.")
        return data


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="Ответ", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Напишите ответ."},
    )  # fmt: skip

"""What the class teacher's desk sends."""

from typing import Any, cast
from uuid import UUID

from django import forms

from diary.forms import looked_at
from diary.models import Channel
from diary.pages.reminders import Reminding

Key = tuple[UUID, UUID]  # pupil, guardian


def key_of(text: str) -> Key:
    """Return pupil and guardian of «id:id». Raises ValidationError."""
    pupil, _, guardian = text.partition(":")
    try:
        return UUID(pupil), UUID(guardian)
    except ValueError:
        raise forms.ValidationError("Такого представителя нет.", code="invalid") from None


class RemindForm(forms.Form):
    """Whom to remind: everybody whom a letter reaches, unless one was asked for."""

    who = forms.MultipleChoiceField(
        label="Кому отправить",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Отметьте хотя бы одного представителя.",
            "invalid_choice": "Этому представителю сейчас не напомнить: список изменился, проверьте его.",
        },
    )

    def __init__(self, *args: Any, page: Reminding, only: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [one.key for one in page.reached]
        field = cast("forms.MultipleChoiceField", self.fields["who"])
        field.initial = [only] if only in keys else keys
        field.choices = [(one.key, f"{one.guardian} — {one.pupil}") for one in page.reached]

    def clean_who(self) -> set[Key]:
        return {key_of(text) for text in self.cleaned_data["who"]}


class InPersonForm(forms.Form):
    guardian = forms.CharField(max_length=73)

    def clean_guardian(self) -> Key:
        return key_of(self.cleaned_data["guardian"])


WAYS = [(c.value, c.label) for c in (Channel.PAPER, Channel.MESSAGE)]


class SlipForm(forms.Form):
    """A row of the class's list: one guardian's slip. An empty row says nothing."""

    done = forms.BooleanField(label="Ознакомлен(а)", required=False)
    channel = forms.ChoiceField(label="Как сообщил(а)", choices=WAYS, initial=Channel.PAPER)
    evidence = forms.CharField(label="Чем подтверждено", max_length=500, required=False)
    file = forms.FileField(
        label="Фото или файл",
        required=False,
        allow_empty_file=True,
        error_messages={"max_length": "Имя файла слишком длинное."},
    )

    def clean_file(self) -> Any:
        return looked_at(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        sent = self.cleaned_data
        has_evidence = bool(sent.get("evidence") or sent.get("file"))
        if sent.get("done") and not has_evidence and not self.errors:
            self.add_error("evidence", "Укажите, чем подтверждено, или приложите фото.")
        if has_evidence and not sent.get("done"):
            self.add_error("done", "Отметьте «Ознакомлен(а)» или уберите подтверждение.")
        return sent

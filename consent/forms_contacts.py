"""The form of an agreed contact."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from consent.forms import DayInput
from consent.models import ContactKind, ContactOrigin

USES = (
    ("digest", "ежедневная сводка"),
    ("urgent", "срочные сообщения"),
    ("reminder", "напоминания"),
)


class ContactForm(forms.Form):
    """An agreed contact."""

    kind = forms.ChoiceField(label="Вид", choices=ContactKind.choices)
    value = forms.CharField(label="Контакт", max_length=200)
    origin = forms.ChoiceField(label="Как передан", choices=ContactOrigin.choices)
    document = forms.CharField(label="Документ", max_length=200, required=False)
    given_on = forms.DateField(label="Дата", widget=DayInput)
    uses = forms.MultipleChoiceField(
        label="Для чего", choices=USES, widget=forms.CheckboxSelectMultiple, initial=["digest"]
    )

    def clean_origin(self) -> ContactOrigin:
        return ContactOrigin(self.cleaned_data["origin"])

    def clean_uses(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["uses"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "value" in cleaned and "kind" in cleaned:
            try:
                cleaned["value"] = normal(cleaned["kind"], cleaned["value"])
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned


def normal(kind: str, value: str) -> str:
    """Return the contact in one way of writing. Raises ValidationError."""
    value = value.strip()
    if kind == ContactKind.EMAIL:
        validate_email(value)
        return value.lower()
    if kind == ContactKind.PHONE:
        digits = re.sub(r"[\s()+-]", "", value)
        if not re.fullmatch(r"[78]\d{10}", digits):
            raise ValidationError("Запишите номер из 11 цифр, например +7 900 000-00-00.")
        return f"+7{digits[1:]}"
    return value

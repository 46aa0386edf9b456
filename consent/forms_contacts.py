"""Forms of agreed contacts."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from consent import phones
from consent.forms import DayInput
from consent.models import USES, ContactKind, ContactOrigin, Messenger, Use

LABELS = {
    ContactKind.PHONE: ("Номер телефона", "tel"),
    ContactKind.EMAIL: ("Адрес почты", "email"),
    ContactKind.MESSENGER: ("Номер телефона или имя в мессенджере", "off"),
}
NAME = re.compile(r"@?[\w.\-/]{3,100}")


def kind_of(asked: str | None) -> ContactKind:
    """Return the kind of contact that the address or the form names, by default e-mail."""
    return ContactKind(asked) if asked in ContactKind.values else ContactKind.EMAIL


class UsesForm(forms.Form):
    """What a contact serves for."""

    uses = forms.MultipleChoiceField(
        label="Для чего",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Выберите из предложенного, для чего этот контакт."},
    )

    def __init__(self, *args: Any, kind: ContactKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(use.value, use.label) for use in USES[kind]]
        self.fields["uses"].choices = offered  # type: ignore[attr-defined]


class OwnContactForm(UsesForm):
    """A contact that its holder types herself."""

    kind = forms.ChoiceField(choices=ContactKind.choices, widget=forms.HiddenInput)
    messenger = forms.ChoiceField(label="Мессенджер", choices=Messenger.choices)
    value = forms.CharField(max_length=200)
    field_order: tuple[str, ...] = ("kind", "messenger", "value", "uses")

    def __init__(self, *args: Any, kind: ContactKind, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, **kwargs)
        self.fields["kind"].initial = kind.value
        first = Use.URGENT if kind == ContactKind.PHONE else Use.DIGEST
        self.fields["uses"].initial = [first.value]
        label, autocomplete = LABELS[kind]
        self.fields["value"].label = label
        self.fields["value"].widget.attrs["autocomplete"] = autocomplete
        if kind != ContactKind.MESSENGER:
            del self.fields["messenger"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "value" in cleaned and "kind" in cleaned:
            try:
                cleaned["value"] = normal(cleaned["kind"], cleaned["value"])
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned


class ContactForm(OwnContactForm):
    """A contact that was handed over to the school."""

    origin = forms.ChoiceField(
        label="Как передан",
        choices=[
            choice for choice in ContactOrigin.choices if choice[0] != ContactOrigin.SELF.value
        ],
    )
    document = forms.CharField(label="Документ", max_length=200, required=False)
    given_on = forms.DateField(label="Дата", widget=DayInput)
    field_order = ("kind", "messenger", "value", "origin", "document", "given_on", "uses")

    def clean_origin(self) -> ContactOrigin:
        return ContactOrigin(self.cleaned_data["origin"])


class CodeForm(forms.Form):
    """The digits of the letter."""

    code = forms.RegexField(
        r"^\s*(\d[\s-]*){6}$",
        label="Код из письма",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"invalid": "В коде шесть цифр."},
    )


class ApplicationForm(forms.Form):
    """The date of a paper application for SMS."""

    applied_on = forms.DateField(label="Дата заявления", widget=DayInput)


def normal(kind: str, value: str) -> str:
    """Return the contact in one way of writing. Raises ValidationError."""
    value = value.strip()
    if kind == ContactKind.EMAIL:
        validate_email(value)
        return value.lower()
    try:
        return phones.e164(value)
    except ValueError as error:
        if kind == ContactKind.MESSENGER and NAME.fullmatch(value):
            return value
        if kind == ContactKind.MESSENGER:
            words = "Запишите номер телефона или имя без пробелов, например @anna_k."
        else:
            words = (
                "Такого номера не бывает. Запишите его целиком, например +7 900 000-00-00; номер другой"
                " страны начинается с «+» и её кода."
            )
        raise ValidationError(words) from error

"""Forms of the regulation's pages."""

from typing import Any

from django import forms

from regulation.parameters import DEFINITIONS, Definition
from regulation.profile import OWN, profiles


class DayInput(forms.DateInput):
    """A date picker of the browser."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AdoptForm(forms.Form):
    """A new version: whence it begins, its order, and what it says other than the profile."""

    profile = forms.ChoiceField(label="Профиль")
    since = forms.DateField(label="Действует с", widget=DayInput)
    order_number = forms.CharField(label="Приказ №", max_length=60, required=False)
    order_date = forms.DateField(label="Дата приказа", required=False, widget=DayInput)
    minutes = forms.CharField(label="Протокол педсовета", max_length=120, required=False)
    publish_by = forms.DateField(label="Разместить на сайте до", required=False, widget=DayInput)
    acquaint_by = forms.DateField(
        label="Ознакомить сотрудников до", required=False, widget=DayInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(code, profile.name) for code, profile in profiles().items()]
        self.fields["profile"].choices = [*names, (OWN, "Свой")]  # type: ignore[attr-defined]
        for key, definition in DEFINITIONS.items():
            if (field := _field(definition)) is not None:
                self.fields[key] = field

    def parameters(self) -> list[forms.BoundField]:
        return [self[key] for key in DEFINITIONS if key in self.fields]

    def document(self) -> dict[str, Any]:
        """Return the arguments of `regulation.actions.adopt`."""
        cleaned = dict(self.cleaned_data)
        source = profiles().get(cleaned["profile"])
        own = {key: value for key in DEFINITIONS if (value := cleaned.pop(key, None))}
        return cleaned | {"parameters": dict(source.parameters if source else {}) | own}


def _field(definition: Definition) -> forms.Field | None:
    """An empty field leaves what the profile says."""
    if definition.form in {"number", "interval"}:
        return forms.IntegerField(label=definition.name, required=False, min_value=1, max_value=366)
    if definition.form == "choices" and definition.choices:
        return forms.MultipleChoiceField(
            label=definition.name,
            required=False,
            choices=list(definition.choices.items()),
            widget=forms.CheckboxSelectMultiple,
        )
    if definition.form == "text":
        return forms.CharField(label=definition.name, required=False, max_length=120)
    return None  # reporting periods stand in the school's calendar


class PublishForm(forms.Form):
    """Where and when the version was published."""

    address = forms.URLField(label="Адрес страницы", assume_scheme="https")
    published_on = forms.DateField(label="Размещён", widget=DayInput)


class AcquaintForm(forms.Form):
    """Who was acquainted with the version, and when."""

    persons = forms.MultipleChoiceField(
        label="Классные руководители", widget=forms.CheckboxSelectMultiple
    )
    on = forms.DateField(label="Дата ознакомления", widget=DayInput)

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["persons"].choices = offered  # type: ignore[attr-defined]

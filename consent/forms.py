"""Forms of the register of consents."""

from typing import Any

from django import forms

from consent.models import DecisionForm, DecisionKind, DeliveryForm
from regulation.parameters import SUBSTITUTES


class DayInput(forms.DateInput):
    """A date picker of the browser."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DecisionPaper(forms.Form):
    """What the representative's paper says."""

    kind = forms.ChoiceField(
        label="Решение", choices=DecisionKind.choices, widget=forms.RadioSelect
    )
    decided_on = forms.DateField(label="Дата документа", widget=DayInput)
    form = forms.ChoiceField(label="Форма документа", choices=DecisionForm.choices)
    note = forms.CharField(label="Примечание", max_length=300, required=False)

    def clean_kind(self) -> DecisionKind:
        return DecisionKind(self.cleaned_data["kind"])

    def clean_form(self) -> DecisionForm:
        return DecisionForm(self.cleaned_data["form"])


class DeclarationForm(forms.Form):
    """How the representative wants the information."""

    form = forms.ChoiceField(
        label="Как получать сведения", choices=DeliveryForm.choices, widget=forms.RadioSelect
    )
    substitute = forms.ChoiceField(label="Чем заменить распечатку", required=False)
    ground = forms.CharField(label="Основание", max_length=300, required=False)
    declared_on = forms.DateField(label="Дата заявления", widget=DayInput)

    def __init__(self, *args: Any, substitutes: tuple[str, ...] = (), **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "delivery_%s")  # two forms share the page
        super().__init__(*args, **kwargs)
        names = [(code, SUBSTITUTES[code]) for code in substitutes]
        self.fields["substitute"].choices = [("", "—"), *names]  # type: ignore[attr-defined]
        if not names:
            del self.fields["substitute"]
            offered = [
                choice for choice in DeliveryForm.choices if choice[0] != DeliveryForm.SUBSTITUTE
            ]
            self.fields["form"].choices = offered  # type: ignore[attr-defined]

    def clean_form(self) -> DeliveryForm:
        return DeliveryForm(self.cleaned_data["form"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("form") == DeliveryForm.SUBSTITUTE and not cleaned.get("substitute"):
            self.add_error("substitute", "Выберите, чем заменить распечатку.")
        if cleaned.get("form") == DeliveryForm.PAPER and not cleaned.get("ground"):
            self.add_error("ground", "Запишите основание: не может или не хочет пользоваться.")
        return cleaned

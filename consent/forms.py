"""Forms of the register of consents."""

from typing import Any

from django import forms

from common.errors import BrokenFile
from consent.enums import PurposeCode
from consent.models import DecisionForm, DecisionKind, DeliveryForm
from consent.scans import ACCEPT, check_scan
from regulation.parameters import SUBSTITUTES


class DayInput(forms.DateInput):
    """A date picker of the browser."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ScanField(forms.FileField):
    """A photo or PDF of a paper; a phone offers its camera."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Фото или скан")
        super().__init__(
            required=kwargs.pop("required", False),
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"accept": ACCEPT}),
            error_messages={
                "max_length": "Имя файла слишком длинное.",
                "required": "Выберите файл.",
                "invalid": "Выберите файл.",
            },
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            try:
                check_scan(upload)
            except BrokenFile as refusal:
                raise forms.ValidationError(refusal.message, code=refusal.code) from None
        return upload or None


GUARDIAN, PUPIL = "guardian", "pupil"


class DecisionPaper(forms.Form):
    """What the representative's paper says, or, at the age to sign, the pupil's own."""

    purpose = forms.ChoiceField(label="Цель", choices=PurposeCode.choices)
    signer = forms.ChoiceField(
        label="Кто подписал",
        choices=[(GUARDIAN, "представитель"), (PUPIL, "сам ученик")],
        widget=forms.RadioSelect,
        required=False,
    )
    kind = forms.ChoiceField(
        label="Решение",
        choices=DecisionKind.choices,
        widget=forms.RadioSelect,
        help_text="Согласие на дневник открывает его, отказ и отзыв закрывают сразу; семья переходит на бумагу.",
    )
    decided_on = forms.DateField(label="Дата документа", widget=DayInput)
    form = forms.ChoiceField(label="Форма документа", choices=DecisionForm.choices)
    note = forms.CharField(label="Примечание", max_length=300, required=False)
    upload = ScanField(
        max_length=255, help_text="PDF, PNG или JPG, до 10 МБ. На телефоне можно снять документ."
    )

    def __init__(self, *args: Any, signature: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signer"].initial = PUPIL if signature == "alone" else GUARDIAN
        if not signature:
            del self.fields["signer"]

    def clean_purpose(self) -> PurposeCode:
        return PurposeCode(self.cleaned_data["purpose"])

    def clean_signer(self) -> str:
        return self.cleaned_data["signer"] or GUARDIAN

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


class ScanForm(forms.Form):
    """A photo of the paper, brought later."""

    upload = ScanField(required=True, max_length=255)


class DestroyedForm(forms.Form):
    what = forms.CharField(
        label="Что уничтожено",
        max_length=300,
        error_messages={"required": "Напишите, что уничтожено."},
    )

"""Contact hours as the staff type them."""

from typing import Any

from django import forms

from common.templatetags.words import WEEKDAYS
from diary.actions.hours import Hours


class HoursForm(forms.Form):
    weekday = forms.TypedChoiceField(label="День недели", coerce=int)
    starts = forms.TimeField(label="С", widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label="До", widget=forms.TimeInput(attrs={"type": "time"}))
    place = forms.CharField(
        label="Где и как",
        max_length=120,
        help_text="Например: «кабинет 214» или «телефон школы, добавочный 14».",
        error_messages={"required": "Напишите, где или как с вами связаться."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["weekday"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [
                (number, name.capitalize()) for number, name in enumerate(WEEKDAYS, 1)
            ][:6]

    def hours(self) -> Hours:
        given: dict[str, Any] = self.cleaned_data
        return Hours(given["weekday"], given["starts"], given["ends"], given["place"])

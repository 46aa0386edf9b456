from datetime import date, timedelta
from typing import Any

from django import forms

from common.templatetags.words import week_range
from common.weeks import monday_of
from diary.addresses import monday_named
from diary.pages import iso_week
from printouts.codes import LENGTH, read_code
from printouts.enums import Who
from school.models import SchoolClass

WEEKS = 8


class ExtractsForm(forms.Form):
    """Which class's extracts, of which week, for whom."""

    school_class = forms.UUIDField(label="Класс", error_messages={"invalid": "Выберите класс."})
    week = forms.CharField(label="Неделя")
    who = forms.ChoiceField(
        label="Кому", choices=Who.choices, widget=forms.RadioSelect, initial=Who.PAPER
    )

    def __init__(self, *args: Any, classes: list[SchoolClass], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(each.pk), each.name) for each in classes]
        self.fields["school_class"].widget = forms.Select(choices=named)
        monday = monday_of(today)
        mondays = [monday - timedelta(weeks=back) for back in range(WEEKS)]
        # The desk sends weeks that are not in this list: any week of the calendar is accepted.
        words = [(iso_week(each), f"{week_range(each)} {each.year}") for each in mondays]
        self.fields["week"].widget = forms.Select(choices=words)

    def clean_week(self) -> date:
        try:
            return monday_named(self.cleaned_data["week"])
        except ValueError:
            raise forms.ValidationError("Выберите неделю.", code="invalid") from None

    def clean_who(self) -> Who:
        return Who(self.cleaned_data["who"])


class CodeForm(forms.Form):
    """The code that stands on a printed document."""

    code = forms.CharField(
        label="Код с документа",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if len(code) != LENGTH:
            raise forms.ValidationError("В коде двенадцать букв и цифр.", code="length")
        return code

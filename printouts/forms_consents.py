"""The order of a class's forms of consents."""

from collections.abc import Sequence
from typing import Any

from django import forms

from common.templatetags.words import day_month_year
from consent.wording import PLANNED, Version
from printouts.enums import WhoSigns
from school.models import SchoolClass


class ConsentsForm(forms.Form):
    """Which class, which consent, for whom."""

    text = forms.UUIDField(
        label="Согласие",
        error_messages={"required": "Выберите согласие.", "invalid": "Выберите согласие."},
    )
    school_class = forms.UUIDField(
        label="Класс",
        error_messages={"required": "Выберите класс.", "invalid": "Выберите класс."},
    )
    who = forms.ChoiceField(
        label="Кому", choices=WhoSigns.choices, widget=forms.RadioSelect, initial=WhoSigns.UNDECIDED
    )

    def __init__(
        self,
        *args: Any,
        classes: Sequence[SchoolClass],
        versions: Sequence[Version],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # The first class belongs to the school of the first text: what is chosen already fits together.
        texts_of = [each.school for each in versions]
        known = sorted(classes, key=lambda each: each.school_id not in texts_of[:1])
        self.classes = {each.pk: each for each in known}
        self.versions = {each.id: each for each in versions}
        schools = {each.school_id: each.school.short_name for each in classes}
        many = len(schools) > 1
        named = [
            (key, f"{each.name}, {schools[each.school_id]}" if many else each.name)
            for key, each in self.classes.items()
        ]
        said = [
            (key, _named(each, schools[each.school] if many else ""))
            for key, each in self.versions.items()
        ]
        self.fields["school_class"].widget = forms.Select(choices=named)
        self.fields["text"].widget = forms.Select(choices=said)

    def clean_who(self) -> WhoSigns:
        return WhoSigns(self.cleaned_data["who"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        school_class = (
            self.classes.get(cleaned["school_class"]) if "school_class" in cleaned else None
        )
        text = self.versions.get(cleaned["text"]) if "text" in cleaned else None
        if school_class and text and text.school != school_class.school_id:
            self.add_error(
                "text", "Это согласие другой школы: выберите согласие школы, где этот класс."
            )
        return cleaned


def _named(version: Version, school: str) -> str:
    """«Отправка SMS, с 1 декабря 2026»: a version that has not begun tells when it does."""
    since = f"с {day_month_year(version.since)}" if version.state == PLANNED else ""
    return ", ".join(filter(None, (version.purpose, since, school)))

"""The form of a group of the school's rules: fields by the type of their default."""

from collections.abc import Callable, Mapping
from datetime import time
from decimal import Decimal
from typing import Any

from django import forms

from journal import norm_texts, norms
from journal.forms_settings import (
    ACT_HELP,
    CommaDecimalField,
    LinesField,
    SinceForm,
    act_of,
    as_lines,
    number_in,
)


class NormsForm(SinceForm):
    """The rules of one group: fields by the type of their default."""

    act = forms.CharField(label="Локальный акт", max_length=200, required=False, help_text=ACT_HELP)

    def __init__(
        self, *args: Any, group: norm_texts.NormGroup, now: norms.Norms, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.group, own = group, {}
        for key, text in group.texts.items():
            for name, (field, initial) in _fields(key, text, getattr(now, key)).items():
                own[name] = field
                self.initial.setdefault(name, initial)
        self.fields = {**own, **self.fields}
        self.fields["since"].required = True

    def clean_act(self) -> str:
        return act_of(self.cleaned_data["act"].strip())

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("behaviour_grade_from", 1) > cleaned.get("behaviour_grade_to", 11):
            self.add_error("behaviour_grade_to", "Последний класс не меньше первого.")
        if "homework_norms" in cleaned:
            try:
                cleaned["homework_norms"] = _steps(cleaned["homework_norms"])
            except forms.ValidationError as error:
                self.add_error("homework_norms", error)
        return cleaned

    def stored(self) -> dict[str, Any]:
        """Return the values of the group's keys as they are stored."""
        return {key: _stored(key, self.cleaned_data) for key in self.group.texts}


def _steps(lines: Mapping[str, str]) -> dict[int, int]:
    found = {}
    for left, raw in lines.items():
        step, minutes = (int(number_in(part, f"{left} = {raw}")) for part in (left, raw))
        if not 1 <= step <= 11 or not 0 <= minutes <= 600:
            raise forms.ValidationError(f"Строка «{left} = {raw}»: класс от 1 до 11, минут до 600.")
        found[step] = minutes
    return found


def _stored(key: str, cleaned: Mapping[str, Any]) -> Any:
    if key == "levels":
        return {name: str(cleaned[f"levels_{name}"]) for name in norm_texts.LEVEL_LABELS}
    if key == "absence_print":
        return {code: cleaned[f"absence_print_{code}"] for code in norm_texts.PRINT_LABELS}
    return norm_texts.stored(key, cleaned[key])


Made = dict[str, tuple[forms.Field, Any]]


def _fields(key: str, text: norm_texts.NormText, now: Any) -> Made:
    """Return the fields of a rule by their names, each with its present value."""
    named: dict[str, Any] = {"label": text.label, "help_text": text.help}
    if key == "levels":
        return {
            f"levels_{name}": (
                CommaDecimalField(
                    label=f"Коэффициент за {label}", min_value=Decimal(0), max_value=Decimal(100),
                    decimal_places=2, max_digits=5,
                ),
                getattr(now, name),
            )
            for name, label in norm_texts.LEVEL_LABELS.items()
        }  # fmt: skip
    if key == "absence_print":
        return {
            f"absence_print_{code}": (
                forms.CharField(
                    label=f"В печати вместо {label}",
                    max_length=2,
                    required=False,
                    help_text=text.help,
                ),
                now.get(code, ""),
            )
            for code, label in norm_texts.PRINT_LABELS.items()
        }
    return {key: _field(key, text, now, named)}


def _field(
    key: str, text: norm_texts.NormText, now: Any, named: dict[str, Any]
) -> tuple[forms.Field, Any]:
    makers: dict[type, Callable[[], forms.Field]] = {
        bool: lambda: forms.BooleanField(required=False, **named),
        int: lambda: forms.IntegerField(
            min_value=text.least, max_value=text.most,
            **named | {"label": f"{text.label}, {text.unit}" if text.unit else text.label},
        ),
        time: lambda: forms.TimeField(widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **named),
    }  # fmt: skip
    if key in norm_texts.CHOICE_LABELS:
        choices = list(norm_texts.CHOICE_LABELS[key].items())
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **named), now
    if key == "homework_norms":
        return LinesField(rows=6, **named), as_lines({str(step): now[step] for step in sorted(now)})
    return makers[type(now)](), now

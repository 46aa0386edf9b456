"""Forms of the school's own rules: what is entered stays on the page until it is accepted."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from journal import grading
from journal.models import Colour, ControlKind, FinalRule, Scale, WorkKind
from journal.queries.settings import descending

ACT = re.compile(r"№\s*\S+.*\d{2}\.\d{2}\.\d{4}")
ACT_HELP = "Название, номер и дата: «Положение о текущем контроле, приказ № 112 от 28.08.2026»."
GRADES = [(grade, str(grade)) for grade in range(1, 12)]
LAST_POINT = 200  # a range of points is not longer than this
ENDLESS = 99  # hours a week: «больше»


class DayInput(forms.DateInput):
    """A date picker of the browser."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CommaDecimalField(forms.DecimalField):
    """A number written with a comma or a point."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, min_value: Decimal, max_value: Decimal, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)
        least, most = (self.prepare_value(edge) for edge in (min_value, max_value))
        for validator in self.validators:
            if isinstance(validator, MinValueValidator | MaxValueValidator):
                validator.message = f"Введите число от {least} до {most}."

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return value


def act_of(text: str) -> str:
    """Return the act, or raise: it is known by its number and date."""
    if text and not ACT.search(text):
        raise forms.ValidationError("Укажите номер и дату акта: «приказ № 112 от 28.08.2026».")
    return text


class SinceForm(forms.Form):
    """What every change begins with: the day from which it holds."""

    since = forms.DateField(label="Действует с", widget=DayInput)


class EndForm(forms.Form):
    """The last day of what is used no more."""

    last = forms.DateField(label="Последний день", widget=DayInput)


class KindForm(SinceForm):
    """A kind of work."""

    name = forms.CharField(label="Название", max_length=80)
    letter = forms.CharField(
        label="Буква",
        max_length=2,
        help_text="Одна или две буквы: стоит в заголовке столбца журнала.",
    )
    weight = CommaDecimalField(
        label="Вес", min_value=Decimal("0.1"), max_value=Decimal(10), decimal_places=2, max_digits=4,
        help_text="Во сколько раз отметка за эту работу значит больше обычной.",
    )  # fmt: skip
    counts = forms.BooleanField(label="Входит в средний балл", required=False)
    control = forms.ChoiceField(label="Вид контроля", choices=ControlKind.choices)
    is_control = forms.BooleanField(
        label="Контрольная работа", required=False,
        help_text="Входит в график контрольных работ и проверяется по его правилам.",
    )  # fmt: skip
    minutes = forms.IntegerField(
        label="Длительность, минут", min_value=1, max_value=240, required=False,
        help_text="От 30 минут работа считается оценочной процедурой.",
    )  # fmt: skip
    colour = forms.ChoiceField(label="Цвет", choices=Colour.choices, widget=forms.RadioSelect)
    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_letter(self) -> str:
        letter = str(self.cleaned_data["letter"]).strip()
        if not letter.isalpha():
            raise forms.ValidationError("Здесь может стоять только буква: «К» или «Ср».")
        return letter[0].upper() + letter[1:].lower()


def kind_values(kind: WorkKind) -> dict[str, Any]:
    names = ("name", "letter", "weight", "counts", "control", "is_control", "minutes", "colour")
    return {name: getattr(kind, name) for name in names} | {"seen": kind.pk}


class LinesField(forms.CharField):
    """A small table written by lines: «5 = 4,65»."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, "class": "input"}), **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        if "\0" in text:
            raise forms.ValidationError("В тексте есть недопустимый знак.")
        pairs: dict[str, str] = {}
        for line in text.splitlines():
            left, _, right = (part.strip() for part in line.partition("="))
            if not left and not right:
                continue
            if left in pairs:
                raise forms.ValidationError(f"«{left}» записано дважды.")
            pairs[left] = right
        return pairs

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError("Заполните хотя бы одну строку.")

    def run_validators(self, value: Any) -> None:
        pass  # its validators are those of text

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


def number_in(text: str, line: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise forms.ValidationError(f"Строка «{line}»: после «=» нужно число.") from error
    if not found.is_finite() or not -1000 <= found <= 1000:
        raise forms.ValidationError(f"Строка «{line}»: такое число не подходит.")
    return found


def as_lines(pairs: Mapping[str, Any]) -> str:
    """Write what LinesField reads."""
    lines = []
    for left, right in pairs.items():
        shown = "" if right is None else f" = {Decimal(str(right)).normalize():f}".replace(".", ",")
        lines.append(f"{left}{shown}")
    return "\n".join(lines)


class ScaleForm(SinceForm):
    """A scale: its marks with their numbers, and the points that give them."""

    name = forms.CharField(label="Название", max_length=60)
    values = LinesField(
        label="Отметки", rows=8, required=False,
        help_text="По строке: «5 = 5». Без числа («зач») отметка не входит в средний балл. "
        "«0–100» — все числа подряд. Пусто: отметки не ставятся.",
    )  # fmt: skip
    by_points = LinesField(
        label="Перевод баллов по критериям", rows=4, required=False,
        help_text="Наименьший процент от всех баллов работы: «5 = 85». Пусто: без критериев.",
    )  # fmt: skip
    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_values(self) -> dict[str, float | None]:
        found: dict[str, float | None] = {}
        for left, right in self.cleaned_data["values"].items():
            found.update(_points(left) if not right else {})
            if left in found:
                continue
            if not (_points(left) and not right):
                found[_mark(left)] = float(number_in(right, f"{left} = {right}")) if right else None
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        if "values" in cleaned and "by_points" in cleaned:
            try:
                cleaned["by_points"] = _by_points(cleaned["by_points"], cleaned["values"])
            except forms.ValidationError as error:
                self.add_error("by_points", error)
        return cleaned


def _points(text: str) -> dict[str, float | None]:
    """Read «0–100»: the greatest first, as marks are offered."""
    first, dash, last = text.replace("-", "–").partition("–")
    if not dash or not first.strip().isdecimal() or not last.strip().isdecimal():
        return {}
    low, high = sorted((int(first), int(last)))
    if high > LAST_POINT:
        raise forms.ValidationError(f"Баллов не больше {LAST_POINT}.")
    return {str(point): float(point) for point in range(high, low - 1, -1)}


def _mark(text: str) -> str:
    """Return a mark that a cell of the journal can hold."""
    try:
        read = grading.parse(text)
    except grading.Unreadable:
        read = grading.NOTHING
    if (
        len(text) > 6
        or read != grading.CellText(marks=(text,))
        or text in grading.ABSENCES
        or text == "."
    ):
        raise forms.ValidationError(
            f"«{text}» не может быть отметкой: до 6 знаков без пробелов и «/», не буква пропуска."
        )
    return text


def _by_points(lines: Mapping[str, str], values: Mapping[str, float | None]) -> dict[str, float]:
    found: dict[str, float] = {}
    for mark, raw in lines.items():
        if mark not in values:
            raise forms.ValidationError(f"Отметки «{mark}» в шкале нет.")
        least = number_in(raw, f"{mark} = {raw}")
        if not 0 <= least <= 100:
            raise forms.ValidationError(f"«{mark}»: процент от 0 до 100.")
        found[mark] = float(least)
    ordered = sorted(found, key=lambda mark: -(values[mark] or 0))
    if [found[mark] for mark in ordered] != sorted(found.values(), reverse=True):
        raise forms.ValidationError("Чем выше отметка, тем больше нужен процент баллов.")
    return {mark: found[mark] for mark in ordered}


def scale_values(scale: Scale) -> dict[str, Any]:
    whole = list(scale.values)
    runs = len(whole) > 12 and all(
        mark.isdecimal() and scale.values[mark] == int(mark) for mark in whole
    )
    numbers = sorted(int(mark) for mark in whole) if runs else []
    gapless = numbers == list(range(numbers[0], numbers[-1] + 1)) if numbers else False
    return {
        "name": scale.name,
        "values": f"{numbers[0]}–{numbers[-1]}"
        if gapless
        else as_lines({mark: scale.values[mark] for mark in grading.in_order(scale.values)}),
        "by_points": as_lines(dict(descending(scale.by_points))),
        "seen": scale.pk,
    }


class ChoiceOfScaleForm(forms.Form):
    """Which subject is marked by which scale, in which grades."""

    subject = forms.ChoiceField(label="Предмет", required=False)
    grade_from = forms.TypedChoiceField(label="С класса", choices=GRADES, coerce=int)
    grade_to = forms.TypedChoiceField(label="По класс", choices=GRADES, coerce=int, initial=11)
    scale = forms.ChoiceField(label="Шкала")

    def __init__(
        self,
        *args: Any,
        subjects: list[tuple[str, str]],
        scales: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [("", "Все предметы"), *subjects]  # type: ignore[attr-defined]
        self.fields["scale"].choices = scales  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        return _grades_in_order(self)


def _grades_in_order(form: forms.Form) -> dict[str, Any]:
    cleaned = form.cleaned_data
    if cleaned.get("grade_from", 1) > cleaned.get("grade_to", 11):
        form.add_error("grade_to", "Последний класс не меньше первого.")
    return cleaned


PRESETS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "strict": ("4,65 / 3,65 / 2,65", {"bounds": "5 = 4,65\n4 = 3,65\n3 = 2,65", "disputed": Decimal("0.15")}),
    "rounding": ("4,5 / 3,5 / 2,5 — округление", {"bounds": "5 = 4,5\n4 = 3,5\n3 = 2,5", "disputed": Decimal(0)}),
    "middle": ("4,6 / 3,6 / 2,6", {"bounds": "5 = 4,6\n4 = 3,6\n3 = 2,6", "disputed": Decimal("0.1")}),
}  # fmt: skip
NEW_RULE = {
    "name": "Отметка за период", "grade_from": 2, "grade_to": 11, "scale": "five", "weighted": "yes",
    "minimum": "2 = 3\nбольше = 5",
}  # fmt: skip


class FinalRuleForm(SinceForm):
    """A table from the average to the result."""

    name = forms.CharField(label="Название", max_length=120)
    act = forms.CharField(
        label="Локальный акт", max_length=200, required=False,
        help_text=f"{ACT_HELP} Пока акта нет, отметки за период не предлагаются.",
    )  # fmt: skip
    subject = forms.ChoiceField(label="Предмет", required=False)
    grade_from = forms.TypedChoiceField(label="С класса", choices=GRADES, coerce=int)
    grade_to = forms.TypedChoiceField(label="По класс", choices=GRADES, coerce=int)
    scale = forms.ChoiceField(label="Шкала")
    bounds = LinesField(
        label="Нижние границы", rows=4,
        help_text="По строке: «5 = 4,65». Ниже последней границы — следующая отметка шкалы.",
    )  # fmt: skip
    disputed = CommaDecimalField(
        label="Спорная зона под границей", min_value=Decimal(0), max_value=Decimal(20), decimal_places=2,
        max_digits=4, help_text="Насколько не хватает до границы, чтобы решал учитель: 0,15 — от 4,50 до 4,65.",
    )  # fmt: skip
    weighted = forms.ChoiceField(
        label="Средний балл", choices=[("yes", "средневзвешенный, с весом работ"), ("no", "простой средний")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    minimum = LinesField(
        label="Наименьшее число отметок за период", rows=3, required=False,
        help_text="«2 = 3» — при нагрузке до 2 часов в неделю не меньше 3 отметок; последняя строка «больше = 5».",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        subjects: list[tuple[str, str]],
        scales: Mapping[str, Scale],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.scales = scales
        self.fields["subject"].choices = [("", "Все предметы"), *subjects]  # type: ignore[attr-defined]
        self.fields["scale"].choices = [(code, one.name) for code, one in scales.items()]  # type: ignore[attr-defined]

    def clean_act(self) -> str:
        return act_of(self.cleaned_data["act"].strip())

    def clean_minimum(self) -> list[list[int]]:
        found = []
        for left, raw in self.cleaned_data["minimum"].items():
            hours = ENDLESS if left.lower() == "больше" else int(number_in(left, f"{left} = {raw}"))
            marks = int(number_in(raw, f"{left} = {raw}"))
            if not 0 < hours <= ENDLESS or not 0 <= marks <= 100:
                raise forms.ValidationError(
                    f"Строка «{left} = {raw}»: проверьте часы и число отметок."
                )
            found.append([hours, marks])
        return sorted(found)

    def clean(self) -> dict[str, Any]:
        cleaned = _grades_in_order(self)
        scale = self.scales.get(cleaned.get("scale", ""))
        if scale is not None and "bounds" in cleaned:
            try:
                cleaned["bounds"] = _bounds(cleaned["bounds"], scale.values)
            except forms.ValidationError as error:
                self.add_error("bounds", error)
        return cleaned


def _bounds(lines: Mapping[str, str], values: Mapping[str, float | None]) -> dict[str, str]:
    """Return the bounds from the highest mark down, as exact texts."""
    scores = {mark: score for mark, score in values.items() if score is not None}
    offered = scores or values  # of a scale of words the average is the share of those who passed
    least, most = (min(scores.values()), max(scores.values())) if scores else (0.0, 1.0)
    found: dict[str, Decimal] = {}
    for mark, raw in lines.items():
        if mark not in offered:
            raise forms.ValidationError(f"Отметки «{mark}» с числом в этой шкале нет.")
        found[mark] = number_in(raw, f"{mark} = {raw}")
        if not least <= found[mark] <= most:
            raise forms.ValidationError(
                f"«{mark} = {raw}»: такой средний балл по этой шкале невозможен."
            )
    ordered = sorted(found, key=lambda mark: -(offered[mark] or 0))
    if any(upper <= lower for upper, lower in pairwise(found[mark] for mark in ordered)):
        raise forms.ValidationError("Границы должны убывать: чем ниже отметка, тем ниже граница.")
    return {mark: str(found[mark]) for mark in ordered}


def rule_values(rule: FinalRule) -> dict[str, Any]:
    minimum = {"больше" if hours >= ENDLESS else str(hours): marks for hours, marks in rule.minimum}
    return {
        "name": rule.name, "act": rule.act, "subject": str(rule.subject_id or ""), "grade_from": rule.grade_from,
        "grade_to": rule.grade_to, "scale": rule.scale_code, "bounds": as_lines(dict(descending(rule.bounds))),
        "disputed": rule.disputed, "weighted": "yes" if rule.weighted else "no", "minimum": as_lines(minimum),
    }  # fmt: skip

"""The form of a new version of a consent's text."""

from typing import Any

from django import forms

from consent.forms import DayInput
from consent.wording import LIMITS, Wording


class WordsField(forms.CharField):
    """A paragraph or a list by lines; its longest still fits on the page beside the others."""

    def __init__(self, name: str, *, rows: int = 3, **kwargs: Any) -> None:
        most = LIMITS[name]
        messages = {
            "required": "Заполните: без этого согласие недействительно.",
            "max_length": f"Длиннее {most} знаков не поместится на странице: сократите текст.",
        }
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=most, widget=widget, error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Count a line's end as one character, as the database does."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class TextForm(forms.Form):
    """What the law asks a written consent to say (152-ФЗ, ст. 9 ч. 4)."""

    operator_name = WordsField("operator_name", rows=2, label="Оператор: полное название школы")
    operator_address = WordsField("operator_address", rows=2, label="Адрес оператора")
    goal = WordsField("goal", label="Цель обработки")
    categories = WordsField("categories", rows=8, label="Перечень персональных данных")
    processing = WordsField("processing", rows=7, label="Действия с данными и способы обработки")
    processors = WordsField(
        "processors", label="Кто обрабатывает данные по поручению школы: названия и адреса"
    )
    term = WordsField("term", rows=2, label="Срок действия согласия")
    withdrawal = WordsField("withdrawal", rows=8, label="Способ отзыва")
    text = WordsField("text", rows=4, label="Дополнительно", required=False)
    since = forms.DateField(
        label="Действует с",
        widget=DayInput,
        error_messages={
            "required": "Укажите, с какого дня действует редакция.",
            "invalid": "Запишите дату, например 01.09.2026.",
        },
    )

    @property
    def wording(self) -> Wording:
        names = [name for name in self.cleaned_data if name in LIMITS]
        return Wording(**{name: self.cleaned_data[name] for name in names})

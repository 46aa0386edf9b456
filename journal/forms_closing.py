"""What the pages of closing send: results of many cells, a deferral, a word back."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from django import forms

from common.errors import Invalid
from journal.closing import ResultEntry

MOST = 2000  # cells of one page
MESSAGE = "Форма не понята: обновите страницу и повторите."
PERIOD_LENGTH = 36


def read_results(sent: Mapping[str, str]) -> tuple[ResultEntry, ...]:
    """Read the cells that the user changed. A cell is named «m:course:pupil:rev:what stood there»."""
    entries = tuple(_changed(sent))
    if len(entries) > MOST:
        raise Invalid(f"В одной форме не больше {MOST} клеток.")
    return entries


def _changed(sent: Mapping[str, str]) -> Iterator[ResultEntry]:
    for name, value in sent.items():
        if not name.startswith("m:"):
            continue
        try:
            _, course, pupil, rev, before = name.split(":", 4)
            key = f"{UUID(course)}:{UUID(pupil)}"
            seen = int(rev)
        except ValueError as error:
            raise Invalid(MESSAGE) from error
        if value != before:
            yield ResultEntry(
                str(UUID(course)),
                str(UUID(pupil)),
                value.strip(),
                seen,
                sent.get(f"w:{key}", "").replace("\0", "").strip(),
            )


class DeferralForm(forms.Form):
    until = forms.DateField(
        label="Новая дата", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ground = forms.CharField(
        label="Основание",
        max_length=200,
        help_text="Справка, заявление родителей, приказ: номер и дата.",
    )
    rev = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ResultForm(forms.Form):
    value = forms.CharField(label="Отметка", max_length=10, required=False)
    reason = forms.CharField(label="Почему", max_length=300, required=False)
    rev = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

"""The form of a returned stack of papers: its day, and a row for every signer of the class."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.safestring import SafeString

from consent.errors import DecidedInFuture, DecisionChanged
from consent.forms import DayInput, ScanField
from consent.models import DecisionKind
from consent.register import StackRow

KINDS = [
    (DecisionKind.CONSENT.value, "согласие"),
    (DecisionKind.REFUSAL.value, "отказ"),
    ("", "—"),
]


class StackForm(forms.Form):
    """What all papers of the stack share."""

    decided_on = forms.DateField(label="Дата документов", widget=DayInput)

    def __init__(self, data: Any = None, *, today: date) -> None:
        self.today = today
        super().__init__(data, initial={"decided_on": today})

    def clean_decided_on(self) -> date:
        decided_on: date = self.cleaned_data["decided_on"]
        if decided_on > self.today:
            raise forms.ValidationError(DecidedInFuture.message, code=DecidedInFuture.code)
        return decided_on


class StackRowForm(forms.Form):
    """A signer's paper. What was decided already stands marked: left as it is, it writes nothing.

    What was left is told by what the page showed; where another decision stands by now, nothing is
    written against it unseen.
    """

    kind = forms.ChoiceField(
        label="Решение", choices=KINDS, widget=forms.RadioSelect, required=False
    )
    note = forms.CharField(label="Примечание", max_length=300, required=False)
    upload = ScanField(max_length=255)

    def __init__(self, data: Any = None, files: Any = None, *, row: StackRow) -> None:
        self.row = row
        self.stands = row.mark(row.last_key)
        self.is_stale, self.is_left = False, True
        if data is not None:
            data = self._against_shown(data)
        super().__init__(data, files, prefix=row.key, initial={"kind": self.stands})

    def _against_shown(self, data: Any) -> Any:
        """Mark what stands by now where the page's mark was left as it was."""
        kind, shown = f"{self.row.key}-kind", data.get(f"{self.row.key}-last", "")
        self.is_stale = shown != self.row.last_key
        self.is_left = data.get(kind, "") == self.row.mark(shown)
        if not (self.is_stale and self.is_left):
            return data
        data = data.copy()
        data[kind] = self.stands
        return data

    def clean_kind(self) -> DecisionKind | None:
        """Return what the paper says, or None where it says nothing new."""
        kind = self.cleaned_data["kind"]
        return DecisionKind(kind) if kind and not self.is_left else None

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or self.cleaned_data
        is_silent = not self.errors and sent["kind"] is None
        if self.is_stale and self._writes_unseen(sent):
            self.add_error("kind", DecisionChanged.message)
        elif is_silent and sent["note"]:
            self.add_error("kind", "Примечание пишут к новому решению: отметьте его.")
        elif is_silent and sent["upload"] and not self.row.decision:
            self.add_error("kind", "К чему приложить файл: отметьте «согласие» или «отказ».")
        return sent

    def _writes_unseen(self, sent: dict[str, Any]) -> bool:
        """Say whether the row would write; what somebody has written just so meanwhile is written."""
        is_filled = bool(sent.get("kind") or sent.get("upload"))
        return is_filled and sent.get("kind") != self.row.decision

    @property
    def seen(self) -> UUID | None:
        """The decision that the page showed, as far as it still stands."""
        return None if self.is_stale else self.row.last

    @property
    def errors_of_row(self) -> list[str]:
        return [str(words) for found in self.errors.values() for words in found]

    @property
    def note_input(self) -> SafeString:
        return self._labelled("note", "Примечание", {"class": "input"})

    @property
    def upload_input(self) -> SafeString:
        return self._labelled("upload", "Фото или скан", {})

    def _labelled(self, name: str, words: str, attrs: dict[str, str | bool]) -> SafeString:
        """Give the input with a name of its own: the columns' heads are far away."""
        label = f"{words}: {self.row.signer_name}, {self.row.pupil_name}"
        return self[name].as_widget(attrs=attrs | {"aria-label": label})

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data["kind"] or self.cleaned_data["upload"])

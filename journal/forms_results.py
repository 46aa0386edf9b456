"""What the pages of years send: council decisions, exams, final marks, attempts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from journal.models import CouncilDecisionKind
from journal.yearbook import Member

UNDECIDED = [("", "не принято")]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CouncilForm(forms.Form):
    """The council's minutes, one decision for all or one for each pupil."""

    number = forms.CharField(label="Протокол №", max_length=30)
    day = forms.DateField(label="Дата протокола", widget=DAY)
    everybody = forms.ChoiceField(
        label="Всем, у кого решения ещё нет",
        choices=[("", "как указано ниже"), *CouncilDecisionKind.choices],
        required=False,
    )

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        for one in members:
            self.fields[f"kind_{one.pupil_id}"] = forms.ChoiceField(
                label=one.name,
                choices=[*UNDECIDED, *CouncilDecisionKind.choices],
                required=False,
                initial=one.decision,
            )

    @property
    def lines(self) -> list[tuple[Member, forms.BoundField]]:
        return [(one, self[f"kind_{one.pupil_id}"]) for one in self.members]

    def kinds(self) -> dict[UUID, str]:
        """Return what was decided: who has a debt is promoted on a condition, even with everybody."""
        found = {}
        for one in self.members:
            kind = self.cleaned_data[f"kind_{one.pupil_id}"]
            everybody = self.cleaned_data["everybody"]
            if everybody == CouncilDecisionKind.PROMOTED and one.debts:
                everybody = CouncilDecisionKind.CONDITIONAL.value
            if kind or everybody:
                found[one.pupil_id] = kind or everybody
        return found

"""The form of the contact that is kept for the results of examinations."""

from typing import Any

from django import forms

from access.actions.results import last_day
from access.models import Removal
from consent.models import Contact


class ResultsForm(forms.Form):
    """Which contact of the person, and until when."""

    contact = forms.ChoiceField(label="Контакт")
    until = forms.DateField(
        label="Хранить по", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, removal: Removal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contacts = Contact.objects.filter(person=removal.person_id).in_use()
        self._contacts = {str(each.pk): each for each in contacts.order_by("position", "pk")}
        self.fields["contact"] = forms.ChoiceField(
            label="Контакт",
            choices=[
                (key, f"{each.get_kind_display()}: {each.value}")
                for key, each in self._contacts.items()
            ],
            error_messages={"invalid_choice": "Выберите один из действующих контактов."},
        )
        self.fields["until"].initial = last_day(removal.schooling_ended_on)

    def clean_contact(self) -> Contact:
        return self._contacts[self.cleaned_data["contact"]]

"""What browsers send of debts, openings and rollbacks: read and checked for form."""

from django import forms

REASON = {"required": "Укажите причину.", "max_length": "Причина не длиннее 500 знаков."}


class DebtForm(forms.Form):
    """A mark for what was owed, or another day for it."""

    course = forms.UUIDField()
    lesson = forms.UUIDField()
    pupil = forms.UUIDField()
    rev = forms.IntegerField(min_value=0)
    text = forms.CharField(max_length=40)
    value = forms.CharField(max_length=6, required=False)
    due = forms.DateField(required=False, error_messages={"invalid": "Введите дату."})


class AskForm(forms.Form):
    lesson = forms.UUIDField()
    reason = forms.CharField(max_length=500, error_messages=REASON)


class DecisionForm(forms.Form):
    """Open until a moment of the school's clock, or refuse."""

    decision = forms.ChoiceField(choices=[("open", "открыть"), ("refuse", "отказать")])
    day = forms.DateField(required=False, error_messages={"invalid": "Введите дату."})
    reason = forms.CharField(max_length=500, error_messages=REASON)


class OpeningForm(forms.Form):
    lesson = forms.UUIDField(error_messages={"required": "Выберите урок."})
    person = forms.UUIDField(error_messages={"required": "Выберите учителя."})
    day = forms.DateField(
        error_messages={
            "required": "Введите день, до конца которого открыт урок.",
            "invalid": "Введите дату.",
        }
    )
    reason = forms.CharField(max_length=500, error_messages=REASON)


class RollbackForm(forms.Form):
    operation = forms.UUIDField()
    reason = forms.CharField(max_length=500, required=False, error_messages=REASON)


def words(form: forms.Form) -> str:
    """Return the first thing that is wrong with a form, in words."""
    return next((str(error) for errors in form.errors.values() for error in errors), "")

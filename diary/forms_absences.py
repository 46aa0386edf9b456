"""«Сообщить об отсутствии», and the class teacher's answer."""

from typing import Any

from django import forms

from common import uploads
from common.errors import BrokenFile
from diary.actions.absences import LONGEST_REASON, ReportFields
from diary.models import AbsenceReason
from journal.forms_settings import DayInput


def lesson_field(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=15, required=False)


class ReportForm(forms.Form):
    """Days, or lessons of one day; why; words; a file."""

    since = forms.DateField(label="С какого дня", widget=DayInput)
    until = forms.DateField(
        label="По какой день", widget=DayInput, required=False, help_text="Если один день, не заполняйте."
    )  # fmt: skip
    first_lesson = lesson_field("С урока")
    last_lesson = lesson_field("По урок")
    reason = forms.ChoiceField(
        label="Причина", choices=AbsenceReason.choices, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label="Пояснение", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Диагноз указывать не нужно. Если причина другая, напишите, какая.",
        error_messages={"max_length": "Не длиннее 500 знаков."},
    )  # fmt: skip
    file = forms.FileField(
        label="Файл", required=False, allow_empty_file=True,
        error_messages={"max_length": "Имя файла слишком длинное."},
    )  # fmt: skip

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload:
            try:
                uploads.check(upload)
            except BrokenFile as refusal:
                raise forms.ValidationError(refusal.message, code=refusal.code) from None
        return upload

    def wanted(self) -> ReportFields:
        """Return what was told: one number alone means one lesson, one date one day."""
        sent = self.cleaned_data
        numbers = [
            number for number in (sent["first_lesson"], sent["last_lesson"]) if number is not None
        ]
        return ReportFields(
            since=sent["since"],
            until=sent["until"] or sent["since"],
            reason=sent["reason"],
            comment=sent["comment"].replace("\r\n", "\n"),
            lessons=(numbers[0], numbers[-1]) if numbers else None,
        )


class DeclineForm(forms.Form):
    """Why a report is not accepted."""

    answer = forms.CharField(
        label="Почему не принято", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Семья увидит ответ в дневнике.",
        error_messages={
            "required": "Напишите, почему сообщение не принято: семья увидит ответ.",
            "max_length": f"Не длиннее {LONGEST_REASON} знаков.",
        },
    )  # fmt: skip

"""An achievement as the family types it, and the class teacher's word about it."""

from typing import Any

from django import forms

from common import uploads
from common.errors import BrokenFile
from diary.actions.portfolio import Entry
from diary.models import Achievement, AchievementKind, AchievementLevel
from diary.pages.portfolio import AUDIENCES


class AchievementForm(forms.Form):
    kind = forms.ChoiceField(label="Вид", choices=AchievementKind.choices)
    title = forms.CharField(
        label="Название",
        max_length=200,
        help_text="Например: «Олимпиада „Кенгуру“, математика».",
        error_messages={"required": "Напишите название."},
    )
    level = forms.ChoiceField(label="Уровень", choices=AchievementLevel.choices)
    outcome = forms.CharField(
        label="Результат", max_length=100, required=False, help_text="Например: «II место»."
    )
    day = forms.DateField(
        label="Дата", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label="Документ",
        required=False,
        allow_empty_file=True,
        help_text="Грамота или сертификат: PDF, PNG, JPG, до 10 МБ.",
        error_messages={"max_length": "Имя файла слишком длинное."},
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload:
            try:
                uploads.check(upload)
            except BrokenFile as refusal:
                raise forms.ValidationError(refusal.message, code=refusal.code) from None
        return upload

    def entry(self) -> Entry:
        given: dict[str, Any] = self.cleaned_data
        return Entry(
            AchievementKind(given["kind"]), AchievementLevel(given["level"]), given["title"],
            given["outcome"], given["day"],
        )  # fmt: skip

    @staticmethod
    def of(row: Achievement) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("kind", "title", "level", "outcome", "day")}


class AudienceForm(forms.Form):
    audience = forms.ChoiceField(
        label="Кто видит", choices=tuple(AUDIENCES.items()), widget=forms.RadioSelect
    )


class CheckForm(forms.Form):
    """Confirmed, or declined with a remark."""

    remark = forms.CharField(
        label="Замечание семье",
        max_length=300,
        required=False,
        help_text="Нужно, если вы не подтверждаете: чего не хватает.",
    )
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)
    do = forms.ChoiceField(choices=[("confirm", "Подтвердить"), ("decline", "Не подтверждать")])

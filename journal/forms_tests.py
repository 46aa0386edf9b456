"""The form of a planned work."""

from typing import Any

from django import forms

from common.templatetags.words import day_month, weekday_short
from journal.schedule import CoursePlan, LessonOption, WorkRow


class PlanForm(forms.Form):
    """On which lesson, what kind, what about; `row` is the work that is moved, if any."""

    lesson = forms.ChoiceField(
        label="Урок",
        error_messages={"required": "Выберите урок.", "invalid_choice": "Выберите урок из списка."},
    )
    kind = forms.ChoiceField(
        label="Вид работы", error_messages={"invalid_choice": "Выберите вид работы из списка."}
    )
    title = forms.CharField(
        label="Название",
        max_length=200,
        help_text="Например, тема: его увидят семьи.",
        error_messages={
            "required": "Напишите, о чём работа.",
            "max_length": "Название не длиннее 200 знаков.",
        },
    )
    minutes = forms.IntegerField(
        label="Сколько минут",
        min_value=1,
        max_value=600,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 3}),
        error_messages={
            "required": "Сколько минут займёт работа?",
            "invalid": "Число минут, например 40.",
            "min_value": "Не меньше 1 минуты.",
            "max_value": "Не больше 600 минут.",
        },
    )
    reason = forms.CharField(
        label="Почему всё равно запланировать", max_length=300, required=False,
        error_messages={"max_length": "Не длиннее 300 знаков."},
    )  # fmt: skip
    work = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, plan: CoursePlan, row: WorkRow | None = None, **kwargs: Any
    ) -> None:
        self.row = row
        first = next((one for one in plan.lessons if not one.is_refused), None)
        initial: dict[str, Any] = {"lesson": first.lesson_id if first else None, "minutes": 40}
        if row is not None:
            initial = {
                "lesson": row.lesson_id,
                "title": row.title,
                "minutes": row.planned.minutes or 40,
                "work": row.work_id,
            }
        super().__init__(*args, **{**kwargs, "initial": initial})
        self._choose("lesson", [(str(one.lesson_id), _label(one, row)) for one in plan.lessons])
        self._choose("kind", [(one.value, one.label) for one in plan.kinds])
        if row is not None:
            del self.fields["kind"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


def _label(one: LessonOption, row: WorkRow | None) -> str:
    words = f"{weekday_short(one.day)}, {day_month(one.day)}, {one.number}-й урок"
    is_own = row is not None and row.lesson_id == one.lesson_id
    return f"{words} — {one.note}" if one.note and not is_own else words

"""What the pages of years send: council decisions, exams, final marks, attempts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from journal.actions.exams import SCALES, Exam, ExamEntry
from journal.models import CouncilDecisionKind, ExamKind
from journal.queries.exams import Choices, ExamLine, FinalsSheet
from journal.yearbook import Member
from school.models import SchoolClass

UNDECIDED = [("", "не принято")]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def over_the_new(sent: QueryDict, form: forms.Form, prefix: str) -> QueryDict:
    """Return what was typed over what stands now: sent once more, it is meant."""
    again = sent.copy()
    for name, field in form.fields.items():
        if name.startswith(prefix):
            again[name] = str(field.initial)
    return again


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
            self.fields[f"seen_{one.pupil_id}"] = forms.CharField(
                required=False, initial=one.decision_words, widget=forms.HiddenInput
            )

    @property
    def lines(self) -> list[tuple[Member, forms.BoundField, forms.BoundField]]:
        return [
            (one, self[f"kind_{one.pupil_id}"], self[f"seen_{one.pupil_id}"])
            for one in self.members
        ]

    def seen(self) -> dict[UUID, str]:
        """Return the decisions that stood in the form, in words."""
        return {one.pupil_id: self.cleaned_data[f"seen_{one.pupil_id}"] for one in self.members}

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


SCALE_NAMES = [("five", "отметка 2–5"), ("pass_fail", "зачёт / незачёт"), ("hundred", "100 баллов")]


class ExamForm(forms.Form):
    """Which exam: class, subject, kind, day, scale."""

    school_class = forms.ChoiceField(label="Класс")
    subject = forms.ChoiceField(label="Предмет")
    kind = forms.ChoiceField(label="Вид", choices=ExamKind.choices)
    held_on = forms.DateField(label="Дата экзамена", widget=DAY)
    scale = forms.ChoiceField(label="Шкала", choices=SCALE_NAMES)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = (self.data if self.is_bound else self.initial).get("school_class", "")
        self.chosen = choices.chosen(str(given))
        self.chosen_name = next((o.name for o in choices.classes if o.pk == self.chosen), "")
        subjects = choices.subjects[self.chosen] if self.chosen else ()
        for name, offered in (("school_class", choices.classes), ("subject", subjects)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = [(str(one.pk), one.name) for one in offered]
        if self.chosen and not self.is_bound:
            self.fields["kind"] = forms.ChoiceField(label="Вид", choices=choices.kinds(self.chosen))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("kind") == ExamKind.EGE and found.get("scale") != "hundred":
            self.add_error("scale", "ЕГЭ оценивают по стобалльной шкале.")
        return found

    @property
    def exam(self) -> Exam:
        given = self.cleaned_data
        return Exam(UUID(given["subject"]), given["kind"], given["held_on"], given["scale"])


class ExamListForm(forms.Form):
    """The results of an exam, pupil by pupil."""

    obtained_at = forms.DateTimeField(
        label="Школа получила результаты",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    reason = forms.CharField(
        label="Причина исправления", max_length=200, required=False,
        help_text="нужна, если меняется результат, который уже стоит",
    )  # fmt: skip

    def __init__(self, *args: Any, lines: Sequence[ExamLine], scale: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines, self.scale = lines, scale
        marks = [("", "—"), *((v, v) for v in (*SCALES[scale], "н/а", "осв"))]
        for line in lines:
            pk = line.member.pupil_id
            if scale != "hundred":
                self.fields[f"value_{pk}"] = forms.ChoiceField(
                    label=f"Отметка, {line.member.name}", choices=marks, required=False, initial=line.value
                )  # fmt: skip
            self.fields[f"points_{pk}"] = forms.DecimalField(
                label=f"Баллы, {line.member.name}", required=False, min_value=0, max_value=100, decimal_places=1,
                initial=line.points, localize=False,
            )  # fmt: skip
            self.fields[f"rev_{pk}"] = forms.IntegerField(
                required=False,
                min_value=0,
                max_value=1_000_000,
                initial=line.rev,
                widget=forms.HiddenInput,
            )
            self.fields[f"chosen_{pk}"] = forms.BooleanField(
                label=f"По выбору, {line.member.name}", required=False, initial=line.chosen
            )

    @property
    def rows(self) -> list[tuple[ExamLine, dict[str, forms.BoundField]]]:
        found = []
        for line in self.lines:
            names = {
                key: f"{key}_{line.member.pupil_id}" for key in ("value", "points", "chosen", "rev")
            }
            found.append(
                (line, {k: self[name] for k, name in names.items() if name in self.fields})
            )
        return found

    def entries(self) -> list[ExamEntry]:
        given = self.cleaned_data
        return [
            ExamEntry(
                pupil_id=pk,
                value=given.get(f"value_{pk}") or "",
                points=given.get(f"points_{pk}"),
                chosen=given.get(f"chosen_{pk}") or False,
                rev=given.get(f"rev_{pk}"),
            )
            for pk in (line.member.pupil_id for line in self.lines)
        ]

    def obtained(self, school_class: SchoolClass) -> datetime:
        """Return the moment: it is typed by the school's clock."""
        moment: datetime = self.cleaned_data["obtained_at"]
        return moment.replace(tzinfo=school_class.school.zone)


class FinalForm(forms.Form):
    """One final mark, against the proposal or in place of another."""

    pupil = forms.ChoiceField(label="Ученик")
    subject = forms.ChoiceField(label="Предмет")
    value = forms.ChoiceField(
        label="Итоговая отметка", choices=[(v, v) for v in ("5", "4", "3", "2", "зач", "осв")]
    )
    reason = forms.CharField(
        label="Причина", max_length=200, required=False,
        help_text="нужна, если отметка отличается от правила или меняется",
    )  # fmt: skip

    def __init__(self, *args: Any, sheet: FinalsSheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pupils = [(str(one.pupil_id), one.name) for one, _ in sheet.rows]
        self.fields["pupil"] = forms.ChoiceField(label="Ученик", choices=pupils)
        self.fields["subject"] = forms.ChoiceField(
            label="Предмет", choices=[(name, name) for name in sheet.subjects]
        )


class OpenDebtsForm(forms.Form):
    """For which class debts arise, and until when they are to be settled."""

    school_class = forms.ChoiceField(label="Класс")
    due_day = forms.DateField(label="Ликвидировать до", widget=DAY)

    def __init__(self, *args: Any, classes: Iterable[SchoolClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"] = forms.ChoiceField(
            label="Класс",
            choices=[(str(one.pk), f"{one.name}, {one.school.short_name}") for one in classes],
        )


class AttemptForm(forms.Form):
    """The day of an attempt, or its result."""

    held_on = forms.DateField(label="Дата попытки", widget=DAY, required=False)
    number = forms.IntegerField(min_value=1, max_value=2, required=False)
    value = forms.CharField(label="Отметка", max_length=3, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("held_on") and not (given.get("number") and given.get("value")):
            raise ValidationError("Назначьте дату попытки или запишите её результат.")
        return given

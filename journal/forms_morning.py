"""Forms of the class's day: a row for every pupil, eaters, notes, marks of behaviour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms

from journal.forms_settings import DayInput
from journal.models import AbsenceCode
from journal.queries.class_day import ClassDay, DayEntry
from journal.queries.settings import grades_text

LETTERS = ("", "н", "б", "у", "о")
WORDS = {"": "есть", "н": "н", "б": "б", "у": "у", "о": "о", "*": "как есть"}
NAMES = {
    "": "присутствует", "н": "н: нет, причина неизвестна", "б": "б: болеет", "у": "у: уважительная причина",
    "о": "о: опоздание", "*": "не менять",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LetterChoice:
    value: str
    word: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PupilRow:
    """A pupil's line of the form."""

    pupil_id: str
    number: int
    name: str
    seen: str
    choices: tuple[LetterChoice, ...]
    lessons: tuple[tuple[int, str, bool], ...]  # number, «с 3-го урока», chosen
    detail: str  # «н на 1-м уроке, справка …»


class ClassDayForm(forms.Form):
    """The class's day: letters by pupil and the eaters. What was typed stays when it is refused."""

    eaters = forms.IntegerField(label="Едят в столовой", min_value=0, max_value=60, required=False)

    def __init__(self, *args: Any, found: ClassDay, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        for pupil in found.pupils:
            self.fields[f"state-{pupil.pupil_id}"] = forms.CharField(required=False, max_length=1)
            self.fields[f"was-{pupil.pupil_id}"] = forms.CharField(required=False, max_length=1)
            self.fields[f"from-{pupil.pupil_id}"] = forms.IntegerField(
                required=False, min_value=0, max_value=20
            )

    def entries(self) -> tuple[DayEntry, ...]:
        """Return what was chosen for the pupils; a row that was not sent is not changed."""
        return tuple(self._entries())

    def _entries(self) -> Iterator[DayEntry]:
        for pupil in self.found.pupils:
            state = f"state-{pupil.pupil_id}"
            letter = self.cleaned_data[state]
            if state not in self.data or letter not in LETTERS:
                continue
            seen = self.cleaned_data[f"was-{pupil.pupil_id}"]
            first = self.cleaned_data[f"from-{pupil.pupil_id}"] or 0
            yield DayEntry(UUID(pupil.pupil_id), letter, seen, first)

    def rows(self) -> tuple[PupilRow, ...]:
        return tuple(
            self._row(number, pupil) for number, pupil in enumerate(self.found.pupils, start=1)
        )

    def _row(self, number: int, pupil: Any) -> PupilRow:
        now = self.found.letter_of(pupil)
        chosen = self.data.get(f"state-{pupil.pupil_id}", now) if self.is_bound else now
        offered = (*LETTERS, "*") if now == "*" else LETTERS
        lessons = self.found.lessons_of(pupil)
        first = self.data.get(f"from-{pupil.pupil_id}", "0") if self.is_bound else "0"
        return PupilRow(
            pupil_id=pupil.pupil_id,
            number=number,
            name=pupil.name,
            seen=now,
            choices=tuple(
                LetterChoice(one, WORDS[one], NAMES[one], one == chosen) for one in offered
            ),
            lessons=(
                (0, "весь день", first == "0"),
                *((n, f"с {n}-го урока", str(n) == first) for n in _numbers(lessons)[1:]),
            ),
            detail=self._detail(pupil, lessons),
        )

    def _detail(self, pupil: Any, lessons: Sequence[Any]) -> str:
        words = []
        for one in lessons:
            entry = self.found.entries.get((one.lesson_id, pupil.pupil_id))
            if entry is not None:
                reason = f" ({entry.reason})" if entry.reason else ""
                words.append((entry.letter + reason, one.number))
        numbers: dict[str, set[int]] = {}
        for word, number in words:
            numbers.setdefault(word, set()).add(number)
        return "; ".join(f"{word}: {_runs(found)}" for word, found in numbers.items())


def _runs(numbers: set[int]) -> str:
    shown = grades_text(numbers)
    return f"{shown}-й урок" if len(numbers) == 1 else f"уроки {shown}"


def _numbers(lessons: Sequence[Any]) -> list[int]:
    return sorted({one.number for one in lessons})


class EatersForm(forms.Form):
    """The eaters alone: a head counts for the class teacher."""

    eaters = forms.IntegerField(label="Едят в столовой", min_value=0, max_value=60)


class NoteForm(forms.Form):
    """A note for a range of dates, or for lessons of one day."""

    pupil = forms.ChoiceField(label="Ученик")
    since = forms.DateField(label="С", widget=DayInput)
    until = forms.DateField(label="По", widget=DayInput)
    first_lesson = forms.IntegerField(
        label="С урока", min_value=0, max_value=15, required=False,
        help_text="Только для справки на часть одного дня.",
    )  # fmt: skip
    last_lesson = forms.IntegerField(label="По урок", min_value=0, max_value=15, required=False)
    reason = forms.ChoiceField(
        label="Причина", widget=forms.RadioSelect,
        choices=[(AbsenceCode.ILL.value, "б — болезнь"), (AbsenceCode.EXCUSED.value, "у — уважительная")],
    )  # fmt: skip
    document = forms.CharField(
        label="Документ", max_length=200,
        help_text="«Справка № 215 от 20.11.2026», «заявление родителей». Диагноз не пишите.",
    )  # fmt: skip

    def __init__(self, *args: Any, pupils: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pupil"].choices = [("", "Выберите ученика"), *pupils]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "Последний день раньше первого.")
        self._check_lessons(cleaned)
        return cleaned

    def _check_lessons(self, sent: dict[str, Any]) -> None:
        """One number alone means one lesson."""
        names = ("first_lesson", "last_lesson")
        given = [sent[name] for name in names if sent.get(name) is not None]
        if given and not self.errors:
            sent["first_lesson"], sent["last_lesson"] = given[0], given[-1]

    @property
    def lessons(self) -> tuple[int, int] | None:
        first, last = (self.cleaned_data[name] for name in ("first_lesson", "last_lesson"))
        return None if first is None else (first, last)


class BehaviourNoteForm(forms.Form):
    """What happened on a day."""

    pupil = forms.ChoiceField(label="Ученик")
    day = forms.DateField(label="Дата", widget=DayInput)
    value = forms.ChoiceField(label="Отметка")
    comment = forms.CharField(
        label="За что", max_length=500, help_text="Семья увидит эту запись в дневнике."
    )

    def __init__(
        self, *args: Any, pupils: Sequence[tuple[str, str]], values: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pupil"].choices = [("", "Выберите ученика"), *pupils]  # type: ignore[attr-defined]
        self.fields["value"].choices = [(value, value) for value in values]  # type: ignore[attr-defined]

"""What the school itself sets for its journals: keys of `people.Setting`, their meaning and default.

Settings are dated: what was done while one was in force keeps it (domain.md §0, §8.3).
A leaf: no Django, no clock. `norms_on` of journal.queries.norms reads them for a school and a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from decimal import Decimal
from typing import Any, Literal

RetakeRule = Literal["replaces", "averages", "both"]
Separator = Literal["slash", "none"]
BehaviourScale = Literal["off", "pass_fail", "levels", "five"]

RETAKE_RULES: Mapping[str, str] = {
    "replaces": "новая отметка заменяет прежнюю",
    "averages": "считается среднее двух",
    "both": "считаются обе",
}
BEHAVIOUR_SCALES: Mapping[str, tuple[str, ...]] = {
    "off": (),
    "pass_fail": ("зачёт", "незачёт"),
    "levels": ("образцовое", "удовлетворительное", "неудовлетворительное"),
    "five": ("5", "4", "3", "2"),
}
SEPARATORS: Mapping[str, str] = {"slash": "через косую черту: 4/5", "none": "рядом: 45"}
CHOICES: Mapping[str, Mapping[str, object]] = {
    "marks_separator": SEPARATORS,
    "retake_rule": RETAKE_RULES,
    "behaviour_scale": BEHAVIOUR_SCALES,
}


@dataclass(frozen=True, slots=True)
class Levels:
    """Coefficients of СОУ, of 100 (domain.md §2.4)."""

    five: Decimal = Decimal(100)
    four: Decimal = Decimal(64)
    three: Decimal = Decimal(36)
    two: Decimal = Decimal(16)
    not_assessed: Decimal = Decimal(7)


@dataclass(frozen=True, slots=True)
class Norms:
    """A school's own rules on a day. The names of the fields are the keys of `people.Setting`."""

    edit_window_days: int = 14  # a lesson's cells are open for so many days
    homework_window: bool = False  # marks of homework: counted from the day it was given
    reason_after_days: int = 3  # a mark older than that is changed with a reason only
    debt_days: int = 14  # a точка is owed for so many days, unless the teacher says otherwise
    retake_rule: RetakeRule = "replaces"
    year_by_table: bool = False  # the year's mark by the table of averages; else by rounding
    unusual_night_from: time = time(23)
    unusual_night_until: time = time(5)
    unusual_many: int = 60  # changed marks in one operation, and above
    behaviour_scale: BehaviourScale = "off"
    behaviour_grade_from: int = 1
    behaviour_grade_to: int = 11
    levels: Levels = field(default_factory=Levels)
    absence_print: Mapping[str, str] = field(
        default_factory=lambda: {"absent": "н", "ill": "н", "excused": "н", "late": ""}
    )
    marks_separator: Separator = "slash"  # two marks of a cell in the printed register
    marks_overdue_days: int = 7  # marks of a work stand within a week (domain.md §1.2 п. 4)
    morning_deadline: time = time(9, 30)
    # {first grade level of a step: minutes of homework a day}, domain.md §7.4
    homework_norms: Mapping[int, int] = field(
        default_factory=lambda: {1: 0, 2: 90, 4: 120, 6: 150, 9: 210}
    )


DEFAULTS = Norms()
KEYS = frozenset(one.name for one in fields(Norms))


def homework_norm(norms: Norms, grade_level: int) -> int:
    """Return the minutes of homework a day for a grade level."""
    steps = [step for step in norms.homework_norms if step <= grade_level]
    return norms.homework_norms[max(steps)] if steps else 0


def norms_from(stored: Mapping[str, Any]) -> Norms:
    """Return the norms of stored values; a missing key keeps its default. Raises ValueError."""
    return Norms(**{key: read(key, raw) for key, raw in stored.items() if key in KEYS})


def read(key: str, raw: Any) -> Any:
    """Return a stored value in its type. Raises ValueError with a sentence that says what is wrong."""
    default = getattr(DEFAULTS, key)
    if isinstance(default, bool):
        return bool(raw)
    if isinstance(default, int):
        if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= 1000:
            raise ValueError("Введите целое число от 0 до 1000.")
        return raw
    if isinstance(default, time):
        return time.fromisoformat(raw)
    if isinstance(default, Levels):
        return Levels(**{name: Decimal(str(value)) for name, value in raw.items()})
    if key == "homework_norms":
        return {int(step): int(minutes) for step, minutes in raw.items()}
    if key in CHOICES and raw not in CHOICES[key]:
        raise ValueError("Такого варианта нет.")
    return raw

"""How the school's rules of `journal.norms` are called on the screen, group by group. A leaf."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from journal.norms import BEHAVIOUR_SCALES, RETAKE_RULES, SEPARATORS, Levels

BEHAVIOUR_CHOICES: Mapping[str, str] = {
    code: ", ".join(words) if words else "отметки за поведение не ставятся"
    for code, words in BEHAVIOUR_SCALES.items()
}
CHOICE_LABELS: Mapping[str, Mapping[str, str]] = {
    "retake_rule": RETAKE_RULES,
    "behaviour_scale": BEHAVIOUR_CHOICES,
    "marks_separator": SEPARATORS,
}
LEVEL_LABELS: Mapping[str, str] = {
    "five": "«5»", "four": "«4»", "three": "«3»", "two": "«2»", "not_assessed": "н/а",
}  # fmt: skip
PRINT_LABELS: Mapping[str, str] = {
    "absent": "«н» (без причины)", "ill": "«б» (болезнь)", "excused": "«у» (уважительная)",
    "late": "«о» (опоздание)",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NormText:
    """One rule: what it is called, what it means, in what it is measured, its least and greatest."""

    label: str
    help: str = ""
    unit: str = ""
    least: int = 0
    most: int = 1000


@dataclass(frozen=True, slots=True)
class NormGroup:
    """Rules that are changed together, by one act."""

    code: str
    title: str
    about: str
    texts: Mapping[str, NormText]


GROUPS = (
    NormGroup(
        "terms",
        "Сроки записи",
        "Сколько дней открыта запись и когда нужна причина.",
        {
            "edit_window_days": NormText(
                "Запись в клетки урока открыта",
                "Дней после урока. Потом клетка закрыта, и открыть её может завуч. Прошлые уроки сохраняют "
                "срок, который действовал в их день.",
                "дн.", 1, 366,
            ),
            "homework_window": NormText(
                "Срок отметок за домашнюю работу считать от даты, когда её задали"
            ),
            "reason_after_days": NormText(
                "Отметка меняется только с причиной",
                "Если она старше стольких дней. Семья видит и прежнюю отметку, и новую.",
                "дн.", 0, 366,
            ),
            "debt_days": NormText(
                "Срок долга по работе («точка»)", "Если учитель не указал другой.", "дн.", 1, 120
            ),
            "marks_overdue_days": NormText(
                "Отметки за письменную работу выставляют не позже",
                "Потом работа попадает завучу в список незаполненного.",
                "дн.", 1, 60,
            ),
        },
    ),
    NormGroup(
        "retakes",
        "Пересдача работы",
        "Что считается, когда работу переписали («2 → 4»).",
        {
            "retake_rule": NormText(
                "Пересданная работа",
                "Правило действует для новых пересдач: прежние посчитаны по правилу своего дня.",
            )
        },
    ),
    NormGroup(
        "year",
        "Годовая отметка",
        "Как отметки за периоды складываются в предложение годовой.",
        {
            "year_by_table": NormText(
                "По таблице средних баллов",
                "Без этого среднее отметок за периоды округляется по правилам математики: 3,5 — «4».",
            )
        },
    ),
    NormGroup(
        "unusual",
        "Необычные правки",
        "О каких правках узнают сам учитель и завуч.",
        {
            "unusual_night_from": NormText("Ночь начинается"),
            "unusual_night_until": NormText("Ночь кончается"),
            "unusual_many": NormText(
                "За раз изменено отметок больше чем", "За одну операцию.", "отм.", 1, 1000
            ),
        },
    ),
    NormGroup(
        "attendance",
        "Пропуски и утро",
        "К какому часу класс сообщает об отсутствующих и что стоит в печати.",
        {
            "morning_deadline": NormText(
                "Сообщить об отсутствующих и питании до", "После этого часа класс отмечен как опоздавший."
            ),
            "absence_print": NormText(
                "Буква в печатном журнале", "Пусто: в печать не попадает."
            ),
        },
    ),
    NormGroup(
        "print",
        "Печать журнала",
        "Как клетка с двумя отметками выглядит на бумаге.",
        {"marks_separator": NormText("Две отметки в клетке")},
    ),
    NormGroup(
        "behaviour",
        "Отметки за поведение",
        "Отдельный журнал поведения. По умолчанию выключен.",
        {
            "behaviour_scale": NormText(
                "Шкала", "Пока выключено, страниц поведения нет ни у учителей, ни у семей."
            ),
            "behaviour_grade_from": NormText("С класса", "", "", 1, 11),
            "behaviour_grade_to": NormText("По класс", "", "", 1, 11),
        },
    ),
    NormGroup(
        "indicators",
        "Показатели",
        "Коэффициенты степени обученности учащихся (СОУ), из 100.",
        {"levels": NormText("Коэффициент СОУ")},
    ),
    NormGroup(
        "homework",
        "Домашнее задание",
        "Сколько минут домашней работы в день получает класс.",
        {
            "homework_norms": NormText(
                "Минут в день, начиная с класса",
                "По строке на ступень: «2 = 90» — со 2 класса не больше 90 минут.",
            )
        },
    ),
)  # fmt: skip
GROUP_OF = {key: group for group in GROUPS for key in group.texts}
TEXTS: Mapping[str, NormText] = {key: text for group in GROUPS for key, text in group.texts.items()}


def shown(key: str, value: Any) -> str:
    """Write the value of a rule as people say it."""
    if key in CHOICE_LABELS:
        return CHOICE_LABELS[key][value]
    if key in _TABLES:
        return ", ".join(_TABLES[key](value))
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, time):
        return f"{value:%H:%M}".removeprefix("0")
    return " ".join(part for part in (str(value), TEXTS[key].unit) if part)


def _levels(value: Levels) -> Iterator[str]:
    return (
        f"{label}: {getattr(value, name).normalize():f}" for name, label in LEVEL_LABELS.items()
    )


def _letters(value: Mapping[str, str]) -> Iterator[str]:
    return (f"{label}: {value.get(code) or 'нет'}" for code, label in PRINT_LABELS.items())


def _steps(value: Mapping[int, int]) -> Iterator[str]:
    return (f"с {step} кл. {minutes} мин" for step, minutes in sorted(value.items()))


_TABLES: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "levels": _levels,
    "absence_print": _letters,
    "homework_norms": _steps,
}


def stored(key: str, value: Any) -> Any:
    """Return the JSON form that `journal.norms.read` reads back."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Levels):
        return {name: str(getattr(value, name)) for name in LEVEL_LABELS}
    if key == "homework_norms":
        return {str(step): minutes for step, minutes in sorted(value.items())}
    return value

"""The parameters that a regulation may set: their meaning, default and form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Form = Literal["number", "interval", "choices", "periods", "text"]
REGULAR = "regular"

SUBSTITUTES = {
    "sferum": "Сферум",
    "sms": "SMS",
    "email": "электронная почта",
    "paper_diary": "запись в бумажный дневник",
}
SECTIONS = {"timetable": "«Расписание»", "finals": "«Итоговые оценки»"}
TRANSFER_FORMS = {
    "written": "письменно",
    "electronic_means": "средствами электронной связи",
    "document_system": "через систему электронных документов",
    "signed_document_system": "через систему документов с электронной подписью",
}
PERIOD_KINDS = {
    "quarter": "четверть",
    "trimester": "триместр",
    "half_year": "полугодие",
    "module": "модуль",
    "year": "год",
}


@dataclass(frozen=True, slots=True)
class Definition:
    """One parameter: what it means, what holds while a regulation is silent, how it reads."""

    key: str
    name: str
    meaning: str
    default: int | str | tuple[str, ...]
    form: Form = "number"
    unit: tuple[str, str, str] = ("день", "дня", "дней")
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter's value at a school on a day, and whether the regulation itself gives it."""

    key: str
    value: int | str | tuple[str, ...]
    from_regulation: bool
    note: str = ""

    @property
    def number(self) -> int:
        if not isinstance(self.value, int):
            raise TypeError(f"Parameter {self.key} is not a number.")
        return self.value

    @property
    def options(self) -> tuple[str, ...]:
        if not isinstance(self.value, tuple):
            raise TypeError(f"Parameter {self.key} is not a list.")
        return self.value

    @property
    def text(self) -> str:
        if not isinstance(self.value, str):
            raise TypeError(f"Parameter {self.key} is not a text.")
        return self.value


DEFINITIONS: dict[str, Definition] = {
    definition.key: definition
    for definition in (
        Definition(
            "final_results_deadline_hours",
            "Итоговые результаты видны через",
            "От получения итоговой отметки, результата экзамена или испытания до появления в дневнике",
            default=24,
            unit=("час", "часа", "часов"),
        ),
        Definition(
            "forecast_interval_days",
            "Прогноз результата за период",
            "Как часто семья получает прогноз; ещё раз — за две недели до конца периода",
            default=31,
            form="interval",
        ),
        Definition(
            "paper_interval_days",
            "Сведения на бумаге",
            "Как часто семьи без электронного доступа получают сведения",
            default=7,
        ),
        Definition(
            "paper_substitutes",
            "Вместо распечатки можно",
            "Чем можно заменить распечатку",
            default=(),
            form="choices",
            choices=SUBSTITUTES,
        ),
        Definition(
            "acknowledgement_interval_days",
            "Ознакомление с дневником",
            "Как часто представитель подтверждает, что смотрел дневник",
            default=7,
        ),
        Definition(
            "acknowledgement_sections",
            "Где стоит «С дневником ознакомлен»",
            "Разделы дневника с кнопкой",
            default=("timetable", "finals"),
            form="choices",
            choices=SECTIONS,
        ),
        Definition(
            "reminder_lead_days",
            "Напомнить об ознакомлении за",
            "За сколько дней до конца недели семья, которая ещё не ознакомилась, получает напоминание",
            default=2,
        ),
        Definition(
            "reminder_interval_days",
            "Повторять напоминание",
            "Не чаще и не реже чем раз в столько дней, пока никто из семьи не ознакомился",
            default=3,
        ),
        Definition(
            "consent_deadline_days",
            "Открыть доступ после начала занятий",
            "От первого дня занятий или зачисления до открытого доступа",
            default=10,
        ),
        Definition(
            "account_removal_days",
            "Удалить учётную запись",
            "От конца обучения до удаления учётной записи",
            default=3,
        ),
        Definition(
            "reporting_periods",
            "Отчётные периоды",
            "Какие периоды бывают и в каких классах",
            default=("quarter:1-9", "half_year:10-11"),
            form="periods",
        ),
        Definition(
            "contact_transfer_forms",
            "Как семья передаёт контакты",
            "Допустимые способы передачи контактных данных",
            default=("written",),
            form="choices",
            choices=TRANSFER_FORMS,
        ),
        Definition(
            "complaint_response_days",
            "Ответить на жалобу",
            "Рабочих дней до ответа (210-ФЗ, ст. 11.2; подтверждает юрист)",
            default=15,
            unit=("рабочий день", "рабочих дня", "рабочих дней"),
        ),
        Definition(
            "source_system",
            "Внешняя система",
            "С какой системой школа обменивается данными",
            default="",
            form="text",
        ),
    )
}


def read(key: str, raw: object) -> Value:
    """Return the stored value of a parameter; «regularly» without a number takes the default's."""
    definition = DEFINITIONS[key]
    if raw is None:
        return Value(key, definition.default, from_regulation=False)
    if definition.form == "interval" and raw == REGULAR:
        note = "в регламенте «регулярно», срок по умолчанию"
        return Value(key, definition.default, from_regulation=True, note=note)
    return Value(key, checked(key, raw), from_regulation=True)


def checked(key: str, raw: object) -> int | str | tuple[str, ...]:
    """Return the value in its type. Raises ValueError for a value that the parameter cannot take."""
    definition = DEFINITIONS[key]
    if definition.form in {"number", "interval"}:
        return _number(definition, raw)
    if definition.form == "text":
        if not isinstance(raw, str):
            raise ValueError(f"{key}: ожидается текст.")
        return raw
    if not isinstance(raw, list | tuple) or not all(isinstance(item, str) for item in raw):
        raise ValueError(f"{key}: ожидается список.")
    for item in raw:
        if definition.form == "periods":
            period(item)
        elif item not in (definition.choices or {}):
            raise ValueError(f"{key}: неизвестное значение {item}.")
    return tuple(raw)


def period(code: str) -> tuple[str, int, int]:
    """Return kind, first and last grade level of «quarter:1-9». Raises ValueError."""
    kind, _, grades = code.partition(":")
    first, _, last = grades.partition("-")
    if kind not in PERIOD_KINDS or not 1 <= int(first) <= int(last) <= 11:
        raise ValueError(f"Неизвестный отчётный период {code}.")
    return kind, int(first), int(last)


def _number(definition: Definition, raw: object) -> int | str:
    if definition.form == "interval" and raw == REGULAR:
        return REGULAR
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= 366:
        raise ValueError(f"{definition.key}: ожидается число от 1 до 366.")
    return raw

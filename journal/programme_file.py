"""A plan in a teacher's table: found by words, read tolerantly, nothing lost in silence.

The header is the row that names a topic; columns are known by their words, whatever their order. A section is a
row without hours, or a column of its own. Whatever was guessed or left out is said by row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from common.workbooks import BookSheet, BrokenBook, SheetRow
from school.models import LessonKind

MOST_TOPICS = 400
MOST_HOURS = 99
WITHOUT_UNIT = "Без раздела"
Column = Literal["number", "unit", "title", "hours", "kind", "work", "homework"]

# In this order: «Количество часов. Контрольные работы» tells of works, «Разделы и темы» of topics.
WORDS: tuple[tuple[Column, str], ...] = (
    ("homework", r"домашн|\bд/?з\b"),
    ("work", r"контрол|вид\w* работ|вид\w* деятельности на контроль|форм\w* оценив"),
    ("kind", r"тип\w* урок|вид урок|форм\w* урок|^тип$"),
    ("title", r"\bтем[аы]?\b|содержание|наименование"),
    ("hours", r"час|кол-во|количество"),
    ("unit", r"раздел|глава|модуль|блок"),
    ("number", r"№|п/п|номер|урока?$"),
)
NOT_READ = r"дата|\bплан\b|планир|\bфакт\b|практическ|ресурс|эор|цор|примечан"
COLUMN_NAMES: dict[Column, str] = {
    "number": "номер",
    "unit": "раздел",
    "title": "тема",
    "hours": "часы",
    "kind": "тип урока",
    "work": "вид работы",
    "homework": "домашнее задание",
}
TOTAL = re.compile(r"(итого|всего|общее (количество|число)|резерв итого)", re.IGNORECASE)
UNIT = re.compile(r"(раздел|глава|модуль|блок)\b", re.IGNORECASE)
KINDS = (
    (LessonKind.CONTROL, r"контрол|провер|оценк"),
    (LessonKind.REVIEW, r"обобщ|повтор|систематиз"),
    (LessonKind.PRACTICE, r"закреп|практ|применен|отработк|совершенств"),
    (LessonKind.ORDINARY, r"комбинир|смешан"),
    (LessonKind.NEW, r"нов|открыт|изучен|усвоен"),
)


@dataclass(frozen=True, slots=True)
class ReadTopic:
    title: str
    hours: int = 1
    lesson_kind: str = LessonKind.ORDINARY
    work: str = ""  # as it is called in the file
    homework: str = ""
    row: int = 0

    @property
    def kind_name(self) -> str:
        return str(LessonKind(self.lesson_kind).label)


@dataclass(slots=True)
class ReadUnit:
    title: str
    topics: list[ReadTopic] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Remark:
    """What was guessed (`lost` False) or could not be taken."""

    row: int
    text: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class ReadPlan:
    sheet: str
    columns: tuple[tuple[str, str], ...]  # («тема», «Тема урока»)
    ignored: tuple[str, ...]
    units: tuple[ReadUnit, ...]
    remarks: tuple[Remark, ...]

    @property
    def topics(self) -> int:
        return sum(len(unit.topics) for unit in self.units)

    @property
    def hours(self) -> int:
        return sum(topic.hours for unit in self.units for topic in unit.topics)


@dataclass(slots=True)
class _Table:
    """The header that was found, and what is being read below it."""

    places: dict[Column, int]
    names: tuple[str, ...]
    first: int  # the row number where the header ends
    units: list[ReadUnit] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    last_number: int = 0

    def text(self, row: SheetRow, column: Column) -> str:
        place = self.places.get(column)
        return row.texts[place] if place is not None and place < len(row.texts) else ""

    def say(self, row: SheetRow, text: str, *, lost: bool = False) -> None:
        self.remarks.append(Remark(row.number, text, lost))


def read_plan(sheets: Sequence[BookSheet]) -> ReadPlan:
    """Find the plan in the sheets and read it. Raises BrokenBook if no sheet has one."""
    for sheet in sheets:
        table = _header(sheet.rows)
        if table is None:
            continue
        for row in sheet.rows:
            if row.number > table.first:
                _read_row(table, row)
        if any(unit.topics for unit in table.units):
            return _plan(sheet.name, table)
    raise BrokenBook(
        "План не найден. Нужна строка заголовков со столбцом «Тема», под ней темы. "
        "Скачайте образец и перенесите план в него."
    )


def _plan(name: str, table: _Table) -> ReadPlan:
    known = set(table.places.values())
    for unit in table.units:
        if not unit.topics:
            table.remarks.append(Remark(0, f"Раздел «{unit.title}» без тем: не перенесён.", True))
    plan = ReadPlan(
        sheet=name,
        columns=tuple((COLUMN_NAMES[c], table.names[p]) for c, p in sorted(table.places.items(), key=lambda x: x[1])),
        ignored=tuple(n for p, n in enumerate(table.names) if n and p not in known),
        units=tuple(unit for unit in table.units if unit.topics),
        remarks=tuple(sorted(table.remarks, key=lambda one: one.row)),
    )  # fmt: skip
    if plan.topics > MOST_TOPICS:
        raise BrokenBook(f"В плане {plan.topics} тем, а можно не больше {MOST_TOPICS}.")
    return plan


def _header(rows: Sequence[SheetRow]) -> _Table | None:
    """Return the best header of the first rows; a second row may divide its columns («Всего»)."""
    best: _Table | None = None
    for place, row in enumerate(rows[:30]):
        below = rows[place + 1] if place + 1 < len(rows) else None
        names, first = row.texts, row.number
        if below is not None and not any(below.texts[:2]) and _has_total(below):
            names, first = _two_rows(row.texts, below.texts), below.number
        table = _Table(_places(names), names, first)
        if "title" in table.places and (best is None or len(table.places) > len(best.places)):
            best = table
    return best


def _has_total(row: SheetRow) -> bool:
    return any(text.lower().startswith("всего") for text in row.texts)


def _two_rows(above: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    names, head = [], ""
    for top, low in zip(above, below, strict=True):
        head = top or head
        names.append(f"{head if low else top} {low}".strip())
    return tuple(names)


def _places(names: Sequence[str]) -> dict[Column, int]:
    found: dict[Column, int] = {}
    for place, name in enumerate(names):
        text = name.lower()
        if not text or len(text) > 80 or re.search(NOT_READ, text):
            continue
        column = next((c for c, words in WORDS if re.search(words, text)), None)
        if column is not None:
            found.setdefault(column, place)
    return found


def _read_row(table: _Table, row: SheetRow) -> None:
    for letter in row.unknown:
        table.say(row, f"В столбце {letter} формула без значения: вставьте число.", lost=True)
    number, unit, title, hours = (table.text(row, c) for c in ("number", "unit", "title", "hours"))
    words = next((text for text in (title, unit, number) if text and not _is_number(text)), "")
    if not words:
        if any(row.texts):
            said = "; ".join(text for text in row.texts if text)
            table.say(row, f"Без темы: «{_short(said)}». Строка не перенесена.", lost=True)
        return
    if TOTAL.match(words):
        return
    if unit and title and (not table.units or table.units[-1].title != _cut(unit)):
        table.units.append(ReadUnit(_cut(unit)))
    if not title or UNIT.match(title) or _is_unit(table, number=number, hours=hours):
        table.units.append(ReadUnit(_cut(words)))
        return
    _read_topic(table, row, title, hours)
    if number.rstrip(".").isdecimal():
        table.last_number = int(number.rstrip(".")[:6])


def _is_unit(table: _Table, *, number: str, hours: str) -> bool:
    """Say whether a row with words but without hours opens a section."""
    if hours or "hours" not in table.places:
        return False
    number = number.rstrip(".")
    return not (number.isdecimal() and int(number[:6]) == table.last_number + 1 > 1)


def _read_topic(table: _Table, row: SheetRow, title: str, hours: str) -> None:
    if not table.units:
        table.units.append(ReadUnit(WITHOUT_UNIT))
    if len(title) > 500:
        table.say(row, "Тема длиннее 500 знаков: сокращена.")
    homework = table.text(row, "homework")
    if len(homework) > 1000:
        table.say(row, "Домашнее задание длиннее 1000 знаков: сокращено.")
    table.units[-1].topics.append(
        ReadTopic(
            title=title[:500],
            hours=_hours(table, row, hours),
            lesson_kind=_kind(table, row),
            work=_work(table, row),
            homework=homework[:1000],
            row=row.number,
        )
    )


def _hours(table: _Table, row: SheetRow, text: str) -> int:
    found = re.fullmatch(r"(\d{1,3})(?:[.,]0+)?\s*(?:ч\.?|час\w*)?", text.strip().lower())
    if found and 1 <= int(found[1]) <= MOST_HOURS:
        return int(found[1])
    if "hours" in table.places:
        said = f"«{_short(text)}» — не целое число часов" if text else "Часы не указаны"
        table.say(row, f"{said}: принят 1 час.")
    return 1


def _kind(table: _Table, row: SheetRow) -> str:
    text = table.text(row, "kind").lower()
    found = next((kind for kind, words in KINDS if re.search(words, text)), None)
    if found is None and text:
        table.say(row, f"Тип урока «{_short(text)}» неизвестен: поставлен «комбинированный».")
    return found or LessonKind.ORDINARY


def _work(table: _Table, row: SheetRow) -> str:
    """Return the work's name; a number under «Контрольные работы» says how many there are."""
    text = table.text(row, "work")
    if not _is_number(text):
        return text if text not in {"-", "–", "—"} else ""
    return "Контрольная работа" if text.strip("0 .,") else ""


def work_kind(text: str, kinds: Sequence[tuple[str, str]]) -> str | None:
    """Return the id of the school's kind of work that the file's words mean; kinds are (id, name)."""
    text = text.lower().replace("к/р", "контрольная").replace("с/р", "самостоятельная")
    text = text.replace("л/р", "лабораторная")
    for kind_id, name in kinds:
        if name.lower() == text:
            return kind_id
    return next((kind_id for kind_id, name in kinds if name.lower()[:6] in text), None)


def _is_number(text: str) -> bool:
    return bool(text) and re.fullmatch(r"[\d.,\s]+", text) is not None


def _cut(text: str) -> str:
    return text[:300]


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"

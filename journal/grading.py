"""What stands in a cell and what marks average to: pure arithmetic, no Django, no clock."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

ABSENCES = ("н", "б", "у", "о")
LATE = "о"
REASONS = frozenset("бу")  # the reason of an absence is the class teacher's to know
WORDS = ("зач", "нзч", "осв", "н/а")
SPELLINGS: Mapping[str, str] = {
    "зачет": "зач", "зачтено": "зач", "незачет": "нзч", "незач": "нзч", "не зачтено": "нзч",
    "освобожден": "осв", "освобождена": "осв", "н.а.": "н/а", "на": "н/а",
    "отсутствовал": "н", "отсутствовала": "н", "болел": "б", "болела": "б",
    "опоздал": "о", "опоздала": "о",
}  # fmt: skip
# Latin letters that look like Russian ones: typed in the wrong layout or pasted from a table.
_LOOKALIKES = str.maketrans("aceopxyhkbmt", "асеорхунквмт")
_DIGITS_AND_ZEROS = re.compile(r"(\d+)[.,]0+")
_GLUED = re.compile(r"([нбуо])\s*(?=\d)")
_SLASH = re.compile(r"\s*/\s*")
LONGEST = 40


class Unreadable(ValueError):
    """The text is not something that a cell of a journal can hold."""


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell's content: a letter of attendance (or none) and the marks in their order."""

    absence: str = ""
    marks: tuple[str, ...] = ()

    def __str__(self) -> str:
        return show(self.absence, self.marks)


NOTHING = CellText()


@dataclass(frozen=True, slots=True)
class Scored:
    """A mark for an average: its number (None for «зач»), its work's weight, whether the work counts."""

    score: Decimal | None
    weight: Decimal = Decimal(1)
    counts: bool = True


def normalise(raw: str) -> str:
    """Return the one spelling of what was typed or pasted: «5,0» → «5», «O5» → «о 5»."""
    text = " ".join(raw.split()).lower().replace("ё", "е").replace("\\", "/")
    text = text.removeprefix("«").removesuffix("»").strip().translate(_LOOKALIKES)
    text = _SLASH.sub("/", _DIGITS_AND_ZEROS.sub(r"\1", text))
    return SPELLINGS.get(text) or _GLUED.sub(r"\1 ", text)


def parse(raw: str) -> CellText:
    """Read a cell's text, in any accepted spelling. Raises Unreadable; the scale is checked apart."""
    if len(raw) > LONGEST:
        raise Unreadable(raw[:LONGEST])
    text = normalise(raw)
    if not text:
        return NOTHING
    if text in WORDS:
        return CellText(marks=(text,))
    letter, _, rest = text.partition(" ")
    if letter not in ABSENCES:
        letter, rest = "", text
    marks = tuple(rest.split("/")) if rest and rest not in WORDS else (rest,) if rest else ()
    if any(not mark or " " in mark for mark in marks):
        raise Unreadable(raw)
    return CellText(letter, marks)


def show(absence: str, marks: Sequence[str]) -> str:
    """Write a cell's content as it stands on the screen: «о 5», «4/5», «н»."""
    joined = "/".join(marks)
    return f"{absence} {joined}" if absence and joined else absence or joined


def outside(text: CellText, values: Iterable[str]) -> str:
    """Return the first mark that the scale does not have, or nothing."""
    known = frozenset(values)
    return next((mark for mark in text.marks if mark not in known), "")


def in_order(values: Mapping[str, float | None]) -> tuple[str, ...]:
    """Return a scale's marks as they are offered: the best number first, then the words."""

    def place(value: str) -> tuple[bool, float, int, str]:
        score = values[value]
        word = WORDS.index(value) if value in WORDS else len(WORDS)
        return (score is None, -(score or 0), word, value)

    return tuple(sorted(values, key=place))


def hundredths(number: Decimal | float | str) -> int:
    """Return a number with two decimal places as a whole number of hundredths."""
    return int((Decimal(str(number)) * 100).to_integral_value())


def ratio(total: int, parts: int) -> int | None:
    """Return total / parts rounded half up, or None if nothing is counted."""
    return (2 * total + parts) // (2 * parts) if parts else None


def average(marks: Iterable[Scored]) -> Decimal | None:
    """Return Σ marks / n to two places. Double marks are two marks; words and uncounted works are none."""
    scores = [hundredths(m.score) for m in marks if m.score is not None and m.counts]
    return _decimal(ratio(sum(scores), len(scores)))


def weighted_average(marks: Iterable[Scored]) -> Decimal | None:
    """Return Σ(mark × weight) / Σ weights to two places."""
    pairs = [
        (hundredths(m.score), hundredths(m.weight))
        for m in marks
        if m.score is not None and m.counts
    ]
    total = sum(score * weight for score, weight in pairs)
    return _decimal(ratio(total, sum(weight for _, weight in pairs)))


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value) / 100


def shown(total: int, parts: int) -> str:
    """Return total / parts, both of hundredths of marks, as «3,64»; nothing if there is nothing."""
    value = ratio(total, parts)
    return "" if value is None else f"{value // 100},{value % 100:02}"


def shown_number(number: Decimal) -> str:
    """Return «2» or «1,5»: a weight without needless zeros."""
    return f"{number.normalize():f}".replace(".", ",")

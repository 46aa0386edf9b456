"""What stands in a cell and what marks average to: pure arithmetic, no Django, no clock."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from journal.norms import RetakeRule

ABSENCES = ("н", "б", "у", "о")
LATE = "о"
REASONS = frozenset("бу")  # the reason of an absence is the class teacher's to know
WORDS = ("зач", "нзч", "осв", "н/а")
NOT_ASSESSED = "н/а"  # stands for a period, never for a work
OWED = "."  # точка: as it is stored; the screen shows a heavier one
DOT = "•"
RETAKEN = "→"
SPELLINGS: Mapping[str, str] = {
    "зачет": "зач", "зачтено": "зач", "незачет": "нзч", "незач": "нзч", "не зачтено": "нзч",
    "освобожден": "осв", "освобождена": "осв", "н.а.": "н/а", "на": "н/а",
    "отсутствовал": "н", "отсутствовала": "н", "болел": "б", "болела": "б",
    "опоздал": "о", "опоздала": "о", "точка": DOT, "долг": DOT, OWED: DOT, "·": DOT, "●": DOT,
}  # fmt: skip
_IN_A_CELL = {said: word for said, word in SPELLINGS.items() if word in {"зач", "нзч", "осв"}}
# Latin letters that look like Russian ones: typed in the wrong layout or pasted from a table.
_LOOKALIKES = str.maketrans("aceopxyhkbmt", "асеорхунквмт")
_DIGITS_AND_ZEROS = re.compile(r"(\d+)[.,]0+")
_GLUED = re.compile(r"^([нбуо])\s*(?=[\d•])")
_SLASH = re.compile(r"\s*/\s*")
_ARROW = re.compile(r"\s*(?:→|[-—–=]?>)\s*")
_LONE_DOT = re.compile(r"(?<![^\s/→нбуо])\.(?![^\s/→])")
_BETWEEN = re.compile(r"([/→])")
LONGEST = 40


class Unreadable(ValueError):
    """The text is not something that a cell of a journal can hold."""


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell's content: a letter of attendance (or none) and the marks in their order.

    `retakes` are the places, from 1, of marks that retake the one before them: «2→4» is (2, 4), {2}.
    """

    absence: str = ""
    marks: tuple[str, ...] = ()
    retakes: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return show(self.absence, self.marks, self.retakes)

    @property
    def works(self) -> int:
        """How many works the marks are for: a retake is of the same work."""
        return len(self.marks) - len(self.retakes)


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
    text = _LONE_DOT.sub(DOT, _ARROW.sub(RETAKEN, text))
    return SPELLINGS.get(text) or _GLUED.sub(r"\1 ", text)


@lru_cache(maxsize=2048)
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
    if not rest or rest in WORDS:
        return CellText(letter, (rest,) if rest else ())
    first, *pairs = _BETWEEN.split(rest)
    marks = (first, *pairs[1::2])
    retakes = frozenset(place for place, sign in enumerate(pairs[::2], 2) if sign == RETAKEN)
    if any(not mark or " " in mark for mark in marks):
        raise Unreadable(raw)
    stored = tuple(OWED if mark == DOT else _IN_A_CELL.get(mark, mark) for mark in marks)
    if any(stored[place - 2] == OWED for place in retakes):
        raise Unreadable(raw)  # what is owed is replaced, not retaken
    return CellText(letter, stored, retakes)


def seen(mark: str) -> str:
    """Return a stored mark as it is shown: a точка is «•»."""
    return DOT if mark == OWED else mark


def show(absence: str, marks: Sequence[str], retakes: Collection[int] = ()) -> str:
    """Write a cell's content as it stands on the screen: «о 5», «4/5», «2→4», «•», «н»."""
    joined = ""
    for place, mark in enumerate(marks, start=1):
        sign = RETAKEN if place in retakes else "/" if place > 1 else ""
        joined += sign + seen(mark)
    return f"{absence} {joined}" if absence and joined else absence or joined


def outside(text: CellText, values: Iterable[str]) -> str:
    """Return the first mark that the scale does not have, as it is shown, or nothing.

    A mark may be owed by any scale that has marks; «н/а» is not said of a work.
    """
    known = frozenset(values) - {NOT_ASSESSED}
    if known:
        known |= {OWED}
    wrong = next((mark for mark in text.marks if mark not in known), "")
    return seen(wrong)


def adds_only(before: CellText, after: CellText) -> bool:
    """Say whether every mark that stood still stands, in its order; what was owed may be paid."""
    rest = iter(after.marks)
    return all(mark == OWED or mark in rest for mark in before.marks)


def pays(before: CellText, after: CellText) -> bool:
    """Say whether nothing but what was owed changes: «•» → «4», «2→•» → «2→4»."""
    if (before.absence, before.retakes) != (after.absence, after.retakes):
        return False
    pairs = zip(before.marks, after.marks, strict=False)
    return len(before.marks) == len(after.marks) and all(old in {OWED, new} for old, new in pairs)


def chains(text: CellText) -> tuple[tuple[int, ...], ...]:
    """Return the places of each work's marks: the first one and its retakes."""
    found: list[list[int]] = []
    for place in range(1, len(text.marks) + 1):
        if place in text.retakes and found:
            found[-1].append(place)
        else:
            found.append([place])
    return tuple(tuple(chain) for chain in found)


def counted(
    marks: Sequence[str], values: Mapping[str, float | None], rule: RetakeRule
) -> tuple[Decimal | None, ...]:
    """Return what each mark of one work counts for in averages: a mark and its retakes."""
    scores = [_score(values.get(mark)) for mark in marks]
    given = [place for place, mark in enumerate(marks) if mark != OWED]
    if len(given) < 2 or rule == "both":
        return tuple(scores)
    last = given[-1]
    stays = scores[last]
    if rule == "averages":
        numbers = [score for score in scores if score is not None]
        stays = sum(numbers, Decimal(0)) / len(numbers) if numbers else None
        stays = stays and stays.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return tuple(stays if place == last else None for place in range(len(marks)))


def _score(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def in_order(values: Mapping[str, float | None]) -> tuple[str, ...]:
    """Return a scale's marks as they are offered: the best number first, then the words."""

    def place(value: str) -> tuple[bool, float, int, str]:
        score = values[value]
        word = WORDS.index(value) if value in WORDS else len(WORDS)
        return (score is None, -(score or 0), word, value)

    return tuple(sorted(values, key=place))


def offered(values: Mapping[str, float | None]) -> tuple[str, ...]:
    """Return what may be typed for a work: the scale's marks, and «•» for one that is still owed."""
    marks = tuple(mark for mark in in_order(values) if mark != NOT_ASSESSED)
    return (*marks, DOT) if marks else ()


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

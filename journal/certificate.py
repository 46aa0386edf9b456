"""Certificate marks by domain.md §2.5 (the ministry's order № 546): pure arithmetic.

Grade 9: Russian, mathematics and the two exams of choice - the mean of the annual marks and the
exam's; every other subject - the annual mark, of its last year if it ended before. Mathematics stands as one subject: the annual marks
of its courses (algebra, geometry, probability) and the exam are equal summands.
Grade 11: the mean of the half-year and annual marks of the years it was learnt in of both; exams do
not count.
Means are rounded mathematically: a half goes up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

RUSSIAN = "русский язык"
MATHEMATICS = "математика"
# Courses whose results make up the certificate's «Математика».
PARTS_OF_MATHEMATICS = (
    "математика", "алгебра", "геометрия", "вероятность", "теория вероятностей",
)  # fmt: skip
GRADES = (9, 11)
PASS, FAIL = "зач", "нзч"


def certificate_subject(name: str) -> str:
    """Return the subject of the certificate that a course's results go into."""
    lowered = name.casefold()
    return "Математика" if lowered.startswith(PARTS_OF_MATHEMATICS) else name


def rounded(numbers: Iterable[int]) -> int | None:
    """Return the mean, a half rounded up; None of nothing."""
    known = list(numbers)
    if not known:
        return None
    return int(Fraction(sum(known), len(known)) + Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class Basis:
    """What a pupil has in a subject of the certificate. Marks that are no numbers are left out."""

    subject: str
    annual: Mapping[int, Sequence[int]]  # by grade level; mathematics has several a year
    periods: Mapping[int, Sequence[int]]  # of half-years (quarters, trimesters), by grade level
    exam: int | None = None  # by the scale of five
    chosen: bool = False  # the exam is one of choice
    words: tuple[str, ...] = ()  # annual results that are words: «зач», «осв»
    lacking: int = 0  # courses of this year that have no annual result yet


@dataclass(frozen=True, slots=True)
class Proposal:
    """The mark that the rules give and how it came about; no value: not yet, `why` says what lacks."""

    value: str
    why: str

    @property
    def is_ready(self) -> bool:
        return bool(self.value)


def propose(basis: Basis, grade: int) -> Proposal:
    """Return the certificate's mark of a subject at the end of grade 9 or 11."""
    if basis.words and not any(basis.annual.values()):
        return Proposal(basis.words[-1], "годовой результат")
    return _eleven(basis) if grade == 11 else _nine(basis)


def counts_exam(basis: Basis) -> bool:
    """Say whether grade 9's exam in the subject counts: the two obligatory ones and those of choice."""
    return basis.subject.casefold() in {RUSSIAN, MATHEMATICS} or basis.chosen


def _nine(basis: Basis) -> Proposal:
    last = max((grade for grade in basis.annual if 5 <= grade <= 9), default=9)
    annual = list(basis.annual.get(last, ()))
    if not annual or basis.lacking:
        return Proposal("", "нет годовой отметки")
    if not counts_exam(basis):
        words = "годовая отметка" if len(annual) == 1 else "среднее годовых"
        return _made(annual, words if last == 9 else f"{words} за {last} класс")
    if basis.exam is None:
        return Proposal("", "нет результата экзамена")
    return _made([*annual, basis.exam], "среднее годовых и экзамена")


def _eleven(basis: Basis) -> Proposal:
    years = [grade for grade in (10, 11) if basis.annual.get(grade)]
    if not years or basis.lacking:
        return Proposal("", "нет годовой отметки")
    marks = [
        mark
        for grade in years
        for mark in (*basis.periods.get(grade, ()), *basis.annual.get(grade, ()))
    ]
    return _made(marks, "среднее полугодовых и годовых")


def _made(marks: Sequence[int], words: str) -> Proposal:
    value = str(rounded(marks))
    shown = ", ".join(map(str, marks))
    return Proposal(value, f"{words}: {shown}" if len(marks) > 1 else words)


def agrees(value: str, proposed: Proposal) -> bool:
    """Say whether a mark needs no reason: it is the proposed one, or nothing is proposed."""
    return not proposed.is_ready or value == proposed.value

"""Certificate marks by domain.md §2.5: oracles worked by hand, and properties."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.certificate import Basis, Proposal, agrees, certificate_subject, propose, rounded

MARKS = st.integers(2, 5)


def basis(subject: str, *annual: int, **more: object) -> Basis:
    values: dict[str, object] = {"annual": {9: annual}, "periods": {}}
    return Basis(subject=subject, **values | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("subject", "annual", "exam", "chosen", "value"),
    [
        ("Русский язык", (4,), 5, False, "5"),  # 4,5: a half goes up
        ("Русский язык", (4,), 3, False, "4"),  # 3,5
        ("Русский язык", (5,), 3, False, "4"),
        ("Математика", (4, 3, 3), 3, False, "3"),  # (4 + 3 + 3 + 3) / 4 = 3,25
        ("Математика", (4, 4, 3), 3, False, "4"),  # 14 / 4 = 3,5
        ("Обществознание", (3,), 4, True, "4"),  # an exam of choice
        ("Обществознание", (3,), 5, False, "3"),  # one that was not chosen does not count
        ("История", (4,), None, False, "4"),
    ],
)
def test_the_ninth_grade_by_hand(
    subject: str, annual: tuple[int, ...], exam: int | None, chosen: bool, value: str
) -> None:
    assert propose(basis(subject, *annual, exam=exam, chosen=chosen), 9).value == value


def test_without_an_exam_or_a_year_there_is_no_proposal_yet() -> None:
    assert propose(basis("Русский язык", 4), 9) == Proposal("", "нет результата экзамена")
    assert propose(basis("История"), 9) == Proposal("", "нет годовой отметки")
    assert propose(basis("Математика", 4, lacking=2, exam=4), 9).value == ""


def test_the_eleventh_grade_is_the_mean_of_six_marks_and_no_exam() -> None:
    physics = Basis("Физика", annual={10: (4,), 11: (4,)}, periods={10: (3, 4), 11: (4, 5)}, exam=2)
    assert propose(physics, 11).value == "4"  # 24 / 6
    lucky = Basis("Физика", annual={10: (4,), 11: (5,)}, periods={10: (4, 4), 11: (5, 5)})
    assert propose(lucky, 11).value == "5"  # 27 / 6 = 4,5
    unlucky = Basis("Физика", annual={10: (4,), 11: (4,)}, periods={10: (4, 4), 11: (5, 5)})
    assert propose(unlucky, 11).value == "4"  # 26 / 6 = 4,33…
    only_tenth = Basis("Химия", annual={10: (5,)}, periods={10: (4, 5)})
    assert propose(only_tenth, 11).value == "5"  # 14 / 3: the subject ended with the tenth grade
    not_yet = Basis("Химия", annual={10: (5,)}, periods={10: (4, 5), 11: (5,)}, lacking=1)
    assert propose(not_yet, 11) == Proposal("", "нет годовой отметки")


def test_a_subject_that_ended_before_keeps_its_last_annual_mark() -> None:
    music = Basis("Музыка", annual={4: (3,), 7: (5,), 8: (4,)}, periods={})
    assert propose(music, 9) == Proposal("4", "годовая отметка за 8 класс")
    assert propose(Basis("Чтение", annual={4: (5,)}, periods={}), 9).value == ""


def test_words_stay_words() -> None:
    assert propose(basis("Проект", words=("зач",)), 9).value == "зач"


def test_courses_of_mathematics_are_one_subject_of_the_certificate() -> None:
    courses = ["Алгебра", "Геометрия", "Вероятность и статистика", "Математика"]
    courses.append("Алгебра и начала математического анализа")
    assert {certificate_subject(name) for name in courses} == {"Математика"}
    assert certificate_subject("Информатика") == "Информатика"


def test_another_mark_than_the_proposed_needs_a_reason() -> None:
    assert agrees("4", Proposal("4", "годовая"))
    assert not agrees("5", Proposal("4", "годовая"))
    assert agrees("5", Proposal("", "нет годовой отметки"))


@given(st.lists(MARKS, min_size=1, max_size=12))
def test_the_mean_is_rounded_to_the_nearest_and_a_half_up(marks: list[int]) -> None:
    found, exact = rounded(marks), Fraction(sum(marks), len(marks))
    assert found is not None
    assert min(marks) <= found <= max(marks)
    assert -Fraction(1, 2) < found - exact <= Fraction(1, 2) or found - exact == Fraction(1, 2)
    assert found - exact > -Fraction(1, 2)


@given(MARKS, MARKS, MARKS)
def test_a_better_exam_never_lowers_the_mark(annual: int, exam: int, better: int) -> None:
    low, high = sorted((exam, better))
    found = [int(propose(basis("Русский язык", annual, exam=n), 9).value) for n in (low, high)]
    assert found == sorted(found)


@given(MARKS, st.none() | MARKS)
def test_what_was_not_chosen_never_counts(annual: int, exam: int | None) -> None:
    assert propose(basis("История", annual, exam=exam), 9).value == str(annual)


@given(st.lists(MARKS, min_size=6, max_size=6), MARKS)
def test_the_eleventh_grade_never_asks_the_exam(marks: list[int], exam: int) -> None:
    annual, periods = {10: marks[:1], 11: marks[1:2]}, {10: marks[2:4], 11: marks[4:]}
    with_exam = Basis("Физика", annual=annual, periods=periods, exam=exam)
    assert propose(with_exam, 11) == propose(Basis("Физика", annual=annual, periods=periods), 11)


def test_nothing_has_no_mean() -> None:
    assert rounded([]) is None

"""What the seed makes in memory: the same every time, and right in itself."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from ediary.seed import mornings, schools, terms, texts
from ediary.seed.names import Names, patronymic_of, surname_of
from ediary.seed.plan import SUBJECTS
from ediary.seed.timetable import NoTimetable, Unit, day_lengths, solve
from journal.models import Absence, AbsenceNote, Mark, MealCount, PeriodMark, SignOff, YearMark
from people.models import Person, School, Setting
from school.models import Lesson, Period


def chance(seed):
    return Random(seed)  # noqa: S311


def made_town(today=date(2026, 9, 20)):
    heap, names = schools.fresh_heap("test", schools.STARTED)
    site = schools.new_site(schools.town(2, 30), heap, names, terms.Moment(today))
    schools.build(site, lambda _: None)
    return heap


@pytest.mark.slow
def test_the_same_seed_makes_the_same_rows():
    first, second = made_town(), made_town()
    assert {model.__name__: len(rows) for model, rows in first.rows.items()} == {
        model.__name__: len(rows) for model, rows in second.rows.items()
    }
    for model in (School, Person, Lesson, Mark):
        assert first.of(model) == second.of(model)


@pytest.mark.slow
def test_the_border_of_a_term_is_in_the_middle_of_closing():
    heap = made_town(terms.STAGES["term-end"])
    quarters = {row["id"]: row["number"] for row in heap.of(Period) if row["kind"] == "quarter"}
    signed = {
        number: [row["approved_at"] is not None for row in heap.of(SignOff) if quarters.get(row["period_id"]) == number]
        for number in (1, 2)
    }  # fmt: skip
    assert all(signed[1])
    assert set(signed[2]) == {True, False}
    assert 0 < len(signed[2]) < len(signed[1])
    assert "deferred" in {row["status"] for row in heap.of(PeriodMark)}
    first, second = (
        {
            row["course_id"]
            for row in heap.of(PeriodMark)
            if quarters.get(row["period_id"]) == number
        }
        for number in (1, 2)
    )
    assert 0 < len(second) < len(first)


@pytest.mark.slow
def test_at_the_end_of_the_year_pupils_have_marks_of_the_year():
    heap = made_town(terms.STAGES["year-end"])
    assert {row["value"] for row in heap.of(YearMark)} <= {"2", "3", "4", "5"}
    assert len(heap.of(YearMark)) > 100


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Пётр", "Петрович", "Петровна"), ("Игорь", "Игоревич", "Игоревна"), ("Юрий", "Юрьевич", "Юрьевна"),
        ("Сергей", "Сергеевич", "Сергеевна"), ("Илья", "Ильич", "Ильинична"), ("Лев", "Львович", "Львовна"),
        ("Никита", "Никитич", "Никитична"), ("Рамиль", "Рамилевич", "Рамилевна"),
    ],
)  # fmt: skip
def test_patronymics_follow_the_father(father, son, daughter):
    assert (patronymic_of(father, "m"), patronymic_of(father, "f")) == (son, daughter)


def test_surnames_agree_with_sex():
    pairs = {
        "Крылов": "Крылова",
        "Ильин": "Ильина",
        "Троицкий": "Троицкая",
        "Седых": "Седых",
        "Ткачук": "Ткачук",
    }
    assert {surname: surname_of(surname, "f") for surname in pairs} == pairs
    assert surname_of("Мусин-Пушкарёв", "f") == "Мусина-Пушкарёва"


def test_logins_are_never_given_twice():
    names = Names(chance(1))
    name = names.adult("f")
    assert len({names.login(name) for _ in range(30)}) == 30


def test_the_demo_has_twenty_two_classes_of_twenty_to_twenty_eight():
    spec = schools.town(22, 550)
    assert len(spec.forms) == 22
    assert sum(spec.sizes) == 550
    assert all(20 <= size <= 28 for size in spec.sizes)


def test_the_curriculum_has_the_hours_of_2026():
    hours = {subject.code: subject.hours for subject in SUBJECTS}
    assert [sum(row[grade] for row in hours.values()) for grade in range(4)] == [20, 22, 22, 23]
    assert hours["history"][4:7] == (3, 3, 3)
    assert hours["english"][4] == 2
    assert hours["society"][5:9] == (0, 0, 0, 1)


def test_there_are_34_school_weeks_of_170_days():
    days = [
        day for day in terms.days_between(terms.STARTS, terms.ENDS) if terms.is_teaching_day(day, 7)
    ]
    assert len(days) == 170
    first_grade = [day for day in days if terms.is_teaching_day(day, 1)]
    assert len(days) - len(first_grade) == 5


def test_topics_fill_every_lesson_and_end_with_the_last_section():
    topics = texts.topics("algebra", 7, 102)
    assert len(topics) == 102
    assert topics[0] == "Выражения и их преобразования"
    assert topics[-1].startswith("Системы линейных уравнений")
    assert texts.topics("talks", 3, 34)[0] == "День знаний"


def test_a_timetable_has_no_clashes():
    units = [
        Unit((form,), (teacher,), 2, f"s{teacher}") for form in range(4) for teacher in range(10)
    ]
    lengths = [[4, 4, 4, 4, 4]] * 4
    places = solve(units, lengths, chance(7))
    taken = Counter(
        key
        for unit, found in zip(units, places, strict=True)
        for place in found
        for key in (("form", unit.forms[0], place), ("teacher", unit.teachers[0], place))
    )
    assert set(taken.values()) == {1}
    assert sum(taken.values()) == 2 * 4 * 20


def test_too_many_lessons_for_a_teacher_are_refused():
    units = [Unit((form,), (0,), 20, "x") for form in range(2)]
    with pytest.raises(NoTimetable):
        solve(units, [[4] * 5] * 2, chance(1))
    with pytest.raises(NoTimetable):
        day_lengths(40, 7, chance(1))


@pytest.mark.slow
def test_class_teachers_told_of_notes_and_eaters():
    heap = made_town()
    days = {row["id"]: row["day"] for row in heap.of(Lesson)}
    spans = {
        (row["pupil_id"], row["code"], row["document"]): (row["since"], row["until"])
        for row in heap.of(AbsenceNote)
    }
    explained = [row for row in heap.of(Absence) if row["reason"].startswith("Справка")]
    assert explained
    for row in explained:
        first, last = spans[row["pupil_id"], row["code"], row["reason"]]
        assert first <= days[row["lesson_id"]] <= last
    assert all(row["eaters"] >= 0 for row in heap.of(MealCount))
    assert {row["act"] for row in heap.of(Setting)} == {mornings.ACT}

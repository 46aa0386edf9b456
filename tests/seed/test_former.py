"""Former years of the demo: the same every time, with marks that follow from one another."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from ediary.seed import former, schools, terms
from journal.certificate import rounded
from journal.models import (
    AcademicDebt,
    CouncilDecision,
    ExamResult,
    FinalMark,
    PeriodMark,
    YearMark,
)
from school.models import SchoolClass, SchoolYear


def made_town(forms: int):
    heap, names = schools.fresh_heap("test", schools.STARTED)
    site = schools.new_site(
        schools.town(forms, forms * 8), heap, names, terms.Moment(date(2026, 9, 2))
    )
    schools.build(site, lambda _: None)
    former.remember(site)
    return heap


@pytest.mark.slow
def test_former_years_are_the_same_every_time_and_their_year_follows_from_their_periods():
    heap, again = made_town(6), made_town(6)
    old = [row for row in heap.of(YearMark) if row["year"] < terms.YEAR]
    assert old
    assert [row["value"] for row in old] == [
        row["value"] for row in again.of(YearMark) if row["year"] < terms.YEAR
    ]
    periods = defaultdict(list)
    for row in heap.of(PeriodMark):
        if row["year"] < terms.YEAR:
            periods[row["course_id"], row["pupil_id"]].append(int(row["value"]))
    owing = {row["pupil_id"] for row in heap.of(AcademicDebt)}
    for row in old:
        if row["pupil_id"] not in owing:
            assert row["score"] == Decimal(rounded(periods[row["course_id"], row["pupil_id"]]))


@pytest.mark.slow
def test_who_finished_the_ninth_grade_has_exams_and_a_certificate():
    heap = made_town(6)
    assert {row["year"] for row in heap.of(SchoolYear)} == {2024, 2025, 2026}
    names = {(row["year"], row["grade_level"], row["letter"]) for row in heap.of(SchoolClass)}
    assert {(2025, 6, "А"), (2024, 5, "А"), (2025, 9, "А")} <= names
    exams = [row for row in heap.of(ExamResult) if row["kind"] == "oge"]
    finals = heap.of(FinalMark)
    pupils = {row["pupil_id"] for row in exams}
    assert {row["pupil_id"] for row in finals} == pupils
    assert len(exams) == 4 * len(pupils)
    assert all(row["visible_at"] > row["obtained_at"] for row in (*exams, *finals))
    kinds = {row["kind"] for row in heap.of(CouncilDecision)}
    assert {"promoted", "graduated"} <= kinds

"""T4, K2, G2.7, S6: whether families can read a forecast of the running period, said of the school's own data."""

from datetime import date, timedelta

import pytest

from access.models import Visit
from people.models import Guardianship, School
from regulation.registry import Finding, check_of
from tests.cast import NOW, TODAY, Cast
from tests.diary.test_marks import several

CLAUSES = ("T4", "K2", "G2.7", "S6")
LATER = NOW + timedelta(days=20)  # the quarter has run for more than a month


def judged(school: School, clause: str = "S6", now: object = NOW) -> Finding:
    check = check_of(clause)
    assert check is not None
    return check(school, now=now)


def everybody_reads(cast: Cast) -> None:
    Guardianship.objects.filter(school=cast.school).update(open_from=date(2026, 9, 1))


@pytest.mark.clause("T4", "K2", "G2.7", "S6")
@pytest.mark.parametrize("clause", CLAUSES)
def test_without_three_marks_nothing_is_due_yet(cast: Cast, clause: str) -> None:
    several(cast, "44")
    assert judged(cast.school, clause).state == "not_yet_due"
    assert judged(cast.branch, clause).state == "not_yet_due"


@pytest.mark.clause("T4", "K2", "G2.7", "S6")
@pytest.mark.parametrize("clause", CLAUSES)
def test_a_forecast_that_every_family_may_read_keeps_the_clause(cast: Cast, clause: str) -> None:
    everybody_reads(cast)
    several(cast, "444")
    Visit.objects.create(
        school=cast.school, person=cast.people["olya_mother"], pupil=cast.pupils["olya"], section="marks",
        day=TODAY, first_at=NOW, last_at=NOW,
    )  # fmt: skip
    found = judged(cast.school, clause)
    assert found.state == "kept"
    said = found.summary.replace("\xa0", " ")
    assert "назван у 1 из 5 учеников (по предметам — 1)" in said
    assert "за 31 день его открывали 1 семья." in said


@pytest.mark.clause("T4", "K2", "G2.7", "S6")
def test_families_that_cannot_read_it_break_the_clause(cast: Cast) -> None:
    several(cast, "444")
    found = judged(cast.school)
    assert found.state == "broken"
    assert [(one.label, one.detail) for one in found.evidence] == [
        ("7А", "дневник не читает никто: 2")
    ]
    assert "/forecast/" in (found.evidence[0].url or "")


@pytest.mark.clause("S6")
def test_a_pupil_without_a_forecast_for_longer_than_a_month_breaks_the_clause(cast: Cast) -> None:
    everybody_reads(cast)
    several(cast, "444")
    found = judged(cast.school, now=LATER)
    assert found.state == "broken"
    assert [(one.label, one.detail) for one in found.evidence] == [
        ("5Б", "мало отметок: 1"), ("7А", "мало отметок: 3"),
    ]  # fmt: skip

"""Families on paper are told weekly: kept, broken or not yet due."""

from datetime import date, timedelta

import pytest

from diary.models import Acknowledgement
from printouts.models import Extract
from regulation.registry import State, check_of
from tests.cast import MONDAY, NOW, Cast

WEEKLY = ("K1", "G2.6", "S5")
DUE = MONDAY - timedelta(days=14)  # the last week that ended more than seven days ago


def state(cast: Cast, clause_id: str, days: int = 0) -> State:
    check = check_of(clause_id)
    assert check is not None
    return check(cast.school, now=NOW + timedelta(days=days)).state


def extract(cast: Cast, pupil: str, week: date) -> None:
    Extract.objects.create(
        school=cast.school, pupil=cast.pupils[pupil], week=week, code=f"{pupil[:6]}{week:%m%d}".upper(), version="v",
        printed_at=NOW,
    )  # fmt: skip


@pytest.mark.clause("K1")
@pytest.mark.clause("G2.6")
@pytest.mark.clause("S5")
@pytest.mark.parametrize("clause_id", WEEKLY)
def test_every_family_on_paper_is_told_for_the_week_that_is_due(cast: Cast, clause_id: str) -> None:
    finding = check_of(clause_id)(cast.school, now=NOW)
    assert finding.state == State.BROKEN
    assert "2\u00a0семьи из 2" in finding.summary
    assert [fact.label for fact in finding.evidence] == ["7А"]
    extract(cast, "vitya", DUE)
    assert state(cast, clause_id) == State.BROKEN
    extract(cast, "timur", MONDAY)
    assert state(cast, clause_id) == State.KEPT
    # A week later the first extract is too old.
    assert state(cast, clause_id, days=7) == State.BROKEN


@pytest.mark.clause("K1")
def test_a_paper_acknowledgement_shows_that_the_family_was_told(cast: Cast) -> None:
    extract(cast, "timur", DUE)
    Acknowledgement.objects.create(
        school=cast.school, guardian=cast.people["vitya_mother"], pupil=cast.pupils["vitya"], section="timetable",
        week=DUE, version="v", channel="paper", evidence="талон", at=NOW, registered_by=cast.users["ivan"],
    )  # fmt: skip
    assert state(cast, "K1") == State.KEPT


@pytest.mark.clause("T2d")
def test_extracts_are_made_for_families_on_paper(cast: Cast) -> None:
    assert state(cast, "T2d") == State.BROKEN
    extract(cast, "vitya", DUE)
    extract(cast, "timur", DUE)
    assert state(cast, "T2d", days=21) == State.KEPT


def test_a_school_without_families_on_paper_owes_nothing(cast: Cast) -> None:
    check = check_of("K1")
    assert check is not None
    assert check(cast.other_school, now=NOW).state == State.KEPT


def test_before_the_first_week_is_due_nothing_is_judged(cast: Cast) -> None:
    assert state(cast, "K1", days=-14) == State.NOT_YET_DUE

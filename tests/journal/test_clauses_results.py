"""How the results of years answer for T3 and T5d."""

import pytest

from journal.clauses_results import all_years_stand_on_one_page, results_stand_in_the_summary_sheet
from journal.models import CouncilDecision, YearMark
from regulation.registry import State, check_of
from tests.cast import NOW, Cast
from tests.journal.test_pupil_years import former
from tests.journal.test_summary import result


@pytest.mark.parametrize("clause", ["T3", "T5d"])
def test_the_checks_are_registered(clause: str) -> None:
    assert check_of(clause) is not None


@pytest.mark.clause("T3")
def test_a_former_year_without_results_breaks_t3_and_leads_to_the_page_of_years(cast: Cast) -> None:
    assert all_years_stand_on_one_page(cast.school, now=NOW).state is State.NOT_YET_DUE
    former(cast, 2025, 6, {"Математика": "4"})
    found = all_years_stand_on_one_page(cast.school, now=NOW)
    assert found.state is State.KEPT
    assert found.evidence[0].url == f"/journal/pupils/{cast.pupils['olya'].pk}/years/"
    YearMark.objects.filter(year=2025).delete()
    found = all_years_stand_on_one_page(cast.school, now=NOW)
    assert (found.state, found.summary) == (
        State.BROKEN, "Нет годовых результатов за законченный год: 1 из 1.",
    )  # fmt: skip


@pytest.mark.clause("T5d")
def test_the_summary_sheet_of_an_ended_year_needs_the_councils_decision(cast: Cast) -> None:
    assert results_stand_in_the_summary_sheet(cast.school, now=NOW).state is State.NOT_YET_DUE
    result(cast, "olya", "5")
    found = results_stand_in_the_summary_sheet(cast.school, now=NOW)
    assert (found.state, found.evidence[0].url) == (
        State.KEPT, f"/journal/summary/{cast.classes['7А'].pk}/",
    )  # fmt: skip
    former(cast, 2025, 6, {"Математика": "4"})
    assert results_stand_in_the_summary_sheet(cast.school, now=NOW).state is State.KEPT
    CouncilDecision.objects.all().delete()
    found = results_stand_in_the_summary_sheet(cast.school, now=NOW)
    assert (found.state, found.evidence[0].label) == (State.BROKEN, "Сводная ведомость 6А, 2025/26")

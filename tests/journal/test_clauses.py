"""How the journal answers for the regulation's clauses: kept, broken, not yet due, with evidence."""

from datetime import date, timedelta

import pytest

from journal.clauses import journal_is_kept, results_are_open_in_time
from journal.clauses_closing import deferrals_are_settled, everybody_has_results
from journal.models import Deferral, PeriodMark, YearMark
from regulation.registry import State, check_of
from school.models import Lesson
from tests.cast import NOW, TODAY, YEAR, Cast
from tests.journal.closing import ALL
from tests.journal.test_saving import one
from tests.journal.test_sheet import read

AFTER_THE_QUARTER = NOW + timedelta(days=60)


def result(cast: Cast, **more: object) -> PeriodMark:
    values = {
        "school": cast.school, "year": YEAR, "pupil": cast.pupils["olya"], "course": cast.courses["algebra"],
        "period": cast.quarter, "value": "4", "score": 4, "obtained_at": NOW, "visible_at": NOW,
        "set_by": cast.users["maria"], "set_at": NOW,
    }  # fmt: skip
    return PeriodMark.objects.create(**values | more)


@pytest.mark.parametrize("clause", ["U4", "T6", "S7", "G2.8", "T5a", "T5c"])
def test_the_checks_are_registered(clause: str) -> None:
    assert check_of(clause) is not None


@pytest.mark.clause("U4")
def test_lessons_without_a_record_for_a_week_break_u4_and_lead_to_their_journal(cast: Cast) -> None:
    found = journal_is_kept(cast.school, now=NOW)
    assert found.state is State.BROKEN
    assert f"/journal/{cast.courses['algebra'].pk}/" in {row.url for row in found.evidence}
    Lesson.objects.filter(school=cast.school, day__lt=TODAY).update(topic="Тема")
    one(cast, "maria", "5")
    found = journal_is_kept(cast.school, now=NOW)
    assert (found.state, found.evidence[0].detail) == (
        State.KEPT,
        "1\u00a0отметка, 0\u00a0пропусков",
    )
    assert journal_is_kept(cast.branch, now=NOW).state is State.NOT_YET_DUE


@pytest.mark.clause("U4")
def test_the_journal_accounts_for_the_programme_progress_and_attendance(cast: Cast) -> None:
    Lesson.objects.filter(pk=cast.lesson("algebra").pk).update(topic="Дроби")
    one(cast, "maria", "5")
    one(cast, "maria", "н", pupil="petya")
    sheet = read(cast)
    column = next(place for place, c in enumerate(sheet.columns) if c.date == TODAY)
    assert sheet.columns[column].topic == "Дроби"
    assert [row.cells[column][0] for row in sheet.rows[:2]] == ["5", "н"]


@pytest.mark.clause("T6", "S7", "G2.8")
def test_results_opened_after_the_regulations_term_are_named(cast: Cast) -> None:
    assert results_are_open_in_time(cast.school, now=NOW).state is State.NOT_YET_DUE
    row = result(cast)
    assert results_are_open_in_time(cast.school, now=NOW).state is State.KEPT
    row.visible_at = NOW + timedelta(hours=25)
    row.save()
    found = results_are_open_in_time(cast.school, now=NOW)
    assert (found.state, found.evidence[0].label) == (State.BROKEN, "Ёлкина Оля")
    row.visible_at = None
    row.save()
    assert results_are_open_in_time(cast.school, now=NOW + timedelta(hours=23)).state is State.KEPT
    assert (
        results_are_open_in_time(cast.school, now=NOW + timedelta(hours=25)).state is State.BROKEN
    )


@pytest.mark.clause("T5a")
def test_pupils_without_a_result_of_an_ended_period_are_counted(cast: Cast) -> None:
    assert (
        everybody_has_results(cast.other_school, now=NOW - timedelta(days=40)).state
        is State.NOT_YET_DUE
    )
    found = everybody_has_results(cast.school, now=AFTER_THE_QUARTER)
    assert found.state is State.BROKEN
    members = {"algebra": 4, "physics": 4, "russian": 4, "maths5": 1}
    assert (
        found.summary
        == f"Нет результата за период: {sum(members.values())} из {sum(members.values())}."
    )
    for course in members:
        for name in ("olya", "petya", "vitya", "timur") if course != "maths5" else ("kolya",):
            result(cast, course=cast.courses[course], pupil=cast.pupils[name])
    assert everybody_has_results(cast.school, now=AFTER_THE_QUARTER).state is State.KEPT
    assert cast.quarter.ends == date(2026, 12, 30)


@pytest.mark.clause("T5a")
def test_the_ended_year_is_judged_until_the_next_begins(cast: Cast) -> None:
    every = {"algebra": ALL, "physics": ALL, "russian": ALL, "maths5": ("kolya",)}
    for course, names in every.items():
        for name in names:
            result(cast, course=cast.courses[course], pupil=cast.pupils[name])
    june = NOW.replace(year=2027, month=6, day=1)
    found = everybody_has_results(cast.school, now=june)
    assert found.state is State.BROKEN
    assert found.evidence[0].url
    assert found.evidence[0].url.endswith("?period=year")
    assert found.evidence[0].detail == "год до 26.05.2027: нет результата у 4 из 4"
    for course, names in every.items():
        for name in names:
            YearMark.objects.create(
                school=cast.school, year=YEAR, pupil=cast.pupils[name], course=cast.courses[course], value="4",
                score=4, obtained_at=june, visible_at=june, set_by=cast.users["maria"], set_at=june,
            )  # fmt: skip
    assert everybody_has_results(cast.school, now=june).state is State.KEPT


@pytest.mark.clause("T5c")
def test_a_deferral_whose_date_has_passed_breaks_t5c_and_leads_to_the_pupil(cast: Cast) -> None:
    assert deferrals_are_settled(cast.school, now=NOW).state is State.NOT_YET_DUE
    mark = result(cast, status="deferred", value="", score=None)
    Deferral.objects.create(
        school=cast.school, period_mark=mark, until=date(2026, 11, 25), ground="справка"
    )
    assert deferrals_are_settled(cast.school, now=NOW).state is State.KEPT
    found = deferrals_are_settled(cast.school, now=NOW + timedelta(days=8))
    assert (found.state, found.evidence[0].label) == (State.BROKEN, "Ёлкина Оля")
    assert found.evidence[0].url
    assert str(cast.pupils["olya"].pk) in found.evidence[0].url
    mark.status, mark.value = "mark", "5"
    mark.save()
    assert deferrals_are_settled(cast.school, now=NOW + timedelta(days=8)).state is not State.BROKEN

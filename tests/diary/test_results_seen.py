"""The first view of a final or exam result by a guardian: recorded once, told to the class teacher."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diary.models import ResultView
from journal.models import ExamResult, FinalMark, PeriodMark, YearMark
from people.models import Restriction
from tests.cast import NOW, TODAY, YEAR, Cast
from tests.diary.test_pages import statements

Browser = Callable[[str], Client]


def period_mark(cast: Cast, value: str = "4", pupil: str = "olya", **more: Any) -> PeriodMark:
    return PeriodMark.objects.create(
        school=cast.school, year=YEAR, pupil=cast.pupils[pupil], course=cast.courses[more.pop("course", "algebra")],
        period=cast.extras["Школа № 1:1"], **_of(cast, value), **more,
    )  # fmt: skip


def _of(cast: Cast, value: str) -> dict[str, Any]:
    return {
        "value": value, "score": Decimal(value), "obtained_at": NOW, "visible_at": NOW,
        "set_by": cast.users["maria"], "set_at": NOW,
    }  # fmt: skip


def every_kind(cast: Cast) -> None:
    own = {"school": cast.school, "year": YEAR, "pupil": cast.pupils["olya"]}
    algebra = cast.courses["algebra"]
    period_mark(cast, "4")
    YearMark.objects.create(**own, course=algebra, **_of(cast, "5"))
    ExamResult.objects.create(
        **own, subject=algebra.subject, kind="oge", held_on=TODAY, **_of(cast, "3")
    )
    FinalMark.objects.create(**own, subject=algebra.subject, **_of(cast, "4"))


def finals(cast: Cast, pupil: str = "olya") -> str:
    return reverse("diary:finals", args=[cast.pupils[pupil].pk])


def seen(cast: Cast) -> list[tuple[str, str, str]]:
    names = {person.pk: name for name, person in cast.people.items()}
    found = ResultView.objects.order_by("guardian__sort_key", "kind", "value")
    return [(names[one.guardian_id], one.kind, one.value) for one in found]


def report(cast: Cast, name: str = "desk:results_seen", *more: Any) -> str:
    return reverse(name, args=[cast.classes["7А"].pk, *more])


@pytest.mark.clause("G2.1d")
def test_the_first_look_of_each_guardian_is_recorded_once_with_its_time(
    cast: Cast, client_of: Browser, clock: time_machine.Traveller
) -> None:
    every_kind(cast)
    client_of("olya_mother").get(finals(cast))
    clock.shift(timedelta(hours=3))
    client_of("olya_mother").get(finals(cast))
    mother = [("olya_mother", kind, value) for kind, value in
              (("exam", "3"), ("final", "4"), ("period", "4"), ("year", "5"))]  # fmt: skip
    assert seen(cast) == mother
    assert {abs(one.first_at - NOW) < timedelta(minutes=1) for one in ResultView.objects.all()} == {
        True
    }
    client_of("olya_father").get(finals(cast))
    assert len(seen(cast)) == 8


@pytest.mark.parametrize("name", ["olya", "ivan", "nina", "head"])
def test_looks_of_the_pupil_and_of_the_staff_are_none(
    cast: Cast, client_of: Browser, name: str
) -> None:
    period_mark(cast)
    assert client_of(name).get(finals(cast)).status_code == 200
    assert seen(cast) == []


def test_a_restricted_guardian_sees_nothing_and_is_not_recorded(
    cast: Cast, client_of: Browser
) -> None:
    period_mark(cast)
    tie = cast.guardianships["olya_father", "olya"]
    Restriction.objects.create(
        school=cast.school, guardianship=tie, act_number="2-17", act_date=TODAY, since=TODAY
    )
    assert client_of("olya_father").get(finals(cast)).status_code == 404
    assert seen(cast) == []


def test_a_result_that_is_not_open_yet_is_not_seen_and_a_corrected_one_is_seen_anew(
    cast: Cast, client_of: Browser
) -> None:
    hidden = period_mark(cast, course="physics")
    PeriodMark.objects.filter(pk=hidden.pk).update(visible_at=None)
    shown = period_mark(cast)
    client_of("olya_mother").get(finals(cast))
    assert seen(cast) == [("olya_mother", "period", "4")]
    PeriodMark.objects.filter(pk=shown.pk).update(value="5", score=5, rev=2)
    page = client_of("olya_mother").get(finals(cast)).content.decode()
    assert ", новое" in page
    assert seen(cast) == [("olya_mother", "period", "4"), ("olya_mother", "period", "5")]
    assert ", новое" not in client_of("olya_mother").get(finals(cast)).content.decode()


def test_the_look_costs_one_statement_and_the_next_none(cast: Cast, client_of: Browser) -> None:
    every_kind(cast)
    client = client_of("olya_mother")
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as counted:
            client.get(finals(cast))
        found = statements(counted)
        costs.append((len(found), sum("diary_resultview" in sql[:60] for sql in found)))
    assert costs == [(7, 1), (5, 0)]


def test_looking_is_no_acquaintance(cast: Cast, client_of: Browser) -> None:
    period_mark(cast)
    page = client_of("olya_mother").get(finals(cast)).context["page"]
    assert not page.acknowledgement.is_kept


def test_the_class_teacher_reads_who_saw_what_when(cast: Cast, client_of: Browser) -> None:
    period_mark(cast)
    period_mark(cast, course="physics")
    period_mark(cast, pupil="petya")
    client_of("olya_mother").get(finals(cast))
    period_mark(cast, course="russian")
    answer = client_of("ivan").get(report(cast))
    rows = {
        row.name: [(one.name, one.seen, one.total, one.is_open) for one in row.guardians]
        for row in answer.context["page"].rows
    }
    assert rows["Ёлкина Оля"] == [("Ёлкин В. П.", 0, 3, True), ("Ёлкина О. В.", 2, 3, True)]
    assert rows["Петров Пётр"] == [("Петров С. И.", 0, 1, True)]
    assert rows["Сидоров Виктор"] == [("Сидорова Р. З.", 0, 0, False)]
    page = answer.context["page"]
    assert (page.seen, page.waiting, page.on_paper) == (0, 2, 0)
    client_of("olya_mother").get(finals(cast))
    page = client_of("ivan").get(report(cast) + "?show=waiting").context["page"]
    assert (page.seen, page.waiting) == (1, 1)
    assert [row.name for row in page.rows_shown("waiting")] == ["Петров Пётр"]


def test_the_personal_list_names_every_result(cast: Cast, client_of: Browser) -> None:
    every_kind(cast)
    client_of("olya_mother").get(finals(cast))
    answer = client_of("nina").get(report(cast, "desk:results_seen_pupil", cast.pupils["olya"].pk))
    page = answer.context["page"]
    assert page.guardians == (("Ёлкин В. П.", True), ("Ёлкина О. В.", True))
    assert {(line.place, line.value) for line in page.lines} == {
        ("I четверть", "4"), ("Год", "5"), ("Экзамены", "3"), ("Итоговые оценки", "4"),
    }  # fmt: skip
    assert {(line.seen[0] is None, line.seen[1] is not None) for line in page.lines} == {
        (True, True)
    }
    other = report(cast, "desk:results_seen_pupil", cast.pupils["kolya"].pk)
    assert client_of("nina").get(other).status_code == 404


@pytest.mark.parametrize("name", ["maria", "olya_mother", "stranger", "petya_father"])
def test_nobody_else_reads_the_report(cast: Cast, client_of: Browser, name: str) -> None:
    assert client_of(name).get(report(cast)).status_code == 404
    of_olya = report(cast, "desk:results_seen_pupil", cast.pupils["olya"].pk)
    assert client_of(name).get(of_olya).status_code == 404


@pytest.mark.parametrize("pupils", [("olya",), ("olya", "petya", "vitya")])
def test_the_report_costs_the_same_whatever_the_class(
    cast: Cast, client_of: Browser, pupils: tuple[str, ...]
) -> None:
    for pupil in pupils:
        period_mark(cast, pupil=pupil)
    client = client_of("ivan")
    with CaptureQueriesContext(connection) as counted:
        client.get(report(cast))
    assert len(statements(counted)) == 6

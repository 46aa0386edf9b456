"""Who has not decided: days since the first lesson against the regulation's term, longest first."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import Guardianship, Person, RoleAssignment
from regulation.actions import adopt
from school.models import Enrolment
from tests.cast import SEPTEMBER, TODAY, Cast
from tests.consent.test_signers import decide

PAGE = reverse("consent:overdue")


@pytest.fixture(autouse=True)
def undecided(cast: Cast) -> None:
    """Петя came five days ago, his second guardian has not decided; the profile gives ten days."""
    Enrolment.objects.filter(pupil=cast.pupils["petya"]).update(since=TODAY - timedelta(days=5))
    Guardianship.objects.create(
        school=cast.school, guardian=cast.people["olya_father"], pupil=cast.pupils["petya"],
        kind="guardian", ground="акт", since=SEPTEMBER,
    )  # fmt: skip
    adopt(by=None, school=cast.school, profile="g", since=SEPTEMBER)


def lines(html: str, table: int) -> list[list[str]]:
    rows = BeautifulSoup(html, "html.parser").select("table")[table].select("tbody tr")
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")[:5]] for row in rows]


@pytest.mark.clause("T1", "G2.2b")
def test_the_list_says_how_long_each_waits_against_the_term(cast: Cast, client_of: Any) -> None:
    html = client_of("secretary").get(PAGE).content.decode()
    assert lines(html, 1) == [
        ["Тихонов Тимур Олегович", "7А", "Тихонова Вера Олеговна родитель", "78", "10 дней, прошёл 11.09.2026"],
        ["Петров Пётр Степанович", "7А", "Ёлкин Виктор Павлович опекун", "5", "10 дней, до 23.11.2026"],
    ]  # fmt: skip
    assert lines(html, 0) == [["7А", "2", "1", "78"]]


def test_classes_of_one_name_are_counted_apart(cast: Cast, client_of: Any) -> None:
    """Two schools of one head have a 7А each."""
    person = Person.objects.create(
        school=cast.other_school, user=cast.users["head"], last_name="Громов", first_name="Павел", sex="m"
    )  # fmt: skip
    RoleAssignment.objects.create(
        school=cast.other_school, person=person, role="head", since=SEPTEMBER
    )
    mother = Person.objects.create(
        school=cast.other_school, last_name="Чужая", first_name="Вера", sex="f"
    )
    Guardianship.objects.create(
        school=cast.other_school, guardian=mother, pupil=cast.pupils["other_pupil"],
        kind="parent", ground="свидетельство", since=SEPTEMBER,
    )  # fmt: skip
    html = client_of("head").get(PAGE).content.decode()
    assert sorted(row[:2] for row in lines(html, 0)) == [["7А", "1"], ["7А", "2"]]


def test_who_decides_leaves_the_list(cast: Cast, client_of: Any) -> None:
    decide(cast, "no_consent", "timur", "refusal")
    decide(cast, "olya_father", "petya", "refusal")
    assert "Решили все" in client_of("secretary").get(PAGE).content.decode()


@pytest.mark.clause("T1")
def test_a_grown_pupils_decision_takes_his_guardians_off(cast: Cast, client_of: Any) -> None:
    born = TODAY.replace(year=TODAY.year - 18)
    Person.objects.filter(pk=cast.people["timur"].pk).update(birth_date=born)
    office = client_of("secretary")
    assert "решает сам ученик" in office.get(PAGE).content.decode()
    decide(cast, "timur", "timur", "consent")
    assert "Тихонова" not in office.get(PAGE).content.decode()


def test_the_list_is_narrowed_by_class(cast: Cast, client_of: Any) -> None:
    fifth = {"class": str(cast.classes["5Б"].pk)}
    assert "Решили все" in client_of("secretary").get(PAGE, fifth).content.decode()
    seventh = {"class": str(cast.classes["7А"].pk)}
    assert len(lines(client_of("secretary").get(PAGE, seventh).content.decode(), 1)) == 2


def test_it_costs_the_same_whoever_waits(cast: Cast, client_of: Any) -> None:
    counted = []
    office = client_of("secretary")
    office.get(PAGE)
    for name in ("5Б", "7А"):
        with CaptureQueriesContext(connection) as captured:
            office.get(PAGE, {"class": str(cast.classes[name].pk)})
        counted.append(len(captured))
    assert counted[0] == counted[1]

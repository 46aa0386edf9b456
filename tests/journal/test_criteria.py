"""Criteria keep their own points, whoever changes them and whatever is sent; a class teacher sees her own pupils."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from journal.models import Criterion, CriterionPoints, Mark, Scale, Work
from school.models import Course, Membership, StudyGroup
from tests.cast import NOW, TODAY, YEAR, Cast
from tests.journal.test_saving import one


@pytest.fixture
def work(cast: Cast) -> Work:
    one(cast, "maria", "3", pupil="petya")
    work = Work.objects.get()
    for number, name in enumerate(("Ход решения", "Ответ", "Оформление"), start=1):
        Criterion.objects.create(school=cast.school, work=work, number=number, name=name, maximum=5)
    return work


def address_of(cast: Cast, work: Work) -> str:
    return reverse("journal:criteria", args=[cast.courses["algebra"].pk, work.pk])


def fields(client: Any, address: str, form: int) -> dict[str, Any]:
    """Return what a browser sends of a form of the page as it stands."""
    found = BeautifulSoup(client.get(address).content, "html.parser").select("main form")[form]
    sent: dict[str, Any] = {}
    for one_field in found.select("input[name]"):
        sent.setdefault(one_field["name"], []).append(one_field.get("value", ""))
    return sent


def points_of(cast: Cast, pupil: str) -> dict[str, int]:
    rows = CriterionPoints.objects.filter(pupil=cast.pupils[pupil])
    return dict(rows.values_list("criterion__name", "points"))


def give(cast: Cast, work: Work, pupil: str, *points: int) -> None:
    for criterion, value in zip(work.criteria.order_by("number"), points, strict=True):
        CriterionPoints.objects.create(
            school=cast.school, criterion=criterion, pupil=cast.pupils[pupil], points=value,
            set_by=cast.user("maria"), set_at=NOW,
        )  # fmt: skip


def test_a_criterion_that_goes_takes_its_own_points_only(
    cast: Cast, client_of: Any, work: Work
) -> None:
    client, address = client_of("maria"), address_of(cast, work)
    give(cast, work, "olya", 1, 2, 3)
    sent = fields(client, address, 0) | {"step": "criteria"}
    sent["name"][0] = ""
    client.post(address, sent)
    assert points_of(cast, "olya") == {"Ответ": 2, "Оформление": 3}
    assert list(work.criteria.order_by("number").values_list("number", "name")) == [
        (1, "Ответ"),
        (2, "Оформление"),
    ]


def test_a_criterion_that_the_form_did_not_show_stays(
    cast: Cast, client_of: Any, work: Work
) -> None:
    client, address = client_of("maria"), address_of(cast, work)
    sent = fields(client, address, 0) | {"step": "criteria"}
    Criterion.objects.create(
        school=cast.school, work=work, number=4, name="Из другой вкладки", maximum=2
    )
    client.post(address, sent)
    assert work.criteria.count() == 4


def test_points_are_for_pupils_of_the_group_only(cast: Cast, client_of: Any, work: Work) -> None:
    client, address = client_of("maria"), address_of(cast, work)
    criterion = work.criteria.order_by("number").first()
    kolya = {f"p_{criterion.pk}_{cast.pupils['kolya'].pk}": "5"}
    said = client.post(address, kolya, follow=True)
    assert "не учился в этой группе" in said.content.decode()
    assert not CriterionPoints.objects.exists()


def test_a_form_that_is_old_takes_nothing_of_what_others_wrote(
    cast: Cast, client_of: Any, work: Work
) -> None:
    client, address = client_of("maria"), address_of(cast, work)
    first, second, _ = work.criteria.order_by("number")
    sent = fields(client, address, 1) | {"step": "points"}
    give(cast, work, "olya", 1, 2, 3)
    sent[f"p_{first.pk}_{cast.pupils['petya'].pk}"] = "4"
    client.post(address, sent)
    assert points_of(cast, "olya") == {"Ход решения": 1, "Ответ": 2, "Оформление": 3}
    assert points_of(cast, "petya") == {"Ход решения": 4}
    sent[f"p_{second.pk}_{cast.pupils['olya'].pk}"] = "5"
    said = client.post(address, sent, follow=True)
    assert "изменили, пока вы работали" in said.content.decode()
    assert points_of(cast, "olya")["Ответ"] == 2


def test_a_mark_that_came_meanwhile_is_not_replaced_by_the_proposed_one(
    cast: Cast, client_of: Any, work: Work
) -> None:
    Scale.objects.filter(school=cast.school, code="five").update(by_points={"5": 90, "2": 0})
    give(cast, work, "olya", 5, 5, 5)
    client, address = client_of("maria"), address_of(cast, work)
    sent = fields(client, address, 1) | {"step": "marks"}
    one(cast, "maria", "4")
    said = client.post(address, sent, follow=True)
    assert "изменили, пока вы работали" in said.content.decode()
    assert Mark.objects.get(pupil=cast.pupils["olya"]).value == "4"


def test_a_class_teacher_sees_points_and_forecasts_of_his_own_pupils_of_a_stream(
    cast: Cast, client_of: Any, work: Work
) -> None:
    stream = StudyGroup.objects.create(
        school=cast.school, year=YEAR, kind="stream", name="Поток", grade_level=7
    )
    for name in ("olya", "kolya"):
        Membership.objects.create(
            school=cast.school, group=stream, pupil=cast.pupils[name], since=TODAY
        )
    Course.objects.filter(pk=cast.courses["algebra"].pk).update(group=stream)
    for page in (
        address_of(cast, work),
        reverse("journal:forecast", args=[cast.courses["algebra"].pk]),
    ):
        led = client_of("ivan").get(page).content.decode()
        assert "Николай" not in led
        assert "Ёлкин " not in led
        assert "Ёлкина" in led
        assert "Ёлкин " in client_of("maria").get(page).content.decode()


def test_what_the_database_cannot_store_is_left_out(cast: Cast, client_of: Any, work: Work) -> None:
    client, address = client_of("maria"), address_of(cast, work)
    sent = {"step": "criteria", "name": "\0Вывод\0", "maximum": "3"}
    assert client.post(address, sent).status_code == 302
    assert work.criteria.filter(name="Вывод", number=4).exists()
    assert client.post(address, {"step": "marks", "reason": "\0"}).status_code == 302

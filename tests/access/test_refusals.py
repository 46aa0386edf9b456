"""The service is refused to strangers only, with a ground and an answer (G2.3)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from access.models import ServiceRefusal
from regulation.registry import State, check_of
from tests.cast import NOW, TODAY, Cast

PAGE = reverse("access:refusals")
FORM = {
    "applicant": "Посторонний П. П.",
    "applied_on": TODAY.isoformat(),
    "ground": "не представитель",
}


@pytest.mark.clause("G2.3")
def test_a_refusal_is_recorded_with_its_ground_and_answered(cast: Cast, client_of: Any) -> None:
    client = client_of("head")
    assert client.post(PAGE, FORM).status_code == 302
    refusal = ServiceRefusal.objects.get()
    assert (refusal.school_id, refusal.ground, refusal.answered_at) == (
        cast.school.pk,
        "не представитель",
        None,
    )
    check = check_of("G2.3")
    assert check is not None
    assert check(cast.school, now=NOW).state == State.NOT_YET_DUE
    assert check(cast.school, now=NOW + timedelta(days=30)).state == State.BROKEN
    answer = reverse("access:refusal_answered", args=[refusal.pk])
    assert client.post(answer).status_code == 302
    assert client.post(answer).status_code == 409
    refusal.refresh_from_db()
    assert refusal.answered_by_id == cast.users["head"].pk
    assert check(cast.school, now=NOW).state == State.KEPT
    assert "Посторонний П. П." in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("name", "status"), [("secretary", 403), ("nina", 403), ("maria", 403), ("olya", 404)]
)
def test_who_does_not_refuse(cast: Cast, client_of: Any, name: str, status: int) -> None:
    assert client_of(name).post(PAGE, FORM).status_code == status
    assert ServiceRefusal.objects.count() == 0


def test_an_empty_ground_and_a_day_to_come_are_refused(cast: Cast, client_of: Any) -> None:
    client = client_of("head")
    assert client.post(PAGE, FORM | {"ground": ""}).status_code == 422
    later = (TODAY + timedelta(days=1)).isoformat()
    assert client.post(PAGE, FORM | {"applied_on": later}).status_code == 422
    assert ServiceRefusal.objects.count() == 0


def test_another_schools_refusal_does_not_exist(cast: Cast, client_of: Any) -> None:
    refusal = ServiceRefusal.objects.create(
        school=cast.school, applicant="Посторонний", applied_on=TODAY, ground="не представитель"
    )
    answer = reverse("access:refusal_answered", args=[refusal.pk])
    assert client_of("other_head").post(answer).status_code == 404
    assert client_of("secretary").post(answer).status_code == 403

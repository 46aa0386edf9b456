"""/verify/<code>: genuine or not, and nothing personal."""

from typing import Any

from django.test import Client
from django.urls import reverse

from printouts.models import Extract
from tests.cast import MONDAY, NOW, Cast


def printed(cast: Cast) -> Extract:
    return Extract.objects.create(
        school=cast.school, pupil=cast.pupils["vitya"], week=MONDAY, code="K7QM2XFD9RTA", version="v", pages=2,
        printed_at=NOW,
    )  # fmt: skip


def test_anybody_learns_that_a_document_is_genuine_and_nothing_personal(cast: Cast) -> None:
    extract = printed(cast)
    page = Client().get(reverse("verify:extract", args=[extract.code]))
    text = page.content.decode()
    assert page.status_code == 200
    for word in (
        "Средняя школа № 1",
        "16–21\u00a0ноября 2026",
        "18\u00a0ноября 2026",
        "2\u00a0страницы",
    ):
        assert word in text, word
    for secret in ("Сидоров", "Виктор", "7А", str(extract.pupil_id)):
        assert secret not in text, secret


def test_the_code_is_read_as_it_is_typed(cast: Cast) -> None:
    printed(cast)
    assert Client().get("/verify/k7qm-2xfd-9rta").status_code == 200
    answer = Client().get(reverse("verify:form"), {"code": "k7qm 2xfd 9rta"})
    assert answer.url == "/verify/K7QM2XFD9RTA"


def test_an_unknown_code_is_said_to_be_unknown(cast: Cast) -> None:
    for code in ("K7QM2XFD9RTB", "х", "0" * 300, "'; SELECT 1"):
        page = Client().get(f"/verify/{code}")
        assert page.status_code == 404
        assert "ничего не печатала" in page.content.decode()
    assert Client().get(reverse("verify:form"), {"code": "12"}).status_code == 422
    assert Client().get(reverse("verify:form")).status_code == 200


def test_people_of_another_school_may_verify_too(cast: Cast, client_of: Any) -> None:
    extract = printed(cast)
    assert (
        client_of("other_guardian").get(reverse("verify:extract", args=[extract.code])).status_code
        == 200
    )

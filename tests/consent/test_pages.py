"""The register's pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consent.models import Contact, Decision, DeliveryDeclaration
from people.models import Restriction
from regulation.actions import adopt
from tests.cast import SEPTEMBER, TODAY, Cast

REGISTER = reverse("consent:register")


def rows(html: str) -> int:
    return html.count('<th scope="row">')


@pytest.mark.parametrize(
    ("name", "status"),
    [("secretary", 200), ("head", 200), ("nina", 200), ("ivan", 200), ("maria", 403), ("olya_mother", 404),
     ("olya", 404), ("admin", 403)],
)  # fmt: skip
def test_who_opens_the_register(cast: Cast, client_of: Any, name: str, status: int) -> None:
    assert client_of(name).get(REGISTER).status_code == status


def test_the_office_sees_the_school_and_the_class_teacher_the_class(
    cast: Cast, client_of: Any
) -> None:
    office = client_of("secretary").get(REGISTER).content.decode()
    teacher = client_of("ivan").get(REGISTER).content.decode()
    assert rows(office) == 6
    assert rows(teacher) == 5
    assert "Чужая" not in office
    assert "Николай" in office
    assert "Николай" not in teacher


@pytest.mark.parametrize(
    ("state", "names"),
    [("consent", 4), ("refusal", 1), ("none", 1), ("overdue", 1)],
)
def test_the_register_is_narrowed_by_the_decision(
    cast: Cast, client_of: Any, state: str, names: int
) -> None:
    html = client_of("secretary").get(REGISTER, {"state": state}).content.decode()
    assert rows(html) == names


@pytest.fixture
def timurs_mother_is_limited(cast: Cast) -> None:
    Restriction.objects.create(
        school=cast.school,
        guardianship=cast.guardianships["no_consent", "timur"],
        act_number="2-1187/2026",
        act_date=SEPTEMBER,
        since=SEPTEMBER,
    )


@pytest.mark.clause("U8")
def test_whom_a_court_limits_is_in_no_count_but_her_own(
    cast: Cast, client_of: Any, timurs_mother_is_limited: None
) -> None:
    browser = client_of("secretary")
    counted = {
        state: rows(browser.get(REGISTER, {"state": state}).content.decode())
        for state in ("", "none", "overdue", "restricted")
    }
    assert counted == {"": 5, "none": 0, "overdue": 0, "restricted": 1}
    html = browser.get(REGISTER, {"state": "restricted"}).content.decode()
    assert "Тихонова Вера" in html
    assert "ограничено судом" in html
    assert "Срок прошёл" not in html


@pytest.mark.clause("U8")
def test_the_familys_page_names_the_courts_act_and_offers_no_form(
    cast: Cast, client_of: Any, timurs_mother_is_limited: None
) -> None:
    tie = cast.guardianships["no_consent", "timur"]
    url = reverse("consent:decide", args=[tie.pk])
    html = client_of("secretary").get(url).content.decode()
    assert "№ 2-1187/2026 от 1\xa0сентября 2026" in html.replace("&nbsp;", "\xa0")
    assert "Записать решение" not in html
    assert "Записать заявление" not in html
    Restriction.objects.update(until=TODAY - timedelta(days=1))
    html = client_of("secretary").get(url).content.decode()
    assert "2-1187/2026" not in html
    assert "Записать решение" in html


def test_the_register_is_narrowed_by_class(cast: Cast, client_of: Any) -> None:
    fifth = cast.classes["5Б"].pk
    assert rows(client_of("secretary").get(REGISTER, {"class": fifth}).content.decode()) == 1


def test_the_deadline_is_the_regulations(cast: Cast, client_of: Any) -> None:
    adopt(
        by=None,
        school=cast.school,
        profile="g",
        since=SEPTEMBER,
        parameters={"consent_deadline_days": 100},
    )
    html = client_of("secretary").get(REGISTER, {"state": "overdue"}).content.decode()
    assert rows(html) == 0
    assert "до 10.12.2026" in client_of("secretary").get(REGISTER).content.decode()


def test_the_register_reads_a_fixed_number_of_statements(cast: Cast, client_of: Any) -> None:
    client = client_of("secretary")
    counts = []
    for params in ({}, {"class": str(cast.classes["5Б"].pk)}):
        with CaptureQueriesContext(connection) as captured:
            client.get(REGISTER, params)
        counts.append(len(captured))
    assert max(counts) <= 14
    assert counts[0] - counts[1] <= 0


@pytest.mark.clause("T1")
def test_a_consent_is_registered_on_the_page(cast: Cast, client_of: Any) -> None:
    tie = cast.guardianships["no_consent", "timur"]
    url = reverse("consent:decide", args=[tie.pk])
    client = client_of("ivan")
    assert client.get(url).status_code == 200
    answer = client.post(
        url,
        {"purpose": "diary", "kind": "consent", "decided_on": "2026-11-17", "form": "paper"},
        follow=True,
    )
    assert "Записано: согласие" in answer.content.decode()
    assert Decision.objects.filter(subject=tie.pupil_id, kind="consent").count() == 1


def test_an_older_paper_says_what_stands_above_it(cast: Cast, client_of: Any) -> None:
    tie = cast.guardianships["petya_father", "petya"]
    answer = client_of("ivan").post(
        reverse("consent:decide", args=[tie.pk]),
        {"purpose": "diary", "kind": "refusal", "decided_on": "2026-08-20", "form": "paper"},
        follow=True,
    )
    words = answer.content.decode()
    assert "Записано в историю: отказ от 20.08.2026." in words
    assert "Действует более позднее решение: согласие от 01.09.2026." in words


def test_an_empty_form_is_answered_with_its_errors(cast: Cast, client_of: Any) -> None:
    tie = cast.guardianships["no_consent", "timur"]
    answer = client_of("ivan").post(reverse("consent:decide", args=[tie.pk]), {"kind": ""})
    assert answer.status_code == 422
    assert Decision.objects.filter(subject=tie.pupil_id).count() == 0


def test_a_future_paper_is_refused_with_a_sentence(cast: Cast, client_of: Any) -> None:
    tie = cast.guardianships["no_consent", "timur"]
    answer = client_of("ivan").post(
        reverse("consent:decide", args=[tie.pk]),
        {"purpose": "diary", "kind": "consent", "decided_on": "2027-01-01", "form": "paper"},
    )
    assert answer.status_code == 422
    assert "ещё не наступила" in answer.content.decode()


def test_a_declaration_is_registered_on_the_page(cast: Cast, client_of: Any) -> None:
    tie = cast.guardianships["petya_father", "petya"]
    url = reverse("consent:declare", args=[tie.pk])
    client = client_of("secretary")
    refused = client.post(url, {"form": "paper", "declared_on": TODAY.isoformat()})
    assert refused.status_code == 422
    client.post(
        url, {"form": "paper", "declared_on": TODAY.isoformat(), "ground": "нет компьютера"}
    )
    assert DeliveryDeclaration.objects.get(pupil=tie.pupil_id).ground == "нет компьютера"


@pytest.mark.parametrize(
    ("name", "status"),
    [("stranger", 404), ("other_head", 404), ("maria", 404), ("petya", 404), ("petya_father", 404),
     ("admin", 403)],
)  # fmt: skip
def test_strangers_do_not_find_the_family_and_readers_are_refused(
    cast: Cast, client_of: Any, name: str, status: int
) -> None:
    tie = cast.guardianships["petya_father", "petya"]
    for page in ("consent:decide", "consent:declare"):
        assert client_of(name).get(reverse(page, args=[tie.pk])).status_code == status
    assert (
        client_of(name).get(reverse("consent:contacts", args=[tie.guardian_id])).status_code
        == status
    )


@pytest.mark.clause("T7", "K3", "G2.9", "S8")
def test_a_contact_knows_its_origin_and_whether_it_was_verified(cast: Cast, client_of: Any) -> None:
    person = cast.people["petya_father"]
    url = reverse("consent:contacts", args=[person.pk])
    client = client_of("ivan")
    form = {"kind": "phone", "value": "8 900 000-00-01", "origin": "written", "given_on": "2026-11-17",
            "document": "заявление", "uses": ["urgent"]}  # fmt: skip
    assert client.post(url, form).status_code == 302
    contact = Contact.objects.get(person=person, kind="phone")
    assert (contact.value, contact.origin, contact.verified_at) == ("+79000000001", "written", None)
    client.post(reverse("consent:contact_verified", args=[contact.pk]))
    contact.refresh_from_db()
    assert contact.verified_at is not None
    assert "уже записан" in client.post(url, form).content.decode()
    client.post(reverse("contacts:end", args=[contact.pk]))
    assert list(Contact.objects.filter(person=person, kind="phone").in_use()) == []


def test_a_contact_by_document_needs_the_regulations_leave(cast: Cast, client_of: Any) -> None:
    url = reverse("consent:contacts", args=[cast.people["petya_father"].pk])
    form = {"kind": "email", "value": "a@example.org", "origin": "document", "given_on": "2026-11-17",
            "uses": ["digest"]}  # fmt: skip
    assert client_of("ivan").post(url, form).status_code == 422
    adopt(by=None, school=cast.school, profile="t", since=SEPTEMBER)
    assert client_of("ivan").post(url, form).status_code == 302


def test_a_broken_contact_is_answered_with_a_sentence(cast: Cast, client_of: Any) -> None:
    url = reverse("consent:contacts", args=[cast.people["petya_father"].pk])
    for kind, value in (("email", "почта"), ("phone", "12")):
        form = {
            "kind": kind,
            "value": value,
            "origin": "written",
            "given_on": "2026-11-17",
            "uses": ["digest"],
        }
        assert client_of("ivan").post(url, form).status_code == 422

"""Who signs, by the pupil's age: the guardian, the pupil beside her, the pupil alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from consent.actions import register_decision
from consent.errors import NotARepresentative
from consent.models import Decision, DecisionKind, DeliveryForm
from consent.queries import delivery_of
from people.models import Guardianship, Person, Pupil, Setting, User
from regulation.registry import State
from tests.cast import NOW, SEPTEMBER, TODAY, Cast
from tests.control.test_clauses import judge

REGISTER = reverse("consent:register")


def decide(cast: Cast, signer: str, pupil: str, kind: str, minutes: int = 0) -> Decision:
    return register_decision(
        by=cast.user("secretary"),
        signer=Person.objects.get(pk=cast.people[signer].pk),
        subject=Pupil.objects.get(pk=cast.pupils[pupil].pk),
        kind=DecisionKind(kind),
        decided_on=TODAY,
        now=NOW + timedelta(minutes=minutes),
    )


def turns(cast: Cast, pupil: str, years: int, day: date = TODAY) -> None:
    """Make the pupil so many years old on the day."""
    born = day.replace(year=day.year - years)
    Person.objects.filter(pk=cast.people[pupil].pk).update(birth_date=born)


def reads(cast: Cast, user: str, pupil: str) -> bool:
    found = User.objects.get(pk=cast.users[user].pk)
    return Pupil.objects.visible_to(found).filter(pk=cast.pupils[pupil].pk).exists()


@pytest.mark.clause("T1")
def test_before_the_age_the_guardian_decides_alone(cast: Cast) -> None:
    turns(cast, "timur", 14, TODAY + timedelta(days=1))
    with pytest.raises(NotARepresentative):
        decide(cast, "timur", "timur", "consent")
    decide(cast, "no_consent", "timur", "consent")
    assert (reads(cast, "no_consent", "timur"), reads(cast, "timur", "timur")) == (True, True)


@pytest.mark.clause("T1", "G2.2b")
@pytest.mark.parametrize("first", ["no_consent", "timur"])
def test_from_14_the_pupils_account_opens_with_both_signatures(cast: Cast, first: str) -> None:
    turns(cast, "timur", 14)
    second = "timur" if first == "no_consent" else "no_consent"
    decide(cast, first, "timur", "consent")
    assert reads(cast, "no_consent", "timur") == (first == "no_consent")
    assert not reads(cast, "timur", "timur")
    decide(cast, second, "timur", "consent", 1)
    assert reads(cast, "no_consent", "timur")
    assert reads(cast, "timur", "timur")


@pytest.mark.parametrize("kind", ["refusal", "withdrawal"])
def test_from_14_the_pupil_closes_his_own_account_and_no_guardians(cast: Cast, kind: str) -> None:
    turns(cast, "petya", 15)
    decide(cast, "petya", "petya", "consent")
    decide(cast, "petya", "petya", kind, 1)
    assert not reads(cast, "petya", "petya")
    assert reads(cast, "petya_father", "petya")


def test_a_birthday_closes_nothing(cast: Cast) -> None:
    for years in (14, 18):
        turns(cast, "petya", years)
        assert reads(cast, "petya", "petya")
        assert reads(cast, "petya_father", "petya")
        decide(cast, "petya_father", "petya", "consent", years)
        assert reads(cast, "petya", "petya")
        assert reads(cast, "petya_father", "petya")


@pytest.mark.clause("T1", "G2.2b")
def test_from_18_the_pupil_decides_alone_and_guardians_need_his_consent(cast: Cast) -> None:
    turns(cast, "timur", 18)
    decide(cast, "no_consent", "timur", "consent")
    assert not reads(cast, "no_consent", "timur")
    assert not reads(cast, "timur", "timur")
    decide(cast, "timur", "timur", "consent", 1)
    assert reads(cast, "no_consent", "timur")
    assert reads(cast, "timur", "timur")
    decide(cast, "no_consent", "timur", "withdrawal", 2)
    assert not reads(cast, "no_consent", "timur")
    assert reads(cast, "timur", "timur"), "he decides about his own account alone"


@pytest.mark.clause("G2.6a")
def test_a_grown_pupil_who_withdraws_closes_every_guardian_and_puts_them_on_paper(
    cast: Cast,
) -> None:
    turns(cast, "olya", 18)
    decide(cast, "olya", "olya", "consent")
    decide(cast, "olya", "olya", "withdrawal", 1)
    for name in ("olya", "olya_mother", "olya_father"):
        assert not reads(cast, name, "olya"), name
    assert reads(cast, "olya_mother", "kolya"), "her other child's diary stays open"
    olya = cast.pupils["olya"].pk
    forms = delivery_of([olya], TODAY)
    assert set(forms.values()) == {DeliveryForm.PAPER}
    assert len(forms) == 2


def test_his_consent_opens_no_guardian_who_refused_or_has_not_decided(cast: Cast) -> None:
    turns(cast, "timur", 18)
    turns(cast, "vitya", 18)
    decide(cast, "timur", "timur", "consent")
    decide(cast, "vitya", "vitya", "consent")
    assert not reads(cast, "no_consent", "timur")
    assert not reads(cast, "vitya_mother", "vitya")


def test_the_ages_are_dated_settings_of_the_school(cast: Cast) -> None:
    turns(cast, "timur", 14)
    Setting.objects.create(school=cast.school, key="consent_age_beside", value=15, since=SEPTEMBER)
    with pytest.raises(NotARepresentative):
        decide(cast, "timur", "timur", "consent")
    Setting.objects.filter(key="consent_age_beside").update(until=TODAY - timedelta(days=1))
    decide(cast, "timur", "timur", "consent")


@pytest.mark.parametrize("value", ["пятнадцать", True, [], -1, 15.5])
def test_a_setting_that_is_no_age_leaves_the_default(cast: Cast, value: Any) -> None:
    turns(cast, "timur", 14)
    for key in ("consent_age_beside", "consent_age_alone"):
        Setting.objects.create(school=cast.school, key=key, value=value, since=SEPTEMBER)
    decide(cast, "timur", "timur", "consent")
    assert delivery_of([cast.pupils["petya"].pk], TODAY)


@pytest.mark.clause("T1")
def test_the_register_names_the_missing_signature(cast: Cast, client_of: Any) -> None:
    turns(cast, "petya", 14)
    office = client_of("secretary")
    html = office.get(REGISTER, {"state": "unsigned"}).content.decode()
    assert html.count("не хватает подписи ученика") == 1
    assert html.count('<th scope="row">') == 1
    assert "Петров Пётр" in html
    decide(cast, "petya", "petya", "consent")
    html = office.get(REGISTER).content.decode()
    assert "не хватает подписи" not in html
    assert "ученик: согласие" in html


@pytest.mark.clause("T1")
def test_after_the_18th_birthday_the_register_lists_whose_access_hangs(
    cast: Cast, client_of: Any
) -> None:
    office = client_of("secretary")
    assert "state=hanging" not in office.get(REGISTER).content.decode()
    turns(cast, "petya", 18)
    assert "Доступ без решения ученика" in office.get(REGISTER).content.decode()
    html = office.get(REGISTER, {"state": "hanging"}).content.decode()
    assert html.count('<th scope="row">') == 1
    assert "решает ученик, его решения нет" in html
    decide(cast, "petya", "petya", "refusal")
    assert "Доступ без решения ученика" not in office.get(REGISTER).content.decode()
    assert not reads(cast, "petya_father", "petya")


@pytest.mark.clause("T1", "G2.2b")
def test_who_decides_alone_answers_for_his_guardians(cast: Cast) -> None:
    turns(cast, "timur", 18)
    assert judge(cast, "T1").state == State.BROKEN
    decide(cast, "timur", "timur", "refusal")
    assert judge(cast, "T1").state == State.KEPT
    decide(cast, "no_consent", "timur", "consent", 1)
    assert judge(cast, "G2.2b").state == State.KEPT, "shut by the pupil's word, not by delay"


@pytest.mark.clause("T1")
def test_the_pupils_own_paper_is_registered_on_the_familys_page(cast: Cast, client_of: Any) -> None:
    tie = cast.guardianships["petya_father", "petya"]
    url = reverse("consent:decide", args=[tie.pk])
    sent = {
        "purpose": "diary",
        "kind": "refusal",
        "decided_on": TODAY.isoformat(),
        "form": "paper",
        "signer": "pupil",
    }
    office = client_of("secretary")
    assert "Кто подписал" not in office.get(url).content.decode()
    office.post(url, sent)
    made = Decision.objects.latest("registered_at")
    assert made.signer_id == tie.guardian_id, "a child's signature is not asked for"
    turns(cast, "petya", 14)
    assert "Кто подписал" in office.get(url).content.decode()
    office.post(url, sent)
    made = Decision.objects.latest("registered_at")
    assert made.signer_id == cast.people["petya"].pk
    assert "подписал" in office.get(url).content.decode()


def test_a_guardian_limited_by_a_court_opens_no_pupils_account(cast: Cast) -> None:
    Guardianship.objects.filter(pk=cast.guardianships["petya_father", "petya"].pk).update(
        until=TODAY - timedelta(days=1)
    )
    turns(cast, "petya", 14)
    decide(cast, "petya", "petya", "consent")
    assert not reads(cast, "petya", "petya")

"""In which form each guardian is informed: declared, implied by the decision, never nothing."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import Forbidden
from consent.actions import declare_delivery
from consent.errors import NotARepresentative, SubstituteNotAllowed
from consent.models import DeliveryDeclaration, DeliveryForm
from consent.queries import delivery_of
from people.models import Restriction
from regulation.actions import adopt
from tests.cast import NOW, SEPTEMBER, TODAY, Cast


def declare(
    cast: Cast, guardian: str, pupil: str, form: str, by: str = "ivan", **more: object
) -> DeliveryDeclaration:
    return declare_delivery(
        by=cast.user(by),
        guardian=cast.people[guardian],
        pupil=cast.pupils[pupil],
        form=DeliveryForm(form),
        **({"declared_on": TODAY, "now": NOW, "ground": "нет интернета"} | more),
    )


@pytest.mark.clause("K1a", "G2.6a", "S5a")
def test_a_declaration_stands_apart_from_consent_with_ground_and_date(cast: Cast) -> None:
    made = declare(cast, "petya_father", "petya", "paper")
    pair = (cast.people["petya_father"].pk, cast.pupils["petya"].pk)
    assert (made.ground, made.declared_on, made.registered_by_id) == (
        "нет интернета",
        TODAY,
        cast.users["ivan"].pk,
    )
    assert delivery_of([pair[1]], TODAY) == {pair: DeliveryForm.PAPER}
    tie = cast.guardianships["petya_father", "petya"]
    tie.refresh_from_db()
    assert tie.open_until is None, "paper does not close the diary"


def test_the_last_declaration_counts(cast: Cast) -> None:
    declare(cast, "petya_father", "petya", "paper")
    declare(cast, "petya_father", "petya", "electronic", now=NOW + timedelta(minutes=1))
    pair = (cast.people["petya_father"].pk, cast.pupils["petya"].pk)
    assert delivery_of([pair[1]], TODAY)[pair] == DeliveryForm.ELECTRONIC


def test_electronic_without_consent_means_paper(cast: Cast) -> None:
    declare(cast, "vitya_mother", "vitya", "electronic")
    pair = (cast.people["vitya_mother"].pk, cast.pupils["vitya"].pk)
    assert delivery_of([pair[1]], TODAY)[pair] == DeliveryForm.PAPER


def test_a_family_that_decided_nothing_gets_paper_and_a_second_silent_parent_is_left_out(
    cast: Cast,
) -> None:
    timur, olya = cast.pupils["timur"].pk, cast.pupils["olya"].pk
    found = delivery_of([timur, olya], date(2026, 8, 1))
    assert found == {}, "nobody represents anybody yet"
    found = delivery_of([timur], TODAY)
    assert found == {(cast.people["no_consent"].pk, timur): DeliveryForm.PAPER}


def test_a_guardian_limited_by_a_court_gets_nothing(cast: Cast) -> None:
    Restriction.objects.create(
        school=cast.school,
        guardianship=cast.guardianships["olya_father", "olya"],
        act_number="2-100/2026",
        act_date=SEPTEMBER,
        since=SEPTEMBER,
    )
    olya = cast.pupils["olya"].pk
    assert delivery_of([olya], TODAY) == {
        (cast.people["olya_mother"].pk, olya): DeliveryForm.ELECTRONIC
    }


def test_a_class_costs_one_statement_whatever_its_size(cast: Cast) -> None:
    for names in (["olya"], ["olya", "petya", "vitya", "timur", "kolya"]):
        with CaptureQueriesContext(connection) as captured:
            delivery_of([cast.pupils[name].pk for name in names], TODAY)
        assert len(captured) == 1


@pytest.mark.parametrize(
    ("profile", "substitute", "allowed"),
    [
        ("k", "sferum", True),
        ("k", "paper_diary", False),
        ("g", "paper_diary", True),
        ("strictest", "sms", False),
    ],
)
def test_the_regulation_says_what_may_replace_the_printout(
    cast: Cast, profile: str, substitute: str, allowed: bool
) -> None:
    adopt(by=None, school=cast.school, profile=profile, since=SEPTEMBER)
    if allowed:
        made = declare(cast, "petya_father", "petya", "substitute", substitute=substitute)
        assert made.substitute == substitute
        return
    with pytest.raises(SubstituteNotAllowed):
        declare(cast, "petya_father", "petya", "substitute", substitute=substitute)


def test_a_stranger_is_refused(cast: Cast) -> None:
    with pytest.raises(NotARepresentative):
        declare(cast, "petya_father", "olya", "paper")
    with pytest.raises(Forbidden):
        declare(cast, "petya_father", "petya", "paper", by="stranger")

"""Consent opens the diary, refusal and withdrawal close it at once and put the family on paper."""

from datetime import date, timedelta

import pytest

from common.errors import Forbidden
from consent.actions import register_decision
from consent.enums import PurposeCode
from consent.errors import (
    DecidedInFuture,
    NotARepresentative,
    NothingToWithdraw,
    SchoolingEnded,
)
from consent.models import Decision, DecisionKind, DeliveryForm
from consent.queries import delivery_of
from people.models import Guardianship, Person, Pupil, User
from school.models import Enrolment
from tests.cast import NOW, TODAY, Cast

YESTERDAY = TODAY - timedelta(days=1)


def decide(
    cast: Cast, guardian: str, pupil: str, kind: str, by: str = "secretary", **more: object
) -> Decision:
    return register_decision(
        by=cast.user(by),
        signer=cast.people[guardian],
        subject=cast.pupils[pupil],
        kind=DecisionKind(kind),
        **({"decided_on": TODAY, "now": NOW} | more),
    )


def tie(cast: Cast, guardian: str, pupil: str) -> Guardianship:
    return Guardianship.objects.get(pk=cast.guardianships[guardian, pupil].pk)


def reads(user: User, pupil: Pupil) -> bool:
    user = User.objects.get(pk=user.pk)
    return Pupil.objects.visible_to(user).filter(pk=pupil.pk).exists()


@pytest.mark.clause("T1", "G2.2b", "G2.10.1a")
def test_consent_opens_the_diary_to_guardian_and_pupil_from_today(cast: Cast) -> None:
    assert not reads(cast.users["no_consent"], cast.pupils["timur"])
    assert not reads(cast.users["timur"], cast.pupils["timur"])
    decision = decide(cast, "no_consent", "timur", "consent", decided_on=TODAY - timedelta(days=3))
    assert (decision.registered_by_id, decision.registered_at) == (cast.users["secretary"].pk, NOW)
    assert tie(cast, "no_consent", "timur").open_from == TODAY
    assert reads(cast.users["no_consent"], cast.pupils["timur"])
    assert reads(cast.users["timur"], cast.pupils["timur"])


@pytest.mark.clause("T1")
def test_refusal_is_a_record_of_its_own_and_closes_at_once(cast: Cast) -> None:
    decide(cast, "petya_father", "petya", "refusal")
    assert tie(cast, "petya_father", "petya").open_until == YESTERDAY
    assert not reads(cast.users["petya_father"], cast.pupils["petya"])
    assert not reads(cast.users["petya"], cast.pupils["petya"])
    kinds = Decision.objects.filter(subject=cast.pupils["petya"]).latest_first()
    assert [each.kind for each in kinds] == ["refusal", "consent"]


def test_withdrawal_of_one_guardian_leaves_the_other_and_the_pupil(cast: Cast) -> None:
    decide(cast, "olya_father", "olya", "withdrawal")
    assert not reads(cast.users["olya_father"], cast.pupils["olya"])
    assert reads(cast.users["olya_mother"], cast.pupils["olya"])
    assert reads(cast.users["olya"], cast.pupils["olya"])


def test_consent_after_a_withdrawal_opens_again(cast: Cast) -> None:
    decide(cast, "petya_father", "petya", "withdrawal")
    decide(cast, "petya_father", "petya", "consent", now=NOW + timedelta(hours=1))
    assert (
        tie(cast, "petya_father", "petya").open_from,
        tie(cast, "petya_father", "petya").open_until,
    ) == (
        TODAY,
        None,
    )
    assert reads(cast.users["petya_father"], cast.pupils["petya"])


def test_a_late_entered_older_paper_does_not_override_a_newer_one(cast: Cast) -> None:
    decide(cast, "petya_father", "petya", "refusal", decided_on=date(2026, 8, 20))
    assert reads(cast.users["petya_father"], cast.pupils["petya"])


def test_consent_for_another_purpose_does_not_open_the_diary(cast: Cast) -> None:
    decide(cast, "no_consent", "timur", "consent", purpose=PurposeCode.SMS)
    assert not reads(cast.users["no_consent"], cast.pupils["timur"])


@pytest.mark.parametrize(
    ("guardian", "pupil", "kind", "more", "refusal"),
    [
        ("petya_father", "olya", "consent", {}, NotARepresentative),
        ("olya", "olya", "consent", {}, NotARepresentative),
        (
            "petya_father",
            "petya",
            "consent",
            {"decided_on": TODAY + timedelta(days=1)},
            DecidedInFuture,
        ),
        ("vitya_mother", "vitya", "withdrawal", {}, NothingToWithdraw),
        ("petya_father", "petya", "consent", {"by": "maria"}, Forbidden),
        ("petya_father", "petya", "consent", {"by": "petya_father"}, Forbidden),
        ("petya_father", "petya", "consent", {"by": "other_head"}, Forbidden),
        ("petya_father", "petya", "consent", {"by": "admin"}, Forbidden),
        ("olya_mother", "kolya", "consent", {"by": "ivan"}, Forbidden),
    ],
)
def test_what_is_refused(
    cast: Cast,
    guardian: str,
    pupil: str,
    kind: str,
    more: dict[str, object],
    refusal: type[Exception],
) -> None:
    before = Decision.objects.count()
    with pytest.raises(refusal):
        decide(cast, guardian, pupil, kind, **more)
    assert Decision.objects.count() == before


def test_a_grown_pupil_decides_herself(cast: Cast) -> None:
    Person.objects.filter(pk=cast.people["timur"].pk).update(birth_date=date(2008, 11, 18))
    cast.people["timur"].refresh_from_db()
    decide(cast, "timur", "timur", "consent")
    assert reads(cast.users["timur"], cast.pupils["timur"])


def test_the_class_teacher_registers_for_her_own_class(cast: Cast) -> None:
    decide(cast, "no_consent", "timur", "consent", by="ivan")
    assert reads(cast.users["no_consent"], cast.pupils["timur"])


def test_after_schooling_ended_no_consent_opens_the_diary(cast: Cast) -> None:
    Enrolment.objects.filter(pupil=cast.pupils["timur"]).update(until=YESTERDAY)
    with pytest.raises(SchoolingEnded):
        decide(cast, "no_consent", "timur", "consent")


@pytest.mark.clause("G2.10.2")
def test_refusal_puts_the_family_on_paper_with_no_gap(cast: Cast) -> None:
    father, petya = cast.people["petya_father"].pk, cast.pupils["petya"].pk
    assert delivery_of([petya], TODAY) == {(father, petya): DeliveryForm.ELECTRONIC}
    decide(cast, "petya_father", "petya", "refusal")
    assert delivery_of([petya], TODAY) == {(father, petya): DeliveryForm.PAPER}
    assert delivery_of([petya], YESTERDAY) == {(father, petya): DeliveryForm.ELECTRONIC}


def test_nothing_is_withdrawn_before_it_was_given(cast: Cast) -> None:
    decide(cast, "no_consent", "timur", "consent")
    with pytest.raises(NothingToWithdraw):
        decide(cast, "no_consent", "timur", "withdrawal", decided_on=YESTERDAY)
    assert reads(cast.users["no_consent"], cast.pupils["timur"])


def test_an_older_paper_does_not_open_what_the_end_of_schooling_closed(cast: Cast) -> None:
    closed = Guardianship.objects.filter(pk=cast.guardianships["petya_father", "petya"].pk)
    closed.update(open_until=YESTERDAY)
    decide(cast, "petya_father", "petya", "refusal", decided_on=date(2026, 8, 20))
    assert tie(cast, "petya_father", "petya").open_until == YESTERDAY
    assert not reads(cast.users["petya_father"], cast.pupils["petya"])

"""A withdrawal ends access and channels at once, begins the term of destruction, and leaves no gap."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from common.errors import Forbidden
from consent.actions import end_application, note_destroyed, register_decision
from consent.enums import PurposeCode
from consent.errors import AlreadyDestroyed, ConsentGivenAgain, NothingNamed
from consent.models import Application, Contact, Decision, DecisionKind, DeliveryForm, Destruction
from consent.queries import delivery_of
from people.models import Guardianship, Pupil, Setting, User
from people.scope import scope
from school.models import Enrolment
from tests.cast import ALL_SCHOOLS, NOW, SEPTEMBER, TODAY, Cast

LIST = reverse("consent:destructions")


def decide(cast: Cast, signer: str, pupil: str, kind: str, **more: Any) -> Decision:
    return register_decision(
        by=cast.user("secretary"),
        signer=cast.people[signer],
        subject=cast.pupils[pupil],
        kind=DecisionKind(kind),
        **({"decided_on": TODAY, "now": NOW} | more),
    )


def contact(cast: Cast, name: str, kind: str, uses: list[str]) -> Contact:
    return Contact.objects.create(
        school=cast.school, person=cast.people[name], kind=kind, value=f"{kind} {name}",
        messenger="max" if kind == "messenger" else "", origin="written", given_on=SEPTEMBER, uses=uses,
    )  # fmt: skip


def uses(cast: Cast, name: str) -> list[list[str]]:
    kept = Contact.objects.filter(person=cast.people[name]).in_use().order_by("kind", "pk")
    return [each.uses for each in kept]


@pytest.mark.clause("K1a", "G2.6a", "S5a")
def test_withdrawal_closes_at_once_and_leaves_no_day_without_information(cast: Cast) -> None:
    pair = (cast.people["petya_father"].pk, cast.pupils["petya"].pk)
    decide(cast, "petya_father", "petya", "withdrawal")
    user = User.objects.get(pk=cast.users["petya_father"].pk)
    assert not Pupil.objects.visible_to(user).filter(pk=pair[1]).exists()
    forms = [delivery_of([pair[1]], TODAY - timedelta(days=days))[pair] for days in (1, 0)]
    assert forms == [DeliveryForm.ELECTRONIC, DeliveryForm.PAPER]


@pytest.mark.clause("G2.6a")
@pytest.mark.parametrize("kind", ["withdrawal", "refusal"])
def test_the_diarys_end_ends_digest_and_reminders(cast: Cast, kind: str) -> None:
    Contact.objects.filter(person=cast.people["petya_father"]).update(
        uses=["digest", "reminder", "urgent"]
    )
    decide(cast, "petya_father", "petya", kind)
    assert uses(cast, "petya_father") == [["urgent"]]


def test_a_contact_stays_in_use_while_she_consents_for_another_child(cast: Cast) -> None:
    decide(cast, "olya_mother", "olya", "withdrawal")
    assert uses(cast, "olya_mother") == [["digest"]]
    decide(cast, "olya_mother", "kolya", "withdrawal", now=NOW + timedelta(minutes=1))
    assert uses(cast, "olya_mother") == [[]]


@pytest.mark.parametrize("gone", ["schooling", "guardianship"])
def test_a_child_long_gone_keeps_no_contact_in_use(cast: Cast, gone: str) -> None:
    yesterday = TODAY - timedelta(days=1)
    if gone == "schooling":
        Enrolment.objects.filter(pupil=cast.pupils["kolya"]).update(until=yesterday)
    else:
        tie = cast.guardianships["olya_mother", "kolya"]
        Guardianship.objects.filter(pk=tie.pk).update(until=yesterday)
    decide(cast, "olya_mother", "olya", "withdrawal")
    assert uses(cast, "olya_mother") == [[]]


def test_the_holders_list_is_locked_before_her_contacts_are_changed(cast: Cast) -> None:
    contact(cast, "petya_father", "phone", ["urgent", "sms"])
    applied = Application.objects.create(
        school=cast.school, person=cast.people["petya_father"], service="sms", applied_on=SEPTEMBER
    )
    decide(cast, "petya_father", "petya", "consent", purpose=PurposeCode.SMS)
    with CaptureQueriesContext(connection) as withdrawn:
        decide(cast, "petya_father", "petya", "withdrawal", purpose=PurposeCode.SMS)
    Application.objects.filter(pk=applied.pk).update(until=None)
    Contact.objects.filter(person=cast.people["petya_father"], kind="phone").update(uses=["sms"])
    with CaptureQueriesContext(connection) as ended:
        end_application(by=cast.user("secretary"), application=applied, today=TODAY)
    for captured in (withdrawn, ended):
        assert _touched(captured) == ["people_person", "consent_contact", "consent_application"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_withdrawals_at_once_the_second_ends_the_uses(committed_cast: Cast) -> None:
    cast = committed_cast

    def withdraw(pupil: str) -> None:
        try:
            with scope(ALL_SCHOOLS):
                decide(cast, "olya_mother", pupil, "withdrawal")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(withdraw, ["olya", "kolya"]))
    with scope(ALL_SCHOOLS):
        assert uses(cast, "olya_mother") == [[]]


def _touched(captured: CaptureQueriesContext) -> list[str]:
    """The tables of the holder's things in the order in which their rows are locked or written."""
    found = []
    for each in captured.captured_queries:
        sql = each["sql"] or ""
        if sql.startswith("UPDATE"):
            found.append(sql.split('"')[1])
        elif "FOR UPDATE" in sql:
            found.append(sql.split(' FROM "')[1].split('"')[0])
    ours = {"people_person", "consent_contact", "consent_application"}
    return list(dict.fromkeys(table for table in found if table in ours))


@pytest.mark.clause("T1")
def test_each_purpose_ends_its_own_channel(cast: Cast) -> None:
    contact(cast, "petya_father", "phone", ["urgent", "sms"])
    contact(cast, "petya_father", "messenger", ["digest", "urgent"])
    applied = Application.objects.create(
        school=cast.school, person=cast.people["petya_father"], service="sms", applied_on=SEPTEMBER
    )
    for code in (PurposeCode.SMS, PurposeCode.MESSENGER):
        decide(cast, "petya_father", "petya", "consent", purpose=code)
    decide(cast, "petya_father", "petya", "withdrawal", purpose=PurposeCode.SMS)
    applied.refresh_from_db()
    assert applied.until == TODAY
    assert uses(cast, "petya_father") == [["digest"], ["digest", "urgent"], ["urgent"]]
    decide(cast, "petya_father", "petya", "withdrawal", purpose=PurposeCode.MESSENGER)
    assert uses(cast, "petya_father") == [["digest"], [], ["urgent"]]
    tie = cast.guardianships["petya_father", "petya"]
    tie.refresh_from_db()
    assert tie.open_until is None, "the diary is a purpose of its own"


@pytest.mark.clause("G2.6a")
def test_the_term_of_destruction_is_the_schools(cast: Cast) -> None:
    ended = decide(cast, "petya_father", "petya", "withdrawal")
    assert ended.destruction.due_on == TODAY + timedelta(days=30)
    Setting.objects.create(
        school=cast.school, key="consent_destruction_days", value=10, since=SEPTEMBER
    )
    ended = decide(cast, "olya_father", "olya", "withdrawal")
    assert ended.destruction.due_on == TODAY + timedelta(days=10)


def test_no_term_begins_without_a_consent_that_ended(cast: Cast) -> None:
    decide(cast, "no_consent", "timur", "refusal")
    decide(cast, "petya_father", "petya", "refusal", decided_on=date(2026, 8, 20))
    assert not Destruction.objects.exists()


@pytest.mark.clause("G2.6a")
def test_the_list_shows_what_is_due_and_notes_what_was_destroyed(
    cast: Cast, client_of: Any
) -> None:
    row = decide(cast, "petya_father", "petya", "withdrawal").destruction
    office = client_of("secretary")
    html = office.get(LIST).content.decode().replace("\xa0", " ")
    assert "Уничтожить до 18 декабря 2026" in html
    family = reverse("consent:decide", args=[cast.guardianships["petya_father", "petya"].pk])
    assert "18 декабря 2026" in office.get(family).content.decode().replace("\xa0", " ")
    done = reverse("consent:destroyed", args=[row.pk])
    refused = office.post(done, {"what": " "})
    assert refused.status_code == 422
    assert "Напишите, что уничтожено" in refused.content.decode()
    assert office.post(done, {"what": "адрес почты"}).status_code == 302
    row.refresh_from_db()
    assert (row.what, row.done_by_id) == ("адрес почты", cast.users["secretary"].pk)
    html = office.get(LIST).content.decode()
    assert "Уничтожать нечего" in html
    assert "адрес почты" in html
    assert AuditEvent.objects.filter(table_name="consent_destruction", row_id=row.pk).count() == 2


def test_a_new_consent_takes_the_term_back(cast: Cast, client_of: Any) -> None:
    row = decide(cast, "petya_father", "petya", "withdrawal").destruction
    decide(cast, "petya_father", "petya", "consent", now=NOW + timedelta(hours=1))
    assert "Уничтожать нечего" in client_of("secretary").get(LIST).content.decode()
    with pytest.raises(ConsentGivenAgain):
        note(cast, row)


def note(cast: Cast, row: Destruction, by: str = "secretary", what: str = "почта") -> Destruction:
    return note_destroyed(by=cast.user(by), destruction=row, what=what, now=NOW)


def test_what_is_refused(cast: Cast, client_of: Any) -> None:
    row = decide(cast, "petya_father", "petya", "withdrawal").destruction
    for who in ("maria", "petya_father", "admin", "other_head"):
        with pytest.raises(Forbidden):
            note(cast, row, by=who)
    with pytest.raises(NothingNamed):
        note(cast, row, what=" ")
    note(cast, row)
    with pytest.raises(AlreadyDestroyed):
        note(cast, row)
    answer = client_of("secretary").post(reverse("consent:destroyed", args=[row.pk]), {"what": "x"})
    assert answer.status_code == 409


def test_the_class_teacher_sees_the_terms_of_her_class_only(cast: Cast, client_of: Any) -> None:
    decide(cast, "petya_father", "petya", "withdrawal")
    decide(cast, "olya_mother", "kolya", "withdrawal")
    html = client_of("ivan").get(LIST).content.decode()
    assert "Петров Степан" in html
    assert "Ёлкина Ольга" not in html

"""Agreed contacts: written, typed by the family and proved by a code, ordered, the same for two families."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from common.errors import Forbidden
from consent import actions
from consent.codes import A_DAY, code_of
from consent.errors import (
    ApplicationKnown,
    AppliedInFuture,
    CodeJustSent,
    CodeNotSendable,
    CodeOver,
    ContactVerified,
    SmsNotApplied,
    TooManyCodes,
    UseNotForKind,
    WrittenContactsOnly,
    WrongContactCode,
)
from consent.forms_contacts import normal
from consent.models import Application, Contact, ContactCode, ContactOrigin
from consent.queries import same_contacts
from notifications.queries import address_of
from people.models import Guardianship
from regulation.actions import adopt
from tests.cast import NOW, SEPTEMBER, TODAY, Cast

pytestmark = pytest.mark.clause("T7", "K3", "G2.9", "S8")
MINE = reverse("contacts:mine")
MINUTE = timedelta(minutes=1)


def own(cast: Cast, who: str = "olya_mother", **over: Any) -> Contact:
    given: dict[str, Any] = {
        "by": cast.user(who), "person": cast.people[who], "kind": "email", "value": "new@example.org",
        "origin": ContactOrigin.SELF, "given_on": TODAY, "uses": ["digest"],
    }  # fmt: skip
    return actions.add_contact(**(given | over))


def written(cast: Cast, who: str, **over: Any) -> Contact:
    return own(
        cast, who, **({"by": cast.user("secretary"), "origin": ContactOrigin.WRITTEN} | over)
    )


def first(cast: Cast, who: str = "olya_mother") -> Contact:
    return Contact.objects.get(person=cast.people[who], origin="written")


# Telephones and messengers


@pytest.mark.parametrize(
    ("written_as", "kept"),
    [
        ("8 (921) 000-00-01", "+79210000001"),
        ("+7 921 000 00 01", "+79210000001"),
        ("921 000 00 01", "+79210000001"),
        ("+375 29 123-45-67", "+375291234567"),
    ],
)
def test_a_telephone_is_kept_in_one_way_of_writing(written_as: str, kept: str) -> None:
    assert normal("phone", written_as) == kept


@pytest.mark.parametrize(
    "typed", ["12", "8 921", "+7 921 000 00 01 2", "8-800-ЗВОНИТЕ", "+999 1", "доб. 5", "+" * 200]
)
def test_an_impossible_number_is_refused_with_a_sentence(
    cast: Cast, client_of: Any, typed: str
) -> None:
    url = reverse("contacts:add", args=[cast.people["olya_mother"].pk])
    answer = client_of("olya_mother").post(url, {"kind": "phone", "value": typed})
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "Такого номера не бывает" in words
    assert "Кодов на телефон" in words, "the form still asks for a telephone"


def test_a_messenger_has_a_name_and_an_id_or_a_number(cast: Cast, client_of: Any) -> None:
    url = reverse("contacts:add", args=[cast.people["olya_mother"].pk])
    mother = client_of("olya_mother")
    sent = {"kind": "messenger", "messenger": "max", "value": "8 921 000-00-01", "uses": "digest"}
    assert mother.post(url, sent).status_code == 302
    found = Contact.objects.get(kind="messenger")
    assert (found.messenger, found.value, found.kind_name) == ("max", "+79210000001", "MAX")
    assert mother.post(url, sent | {"messenger": "icq"}).status_code == 422
    assert mother.post(url, sent | {"value": "два слова"}).status_code == 422


# Her own page


def test_a_representative_sees_where_each_contact_came_from(cast: Cast, client_of: Any) -> None:
    words = client_of("olya_mother").get(MINE).content.decode()
    assert "olya_mother@example.org" in words
    assert "Письменно" in words
    assert "не проверен" in words
    for who in ("olya", "ivan", "secretary"):
        assert client_of(who).get(MINE).status_code == 404


def test_she_adds_a_contact_herself_and_nothing_goes_there_until_it_is_proved(
    cast: Cast, client_of: Any
) -> None:
    mother, person = client_of("olya_mother"), cast.people["olya_mother"]
    url = reverse("contacts:add", args=[person.pk])
    sent = {"kind": "email", "value": " New@Example.org ", "uses": ["digest", "urgent"]}
    assert mother.post(url, sent).status_code == 302
    made = Contact.objects.get(value="new@example.org")
    assert (made.origin, made.registered_by_id) == ("self", cast.users["olya_mother"].pk)
    mother.post(reverse("contacts:end", args=[first(cast).pk]))
    assert address_of(person.pk, use="digest") == ""
    sending = mother.post(reverse("contacts:send_code", args=[made.pk]))
    code = code_of(ContactCode.objects.get(contact=made).pk)
    proof = {"code": f"{code[:3]} {code[3:]}"}
    proving = mother.post(reverse("contacts:code", args=[made.pk]), proof)
    said = [
        str(each) for answer in (sending, proving) for each in get_messages(answer.wsgi_request)
    ]
    assert "Письмо с кодом отправлено." in said
    assert "Контакт подтверждён." in said
    assert not any(made.value in each for each in said), "a cookie carries them"
    made.refresh_from_db()
    assert made.verified_at is not None
    assert made.verified_how == "code"
    assert address_of(person.pk, use="digest") == "new@example.org"


def test_a_contact_of_hers_is_not_added_by_others(cast: Cast) -> None:
    for who in ("petya_father", "olya", "ivan", "secretary"):
        with pytest.raises(Forbidden):
            own(cast, by=cast.user(who))
    with pytest.raises(Forbidden):
        own(cast, origin=ContactOrigin.WRITTEN)


def test_a_school_that_takes_written_contacts_only_says_so(cast: Cast, client_of: Any) -> None:
    forms = {"contact_transfer_forms": ("written",)}
    adopt(by=None, school=cast.school, profile="g", since=SEPTEMBER, parameters=forms)
    with pytest.raises(WrittenContactsOnly):
        own(cast)
    mother = client_of("olya_mother")
    assert "только письменно" in mother.get(MINE).content.decode()
    url = reverse("contacts:add", args=[cast.people["olya_mother"].pk])
    answer = mother.post(url, {"kind": "email", "value": "new@example.org"})
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "только письменно" in words
    assert "new@example.org" in words, "what was typed is not lost"


def test_a_silent_regulation_lets_families_type_their_contacts(cast: Cast) -> None:
    adopt(by=None, school=cast.school, profile="s", since=SEPTEMBER)
    assert own(cast).pk


def test_she_chooses_uses_and_order(cast: Cast, client_of: Any) -> None:
    mother, old = client_of("olya_mother"), first(cast)
    new = own(cast)
    mother.post(reverse("contacts:move", args=[new.pk]), {"to": "up"})
    order = Contact.objects.filter(person=old.person_id).in_use().in_order()
    assert list(order) == [new, old]
    mother.post(reverse("contacts:move", args=[new.pk]), {"to": "up"})
    assert list(order) == [new, old], "the first stays the first"
    url = reverse("contacts:uses", args=[new.pk])
    assert mother.post(url, {"uses": ["reminder", "digest"]}).status_code == 302
    new.refresh_from_db()
    assert new.uses == ["digest", "reminder"]
    assert mother.post(url, {"uses": ["sms"]}).status_code == 422
    assert mother.post(url, {}).status_code == 302
    new.refresh_from_db()
    assert new.uses == []


def test_others_neither_find_nor_change_her_contacts(cast: Cast, client_of: Any) -> None:
    contact = first(cast)
    for page in ("move", "end", "uses", "send_code", "code"):
        url = reverse(f"contacts:{page}", args=[contact.pk])
        for who in ("petya_father", "olya", "stranger", "maria"):
            assert client_of(who).post(url, {"to": "up"}).status_code == 404
    assert (
        client_of("ivan").post(reverse("contacts:send_code", args=[contact.pk])).status_code == 404
    ), "only its holder proves a contact"


# The code


def ask(cast: Cast, contact: Contact, minutes: int = 0) -> ContactCode:
    return actions.send_contact_code(
        by=cast.user("olya_mother"), contact=contact, now=NOW + minutes * MINUTE
    )


def confirm(cast: Cast, contact: Contact, code: str, minutes: int = 0) -> Contact:
    return actions.confirm_contact_code(
        by=cast.user("olya_mother"), contact=contact, code=code, now=NOW + minutes * MINUTE
    )


def wrong(code: ContactCode) -> str:
    return f"{(int(code_of(code.pk)) + 1) % 10**6:06d}"


def test_a_code_works_once_for_a_quarter_of_an_hour(cast: Cast) -> None:
    contact = own(cast)
    code = ask(cast, contact)
    with pytest.raises(CodeOver):
        confirm(cast, contact, code_of(code.pk), minutes=15)
    assert confirm(cast, contact, code_of(code.pk), minutes=14).verified_how == "code"
    with pytest.raises(ContactVerified):
        confirm(cast, contact, code_of(code.pk), minutes=14)
    with pytest.raises(ContactVerified):
        ask(cast, contact, minutes=20)


def test_a_new_code_replaces_the_old_one(cast: Cast) -> None:
    contact = own(cast)
    old = ask(cast, contact)
    new = ask(cast, contact, minutes=2)
    if code_of(old.pk) != code_of(new.pk):
        with pytest.raises(WrongContactCode):
            confirm(cast, contact, code_of(old.pk), minutes=3)
    assert confirm(cast, contact, code_of(new.pk), minutes=3).verified_at


def test_one_letter_a_minute_and_ten_a_day(cast: Cast) -> None:
    contact = own(cast)
    ask(cast, contact)
    with pytest.raises(CodeJustSent):
        actions.send_contact_code(
            by=cast.user("olya_mother"), contact=contact, now=NOW + timedelta(seconds=59)
        )
    for minute in range(1, A_DAY):
        ask(cast, contact, minutes=minute)
    with pytest.raises(TooManyCodes):
        ask(cast, contact, minutes=A_DAY)
    with pytest.raises(TooManyCodes):
        ask(cast, own(cast, value="another@example.org"), minutes=A_DAY)
    assert ask(cast, contact, minutes=24 * 60 + 1).pk


def test_five_wrong_tries_end_a_code_and_are_remembered(cast: Cast, client_of: Any) -> None:
    mother, contact = client_of("olya_mother"), own(cast)
    mother.post(reverse("contacts:send_code", args=[contact.pk]))
    code = ContactCode.objects.get(contact=contact)
    url = reverse("contacts:code", args=[contact.pk])
    said = [mother.post(url, {"code": wrong(code)}, follow=True).content.decode() for _ in range(5)]
    assert ["Код не подходит" in words for words in said] == [True] * 4 + [False]
    assert "больше не действует" in said[-1]
    code.refresh_from_db()
    assert code.failures == 5
    assert (
        "больше не действует"
        in mother.post(url, {"code": code_of(code.pk)}, follow=True).content.decode()
    )
    assert mother.post(url, {"code": "абв"}).status_code in {200, 422}
    contact.refresh_from_db()
    assert contact.verified_at is None


def test_nothing_of_the_code_is_kept(cast: Cast) -> None:
    code = ask(cast, own(cast))
    row = ContactCode.objects.filter(pk=code.pk).values()[0]
    assert code_of(code.pk) not in {str(value) for value in row.values()}


def test_a_telephone_gets_no_code_and_the_school_proves_it(cast: Cast, client_of: Any) -> None:
    phone = own(cast, kind="phone", value="+79210000001", uses=["urgent"])
    with pytest.raises(CodeNotSendable):
        ask(cast, phone)
    mother = client_of("olya_mother")
    words = mother.get(reverse("contacts:code", args=[phone.pk])).content.decode()
    assert "пока не присылает кодов" in words
    assert "Прислать код" not in words
    client_of("ivan").post(reverse("consent:contact_verified", args=[phone.pk]))
    phone.refresh_from_db()
    assert phone.verified_how == "staff"


# The school's page


def test_the_school_reads_the_history_of_contacts(cast: Cast, client_of: Any) -> None:
    office, person = client_of("secretary"), cast.people["petya_father"]
    url = reverse("consent:contacts", args=[person.pk])
    office.post(url, {"kind": "phone", "value": "8 921 000-00-01", "origin": "written",
                      "given_on": TODAY.isoformat(), "uses": ["urgent"]})  # fmt: skip
    phone = Contact.objects.get(kind="phone")
    office.post(reverse("consent:contact_verified", args=[phone.pk]))
    office.post(reverse("contacts:end", args=[phone.pk]))
    words = office.get(url).content.decode()
    for line in (
        "+7 921 000-00-01: записан, письменно, для чего: срочные сообщения",
        "+7 921 000-00-01: проверен школой",
        "+7 921 000-00-01: не используется с",
        "Лебедева А. И.",
    ):
        assert line in words


def test_the_same_contact_of_two_families_is_flagged_and_not_refused(
    cast: Cast, client_of: Any
) -> None:
    written(cast, "olya_mother", kind="phone", value="+79210000001", uses=[])
    written(cast, "olya_father", kind="phone", value="+79210000001", uses=[])
    assert same_contacts(cast.user("secretary"), day=TODAY) == (), "parents of one child"
    written(cast, "petya_father", kind="phone", value="+79210000001", uses=[])
    (found,) = same_contacts(cast.user("secretary"), day=TODAY)
    families = [[holder.name for holder in family] for family in found.families]
    assert sorted(map(len, families)) == [1, 2]
    office = client_of("secretary")
    listed = office.get(reverse("consent:same_contacts")).content.decode()
    assert "+7 921 000-00-01" in listed
    assert "Петров Степан Ильич" in listed
    flagged = office.get(reverse("consent:contacts", args=[cast.people["petya_father"].pk]))
    assert "есть у другой семьи" in flagged.content.decode()
    calm = client_of("olya_mother").get(MINE).content.decode()
    assert "есть у другой семьи" not in calm, "families do not learn of each other"
    Contact.objects.filter(person=cast.people["petya_father"], kind="phone").update(until=TODAY)
    assert same_contacts(cast.user("secretary"), day=TODAY) == ()


def test_a_class_teacher_does_not_learn_the_names_of_another_class(cast: Cast) -> None:
    Guardianship.objects.filter(
        guardian=cast.people["olya_mother"], pupil=cast.pupils["olya"]
    ).update(until=SEPTEMBER)
    for who in ("olya_mother", "petya_father"):
        written(cast, who, kind="email", value="same@example.org", uses=[])
    (found,) = same_contacts(cast.user("ivan"), day=TODAY)
    names = {holder.name for family in found.families for holder in family}
    assert names == {"", "Петров Степан Ильич"}


# SMS


@pytest.mark.clause("T2b")
def test_sms_needs_an_application_in_force(cast: Cast, client_of: Any) -> None:
    person, office = cast.people["petya_father"], client_of("secretary")
    url = reverse("consent:contacts", args=[person.pk])
    sent = {"kind": "phone", "value": "+7 921 000-00-01", "origin": "written", "given_on": "2026-11-17",
            "uses": ["sms"]}  # fmt: skip
    refused = office.post(url, sent)
    assert refused.status_code == 422
    assert "по заявлению" in refused.content.decode()
    applied = reverse("consent:sms_applied", args=[person.pk])
    assert office.post(applied, {"applied_on": "вчера"}).status_code == 422
    assert office.post(applied, {"applied_on": "2099-01-01"}).status_code == 422
    assert office.post(applied, {"applied_on": "2026-11-16"}).status_code == 302
    application = Application.objects.get(person=person)
    assert (application.service, application.applied_on) == ("sms", date(2026, 11, 16))
    assert application.registered_by_id == cast.users["secretary"].pk
    assert office.post(url, sent).status_code == 302
    assert office.post(applied, {"applied_on": "2026-11-16"}).status_code == 409
    office.post(reverse("consent:sms_ended", args=[application.pk]))
    assert Contact.objects.get(person=person, kind="phone").uses == []
    words = office.get(url).content.decode()
    assert "Заявление на SMS от 16.11.2026 записано" in words
    assert "Заявление на SMS прекращено" in words


@pytest.mark.clause("T2b")
def test_an_application_is_the_offices_to_register(cast: Cast) -> None:
    given: dict[str, Any] = {"person": cast.people["petya_father"], "now": timezone.now()}
    for who in ("petya_father", "maria", "stranger"):
        with pytest.raises(Forbidden):
            actions.register_application(by=cast.user(who), applied_on=TODAY, **given)
    with pytest.raises(AppliedInFuture):
        actions.register_application(by=cast.user("ivan"), applied_on=date(2099, 1, 1), **given)
    actions.register_application(by=cast.user("ivan"), applied_on=SEPTEMBER, **given)
    with pytest.raises(ApplicationKnown):
        actions.register_application(by=cast.user("ivan"), applied_on=SEPTEMBER, **given)


def test_uses_follow_the_kind(cast: Cast) -> None:
    with pytest.raises(UseNotForKind):
        own(cast, uses=["sms"])
    with pytest.raises(UseNotForKind):
        own(cast, kind="phone", value="+79210000001", uses=["digest"])
    with pytest.raises(SmsNotApplied):
        own(cast, kind="phone", value="+79210000001", uses=["sms"])

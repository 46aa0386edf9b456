"""Codes of the first entry, blocking, sign-in."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.authtoken.models import Token

from access.actions.accounts import Slip, block, check_code, issue_code, unblock, use_code
from access.codes import DIGITS, LIVES_DAYS, MAX_FAILURES
from access.errors import (
    AccountBlocked,
    AccountBlockedAlready,
    AccountNotBlocked,
    LastAdministrator,
    LoginTaken,
    NoAccount,
    OwnAccount,
    SharedAccount,
    WrongCode,
)
from access.models import EntryCode
from access.tries import TRIES, WAIT
from common.errors import Forbidden
from people.models import Guardianship, Person, RoleAssignment, User
from tests.cast import NOW, PASSWORD, SEPTEMBER, Cast

NEW = "vishnyovyj sad 1904"
ENTRY = reverse("access_entry:first_entry")
HOME, STRANGER = "203.0.113.7", "198.51.100.66"
CHOOSE = reverse("access_entry:choose_password")


@pytest.fixture
def quick_hashes(cast: Cast, settings: Any) -> None:
    """Many sign-ins in one test: the strength of the hash is not its subject."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    User.objects.update(password=make_password(PASSWORD))


def issue(cast: Cast, name: str = "petya_father", by: str = "admin") -> Slip:
    return issue_code(by=cast.user(by), person=cast.people[name], now=timezone.now())


def enter(client: Client, slip: Slip, code: str = "") -> Any:
    return client.post(ENTRY, {"login": slip.login, "code": code or slip.code})


@pytest.mark.clause("G2.10.1a", "G2.10.2")
def test_the_slip_opens_the_account_once(cast: Cast) -> None:
    slip = issue(cast)
    client = Client()
    assert enter(client, slip).url == CHOOSE
    answer = client.post(CHOOSE, {"login": slip.login, "password": NEW, "again": NEW})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(cast.users["petya_father"].pk)
    assert User.objects.get(login="petya_father").check_password(NEW)
    again = Client()
    assert enter(again, slip).status_code == 422


def test_only_a_hash_of_the_code_is_kept(cast: Cast) -> None:
    slip = issue(cast)
    kept = EntryCode.objects.get(user=cast.users["petya_father"])
    assert slip.code not in kept.digest
    assert slip.code.replace("-", "") not in kept.digest
    assert len(kept.digest) == 64


def test_a_person_without_an_account_gets_a_login_made_from_the_name(cast: Cast) -> None:
    person = Person.objects.create(
        school=cast.school, last_name="Щёткина", first_name="Юлия", middle_name="Жановна"
    )
    cast.people["new"] = person
    RoleAssignment.objects.create(
        school=cast.school, person=person, role="teacher", since=SEPTEMBER
    )
    assert issue(cast, "new").login == "schetkina.yuzh"
    twin = Person.objects.create(
        school=cast.school, last_name="Щёткина", first_name="Юлия", middle_name="Жановна"
    )
    cast.people["twin"] = twin
    assert issue(cast, "twin").login == "schetkina.yuzh2"


def test_a_new_code_voids_the_old(cast: Cast) -> None:
    first, second = issue(cast), issue(cast)
    assert enter(Client(), first).status_code == 422
    assert enter(Client(), second).status_code == 302


def test_a_code_expires(cast: Cast) -> None:
    slip = issue(cast)
    with time_machine.travel(slip.expires_at + timedelta(seconds=1)):
        assert enter(Client(), slip).status_code == 422


def guess(slip: Slip, source: str, code: str = "0000-0000-0000") -> int:
    answer = Client().post(ENTRY, {"login": slip.login, "code": code}, REMOTE_ADDR=source)
    return int(answer.status_code)


def test_a_stranger_who_guesses_is_slowed_down_and_the_slip_stays_good(cast: Cast) -> None:
    slip = issue(cast)
    assert [guess(slip, STRANGER) for _ in range(7)] == [422] * 5 + [429] * 2
    assert guess(slip, STRANGER, slip.code) == 429, "nor does a lucky guess tell"
    assert guess(slip, HOME, slip.code) == 302


def test_whoever_mistyped_tries_again_in_a_quarter_of_an_hour(cast: Cast) -> None:
    slip = issue(cast)
    for _ in range(6):
        guess(slip, HOME)
    with time_machine.travel(NOW + timedelta(minutes=14)):
        assert guess(slip, HOME, slip.code) == 429
    with time_machine.travel(NOW + timedelta(minutes=16)):
        assert guess(slip, HOME, slip.code) == 302


def test_a_login_that_is_not_there_answers_as_one_that_is(cast: Cast) -> None:
    nobody = Slip("", "nobody.here", "", NOW)
    assert [guess(nobody, STRANGER) for _ in range(6)] == [422] * 5 + [429]


def test_addresses_of_one_home_are_one(cast: Cast) -> None:
    slip = issue(cast)
    for number in range(5):
        guess(slip, f"2001:db8::{number}")
    assert guess(slip, "2001:db8::ffff", slip.code) == 429
    assert guess(slip, "2001:db8:1::1", slip.code) == 302


def test_a_code_is_not_guessed_whatever_the_number_of_addresses(cast: Cast) -> None:
    """30 000 tries of 10**12 codes: 3e-8, far below the 1e-4 that we allow; one address makes 14 400."""
    assert MAX_FAILURES / 10**DIGITS < 1e-4
    assert TRIES * timedelta(days=LIVES_DAYS) / WAIT < MAX_FAILURES / 2
    slip = issue(cast)
    codes = EntryCode.objects.filter(user__login=slip.login)
    codes.update(failures=MAX_FAILURES - 1)
    assert guess(slip, STRANGER) == 422
    assert codes.get().failures == MAX_FAILURES
    assert guess(slip, HOME, slip.code) == 422
    with pytest.raises(WrongCode):
        check_code(login=slip.login, code=slip.code, source=HOME, now=timezone.now())


def test_the_code_is_read_however_it_is_typed(cast: Cast) -> None:
    slip = issue(cast)
    typed = slip.code.replace("-", " ")
    assert check_code(
        login=f" {slip.login.upper()} ", code=typed, source=HOME, now=timezone.now()
    ).pk


def test_the_login_may_be_changed_but_not_to_a_taken_one(cast: Cast) -> None:
    slip = issue(cast)
    client = Client()
    enter(client, slip)
    taken = client.post(CHOOSE, {"login": "Maria", "password": NEW, "again": NEW})
    assert taken.status_code == 422
    assert "занят" in taken.content.decode()
    client.post(CHOOSE, {"login": "petrov-papa", "password": NEW, "again": NEW})
    assert User.objects.get(pk=cast.users["petya_father"].pk).login == "petrov-papa"


@pytest.mark.parametrize(
    "form",
    [
        {"password": "123", "again": "123"},
        {"password": NEW, "again": "other"},
        {"password": "1234567890123", "again": "1234567890123"},
        {"login": "имя", "password": NEW, "again": NEW},
    ],
)
def test_a_weak_or_mistyped_password_loses_nothing(cast: Cast, form: dict[str, str]) -> None:
    slip = issue(cast)
    client = Client()
    enter(client, slip)
    assert client.post(CHOOSE, {"login": slip.login} | form).status_code == 422
    assert (
        client.post(CHOOSE, {"login": slip.login, "password": NEW, "again": NEW}).status_code == 302
    )


def test_the_second_page_needs_the_first(cast: Cast) -> None:
    assert Client().get(CHOOSE).url == ENTRY


def test_a_used_code_ends_sessions_and_keys(cast: Cast) -> None:
    user = cast.users["petya_father"]
    Token.objects.create(user=user)
    old = Client()
    old.post(reverse("account_login"), {"login": "petya_father", "password": PASSWORD})
    assert old.get("/", follow=False).status_code != 401
    entry = check_code(login="petya_father", code=issue(cast).code, source=HOME, now=timezone.now())
    use_code(entry=entry, password=NEW, now=timezone.now())
    assert not Token.objects.filter(user=user).exists()
    assert old.get("/").url.startswith(reverse("account_login"))


def test_login_taken_is_refused_by_the_action_too(cast: Cast) -> None:
    entry = check_code(login="petya_father", code=issue(cast).code, source=HOME, now=timezone.now())
    with pytest.raises(LoginTaken):
        use_code(entry=entry, password=NEW, now=timezone.now(), login="MARIA")


@pytest.mark.parametrize("by", ["head", "nina", "secretary", "ivan", "petya_father", "other_head"])
def test_only_the_administrator_issues_codes(cast: Cast, by: str) -> None:
    with pytest.raises(Forbidden):
        issue(cast, by=by)


def test_an_account_of_two_schools_is_not_opened_by_the_administrator_of_one(cast: Cast) -> None:
    """Else the administrator of one school would read the diaries of the other."""
    person = cast.people["other_guardian"]
    person.user = None
    person.save()
    person.user = cast.users["petya_father"]
    person.save()
    with pytest.raises(SharedAccount):
        issue(cast)
    Guardianship.objects.filter(guardian=person).delete()


def test_a_blocked_account_is_out_at_once_and_cannot_come_back(cast: Cast) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": "maria", "password": PASSWORD})
    Token.objects.create(user=cast.users["maria"])
    slip = issue(cast, "maria")
    user = block(by=cast.user("head"), person=cast.people["maria"], now=NOW)
    assert (user.blocked_by_id, user.blocked_at) == (cast.users["head"].pk, NOW)
    assert client.get("/").url.startswith(reverse("account_login"))
    assert not UserSession.objects.filter(user=user).exists()
    assert not Token.objects.filter(user=user).exists()
    answer = Client().post(
        reverse("account_login"), {"login": "maria", "password": PASSWORD}, follow=True
    )
    assert "Вход по этой учётной записи закрыт" in answer.content.decode()
    assert enter(Client(), slip).status_code == 422
    with pytest.raises(AccountBlocked):
        issue(cast, "maria")


def test_unblocked_signs_in_again(cast: Cast) -> None:
    maria = cast.people["maria"]
    block(by=cast.user("admin"), person=maria, now=NOW)
    with pytest.raises(AccountBlockedAlready):
        block(by=cast.user("admin"), person=maria, now=NOW)
    unblock(by=cast.user("admin"), person=maria)
    with pytest.raises(AccountNotBlocked):
        unblock(by=cast.user("admin"), person=maria)
    client = Client()
    client.post(reverse("account_login"), {"login": "maria", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(cast.users["maria"].pk)


def test_who_is_not_blocked(cast: Cast) -> None:
    with pytest.raises(OwnAccount):
        block(by=cast.user("admin"), person=cast.people["admin"], now=NOW)
    with pytest.raises(LastAdministrator):
        block(by=cast.user("head"), person=cast.people["admin"], now=NOW)
    for by in ("nina", "maria", "other_head"):
        with pytest.raises(Forbidden):
            block(by=cast.user(by), person=cast.people["svetlana"], now=NOW)
    lone = Person.objects.create(school=cast.school, last_name="Один", first_name="Без")
    with pytest.raises(NoAccount):
        block(by=cast.user("admin"), person=lone, now=NOW)


def test_sign_in_ignores_the_case_of_the_login(cast: Cast) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": "  MARIA ", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(cast.users["maria"].pk)


@pytest.mark.clause("G2.10.1b")
@pytest.mark.parametrize(
    ("name", "remember", "lasts"),
    [("olya_mother", True, True), ("olya_mother", False, False), ("maria", True, False)],
)
def test_only_a_familys_own_phone_stays_signed_in(
    cast: Cast, name: str, remember: bool, lasts: bool
) -> None:
    client = Client()
    form = {"login": name, "password": PASSWORD} | ({"remember": "on"} if remember else {})
    client.post(reverse("account_login"), form)
    assert client.session.get_expire_at_browser_close() is not lasts
    if lasts:
        assert client.session.get_expiry_age() == 30 * 24 * 3600


def test_a_school_behind_one_address_is_not_locked_out(cast: Cast, quick_hashes: None) -> None:
    """Twelve different people mistype once: the next one still signs in from the same address."""
    for name in list(cast.users)[:12]:
        Client().post(reverse("account_login"), {"login": name, "password": "wrong"})
    client = Client()
    client.post(reverse("account_login"), {"login": "maria", "password": PASSWORD})
    assert "_auth_user_id" in client.session


def test_one_account_is_guarded_against_guessing(cast: Cast, quick_hashes: None) -> None:
    for _ in range(5):
        Client().post(reverse("account_login"), {"login": "maria", "password": "wrong"})
    client = Client()
    client.post(reverse("account_login"), {"login": "maria", "password": PASSWORD})
    assert "_auth_user_id" not in client.session

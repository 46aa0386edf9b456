"""Sessions are read by a prepared statement: signing in, out, expiry and new keys work as before."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.sessions import SessionStore
from tests.cast import PASSWORD, Cast

Browser = Callable[[str], Client]


@pytest.fixture
def stored(db: None) -> SessionStore:
    session = SessionStore()
    session["word"] = "слово"
    session.create()
    return session


def test_a_session_is_read_again_by_its_key(stored: SessionStore) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert dict(SessionStore(stored.session_key)) == {"word": "слово"}
    assert len(asked) == 1


def test_a_changed_session_is_written_over_the_old_one(stored: SessionStore) -> None:
    again = SessionStore(stored.session_key)
    again["word"] = "другое"
    again.save()
    assert SessionStore(stored.session_key)["word"] == "другое"
    assert Session.objects.count() == 1


def test_an_unknown_key_is_not_adopted(db: None) -> None:
    session = SessionStore("a" * 32)
    assert session.get("word") is None
    assert session.session_key is None
    session["word"] = "слово"
    session.save()
    assert session.session_key not in {None, "a" * 32}


def test_an_expired_session_is_empty(stored: SessionStore, clock: time_machine.Traveller) -> None:
    clock.move_to(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE + 1))
    expired = SessionStore(stored.session_key)
    assert expired.get("word") is None
    assert expired.session_key is None


def test_a_forged_session_is_empty(stored: SessionStore) -> None:
    Session.objects.update(session_data="eyJ3b3JkIjoieCJ9:1taaaa:forged")
    assert SessionStore(stored.session_key).get("word") is None


def test_a_flushed_session_leaves_nothing(stored: SessionStore) -> None:
    key = stored.session_key
    stored.flush()
    assert not Session.objects.exists()
    assert SessionStore(key).get("word") is None


def test_a_new_key_ends_the_old_one(stored: SessionStore) -> None:
    old = stored.session_key
    again = SessionStore(old)
    again.cycle_key()
    assert again.session_key != old
    assert SessionStore(again.session_key)["word"] == "слово"
    assert SessionStore(old).get("word") is None


def test_signing_out_ends_the_session_everywhere(cast: Cast, client_of: Browser) -> None:
    client = client_of("maria")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get(reverse("journal:day")).status_code == 200
    client.post(reverse("account_logout"))
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = cookie
    answer = stolen.get(reverse("journal:day"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_an_expired_cookie_leads_to_the_sign_in_page(
    cast: Cast, client_of: Browser, clock: time_machine.Traveller
) -> None:
    client = client_of("maria")
    clock.move_to(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE + 1))
    assert client.get(reverse("journal:day")).status_code == 302


def test_a_new_password_ends_the_other_sessions(cast: Cast, client_of: Browser) -> None:
    client = client_of("maria")
    user = cast.user("maria")
    user.set_password("another-long-password-1")
    user.save()
    assert client.get(reverse("journal:day")).status_code == 302


def test_signing_in_gives_a_new_key(cast: Cast) -> None:
    client = Client()
    planted = SessionStore()
    planted["word"] = "слово"
    planted.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key or ""
    client.force_login(cast.user("maria"), "django.contrib.auth.backends.ModelBackend")
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted.session_key


def sign_in(login: str, **more: str) -> Client:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": login, "password": PASSWORD, **more})
    assert answer.status_code == 302
    return client


def lives(client: Client) -> tuple[object, int]:
    """Return for how long the browser keeps the cookie, and the server the session."""
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    left = Session.objects.get(session_key=cookie.value).expire_date - timezone.now()
    return cookie["max-age"], round(left / timedelta(days=1))


def test_my_phone_keeps_the_session_for_thirty_days(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    client = sign_in("olya_mother", remember="on")
    assert lives(client) == (settings.SESSION_COOKIE_AGE, 30)
    week = reverse("diary:home")
    assert client.get(week, follow=True).status_code == 200
    clock.move_to(timezone.now() + timedelta(days=29))
    assert client.get(week).status_code == 302
    assert not client.get(week)["Location"].startswith(reverse("account_login"))
    clock.move_to(timezone.now() + timedelta(days=2))
    assert client.get(week)["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("more", [{}, {"remember": "on"}])
def test_the_session_of_staff_ends_with_the_browser(cast: Cast, more: dict[str, str]) -> None:
    assert lives(sign_in("maria", **more))[0] == ""


def test_a_strangers_browser_forgets_the_family(cast: Cast) -> None:
    assert lives(sign_in("olya_mother"))[0] == ""


def test_how_long_a_session_lives_is_read_again_with_it(stored: SessionStore) -> None:
    stored.set_expiry(77)
    stored.save()
    again = SessionStore(stored.session_key)
    assert (again.get_expiry_age(), again.get_expire_at_browser_close()) == (77, False)
    again["word"] = "другое"
    again.save()
    assert SessionStore(stored.session_key).get_expiry_age() == 77

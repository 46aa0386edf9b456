"""Whose address the history, the sessions and the limits see, with and without proxies of ours."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client, RequestFactory
from django.urls import reverse
from rest_framework.request import Request

from audit.models import AuditEvent
from ediary import env
from exchange.throttles import SignInThrottle
from tests.cast import PASSWORD, Cast

PROXY, CLIENT, FORGED = "10.0.0.2", "203.0.113.7", "198.51.100.66"
CASES = [
    (0, None, PROXY),
    (0, FORGED, PROXY),
    (1, CLIENT, CLIENT),
    (1, f"{FORGED}, {CLIENT}", CLIENT),
    (1, f"{FORGED}, {FORGED}, {CLIENT}", CLIENT),
    (1, None, PROXY),
    (1, "unknown", PROXY),
    (1, "2001:db8::7", "2001:db8::7"),
    (2, f"{FORGED}, {CLIENT}, 10.0.0.3", CLIENT),
    (2, CLIENT, PROXY),
]


def sent(forwarded: str | None) -> dict[str, Any]:
    return {"REMOTE_ADDR": PROXY} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})


@pytest.mark.parametrize(("proxies", "forwarded", "seen"), CASES)
def test_the_list_of_sessions_shows_where_the_user_is(
    cast: Cast, settings: Any, proxies: int, forwarded: str | None, seen: str
) -> None:
    settings.PROXIES = proxies
    form = {"login": "olya_mother", "password": PASSWORD}
    Client().post(reverse("account_login"), form, **sent(forwarded))
    assert UserSession.objects.get(user=cast.users["olya_mother"]).ip == seen


@pytest.mark.parametrize(("proxies", "seen"), [(0, PROXY), (1, CLIENT)])
def test_the_history_keeps_the_clients_address(
    cast: Cast, client_of: Callable[[str], Client], settings: Any, proxies: int, seen: str
) -> None:
    settings.PROXIES = proxies
    maria = cast.people["maria"]
    form = {"role": "secretary"}
    extra = sent(f"{FORGED}, {CLIENT}")
    answer = client_of("admin").post(reverse("access:give_role", args=[maria.pk]), form, **extra)
    assert answer.status_code == 302
    told = AuditEvent.objects.filter(table_name="people_roleassignment", action="I")
    assert told.order_by("-pk").values_list("origin", flat=True)[0] == seen


def test_the_machines_limit_takes_no_clients_word() -> None:
    request = Request(RequestFactory().get("/", **sent(FORGED)))
    assert SignInThrottle().get_ident(request) == PROXY


@pytest.mark.parametrize("value", ["-1", "one", "", "1.5"])
def test_a_count_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PROXIES", value)
    with pytest.raises(env.BadEnvironment, match="Setting PROXIES: must be a whole number"):
        env.number("PROXIES", 0)

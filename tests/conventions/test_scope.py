"""F8: nothing of one request's scope is left for the next request on the same connection."""

import pytest
from django.db import connection
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
SETTINGS = ("app.schools", "app.actor", "app.origin", "app.request_id", "app.reason")


def left_over() -> dict[str, str]:
    """What the connection still knows outside any transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join(f"coalesce(current_setting('{s}', true), '')" for s in SETTINGS)
        )
        found = dict(zip(SETTINGS, cursor.fetchone(), strict=True))
    return {name: value for name, value in found.items() if value}


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_no_setting_outlives_its_request(committed_cast: Cast) -> None:
    before = backend()
    for name in ("nina", "stranger", "nobody", "maria"):
        client = Client()
        if name in committed_cast.users:
            client.force_login(
                committed_cast.users[name], backend="django.contrib.auth.backends.ModelBackend"
            )
        client.get("/diary/")
        assert left_over() == {}
    assert backend() == before


def test_the_check_sees_a_leak(committed_cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.reason', 'leaked', false)")
        assert left_over() == {"app.reason": "leaked"}
        cursor.execute("SELECT set_config('app.reason', '', false)")

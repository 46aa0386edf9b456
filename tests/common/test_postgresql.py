"""An open connection is known to live without a statement, and known to be dead in time."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def another(db: None) -> Iterator[Any]:
    """A connection of its own to the same database."""
    opened: BaseDatabaseWrapper = connection.copy()
    opened.connect()
    yield opened
    opened.close()


def end(other: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [other.connection.info.backend_pid])


def test_a_living_connection_is_not_asked(another: Any) -> None:
    with CaptureQueriesContext(another) as asked:
        assert another.is_usable()
    assert len(asked) == 0


def test_a_connection_that_the_server_ended_is_not_usable(another: Any) -> None:
    end(another)
    assert not another.is_usable()


def test_a_connection_that_we_closed_is_not_usable(another: Any) -> None:
    another.connection.close()
    assert not another.is_usable()
    another.close()
    assert not another.is_usable()


def test_a_message_on_the_line_is_no_farewell(another: Any) -> None:
    with another.cursor() as cursor:
        cursor.execute("LISTEN ediary_test")
    with closing(connection.copy()) as third, third.cursor() as cursor:
        cursor.execute("NOTIFY ediary_test")
    assert another.is_usable()


def test_a_request_after_a_restart_opens_a_new_connection(another: Any) -> None:
    another.settings_dict = another.settings_dict | {"CONN_HEALTH_CHECKS": True}
    another.health_check_enabled, another.health_check_done = True, False
    end(another)
    with another.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)

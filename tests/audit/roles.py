"""Connections of other database roles to the test database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections

from ediary import env

OWN = ("USER", "PASSWORD")


@contextmanager
def as_worker() -> Iterator[None]:
    """Make the default connection the worker's, as in the worker process."""
    connection = connections["default"]
    web = {key: connection.settings_dict[key] for key in OWN}
    worker = env.database("DATABASE_WORKER_URL")
    connection.close()
    connection.settings_dict |= {key: worker[key] for key in OWN}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= web


def session(alias: str = "default") -> psycopg.Connection[Any]:
    """Open a connection of its own, as the alias's role, to the same database."""
    return _connect(connections[alias].settings_dict)


def worker_session() -> psycopg.Connection[Any]:
    worker = env.database("DATABASE_WORKER_URL")
    return _connect(connections["default"].settings_dict | {key: worker[key] for key in OWN})


def _connect(settings: Any) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
        dbname=settings["NAME"],
    )

"""The demo, seeded small into a database of its own: the template's cast stays as it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections

from tests import template


@contextmanager
def database_of_its_own() -> Iterator[None]:
    """Point both connections at a copy of the test database; drop it after."""
    name = str(connections["owner"].settings_dict["NAME"])
    own = f"{name}_seed"
    template.copy_to(own)
    _point_at(own)
    yield
    _point_at(name)
    template.drop(own)


def _point_at(name: str) -> None:
    for alias in ("owner", "default"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture(scope="module")
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), database_of_its_own():
        yield


@pytest.fixture
def rows(own_database: None) -> Callable[..., list[tuple[Any, ...]]]:
    """`rows("SELECT …", …)` asks the seeded database as its owner, who sees every school."""

    def ask(statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        with connections["owner"].cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()

    return ask

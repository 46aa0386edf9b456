"""Deferred triggers look at rows: they run while the scope still shows them."""

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.cast import Cast


@pytest.fixture(autouse=True)
def triggers_run_inside_the_scope(request: pytest.FixtureRequest) -> Iterator[None]:
    if "cast" not in request.fixturenames:
        yield
        return
    cast: Cast = request.getfixturevalue("cast")
    assert cast.school
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

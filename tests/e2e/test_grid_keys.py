"""The grid key by key, in Chromium and in Firefox: the cases are `grid_cases.py`."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db.models import Sum
from django.test import Client

from journal.models import Absence, Mark
from people.scope import scope
from tests.cast import ALL_SCHOOLS, NOW, Cast
from tests.e2e.browsers import ChromiumTab, Firefox, Tab
from tests.e2e.conftest import session_of
from tests.e2e.grid_cases import CASES
from tests.e2e.play import Play

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="session")
def firefox() -> Iterator[Firefox]:
    browser = Firefox()
    yield browser
    browser.quit()


@pytest.fixture(params=["chromium", "firefox"])
def tab_at(request, page_of, site, committed_cast) -> Iterator[Callable[[str], Tab]]:
    """`tab_at("/journal/…/")` is Мария's tab in the one browser, then in the other."""
    if request.param == "chromium":
        yield lambda address: ChromiumTab(page_of("maria"), address)
        return
    firefox = request.getfixturevalue("firefox")
    session = session_of(committed_cast, "maria", site)
    yield lambda address: firefox.open(f"{site}{address}", session)
    assert firefox.close_tabs() == []


@pytest.fixture
def journal(committed_cast) -> str:
    return f"/journal/{committed_cast.courses['algebra'].pk}/"


@pytest.fixture
def elsewhere(committed_cast: Cast, journal: str) -> Callable[..., None]:
    """Мария writes a cell in another browser."""
    client = Client()
    client.force_login(
        committed_cast.user("maria"), backend="django.contrib.auth.backends.ModelBackend"
    )

    def write(pupil: str, lesson: str, value: str, days_ago: int = 0) -> None:
        with scope(ALL_SCHOOLS):
            rows = [model.objects.filter(pupil=pupil, lesson=lesson) for model in (Mark, Absence)]
            rev = sum(row.aggregate(sum=Sum("rev"))["sum"] or 0 for row in rows)
        cell = {"pupil": pupil, "lesson": lesson, "value": value, "rev": rev}
        body = json.dumps({"op": str(uuid.uuid4()), "cells": [cell]})
        answer = client.post(f"{journal}cells", body, content_type="application/json").json()
        assert answer["cells"][0]["state"] == "ok", answer
        if days_ago:
            with scope(ALL_SCHOOLS):
                rows[0].update(set_at=NOW - timedelta(days=days_ago))

    return write


@pytest.mark.parametrize("case", CASES)
def test_the_grid_does_what_its_table_of_keys_says(tab_at, journal, elsewhere, case):
    Play(tab_at(journal), elsewhere).play(CASES[case])

"""The unforgiving harness: real PostgreSQL roles, a fixed clock, templates without undefined names."""

import logging
import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client, TransactionTestCase
from django.test.client import ClientHandler
from whitenoise import WhiteNoise

from people.scope import scope
from tests import cast as cast_module
from tests import template
from tests.cast import ALL_SCHOOLS, NOW, Cast

_SAVED: dict[str, bytes] = {}


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Create the test database as its owner; tests connect as the web role, as production does."""
    with django_db_blocker.unblock(), time_machine.travel(NOW):
        _SAVED["cast"] = template.prepare()
        restores = template.may_restore()
    with pytest.MonkeyPatch.context() as patch:
        if restores:
            patch.setattr(
                TransactionTestCase, "_fixture_teardown", lambda _test: template.restore()
            )
        yield
    with django_db_blocker.unblock():
        template.remove()


# Begun first, so that no process is left with a minute's test when the others have ended.
LONGEST = (
    "tests/e2e/",
    "tests/reliability/test_grid_kills.py",
    "tests/reliability/test_no_lost_mark.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that commit (live server, transactions) flush as the owner: name both connections."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    for item in items:
        marker = item.get_closest_marker("django_db")
        commits = marker is not None and marker.kwargs.get("transaction")
        if commits or {"live_server", "transactional_db"} & set(getattr(item, "fixturenames", ())):
            both = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
            item.add_marker(both, append=False)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is Wednesday, 18 November 2026, 12:30 in Moscow, and the clock goes on."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    """The known world inside a scope that sees its schools: for tests that roll back."""
    with scope(ALL_SCHOOLS):
        yield _world()


@pytest.fixture
def committed_cast(transactional_db: None) -> Cast:
    """The known world, committed: for live servers, threads and jobs. Open a `scope` to look."""
    with scope(ALL_SCHOOLS):
        known = _world_is_there()
    return pickle.loads(_SAVED["cast"]) if known else cast_module.build()  # noqa: S301


@pytest.fixture
def client_of(cast: Cast) -> Any:
    """`client_of("maria")` is a browser in which Мария is signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.user(name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


def _world_is_there() -> bool:
    return cast_module.School.objects.filter(pk=cast_module.SCHOOL_ID).exists()


def _world() -> Cast:
    if _world_is_there():
        return pickle.loads(_SAVED["cast"])  # noqa: S301
    return cast_module.build()


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """Where the files of a test are kept: a folder of its own."""
    place = tmp_path / "media"
    local = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(place)},
    }
    settings.STORAGES = {**settings.STORAGES, "default": local}
    return place


class _UndefinedVariable(logging.Handler):
    """Fails the test that renders a template with a name nobody gave."""

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if "Exception while resolving variable" not in message:
            return
        name, template = record.args if isinstance(record.args, tuple) else ("?", "?")
        if str(template).startswith(("django/", "rest_framework/", "drf_spectacular/", "unknown")):
            return
        msg = f"template {template}: variable “{name}” is undefined"
        raise AssertionError(msg)


@pytest.fixture(autouse=True, scope="session")
def undefined_variables_fail() -> Iterator[None]:
    """A misspelt variable in a template is an error, not an empty place."""
    logger = logging.getLogger("django.template")
    handler = _UndefinedVariable(level=logging.DEBUG)
    level = logger.level
    logger.setLevel(logging.DEBUG)
    logger.propagate = False  # pytest would keep every line of every page
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)
    logger.propagate = True
    logger.setLevel(level)


@pytest.fixture(autouse=True, scope="session")
def static_files_are_listed_once() -> Iterator[None]:
    """Each browser of a test loads the middleware anew; the files of a run do not change."""
    read = WhiteNoise.update_files_dictionary
    known: dict[tuple[str, str, int | None], dict[str, object]] = {}

    def remembered(middleware: WhiteNoise, root: str, prefix: str) -> None:
        place = (root, prefix, middleware.max_age)
        if place not in known:
            read(middleware, root, prefix)
            known[place] = dict(middleware.files)
        middleware.files.update(known[place])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", remembered)
        yield


# What a page that is only read may write: the session, that the diary was looked at, that a file was taken.
_WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
_MAY_WRITE = {
    *("ediary_cache", "django_session", "access_visit", "usersessions_usersession", "people_user"),
    "mfa_authenticator",  # allauth notes that the recovery codes were shown
    "printouts_download",  # who took a file away
    "journal_presence",  # who has a journal open
    "diary_calendarfeed",  # when a program last came for a calendar
    "diary_resultview",  # that a guardian was shown a final result
    "diary_announcementreading",  # who of the family opened an announcement
}


def refuse_writes(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    """Fail the test whose GET changes a table."""
    written = _WRITES.match(sql)
    if written and written.group(1) not in _MAY_WRITE:
        msg = f"a GET wrote into {written.group(1)}: {sql[:200]}"
        raise AssertionError(msg)
    return execute(sql, *rest)


@pytest.fixture(autouse=True)
def reading_does_not_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """GET and HEAD through the test client may only read."""
    answer = ClientHandler.__call__

    def guarded(handler: ClientHandler, environ: dict[str, Any]) -> HttpResponseBase:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return answer(handler, environ)
        with connection.execute_wrapper(refuse_writes):
            return answer(handler, environ)

    monkeypatch.setattr(ClientHandler, "__call__", guarded)

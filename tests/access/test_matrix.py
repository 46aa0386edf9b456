"""F6 and F7: every address × every method × the cast, objects of both schools. See matrix.txt."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Model, Q
from django.urls import get_resolver, reverse
from rest_framework.authtoken.models import Token

from ediary import health
from people import middleware, visibility
from people.models import RoleAssignment, User
from people.roles import Permission
from people.scope import scope_of_user
from tests.access.visitors import PLACE, Row, Visitors, differences, names, read, without_row
from tests.access.world import THERE
from tests.cast import ALL_SCHOOLS, Cast

ROWS = read(PLACE.read_text("utf-8"))
PEOPLE = tuple(ROWS[0].answers)
# Walked together: parts about objects of a school one by one, one's own account and open pages at once.
PARTS = {
    part: [row for row in ROWS if row.part == part]
    for part in (
        "access",
        "consent",
        "control",
        "desk",
        "diary",
        "exchange",
        "journal",
        "printouts",
    )
}
PARTS["the rest"] = [row for row in ROWS if row.part not in PARTS]
OTHERS = ("stranger", "other_guardian", "other_head")
OURS = tuple(who for who in PEOPLE if who not in {"anonymous", *OTHERS})
EVERY_ROLE = (
    "maria",
    "ivan",
    "nina",
    "head",
    "branch_head",
    "admin",
    "secretary",
    "olya_mother",
    "olya",
)
ALLAUTH = {"account", "mfa", "usersessions"}  # its form pages read PUT as POST: one's own account
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(autouse=True)
def production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a school runs it: no pages of the demo; wrong passwords are hashed cheaply."""
    settings.DEMO = settings.DEBUG = False
    settings.METRICS_TOKEN = ""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(health, "broker", lambda: "ok")


@pytest.fixture(autouse=True, scope="module")
def rare_collections() -> Iterator[None]:
    """Thousands of requests in one process: looking for garbage as often as usual costs a tenth."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    yield
    gc.set_threshold(*usual)
    gc.unfreeze()


@pytest.fixture
def visitors(cast: Cast) -> Visitors:
    return Visitors(cast)


@pytest.mark.clause("G2.10")
def test_every_address_has_a_row() -> None:
    assert without_row(list(names(get_resolver())), ROWS) == set()


def test_the_table_is_sorted_and_says_each_thing_once() -> None:
    keys = [(row.part, row.address, row.method) for row in ROWS]
    assert keys == sorted(set(keys))


@pytest.mark.clause("G2.10")
@pytest.mark.parametrize("part", list(PARTS))
def test_answers_are_as_the_matrix_says(part: str, visitors: Visitors) -> None:
    assert [line for row in PARTS[part] for line in differences(row, visitors.answers(row))] == []


def test_a_method_without_a_row_is_refused_before_anything_is_read(visitors: Visitors) -> None:
    """405 to who is signed in; the signed-out are asked to sign in first where the page asks."""
    accepted = {(row.address, row.method) for row in ROWS}
    methods = {(row, method) for row in {(r.address, r.part) for r in ROWS} for method in METHODS}
    wrong = []
    for (address, part), method in sorted(methods):
        if (address, method) in accepted or part in ALLAUTH:
            continue
        answers = [visitors.status(who, method, address) for who in ("anonymous", "head")]
        if answers[0] not in {"302", "401", "405"} or answers[1] != "405":
            wrong.append((address, method, answers))
    assert wrong == []


def test_the_matrix_asks_for_objects_that_are_there(visitors: Visitors) -> None:
    """A made-up id would answer 404 to everybody and prove nothing."""
    opened = {row.address for row in ROWS if set(row.answers.values()) - {"302", "401", "404"}}
    redirecting = {row.address for row in ROWS if "404" in row.answers.values()} & {
        row.address for row in ROWS if "302" in {row.answers[who] for who in OURS}
    }
    assert set(visitors.objects) <= opened | redirecting


# Objects of the other school


@pytest.mark.clause("G2.10")
def test_nobody_of_the_first_school_finds_an_object_of_the_other(cast: Cast) -> None:
    theirs = Visitors(cast, THERE)
    about_objects = [row for row in ROWS if _is_about_an_object(row, theirs)]
    wrong = [
        f"{row.address} {row.method} {who}: {status}"
        for row in about_objects
        for who, status in theirs.answers(row, EVERY_ROLE).items()
        if status != "404"
    ]
    assert wrong == []
    # The objects are there: their own people open them.
    assert theirs.status("other_guardian", "GET", "diary:week") == "200"
    assert theirs.status("stranger", "GET", "journal:sheet") == "200"
    assert theirs.status("stranger", "GET", "printouts:download") == "200"
    assert theirs.status("other_head", "GET", "access:person") == "200"


def _is_about_an_object(row: Row, visitors: Visitors) -> bool:
    by_secret = {"verify:extract", "calendar:feed"}  # whoever holds the secret reads what it opens
    return row.address in visitors.objects and row.address not in by_secret


@pytest.mark.clause("G2.10")
def test_a_hidden_object_and_one_that_never_was_get_the_same_answer(visitors: Visitors) -> None:
    for row in ROWS:
        if row.answers["stranger"] != "404" or not _is_about_an_object(row, visitors):
            continue
        place = visitors.place(row.address)
        hidden = visitors.ask("stranger", row.method, row.address, place)
        invented = visitors.ask("stranger", row.method, row.address, _elsewhere(place))
        assert _words(hidden) == _words(invented), row.address


def _elsewhere(place: str) -> str:
    path, question, rest = place.partition("?")
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", lambda _: str(uuid4()), path) + question + rest


def _words(answer: Any) -> str:
    """The answer without what changes from request to request."""
    return re.sub(r"[A-Za-z0-9-]{32,}", "…", answer.content.decode())


# Two fences, each holds alone


def found_by_others(visitors: Visitors) -> list[str]:
    """Return what people of the other school get where the matrix tells them 404."""
    rows = [row for row in ROWS if row.address in visitors.objects]
    asked = [(row, [who for who in OTHERS if row.answers[who] == "404"]) for row in rows]
    return [
        f"{row.address} {row.method} {who}: {status}"
        for row, people in asked
        if people
        for who, status in visitors.answers(row, people).items()
        if status != "404"
    ]


def switch_off_visible_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fetch of a view finds every row, those in written-out SQL too: they ask by schools."""

    def everything(_model: type[Model], _user: User) -> Q:
        return Q()

    def everywhere(_user: User, _permission: Permission) -> tuple[UUID, ...]:
        return ALL_SCHOOLS

    monkeypatch.setattr(visibility, "allowed", everything)
    monkeypatch.setattr(User, "schools_with", everywhere)


def switch_off_row_level_security(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request sees the rows of all schools."""

    @contextmanager
    def all_schools(user: User, **more: str) -> Iterator[None]:
        with scope_of_user(user, **more), connection.cursor() as cursor:
            schools = "{" + ",".join(map(str, ALL_SCHOOLS)) + "}"
            cursor.execute("SELECT set_config('app.schools', %s, true)", [schools])
            yield

    monkeypatch.setattr(middleware, "scope_of_user", all_schools)


def test_the_database_alone_hides_the_school_if_a_view_forgets(
    visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_off_visible_to(monkeypatch)
    assert found_by_others(visitors) == []


def test_the_views_alone_hide_the_school_if_the_database_forgets(
    visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_off_row_level_security(monkeypatch)
    assert found_by_others(visitors) == []


def test_without_both_fences_the_walk_finds_leaks(
    visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the two tests above: they would notice."""
    switch_off_visible_to(monkeypatch)
    switch_off_row_level_security(monkeypatch)
    leaks = found_by_others(visitors)
    assert "diary:week GET other_guardian: 200" in leaks
    assert "journal:homework_file GET stranger: 200" in leaks
    assert "access:person GET other_head: 403" in leaks
    assert len(leaks) >= 30


# Keys of machines, and rights that end


@pytest.mark.parametrize("who", ["maria", "olya_mother", "stranger"])
def test_a_key_opens_what_its_owner_may(who: str, visitors: Visitors, cast: Cast) -> None:
    key = f"Token {Token.objects.create(user=cast.users[who]).key}"
    for row in ROWS:
        if row.part == "exchange" and row.address != "exchange:token":
            place = visitors.place(row.address)
            answer = visitors.ask(
                "anonymous", row.method, row.address, place, headers={"authorization": key}
            )
            assert str(answer.status_code) == row.answers[who], row.address


@pytest.mark.clause("G2.10")
@pytest.mark.parametrize(
    ("who", "roles", "address"),
    [("maria", ["teacher"], "journal:sheet"), ("maria", ["teacher"], "exchange:sheet"),
     ("ivan", ["class_teacher"], "desk:class"), ("ivan", ["class_teacher"], "diary:week"),
     ("nina", ["deputy_head"], "printouts:download")],
)  # fmt: skip
def test_a_role_taken_away_closes_what_it_opened(
    who: str, roles: list[str], address: str, visitors: Visitors, cast: Cast
) -> None:
    assert visitors.status(who, "GET", address) == "200"
    RoleAssignment.objects.filter(person=cast.people[who], role__in=roles).delete()
    assert visitors.status(who, "GET", address) == "404"


# Controls: the matrix would notice


def test_an_address_without_a_row_is_noticed() -> None:
    addresses = [row.address for row in ROWS]
    assert without_row([*addresses, "journal:invented"], ROWS) == {"journal:invented"}
    assert without_row(addresses[1:], ROWS[1:]) == set()
    assert without_row([a for a in addresses if a != "journal:sheet"], ROWS) == {"journal:sheet"}


def test_a_wrong_status_is_noticed(visitors: Visitors) -> None:
    (row,) = (row for row in ROWS if (row.address, row.method) == ("diary:week", "GET"))
    said = Row(row.address, row.method, {**row.answers, "stranger": "200"})
    assert differences(row, visitors.answers(row)) == []
    assert differences(said, visitors.answers(said)) == [
        "diary:week GET stranger: 404 instead of 200"
    ]


def test_ids_of_the_other_school_are_other_ids(cast: Cast) -> None:
    ours, theirs = Visitors(cast), Visitors(cast, THERE)
    for name, parameters in ours.objects.items():
        ids = {value for value in parameters.values() if isinstance(value, UUID)}
        assert ids.isdisjoint(theirs.objects[name].values()), name
    assert reverse("home") == "/"

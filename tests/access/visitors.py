"""The matrix as data, and one browser that everybody of the cast sits down at in turn."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLResolver, reverse

from tests.access.world import HERE, PARAMETERS, Side, bodies, query_of, things
from tests.cast import Cast

PLACE = Path(__file__).with_name("matrix.txt")
JSON = {"journal:cells", "exchange:cells", "exchange:acknowledge", "exchange:token"}
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class Row:
    """What an address answers to a method, by the person who asks."""

    address: str
    method: str
    answers: Mapping[str, str]

    @property
    def part(self) -> str:
        """The part of the site: its name space, or the first word of a name without one."""
        space, colon, _ = self.address.partition(":")
        return space if colon else space.partition("_")[0]


def read(text: str) -> list[Row]:
    """Read the table: its first line names the people."""
    lines = [line.split() for line in text.splitlines() if line.strip() and line[0] != "#"]
    people = lines[0][2:]
    return [
        Row(name, method, dict(zip(people, answers, strict=True)))
        for name, method, *answers in lines[1:]
    ]


def names(resolver: Any, space: str = "") -> Iterator[str]:
    """Yield every name that `reverse` knows."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern, inside)
        else:
            yield f"{space}{pattern.name}"


def without_row(addresses: Sequence[str], rows: Sequence[Row]) -> set[str]:
    """Return addresses that the table does not know, and rows whose address is gone."""
    return set(addresses) ^ {row.address for row in rows}


def differences(row: Row, answers: Mapping[str, str]) -> list[str]:
    """Compare what was answered with the row, person by person."""
    return [
        f"{row.address} {row.method} {who}: {answers.get(who)} instead of {wanted}"
        for who, wanted in row.answers.items()
        if answers.get(who) != wanted
    ]


class Browser(Client):
    """A test client that only asks: it keeps neither cookies nor the templates of the answer."""

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))


@dataclass
class Visitors:
    """The cast before real addresses: asks as anybody, and undoes what the request changed."""

    cast: Cast
    side: Side = HERE
    client: Browser = field(default_factory=Browser)
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.objects = things(self.cast, self.side)
        self.bodies = bodies(self.cast, self.side)

    def place(self, name: str) -> str:
        parameters = self.objects.get(name) or PARAMETERS.get(name)
        return reverse(name, kwargs=parameters) + query_of(name, self.cast, self.side)

    def status(self, who: str, method: str, name: str) -> str:
        answer = self.ask(who, method, name, self.place(name))
        for closer in answer._resource_closers if answer.streaming else ():
            closer()
        return str(answer.status_code)

    def answers(self, row: Row, people: Sequence[str] = ()) -> dict[str, str]:
        asking = people or row.answers
        return {who: self.status(who, row.method, row.address) for who in asking}

    def ask(self, who: str, method: str, name: str, place: str, **more: Any) -> Any:
        """Send the request as `who`; whatever it changes is undone (a GET changes nothing)."""
        self.client.cookies = self._cookies_of(who)
        if method == "GET":
            return self.client.generic(method, place, **more)
        before = transaction.savepoint()
        try:
            return self._send(method, name, place, **more)
        finally:
            transaction.savepoint_rollback(before)

    def _send(self, method: str, name: str, place: str, **more: Any) -> Any:
        if method != "POST":
            return self.client.generic(method, place, **more)
        body = self.bodies.get(name, {})
        if name in JSON:
            return self.client.post(
                place, json.dumps(body), content_type="application/json", **more
            )
        return self.client.post(place, body, **more)

    def _cookies_of(self, who: str) -> SimpleCookie:
        if who not in self.cookies:
            browser = Client()
            if who != "anonymous":
                browser.force_login(self.cast.user(who), backend=BACKEND)
            self.cookies[who] = browser.cookies
        return self.cookies[who]

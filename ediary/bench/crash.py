"""F1: eight clients mark while web workers and the database are killed; what was answered must be there.

Every operation has an id made by its client and is repeated under it until the server answers 200.
Each cell belongs to one client, so the last answered value of a cell is what must be stored, with
as many history rows as answered operations, and each operation once.
"""

import http.client
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from common.ids import uuid7
from ediary.bench.site import Answer, Site, Visitor, parents
from ediary.bench.world import Seat, World
from ediary.launcher.postgres import Cluster

CLIENTS = 8
VALUES = ("5", "4", "3", "2")
RETRY = 0.05
# Until every client has its answer after the last kill; the pass mark is 15 seconds.
RECOVERY = 60.0
# The control: a commit is answered before it is written, and nothing is written for ten seconds.
FORGETFUL = """\
synchronous_commit = off
wal_writer_delay = 10s
wal_writer_flush_after = 1GB
"""

Cell = tuple[str, str]  # pupil, lesson


class Refused(AssertionError):
    """The server gave an answer that no kill explains."""


@dataclass(slots=True)
class Client:
    """One teacher's browser: cells of its own, one operation at a time."""

    seat: Seat
    visitor: Visitor
    cells: Sequence[Cell]
    rng: random.Random
    revs: dict[Cell, int] = field(default_factory=dict)
    stored: dict[Cell, list[str]] = field(default_factory=dict)
    operations: list[str] = field(default_factory=list)
    failure: Exception | None = None

    def work(self, stop: threading.Event) -> None:
        """Mark cell after cell until told to stop; the last operation is brought to its end."""
        number = 0
        try:
            while not stop.is_set():
                self.mark(self.cells[number % len(self.cells)], stop)
                number += 1
        except Exception as error:  # noqa: BLE001 - told by the thread that waits for us
            self.failure = error

    def mark(self, cell: Cell, stop: threading.Event) -> None:
        """Give the cell another value and repeat the operation until it is answered."""
        known = self.stored.setdefault(cell, [])
        value = self.rng.choice([value for value in VALUES if value not in known[-1:]])
        pupil, lesson = cell
        entry = {"pupil": pupil, "lesson": lesson, "value": value, "rev": self.revs.get(cell, 0)}
        op = str(uuid7())
        body = json.dumps({"op": op, "user": self.seat.user, "cells": [entry]})
        answer = self.answered(body, stop)
        told = json.loads(answer.text)["cells"][0]
        if told["state"] != "ok":
            raise Refused(answer.text)
        known.append(value)
        self.revs[cell] = told["rev"]
        self.operations.append(op)

    def answered(self, body: str, stop: threading.Event) -> Answer:
        deadline = 0.0
        while True:
            answer = self.tried(body)
            if answer is not None and answer.status == 200:
                return answer
            if answer is not None and answer.status < 500:
                raise Refused(f"{answer.status}: {answer.body[:300]!r}")
            if stop.is_set():
                deadline = deadline or time.monotonic() + RECOVERY
                if time.monotonic() > deadline:
                    raise Refused(f"No answer within {RECOVERY} seconds after the last kill.")
            time.sleep(RETRY)

    def tried(self, body: str) -> Answer | None:
        """Return the answer, or None if the connection broke."""
        try:
            return self.visitor.post(f"/journal/{self.seat.course}/cells", body, timeout=10)
        except (OSError, http.client.HTTPException):
            return None


@dataclass(slots=True)
class Outcome:
    """What a run came to."""

    acknowledged: int
    lost: int
    doubled: int
    kills: Counter[str]
    recovery: float  # the longest time from a kill to the next answer


class Run:
    """Clients and faults over one site."""

    def __init__(
        self,
        cluster: Cluster,
        site: Site,
        world: World,
        *,
        lessons: slice = slice(None),
        seed: int = 1,
        clients: int = CLIENTS,
    ) -> None:
        self.cluster = cluster
        self.site = site
        self.world = world
        self.lessons = lessons  # a second run over the same school takes other ones
        self.rng = random.Random(seed)  # noqa: S311
        self.earlier = Stored.read(cluster, world).operations
        self.kills: Counter[str] = Counter()
        self.recovery = 0.0
        self.clients = [self.client(number, clients) for number in range(clients)]

    def client(self, number: int, clients: int) -> Client:
        """A client of one of the courses; clients of one course share its pupils out."""
        seats = self.world.seats
        sharers = range(number % len(seats), clients, len(seats))
        seat = seats[number % len(seats)]
        return Client(
            seat=seat,
            visitor=self.site.visitor(seat.session),
            cells=[
                (pupil, lesson)
                for lesson in seat.lessons[self.lessons]
                for pupil in self.world.pupils[sharers.index(number) :: len(sharers)]
            ],
            rng=random.Random(self.rng.random()),  # noqa: S311
        )

    def go(self, faults: Sequence[Callable[[], None]], *, every: float) -> Outcome:
        """Let the clients work while the faults happen one after another."""
        stop = threading.Event()
        threads = [threading.Thread(target=client.work, args=(stop,)) for client in self.clients]
        for thread in threads:
            thread.start()
        try:
            self.wait_for_progress()  # a new server loads its pages first
            self.recovery = 0.0
            for fault in faults:
                time.sleep(every * self.rng.uniform(0.75, 1.25))
                fault()
                self.wait_for_progress()
            time.sleep(every)
        finally:
            stop.set()
            for thread in threads:
                thread.join(RECOVERY * 2)
        for client in self.clients:
            if client.failure:
                raise client.failure
        return self.outcome()

    def answers(self) -> int:
        return sum(len(client.operations) for client in self.clients)

    def wait_for_progress(self) -> None:
        """Wait for the next answer, and note the longest wait."""
        before, started = self.answers(), time.monotonic()
        while self.answers() == before and time.monotonic() < started + RECOVERY:
            if any(client.failure for client in self.clients):
                return
            time.sleep(0.01)
        self.recovery = max(self.recovery, time.monotonic() - started)

    def kill_worker(self) -> None:
        """Kill -9 one of gunicorn's workers."""
        workers = self.site.workers()
        if workers:
            kill(self.rng.choice(workers))
            self.kills["worker"] += 1

    def kill_database(self) -> None:
        """Kill -9 the postmaster, and start the server again as the launcher does."""
        port = self.cluster.running_port()
        kill(self.cluster.server_pid())
        self.kills["database"] += 1
        self.restart(port)

    def kill_all_of_database(self) -> None:
        """Kill -9 every process of the server in one go: what only memory holds is gone."""
        port, master = self.cluster.running_port(), self.cluster.server_pid()
        kill(master, *(pid for pid, parent in parents() if parent == master))
        self.kills["whole database"] += 1
        self.restart(port)

    def restart(self, port: int) -> None:
        self.cluster.start()
        if self.cluster.running_port() != port:
            raise AssertionError("The database came back on another port.")

    def outcome(self) -> Outcome:
        """Compare what was answered with what is stored."""
        found = Stored.read(self.cluster, self.world)
        lost: Counter[str] = Counter()
        doubled = 0
        for client in self.clients:
            lost["operations"] += sum(op not in found.operations for op in client.operations)
            for cell, values in client.stored.items():
                marks, events = found.values.get(cell, []), found.events[cell]
                lost["marks"] += marks[-1:] != values[-1:]
                lost["history"] += max(0, len(values) - events)
                doubled += max(0, events - len(values)) + max(0, len(marks) - 1)
        doubled += max(0, len(found.operations - self.earlier) - self.answers())
        return Outcome(self.answers(), max(lost.values()), doubled, self.kills, self.recovery)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds of the school, read as its superuser."""

    values: dict[Cell, list[str]]
    events: Counter[Cell]
    operations: set[str]

    @classmethod
    def read(cls, cluster: Cluster, world: World) -> "Stored":
        school = UUID(world.school)
        values: dict[Cell, list[str]] = {}
        with psycopg.connect(
            host="127.0.0.1", port=cluster.running_port(), user="postgres",
            password=cluster.passwords()["postgres"], dbname="ediary",
        ) as link:  # fmt: skip
            for pupil, lesson, value in rows(link, MARKS, school):
                values.setdefault((pupil, lesson), []).append(value)
            events = Counter((pupil, lesson) for pupil, lesson in rows(link, EVENTS, school))
            operations = {op for (op,) in rows(link, OPERATIONS, school)}
        return cls(values, events, operations)


MARKS = """
SELECT pupil_id::text, lesson_id::text, value FROM journal_mark WHERE school_id = %s ORDER BY position
"""
EVENTS = """
SELECT after ->> 'pupil_id', after ->> 'lesson_id' FROM audit_event
 WHERE school_id = %s AND table_name = 'journal_mark' AND action <> 'D'
"""
OPERATIONS = "SELECT id::text FROM journal_operation WHERE school_id = %s"


def rows(link: psycopg.Connection[Any], statement: str, school: UUID) -> list[tuple[Any, ...]]:
    return link.execute(statement.encode(), [school]).fetchall()


def kill(*pids: int) -> None:
    """End processes of ours at once, without a word."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue

"""Network, tab and web server are killed between key and answer: every mark that was typed must be there.

A real Chromium types into the real grid. A fault strikes at a random moment of the second after the
last key: before the request, under way, or before its answer. When all is mended the page itself,
or the next one of the same browser, must bring what was typed to the server. In the end every cell
is compared with what was typed there last, and its history with how often it was typed.
"""

import itertools
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright

from ediary.bench import world as world_of
from ediary.bench.crash import Cell, Stored, kill
from ediary.bench.figures import Figure
from ediary.bench.relay import Relay
from ediary.bench.site import Site
from ediary.bench.visit import CHROMIUM, QUIET
from ediary.bench.world import World
from ediary.launcher.postgres import Cluster

SEAT = 0
KEYS = 3  # marks in a round
STRIKES_WITHIN = 0.6  # seconds after the last key; the page sends 0.35 after it
AWAY = 0.15  # how long the network stays cut
# Milliseconds until everything typed is saved: the page tries again after up to thirty seconds, and a
# machine with much else to do takes as long to start the web server.
PATIENCE = 120_000
LOOKS_EVERY = 25  # milliseconds
TELLS_EVERY = 25  # rounds
VALUES = ("5", "4", "3", "2")
# The control: a browser that keeps nothing.
FORGETFUL = "Storage.prototype.setItem = () => {}"
CLICK = """([pupil, lesson]) => {
  const column = [...document.querySelectorAll("th.head")].findIndex((head) => head.dataset.l === lesson);
  const cell = document.querySelector(`tr[data-p="${pupil}"]`).cells[column + 1];
  cell.dispatchEvent(new MouseEvent("mousedown", {bubbles: true, button: 0}));
  document.dispatchEvent(new MouseEvent("mouseup", {bubbles: true}));
  return document.activeElement === cell;
}"""
OPEN_LESSONS = """() => [...document.querySelectorAll("th.head:not([data-x])")].map((head) => head.dataset.l)"""
SAVED = """() => document.querySelector("[data-ed-ready]") && !document.querySelector("#grid .is-pending")
  && document.querySelector("[data-ed-problems]").hidden
  && !Object.keys(localStorage).some((key) => key.startsWith("ed:outbox"))"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to."""

    typed: int
    lost: int
    doubled: int
    kills: Counter[str]


@dataclass(slots=True)
class Typist:
    """A teacher at one grid, and what befalls her."""

    browser: CDPSession
    context: BrowserContext
    relay: Relay
    site: Site
    address: str
    pupils: Sequence[str]
    rng: random.Random
    page: Page = field(init=False)
    cells: Iterator[Cell] = field(init=False)
    typed: dict[Cell, list[str]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.page = self.opened()
        lessons = self.page.evaluate(OPEN_LESSONS)
        self.cells = itertools.cycle([(p, lesson) for lesson in lessons for p in self.pupils])

    def opened(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(self.address)
        page.wait_for_selector("[data-ed-ready]")
        return page

    def round(self, fault: Callable[[], None]) -> None:
        """Type a few marks, let the fault strike, wait until the browser says that all is saved."""
        for _ in range(KEYS):
            cell = next(self.cells)
            before = self.typed.setdefault(cell, [])
            value = self.rng.choice([value for value in VALUES if value not in before[-1:]])
            if not self.page.evaluate(CLICK, list(cell)):
                raise AssertionError("The cell cannot be chosen.")
            self.page.keyboard.press(value)
            before.append(value)
        time.sleep(self.rng.uniform(0, STRIKES_WITHIN))
        fault()
        self.kills[fault.__name__] += 1
        # Not `wait_for_function`: it may ask the page to evaluate text, which its policy forbids.
        until = time.monotonic() + PATIENCE / 1000
        while not self.page.evaluate(SAVED):
            if time.monotonic() > until:
                said = self.page.locator("[data-ed-status], [data-ed-problems]").all_inner_texts()
                raise AssertionError(f"After a kill of the {fault.__name__}: {said}")
            self.page.wait_for_timeout(LOOKS_EVERY)

    def network(self) -> None:
        self.relay.cut()
        time.sleep(AWAY)
        self.relay.mend()

    def tab(self) -> None:
        """Kill -9 the tab's process: no event tells the page. The teacher opens the journal again."""
        told = self.browser.send("SystemInfo.getProcessInfo")["processInfo"]
        kill(*(int(process["id"]) for process in told if process["type"] == "renderer"))
        self.page.close()
        self.page = self.opened()

    def server(self) -> None:
        """Kill -9 every worker; gunicorn starts others."""
        kill(*self.site.workers())

    def outcome(self, cluster: Cluster, world: World) -> Outcome:
        """Compare what was typed with what is stored."""
        stored = Stored.read(cluster, world)
        lost = doubled = 0
        for cell, values in self.typed.items():
            marks, events = stored.values.get(cell, []), stored.events[cell]
            lost += marks[-1:] != values[-1:]
            doubled += max(0, len(marks) - 1) + max(0, events - len(values))
        return Outcome(sum(map(len, self.typed.values())), lost, doubled, self.kills)


@contextmanager
def typist(
    site: Site, world: World, *, seed: int = 1, seat: int = SEAT, forgetful: bool = False
) -> Iterator[Typist]:
    """Open Chromium on the grid of a course, over a wire of its own."""
    place = world.seats[seat]
    rng = random.Random(seed)  # noqa: S311
    with Relay(site.port) as relay, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        base = f"http://127.0.0.1:{relay.port}"
        context = browser.new_context(base_url=base, locale="ru-RU")
        context.add_cookies([{"name": "sessionid", "value": place.session, "url": base}])
        if forgetful:
            context.add_init_script(FORGETFUL)
        address = f"/journal/{place.course}/?period={world.period}"
        try:
            yield Typist(
                browser.new_browser_cdp_session(), context, relay, site, address, world.pupils, rng
            )
        finally:
            browser.close()


def run(
    cluster: Cluster, site: Site, world: World, *, rounds: int, kinds: Sequence[str], **options: Any
) -> Outcome:
    """Let each kind of fault strike so many times."""
    with typist(site, world, **options) as teacher:
        for kind in kinds:
            for number in range(1, rounds + 1):
                teacher.round(getattr(teacher, kind))
                if number % TELLS_EVERY == 0:
                    sys.stderr.write(f"grid_kills: {kind} {number} of {rounds}\n")
        return teacher.outcome(cluster, world)


ROUNDS = 200  # of each


def grid_kills(cluster: Cluster, folder: Path) -> Iterator[Figure]:
    """Yield what was typed, lost and doubled, and what a browser that keeps nothing lost."""
    made = world_of.build(with_marks=False)
    with Site(folder, os.environ | {"BEHIND_TLS": "0"}) as site:
        outcome = run(cluster, site, made, rounds=ROUNDS, kinds=("network", "tab", "server"))
        control = run(cluster, site, made, rounds=10, kinds=("tab",), seat=1, forgetful=True)
    yield Figure("grid_kills.kills", outcome.kills.total(), "kills")
    yield Figure("grid_kills.typed", outcome.typed, "marks")
    yield Figure("grid_kills.lost", outcome.lost, "marks", budget=0)
    yield Figure("grid_kills.doubled", outcome.doubled, "marks", budget=0)
    yield Figure("grid_kills.control_lost", control.lost, "marks", budget=1, least=True)

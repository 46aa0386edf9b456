"""The grid, one mark, and the family's week."""

import json
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from common.ids import uuid7
from ediary.bench import frames, visit
from ediary.bench.figures import Figure
from ediary.bench.measure import REQUESTS, Meter, Request, warm_up
from ediary.bench.site import Answer, Site
from ediary.bench.world import FLOOR_SAVED, GRID, SAVED, Seat, World


@dataclass(frozen=True, slots=True)
class Stage:
    """The running site with its school."""

    site: Site
    meter: Meter
    world: World


def measured(
    stage: Stage, name: str, page: Request, floor: Request, *, statements: int, cpu: float | None
) -> Iterator[Figure]:
    """Yield statements, processor time, ratio and, for the reader, wall time of a page."""
    for request in (page, floor):
        warm_up(request)
    cost, least = stage.meter.compare(page, floor)
    count, lines = stage.meter.statements(page)
    yield Figure(f"{name}.statements", count, "statements", budget=statements)
    if count > statements:
        sys.stderr.write("\n".join([f"{name}:", *lines, ""]))
    yield Figure(f"{name}.cpu", cost.cpu, "ms", budget=cpu, floor=least.cpu)
    yield Figure(f"{name}.ratio", cost.cpu / least.cpu, "×", budget=3)
    yield Figure(f"{name}.wall", cost.wall, "ms", floor=least.wall)


def packed(answer: Answer) -> float:
    """Return the kilobytes of the body as it went over the wire."""
    return len(answer.body) / 1000


def grid_open(stage: Stage) -> Iterator[Figure]:
    seat, world = stage.world.seats[GRID], stage.world
    visitor = stage.site.visitor(seat.session)
    place = f"/journal/{seat.course}/?period={world.period}"
    query = urlencode({"course": seat.course, "year": world.year})

    def page(_number: int) -> Answer:
        return visitor.get(place)

    yield from measured(
        stage,
        "grid_open",
        page,
        lambda _: visitor.get(f"/floor/grid?{query}"),
        statements=8,
        cpu=14,
    )
    answer = page(0)
    refuse_half_a_grid(answer.text, stage.world)
    yield Figure("grid_open.gzip", packed(answer), "KB", budget=12)
    yield Figure("grid_open.html", len(answer.text.encode()) / 1000, "KB")


def grid_60(stage: Stage) -> Iterator[Figure]:
    """Forty pupils and sixty lessons, two marks in a tenth of the cells."""
    seat, world = stage.world.wide, stage.world
    visitor = stage.site.visitor(seat.session)
    place = f"/journal/{seat.course}/?period={world.period}"
    query = urlencode({"course": seat.course, "year": world.year})

    def page(_number: int) -> Answer:
        return visitor.get(place)

    yield from measured(
        stage,
        "grid_60",
        page,
        lambda _: visitor.get(f"/floor/grid?{query}"),
        statements=8,
        cpu=18,
    )
    rows, marks = (page(0).text.count(sign) for sign in ("<tr data-p=", ' data-r="'))
    if (rows, marks) != (len(world.wide_pupils), len(world.wide_pupils) * len(seat.lessons)):
        raise ValueError(f"The grid shows {rows} pupils and {marks} cells with marks.")


def save_200(stage: Stage) -> Iterator[Figure]:
    """Two hundred marks changed by one request: a column's worth of five lessons."""
    seat, world = stage.world.wide, stage.world
    visitor = stage.site.visitor(seat.session)
    place = f"/journal/{seat.course}/cells"
    chosen = [(pupil, lesson) for lesson in seat.lessons[:5] for pupil in world.wide_pupils]
    revs: dict[str, int] = {}

    def page(number: int) -> Answer:
        value = ("5", "4", "3")[number % 3]
        cells = [
            {
                "pupil": pupil,
                "lesson": lesson,
                "value": value,
                "rev": revs.get(f"{pupil} {lesson}", 0),
            }
            for pupil, lesson in chosen
        ]
        body = {
            "op": str(uuid7()),
            "user": seat.user,
            "cells": cells,
            "reason": "Проверка скорости",
        }
        answer = visitor.post(place, json.dumps(body))
        for cell in json.loads(answer.text)["cells"]:
            revs[f"{cell['pupil']} {cell['lesson']}"] = cell["rev"]
        return answer

    page(-2)  # tells the revisions
    if {cell["state"] for cell in json.loads(page(-1).text)["cells"]} != {"ok"}:
        raise ValueError("Not all of the two hundred marks were saved.")
    warm_up(page)
    cpu = statistics.median(stage.meter.sample(page, number).cpu for number in range(REQUESTS))
    count, lines = stage.meter.statements(page)
    yield Figure("save_200.statements", count, "statements", budget=12)
    if count > 12:
        sys.stderr.write("\n".join(["save_200:", *lines, ""]))
    yield Figure("save_200.cpu", cpu, "ms", budget=40)


def refuse_half_a_grid(html: str, world: World) -> None:
    """Make sure that the page we measured shows all pupils and all 1,200 marks."""
    rows, marks = html.count("<tr data-p="), html.count(' data-r="')
    if (rows, marks) != (len(world.pupils), len(world.pupils) * len(world.seats[GRID].lessons)):
        raise ValueError(f"The grid shows {rows} pupils and {marks} marks.")


class Cells:
    """Empty cells of a course, each used once; lessons already have their work."""

    def __init__(self, world: World, seat: Seat) -> None:
        self.world, self.seat = world, seat
        self.free = [
            (pupil, lesson, work)
            for lesson, work in zip(seat.lessons, seat.works, strict=True)
            for pupil in world.pupils
        ]

    def body(self) -> str:
        """Return a save of one mark as the grid sends it."""
        pupil, lesson, _ = self.free.pop()
        cell = {"pupil": pupil, "lesson": lesson, "value": "4", "rev": 0}
        return json.dumps({"op": str(uuid7()), "user": self.seat.user, "cells": [cell]})

    def floor(self) -> str:
        pupil, lesson, work = self.free.pop()
        facts = {
            "op": str(uuid7()), "user": self.seat.user, "pupil": pupil, "lesson": lesson, "work": work,
            "school": self.world.school, "year": self.world.year, "value": "4", "score": 4,
        }  # fmt: skip
        return json.dumps(facts)


def save_mark(stage: Stage) -> Iterator[Figure]:
    world = stage.world
    mine, least = (Cells(world, world.seats[number]) for number in (SAVED, FLOOR_SAVED))
    visitor = stage.site.visitor(mine.seat.session)
    place = f"/journal/{mine.seat.course}/cells"

    def page(_number: int) -> Answer:
        answer = visitor.post(place, mine.body())
        if answer.status == 200 and json.loads(answer.text)["cells"][0]["state"] != "ok":
            raise ValueError(f"The mark was not saved: {answer.text}")
        return answer

    yield from measured(
        stage, "save_mark", page, lambda _: visitor.post("/floor/save", least.floor()), statements=10, cpu=9
    )  # fmt: skip


def family_week(stage: Stage) -> Iterator[Figure]:
    """The week of thirty lessons against its floor, and the statements of a week of one lesson."""
    world = stage.world
    monday = date.fromisoformat(world.monday)
    family, small = world.family, world.small_family
    visitor, other = (stage.site.visitor(who.session) for who in (family, small))
    query = urlencode({
        "pupil": family.pupil, "year": world.year, "from": monday, "to": monday + timedelta(days=6),
    })  # fmt: skip

    def page(_number: int) -> Answer:
        return visitor.get(f"/diary/{family.pupil}/week/{world.week}/")

    def small_page(_number: int) -> Answer:
        return other.get(f"/diary/{small.pupil}/week/{world.week}/")

    yield from measured(
        stage, "family_week", page, lambda _: visitor.get(f"/floor/week?{query}"), statements=8, cpu=None
    )  # fmt: skip
    warm_up(small_page)
    count, _ = stage.meter.statements(small_page)
    yield Figure("family_week.statements_one_lesson", count, "statements", budget=8)
    yield Figure("family_week.gzip", packed(page(0)), "KB")
    weights = visit.first_visit(stage.site, world)
    visit.tell(weights)
    yield Figure("family_week.first_visit", weights.total() / 1000, "KB", budget=60)


Bench = Callable[[Stage], Iterator[Figure]]
PAGES: dict[str, Bench] = {
    "grid_open": grid_open,
    "grid_60": grid_60,
    "save_mark": save_mark,
    "save_200": save_200,
    "family_week": family_week,
    "grid_key_to_frame": lambda stage: frames.grid_key_to_frame(stage.site, stage.world),
}

"""«Задания» of a family: thirty tasks of the days ahead, against the same rows by hand."""

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db import connections

from common.ids import uuid7
from ediary.bench.figures import Figure
from ediary.bench.pages import Stage, measured, packed
from ediary.bench.site import Answer
from ediary.bench.world import OWNER, World

PER_COURSE = 5  # tasks ahead of each of the six courses
ASSIGN = """
INSERT INTO journal_homework (id, school_id, year, lesson_id, due_day, text, minutes, form, for_all, answer_wanted,
                              set_by_id, set_at)
SELECT %s, l.school_id, l.year, l.id, %s, 'Упражнения 214, 217 (а, б), подготовить пересказ', 20, 'in_class', true,
       false, %s, now() FROM school_lesson l WHERE l.id = %s
"""


def assign(world: World, today: date) -> int:
    """Set tasks for the days ahead at the last lesson of each course; return how many."""
    rows = [
        (uuid7(), today + timedelta(days=day), seat.user, seat.lessons[-1])
        for seat in world.seats
        for day in range(1, PER_COURSE + 1)
    ]
    with connections[OWNER].cursor() as cursor:
        cursor.executemany(ASSIGN, rows)
    return len(rows)


def family_tasks(stage: Stage) -> Iterator[Figure]:
    """Thirty tasks of five days against their floor, and the statements of a list without any."""
    world = stage.world
    today = date.fromisoformat(world.monday) + timedelta(days=7)
    today += timedelta(days=date.today().weekday())  # noqa: DTZ011 - the world is of this week
    tasks = assign(world, today)
    visitor, other = (stage.site.visitor(who.session) for who in (world.family, world.small_family))
    query = urlencode({"pupil": world.family.pupil, "year": world.year, "today": today})

    def page(_number: int) -> Answer:
        return visitor.get(f"/diary/{world.family.pupil}/tasks/")

    yield from measured(
        stage, "family_tasks", page, lambda _: visitor.get(f"/floor/tasks?{query}"), statements=8, cpu=15
    )  # fmt: skip
    answer = page(0)
    shown = answer.text.count('class="tick"')
    if shown != tasks:
        raise ValueError(f"The page shows {shown} tasks of {tasks}.")
    count, _ = stage.meter.statements(
        lambda _: other.get(f"/diary/{world.small_family.pupil}/tasks/")
    )
    yield Figure("family_tasks.statements_empty", count, "statements", budget=8)
    yield Figure("family_tasks.gzip", packed(answer), "KB")

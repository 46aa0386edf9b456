"""«Отметки», one subject and «Итоговые оценки» of a family against the same rows by hand."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db import connections

from common.ids import uuid7
from ediary.bench.figures import Figure
from ediary.bench.measure import warm_up
from ediary.bench.pages import Stage, measured, packed
from ediary.bench.site import Answer
from ediary.bench.world import GRID, OWNER, World

PERIOD = """
INSERT INTO journal_periodmark (id, school_id, year, course_id, period_id, pupil_id, status, value, score, obtained_at,
                                visible_at, set_by_id, set_at, rev)
SELECT %s, c.school_id, c.year, c.id, %s, %s, 'mark', '4', 4, now(), now(), %s, now(), 1
  FROM school_course c WHERE c.id = %s
"""
YEAR = """
INSERT INTO journal_yearmark (id, school_id, year, course_id, pupil_id, status, value, score, obtained_at,
                              visible_at, set_by_id, set_at, rev)
SELECT %s, c.school_id, c.year, c.id, %s, 'mark', '4', 4, now(), now(), %s, now(), 1
  FROM school_course c WHERE c.id = %s
"""


def family_marks(stage: Stage) -> Iterator[Figure]:
    """Six subjects, eighty marks, a forecast of each from the marks of thirty pupils."""
    world = stage.world
    visitor, other = (stage.site.visitor(who.session) for who in (world.family, world.small_family))
    query = query_of(world)

    def page(_number: int) -> Answer:
        return visitor.get(f"/diary/{world.family.pupil}/marks/")

    yield from measured(
        stage, "family_marks", page, lambda _: visitor.get(f"/floor/marks?{query}"), statements=8, cpu=15
    )  # fmt: skip
    answer = page(0)
    cards, forecasts = (answer.text.count(sign) for sign in ('class="card subject"', "Прогноз: "))
    if (cards, forecasts) != (len(world.seats), len(world.seats)):
        raise ValueError(f"The page shows {cards} subjects and {forecasts} forecasts.")

    def empty(_number: int) -> Answer:
        return other.get(f"/diary/{world.small_family.pupil}/marks/")

    warm_up(empty)
    count, _ = stage.meter.statements(empty)
    yield Figure("family_marks.statements_empty", count, "statements", budget=8)
    yield Figure("family_marks.gzip", packed(answer), "KB")


def family_subject(stage: Stage) -> Iterator[Figure]:
    """The subject of forty marks and forty topics, with «что если»."""
    world = stage.world
    visitor = stage.site.visitor(world.family.session)
    subject = subject_of(world)
    query = query_of(world, subject=subject)

    def page(_number: int) -> Answer:
        return visitor.get(f"/diary/{world.family.pupil}/marks/{subject}/?n5=2")

    yield from measured(
        stage, "family_subject", page, lambda _: visitor.get(f"/floor/subject?{query}"), statements=8, cpu=15
    )  # fmt: skip
    answer = page(0)
    lines = answer.text.count('<li id="m-')
    if lines != len(world.seats[GRID].lessons) or "Средний балл станет" not in answer.text:
        raise ValueError(f"The page shows {lines} marks.")
    yield Figure("family_subject.gzip", packed(answer), "KB")


def family_finals(stage: Stage) -> Iterator[Figure]:
    """The results of six subjects with the week's acknowledgement."""
    world = stage.world
    results = conclude(world)
    visitor = stage.site.visitor(world.family.session)
    query = query_of(world, monday=world.monday)

    def page(_number: int) -> Answer:
        return visitor.get(f"/diary/{world.family.pupil}/finals/?week={world.week}")

    yield from measured(
        stage, "family_finals", page, lambda _: visitor.get(f"/floor/finals?{query}"), statements=8, cpu=15
    )  # fmt: skip
    answer = page(0)
    shown = answer.text.count('data-tone="4"')
    if shown != results:
        raise ValueError(f"The page shows {shown} results of {results}.")
    yield Figure("family_finals.gzip", packed(answer), "KB")


def query_of(world: World, **more: str) -> str:
    return urlencode({
        "pupil": world.family.pupil, "school": world.school, "year": world.year, "period": world.period, **more,
    })  # fmt: skip


def subject_of(world: World) -> str:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT subject_id::text FROM school_course WHERE id = %s", [world.seats[GRID].course]
        )
        return str(cursor.fetchone()[0])


def conclude(world: World) -> int:
    """Give the pupil a mark of the period and of the year in each course; return how many."""
    pupil, user = world.family.pupil, world.seats[0].user
    with connections[OWNER].cursor() as cursor:
        cursor.executemany(
            PERIOD, [(uuid7(), world.period, pupil, user, seat.course) for seat in world.seats]
        )
        cursor.executemany(YEAR, [(uuid7(), pupil, user, seat.course) for seat in world.seats])
    return 2 * len(world.seats)

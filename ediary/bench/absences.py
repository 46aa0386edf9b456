"""«Пропуски» of a family: thirty-six missed lessons and five reports, against the same rows by hand."""

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db import connections

from common.ids import uuid7
from ediary.bench.figures import Figure
from ediary.bench.pages import Stage, measured, packed
from ediary.bench.site import Answer
from ediary.bench.world import OWNER, World

PER_COURSE, REPORTS = 6, 5
MISS = """
INSERT INTO journal_absence (id, school_id, year, lesson_id, pupil_id, code, reason, set_by_id, set_at, rev)
SELECT %s, l.school_id, l.year, l.id, %s, %s, '', %s, now(), 0 FROM school_lesson l WHERE l.id = %s
"""
TELL = """
INSERT INTO diary_absencereport (id, school_id, pupil_id, since, until, reason, comment, file_name, file, state,
                                 answer, reported_by_id, reported_at)
SELECT %s, p.school_id, p.person_id, %s, %s, 'ill', 'Плохо себя чувствует', '', '', 'sent', '', %s, now()
  FROM people_pupil p WHERE p.person_id = %s
"""


def miss(world: World) -> int:
    """Let the pupil miss lessons of each course, and her family tell of days ahead; return how many lessons."""
    pupil, user = world.family.pupil, world.seats[0].user
    rows = [
        (uuid7(), pupil, ("ill", "excused", "late")[number % 3], seat.user, lesson)
        for seat in world.seats
        for number, lesson in enumerate(seat.lessons[-PER_COURSE:])
    ]
    first = date.fromisoformat(world.monday) + timedelta(days=14)
    days = [first + timedelta(days=number) for number in range(REPORTS)]
    with connections[OWNER].cursor() as cursor:
        cursor.executemany(MISS, rows)
        cursor.executemany(TELL, [(uuid7(), day, day, user, pupil) for day in days])
    return len(rows)


def family_absences(stage: Stage) -> Iterator[Figure]:
    """The page of a period against its floor, and the statements of a page without any absence."""
    world = stage.world
    missed = miss(world)
    visitor, other = (stage.site.visitor(who.session) for who in (world.family, world.small_family))
    query = urlencode({
        "pupil": world.family.pupil, "year": world.year, "period": world.period,
    })  # fmt: skip

    def page(_number: int) -> Answer:
        return visitor.get(f"/diary/{world.family.pupil}/absences/?period={world.period}")

    yield from measured(
        stage, "family_absences", page, lambda _: visitor.get(f"/floor/absences?{query}"), statements=8, cpu=15
    )  # fmt: skip
    answer = page(0)
    shown, told = (answer.text.count(sign) for sign in ('class="lesson-subject"', 'class="report"'))
    if (shown, told) != (missed, REPORTS):
        raise ValueError(f"The page shows {shown} lessons of {missed} and {told} reports.")
    count, _ = stage.meter.statements(
        lambda _: other.get(f"/diary/{world.small_family.pupil}/absences/")
    )
    yield Figure("family_absences.statements_empty", count, "statements", budget=8)
    yield Figure("family_absences.gzip", packed(answer), "KB")

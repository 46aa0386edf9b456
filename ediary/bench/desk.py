"""The class teacher's table: thirty pupils and twelve weeks, acknowledged in both sections."""

import json
import statistics
import sys
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connections

from common.ids import uuid7
from ediary.bench.figures import Figure
from ediary.bench.measure import REQUESTS, warm_up
from ediary.bench.pages import Stage, packed
from ediary.bench.site import Answer
from ediary.bench.world import OWNER, World

WEEKS, SEEN = 12, 30
STATEMENTS, CPU = 8, 25
PRESS = """
INSERT INTO diary_acknowledgement (id, school_id, guardian_id, pupil_id, section, week, version, seen, channel,
                                   evidence, evidence_name, evidence_file, at, registered_by_id)
SELECT %s, g.school_id, g.guardian_id, g.pupil_id, %s, %s, 'bench', %s, 'web', '', '', '', %s, p.user_id
  FROM people_guardianship g JOIN people_person p ON p.id = g.guardian_id WHERE g.pupil_id = %s
"""
CORRECT = """
UPDATE journal_mark SET value = '3', score = 3, set_at = now() + interval '1 hour'
 WHERE id IN (SELECT id FROM journal_mark WHERE lesson_id = ANY(%s::uuid[]) AND value <> '3' LIMIT 60)
"""


def press(world: World) -> None:
    """Let every family acknowledge twelve weeks; afterwards sixty marks are corrected."""
    last = date.fromisoformat(world.monday)
    lessons = [lesson for seat in world.seats for lesson in seat.lessons[-5:]]
    seen = json.dumps({f"{lesson}:1": ["алгебра", "4"] for lesson in lessons[:SEEN]})
    rows = [
        (uuid7(), section, week, seen, week + timedelta(days=5), pupil)
        for week in (last - timedelta(weeks=back) for back in range(WEEKS))
        for pupil in world.pupils
        for section in ("timetable", "finals")
    ]
    with connections[OWNER].cursor() as cursor:
        cursor.executemany(PRESS, rows)
        cursor.execute(CORRECT, ["{" + ",".join(lessons) + "}"])
        cursor.execute("ANALYZE diary_acknowledgement")


def class_desk(stage: Stage) -> Iterator[Figure]:
    """Yield what the page costs the web server and the database together."""
    world = stage.world
    press(world)
    visitor = stage.site.visitor(world.seats[0].session)

    def page(_number: int) -> Answer:
        return visitor.get(f"/class/{world.school_class}/weeks/?week={world.week}")

    warm_up(page)
    samples = [stage.meter.sample(page, number) for number in range(REQUESTS)]
    count, lines = stage.meter.statements(page)
    yield Figure("class_desk.statements", count, "statements", budget=STATEMENTS)
    if count > STATEMENTS:
        sys.stderr.write("\n".join(["class_desk:", *lines, ""]))
    cpu, wall = (
        statistics.median(getattr(one, what) for one in samples) for what in ("cpu", "wall")
    )
    yield Figure("class_desk.cpu", cpu, "ms", budget=CPU)
    yield Figure("class_desk.wall", wall, "ms")
    answer = page(0)
    told, rows = (answer.text.count(sign) for sign in ('<td class="w ', "<tbody"))
    if (rows, told) != (len(world.pupils), len(world.pupils) * WEEKS):
        raise ValueError(f"The table shows {rows} families and {told} weeks.")
    yield Figure("class_desk.gzip", packed(answer), "KB")

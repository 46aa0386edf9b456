"""That a guardian was shown a final result for the first time: «просмотрено», which is no acquaintance."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from common.ids import uuid7
from common.prepared import array
from diary.pages import ResultShown
from people.models import Pupil, User

# Only of those who represent the pupil today, are not restricted and have an open diary: the look of the
# pupil herself and of the school's staff is none. Whoever looked before keeps her first time.
_VIEWED = """
INSERT INTO diary_resultview (id, school_id, guardian_id, pupil_id, kind, result, value, first_at)
SELECT r.id, g.school_id, g.guardian_id, g.pupil_id, r.kind, r.result, r.value, %(now)s
  FROM people_guardianship g
 CROSS JOIN unnest(%(ids)s::uuid[], %(kinds)s::text[], %(results)s::uuid[], %(values)s::text[])
       AS r(id, kind, result, value)
 WHERE g.pupil_id = %(pupil)s AND g.guardian_id = ANY(%(persons)s::uuid[])
   AND g.since <= %(today)s AND (g.until IS NULL OR g.until >= %(today)s)
   AND g.open_from <= %(today)s AND (g.open_until IS NULL OR g.open_until >= %(today)s)
   AND NOT EXISTS (SELECT 1 FROM people_restriction t WHERE t.guardianship_id = g.id
                    AND t.since <= %(today)s AND (t.until IS NULL OR t.until >= %(today)s))
ON CONFLICT DO NOTHING
"""


def record_first_views(
    *, by: User, pupil: Pupil, results: Sequence[ResultShown], now: datetime
) -> None:
    """Record what the guardian is shown for the first time: one statement, none for nothing new."""
    if not results:
        return
    values: dict[str, Any] = {
        "ids": array(uuid7() for _ in results),
        "kinds": [one.kind for one in results],
        "results": array(one.result_id for one in results),
        "values": [one.value for one in results],
        "pupil": pupil.pk,
        "persons": array(by.person_ids),
        "today": pupil.school.local_date(now),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_VIEWED, values)

"""That a family looked at a diary: what the class teacher learns of it (G2.10.3)."""

from datetime import datetime

from django.db import connection

from common.ids import uuid7
from people.models import Pupil, User

# A look at these is not worth a wait for the disk: a server that falls forgets those of its last second. The
# setting lasts to the end of the request, so pages that write more than the look (that an announcement was read)
# and those whose first view proves something (final results) are not among them.
LIGHT = frozenset({"timetable", "tasks", "marks", "absences"})
VISIT = """
WITH at_ease AS MATERIALIZED (
  SELECT set_config('synchronous_commit', CASE WHEN %s THEN 'off' ELSE current_setting('synchronous_commit') END, true))
INSERT INTO access_visit AS v (id, school_id, person_id, pupil_id, section, day, first_at, last_at, times)
SELECT %s, %s, %s, %s, %s, %s::date, %s::timestamptz, %s::timestamptz, 1 FROM at_ease
ON CONFLICT (person_id, pupil_id, section, day)
DO UPDATE SET last_at = excluded.last_at, times = v.times + 1
"""


def record_visit(*, by: User, pupil: Pupil, section: str, now: datetime) -> None:
    """Count a look of a family member at the pupil's section today: one statement."""
    person = by.person_in(pupil.school_id)
    if person is None:
        return
    day = pupil.school.local_date(now)
    given = [section in LIGHT, uuid7(), pupil.school_id, person, pupil.pk, section, day, now, now]
    with connection.cursor() as cursor:
        cursor.execute(VISIT, given)

"""That a family looked at a diary: what the class teacher learns of it (G2.10.3)."""

from datetime import datetime

from django.db import connection

from common.ids import uuid7
from people.models import Pupil, User

VISIT = """
INSERT INTO access_visit AS v (id, school_id, person_id, pupil_id, section, day, first_at, last_at, times)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 1)
ON CONFLICT (person_id, pupil_id, section, day)
DO UPDATE SET last_at = excluded.last_at, times = v.times + 1
"""


def record_visit(*, by: User, pupil: Pupil, section: str, now: datetime) -> None:
    """Count a look of a family member at the pupil's section today: one statement."""
    person = by.person_in(pupil.school_id)
    if person is None:
        return
    day = pupil.school.local_date(now)
    with connection.cursor() as cursor:
        cursor.execute(VISIT, [uuid7(), pupil.school_id, person, pupil.pk, section, day, now, now])

"""`seed_region`: many schools, nobody shared."""

from datetime import date

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.slow


class _Silent:
    def write(self, text: str) -> None:
        """Steps are not this test's business."""


def test_a_region_has_as_many_schools_and_pupils_as_asked(own_database, rows):
    call_command(
        "seed_region",
        "--fresh",
        schools=2,
        pupils=27,
        today=date(2026, 9, 13),
        until=date(2026, 9, 30),
        stdout=_Silent(),
    )
    counts = rows("SELECT count(*) FROM people_pupil GROUP BY school_id")
    assert counts == [(27,), (27,)]
    assert rows("SELECT count(*) > 0 FROM journal_mark") == [(True,)]
    shared = rows(
        "SELECT user_id FROM people_person WHERE user_id IS NOT NULL"
        " GROUP BY user_id HAVING count(DISTINCT school_id) > 1"
    )
    assert shared == []

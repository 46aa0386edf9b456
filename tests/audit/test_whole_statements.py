"""Marks are recorded and judged a statement at a time, and each row as if it had come alone."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from journal.models import Absence, Mark
from people.scope import scope
from school.models import SchoolYear
from tests.cast import NOW, SCHOOL_ID, YEAR, Cast
from tests.journal.world import big_course

EVENTS = """
SELECT row_id::text, before, after, year, school_id, actor, origin, reason, txid = pg_current_xact_id()::text::bigint
  FROM audit_event WHERE table_name = %s AND action = %s
"""


def rows(sql: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def stored() -> dict[str, str]:
    return dict(
        rows("SELECT id::text, to_jsonb(m)::text FROM journal_mark m WHERE year = %s", YEAR)
    )


@pytest.fixture
def marks(cast: Cast) -> int:
    big_course(cast, pupils=4, lessons=5)
    return Mark.objects.filter(year=YEAR).count()


def test_each_row_of_a_statement_is_recorded(cast: Cast, marks: int) -> None:
    head = cast.users["head"]
    inserted = {row_id for row_id, *_ in rows(EVENTS, "journal_mark", "I")}
    assert inserted == set(stored())
    with scope([SCHOOL_ID], head.pk, origin="10.0.0.7", reason="пересчёт"):
        before = stored()
        assert Mark.objects.filter(year=YEAR).update(value="2", score=2) == marks
        after = stored()
        changed = rows(EVENTS, "journal_mark", "U")
        assert {row[0]: row[1:3] for row in changed} == {
            row_id: (before[row_id], after[row_id]) for row_id in before
        }
        assert len(changed) == marks
        assert {row[3:] for row in changed} == {
            (YEAR, SCHOOL_ID, head.pk, "10.0.0.7", "пересчёт", True)
        }
        Mark.objects.filter(year=YEAR).delete()
        gone = rows(EVENTS, "journal_mark", "D")
        assert {row[0]: row[1:3] for row in gone} == {
            row_id: (after[row_id], None) for row_id in after
        }


def test_absences_are_recorded_so_too(cast: Cast, marks: int) -> None:
    assert Absence.objects.filter(year=YEAR).update(code="ill") == 2
    found = rows("SELECT before->>'code', after->>'code' FROM audit_event"
                 " WHERE table_name = 'journal_absence' AND action = 'U'")  # fmt: skip
    assert found == [("late", "ill")] * 2


def test_a_closed_year_refuses_every_verb(cast: Cast, marks: int) -> None:
    SchoolYear.objects.filter(school=cast.school, year=YEAR).update(
        closed_at=NOW, closed_by=cast.users["head"]
    )
    kept, noted = Mark.objects.filter(year=YEAR), Absence.objects.filter(year=YEAR)
    one = kept[:1].get()
    one.pk, one.position = None, 2
    for attempt in (
        lambda: kept.update(value="5"), kept.delete, lambda: one.save(force_insert=True),
        lambda: noted.update(code="ill"), noted.delete,
    ):  # fmt: skip
        with (
            pytest.raises(IntegrityError, match="the school year 2026 is closed"),
            transaction.atomic(),
        ):
            attempt()


def test_one_wrong_mark_refuses_the_statement(cast: Cast, marks: int) -> None:
    first = Mark.objects.filter(year=YEAR).earliest("pk")
    wrong = "UPDATE journal_mark SET value = CASE id WHEN %s THEN '77' ELSE '4' END WHERE year = %s"
    with (
        pytest.raises(IntegrityError, match="77 is not a mark of this scale"),
        transaction.atomic(),
    ):
        rows(wrong + " RETURNING id", first.pk, YEAR)
    strange = "UPDATE journal_mark SET year = year - 1 WHERE id = %s RETURNING id"
    with (
        pytest.raises(IntegrityError, match="a mark stands in the year and school of its lesson"),
        transaction.atomic(),
    ):
        rows(strange, first.pk)


def test_what_is_owed_stays_out_of_the_indexes_of_values(cast: Cast) -> None:
    """A mark that gives way to another is written into no index: none of them has its value."""
    found = rows("SELECT indexdef FROM pg_indexes WHERE tablename = 'journal_mark'")
    assert found
    assert not [one for (one,) in found if "value" in one]

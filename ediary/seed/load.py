"""Writing the heap into the database as the owner of the tables, all or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from ediary.seed.heap import Heap, Row, copy
from people.models import School

OWNER = "owner"
# Triggers of rows or statements that are off while rows are copied. What `record` writes is made by set-based statements
# (ediary/seed/history.py), what the others check by the statements of RULES, for all rows at once.
SET_BASED = ("record", "in_place", "in_scale", "number", "of_lesson", "closed_year")
NUMBERED = {"journal_mark", "journal_absence"}  # their triggers number the rows: done here
LARGE = 5000  # rows; the foreign keys of larger tables are checked by sets too
KEPT_TABLES = {"django_migrations", "django_content_type", "audit_epoch"}

RULES = {
    "a lesson is not on its sitting's day": """
SELECT l.id FROM school_lesson l JOIN school_sitting s ON s.id = l.sitting_id WHERE s.day <> l.day LIMIT 1
""",
    "a pupil is in two places": """
SELECT m.pupil_id, l.day, l.number
  FROM school_lesson l
  JOIN school_sitting s ON s.id = l.sitting_id AND NOT s.cancelled
  JOIN school_course c ON c.id = l.course_id
  JOIN school_membership m ON m.group_id = c.group_id AND m.since <= l.day AND (m.until IS NULL OR m.until >= l.day)
 WHERE l.status <> 'cancelled'
 GROUP BY m.pupil_id, l.day, l.number, s.during
HAVING count(DISTINCT s.id) > 1
 LIMIT 1
""",
    "a mark is not of its scale, year or school": """
SELECT m.id
  FROM journal_mark m
  LEFT JOIN school_lesson l ON l.id = m.lesson_id AND l.school_id = m.school_id AND l.year = m.year
  LEFT JOIN school_course c ON c.id = l.course_id
  LEFT JOIN journal_scale s ON s.school_id = l.school_id AND s.code = c.scale_code AND s.since <= l.day
   AND (s.until IS NULL OR s.until >= l.day)
 WHERE s.values IS NULL OR NOT (m.value = '.' OR s.values ? m.value)
 LIMIT 1
""",
    "an absence is not of its year or school": """
SELECT a.id
  FROM journal_absence a
  LEFT JOIN school_lesson l ON l.id = a.lesson_id AND l.school_id = a.school_id AND l.year = a.year
 WHERE l.id IS NULL
 LIMIT 1
""",
    "a school year is closed": "SELECT id FROM school_schoolyear WHERE closed_at IS NOT NULL LIMIT 1",
}


class WrongSeed(Exception):
    """What was made breaks a rule of the database."""


def has_schools() -> bool:
    return School.objects.using(OWNER).exists()


def empty() -> None:
    """Delete everything, as the owner: also the history, which nobody else can."""
    tables = sorted(
        {
            model._meta.db_table
            for model in apps.get_models(include_auto_created=True)
            if model._meta.managed
        }
        - KEPT_TABLES
    )
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        present = {row[0] for row in cursor.fetchall()}
        names = ", ".join(f'"{table}"' for table in tables if table in present)
        cursor.execute(f"TRUNCATE {names} CASCADE")


def load(heap: Heap, say: Callable[[str], None]) -> None:
    """Write all rows by COPY. Raises WrongSeed if they break a rule of the database."""
    connection = connections[OWNER]
    large = [model._meta.db_table for model, rows in heap.rows.items() if len(rows) > LARGE]
    with set_based(connection), keys_added_after(connection, large):
        for model in in_order(heap):
            rows, table = heap.of(model), model._meta.db_table
            if table in NUMBERED:
                _number(connection, rows)
            copy(connection, model, rows, heap.moment)
            if len(rows) > 2000:
                say(f"  {table}: {len(rows)} rows")
        for broken, statement in RULES.items():
            if found := fetch(connection, statement):
                raise WrongSeed(f"{broken}: {found[0]}")


def _number(connection: BaseDatabaseWrapper, rows: list[Row]) -> None:
    """Give the rows their revisions, as the triggers do: from the sequence of all cells."""
    ((first,),) = fetch(connection, "SELECT nextval('journal_cell_rev')")
    for number, row in enumerate(rows, start=first):
        row["rev"] = number
    fetch(connection, "SELECT setval('journal_cell_rev', %s)", first + len(rows))


def in_order(heap: Heap) -> list[type[models.Model]]:
    """Tables in the order of dependence: triggers of a mark look its lesson and scale up."""
    place = {model: number for number, model in enumerate(apps.get_models())}
    first = [
        "School",
        "User",
        "Person",
        "SchoolYear",
        "Scale",
        "WorkKind",
        "Course",
        "Sitting",
        "Lesson",
        "Work",
    ]
    rank = {name: number for number, name in enumerate(first)}
    return sorted(heap.rows, key=lambda model: (rank.get(model.__name__, len(rank)), place[model]))


@contextmanager
def set_based(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Switch the triggers of single rows off, inside one transaction; keys are checked before the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND NOT c.relispartition"
            "   AND regexp_replace(t.tgname, '_(insert|update|delete)$', '') = ANY (%s) ORDER BY 1, 2",
            [list(SET_BASED)],
        )
        triggers: list[tuple[str, str]] = cursor.fetchall()
    _switch(connection, triggers, "DISABLE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _switch(connection, triggers, "ENABLE")


@contextmanager
def keys_added_after(connection: BaseDatabaseWrapper, tables: list[str]) -> Iterator[None]:
    """Take the foreign keys of the tables away and add them again: each is then checked by one join.

    In the same transaction: nobody ever sees the tables without their keys.
    """
    keys = fetch(
        connection,
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conparentid = 0 AND conrelid::regclass::text = ANY (%s) ORDER BY 1, 2",
        tables,
    )
    with connection.cursor() as cursor:
        for table, name, _ in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    yield
    with connection.cursor() as cursor:
        for table, name, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _switch(connection: BaseDatabaseWrapper, triggers: list[tuple[str, str]], how: str) -> None:
    with connection.cursor() as cursor:
        for table, trigger in triggers:
            cursor.execute(f'ALTER TABLE "{table}" {how} TRIGGER "{trigger}"')


def fetch(
    connection: BaseDatabaseWrapper, statement: str, *parameters: Any
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

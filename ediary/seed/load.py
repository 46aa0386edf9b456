"""Writing the heap into the database as the owner of the tables, all or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from ediary.seed.heap import Heap, copy
from people.models import School

OWNER = "owner"
# Recorded by set-based statements after (ediary/seed/history.py), with believable moments.
RECORDED = "record"
# The check of one lesson a row is done for all of them at once, below.
PUPILS_IN_PLACE = ("school_lesson", "in_place")
KEPT_TABLES = {"django_migrations", "django_content_type", "audit_epoch"}

CLASH = """
SELECT m.pupil_id, l.day, l.number
  FROM school_lesson l
  JOIN school_sitting s ON s.id = l.sitting_id AND NOT s.cancelled
  JOIN school_course c ON c.id = l.course_id
  JOIN school_membership m ON m.group_id = c.group_id AND m.since <= l.day AND (m.until IS NULL OR m.until >= l.day)
 WHERE l.status <> 'cancelled'
 GROUP BY m.pupil_id, l.day, l.number, s.during
HAVING count(DISTINCT s.id) > 1
 LIMIT 1
"""
WRONG_DAY = """
SELECT l.id FROM school_lesson l JOIN school_sitting s ON s.id = l.sitting_id WHERE s.day <> l.day LIMIT 1
"""


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
    """Write all rows by COPY. Raises WrongSeed if a pupil is in two places."""
    connection = connections[OWNER]
    with without_history(connection):
        for model in in_order(heap):
            rows = heap.of(model)
            copy(connection, model, rows, heap.moment)
            if len(rows) > 2000:
                say(f"  {model._meta.db_table}: {len(rows)} rows")
        _check(connection)


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
def without_history(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Switch the recording triggers and the check row by row off, inside one transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND NOT c.relispartition AND (t.tgname = %s OR (c.relname, t.tgname) = (%s, %s))"
            " ORDER BY 1",
            [RECORDED, *PUPILS_IN_PLACE],
        )
        triggers: list[tuple[str, str]] = cursor.fetchall()
    _switch(connection, triggers, "DISABLE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _switch(connection, triggers, "ENABLE")


def _switch(connection: BaseDatabaseWrapper, triggers: list[tuple[str, str]], how: str) -> None:
    with connection.cursor() as cursor:
        for table, trigger in triggers:
            cursor.execute(f'ALTER TABLE "{table}" {how} TRIGGER "{trigger}"')


def _check(connection: BaseDatabaseWrapper) -> None:
    for statement, what in (
        (WRONG_DAY, "a lesson is not on its sitting's day"),
        (CLASH, "a pupil is in two places"),
    ):
        found = fetch(connection, statement)
        if found:
            raise WrongSeed(f"{what}: {found[0]}")


def fetch(
    connection: BaseDatabaseWrapper, statement: str, *parameters: Any
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

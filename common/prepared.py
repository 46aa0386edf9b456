"""A cursor whose statements PostgreSQL plans once a connection: for the few hottest pages.

Planning is most of the time of a short statement. Behind PgBouncer in transaction mode this
needs PgBouncer 1.21 or newer.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from psycopg.pq import Format

_Cursor: Any = ServerBindingCursor
# A statement is prepared when it comes the second time on a connection.
_SEEN_BEFORE = 1


def of_year(sql: str, year: int) -> str:
    """Write the school year itself into the statement: then its plan knows the one partition.

    A plan made for any year opens all fifteen partitions of marks, absences and history each time.
    """
    return sql.replace("%(year)s", f"{year:d}")


def array(items: Iterable[object]) -> str:
    """Write ids or numbers as PostgreSQL writes an array: psycopg takes longer over a list.

    Not for texts, which would have to be quoted; the statement casts it: %(ids)s::uuid[].
    """
    return "{" + ",".join(["NULL" if item is None else str(item) for item in items]) + "}"


def rows_of(sql: str, values: Mapping[str, Any]) -> list[Any]:
    """Return the rows of a statement that no page waits for often: planned anew each time."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def prepared_rows(sql: str, values: Mapping[str, Any]) -> list[Any]:
    """Return the rows of a statement that PostgreSQL plans once a connection."""
    with prepared() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def prepared(*, binary: bool = False) -> CursorWrapper:
    """Return a cursor for `with`; it is counted and logged like every other.

    A `binary` one gets numbers as they are stored: for thousands of rows.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    database.close_if_health_check_failed()
    if database.connection is None:
        database.ensure_connection()
    raw = database.connection
    if raw.prepare_threshold is None:
        raw.prepare_threshold = _SEEN_BEFORE
    cursor = _Cursor(raw)
    if binary:
        cursor.format = Format.BINARY
    wrapped: CursorWrapper = (
        database.make_debug_cursor(cursor)
        if database.queries_logged
        else database.make_cursor(cursor)
    )
    return wrapped

"""The hash chain over a school's history: which rows a link covers, and what its digest is.

Link n covers the committed rows whose (epoch, txid) lies in [from, until) in order of (epoch, txid, id).
`until` is the oldest transaction still running when the link was made: every row below it is
committed and none can come later, so a long transaction that commits late falls into a later link.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

NOTHING = "0" * 64
END_OF_EPOCH = 2**63 - 1
PORTION = 5000

# Every column by name: a column added later does not change the digest of rows made before it.
# Nothing here depends on the session: moments are written as numbers.
ROWS = """
SELECT e.epoch, e.txid, encode(sha256(convert_to(jsonb_build_array(
         e.id, e.year, e.school_id, extract(epoch FROM e.at), e.epoch, e.txid, e.actor, e.origin,
         e.request_id, e.reason, e.table_name, e.row_id, e.action, e.before, e.after)::text, 'UTF8')), 'hex')
  FROM audit_event e
 WHERE e.school_id = %s AND (e.epoch, e.txid) >= (%s, %s) AND (e.epoch, e.txid) < (%s, %s)
 ORDER BY e.epoch, e.txid, e.id
"""


class Row(NamedTuple):
    """Where a row of history stands, and the digest of all that it says."""

    epoch: int
    txid: int
    digest: str


@contextmanager
def schools_in_scope(connection: BaseDatabaseWrapper) -> Iterator[list[UUID]]:
    """Open a transaction that sees all schools, and give their ids. Only worker and owner may."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT app_all_schools()")
        schools = [school for (school,) in cursor.fetchall()]
        see(cursor, schools)
        yield schools


def see(cursor: Any, schools: Iterable[UUID]) -> None:
    """Open the scope of this transaction to the schools."""
    wanted = "{" + ",".join(map(str, schools)) + "}"
    cursor.execute("SELECT set_config('app.schools', %s, true)", [wanted])


def rows_between(
    connection: BaseDatabaseWrapper, school: UUID, first: tuple[int, int], end: tuple[int, int]
) -> Iterator[Row]:
    """Stream the rows of [first, end), a portion at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(ROWS, [school, *first, *end])
        while portion := cursor.fetchmany(PORTION):
            yield from (Row(*row) for row in portion)


class Link:
    """The digest of one link while its rows come by; it begins with all that the link itself says."""

    def __init__(self, previous: str, *place: object) -> None:
        self.rows = 0
        self._digest = hashlib.sha256("|".join(map(str, (previous, *place, ""))).encode())

    def add(self, row: Row) -> None:
        self.rows += 1
        self._digest.update(row.digest.encode())

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

"""Sealing the history: one link a school and a minute, over rows that can no longer change."""

from datetime import datetime
from uuid import UUID

from django.db import connections, transaction

from audit.chain import END_OF_EPOCH, NOTHING, Link, rows_between, see
from audit.models import Seal


def seal(school: UUID, *, now: datetime, using: str = "default") -> int:
    """Add the links that the school's chain lacks; return how many rows they cover."""
    sealed = 0
    with transaction.atomic(using=using):
        epoch, oldest_running = _moment(school, using)
        last = Seal.objects.using(using).filter(school_id=school).order_by("-number").first()
        first_epoch = last.epoch if last else _first_epoch(school, using, epoch)
        for each in range(first_epoch, epoch + 1):
            start = last.txid_until if last and last.epoch == each else 0
            until = oldest_running if each == epoch else END_OF_EPOCH
            if start < until:
                last, rows = _add(last, school, each, start, until, now, using)
                sealed += rows
    return sealed


def _moment(school: UUID, using: str) -> tuple[int, int]:
    with connections[using].cursor() as cursor:
        see(cursor, [school])
        cursor.execute(
            "SELECT epoch, pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM audit_epoch"
        )
        epoch, oldest_running = cursor.fetchone() or (1, 0)
    return epoch, oldest_running


def _first_epoch(school: UUID, using: str, current: int) -> int:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT min(epoch) FROM audit_event WHERE school_id = %s", [school])
        (first,) = cursor.fetchone() or (None,)
    return current if first is None else int(first)


def _add(
    last: Seal | None, school: UUID, epoch: int, start: int, until: int, now: datetime, using: str
) -> tuple[Seal | None, int]:
    """Write one link unless its range is empty: the next link then begins where this one would."""
    previous = last.digest if last else NOTHING
    number = last.number + 1 if last else 1
    link = Link(previous, number, epoch, start, until, now.timestamp())
    for row in rows_between(connections[using], school, (epoch, start), (epoch, until)):
        link.add(row)
    if not link.rows:
        return last, 0
    made = Seal.objects.using(using).create(
        school_id=school,
        number=number,
        epoch=epoch,
        txid_from=start,
        txid_until=until,
        rows=link.rows,
        previous=previous,
        digest=link.digest,
        sealed_at=now,
    )
    return made, link.rows

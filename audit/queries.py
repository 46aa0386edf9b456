"""Checking the chain of the history."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connections

from audit.chain import END_OF_EPOCH, NOTHING, Link, Row, rows_between
from audit.models import Seal


@dataclass(frozen=True, slots=True)
class ChainState:
    """What the check of one school's chain found; `trouble` names the first broken link."""

    school: UUID
    links: int
    rows: int
    head: str
    unsealed: int
    trouble: str = ""


def verify(school: UUID, *, using: str = "default") -> ChainState:
    """Read the school's history once and compare every link with its rows. Needs an open scope."""
    links = list(Seal.objects.using(using).filter(school_id=school).order_by("number"))
    begin, end = (0, 0), (END_OF_EPOCH >> 32, END_OF_EPOCH)
    stream = rows_between(connections[using], school, begin, end)
    row = next(stream, None)
    previous: Seal | None = None
    covered = 0
    for link in links:
        trouble = _place(previous, link)
        if not trouble and row is not None and (row.epoch, row.txid) < (link.epoch, link.txid_from):
            trouble = (
                f"перед звеном № {link.number} есть строки, которых не закрывает ни одно звено"
            )
        if not trouble:
            trouble, row = _compare(link, row, stream)
        if trouble:
            return ChainState(school, len(links), covered, link.previous, 0, trouble)
        covered += link.rows
        previous = link
    unsealed = 0 if row is None else 1 + sum(1 for _ in stream)
    return ChainState(
        school, len(links), covered, previous.digest if previous else NOTHING, unsealed
    )


def _place(previous: Seal | None, link: Seal) -> str:
    """Say what is wrong with the link's place in the chain, if anything is."""
    wanted = (previous.number + 1, previous.digest) if previous else (1, NOTHING)
    if (link.number, link.previous) != wanted:
        return f"звено № {link.number} не продолжает предыдущее"
    if previous and (previous.epoch, previous.txid_until) > (link.epoch, link.txid_from):
        return f"звено № {link.number} накрывает строки предыдущего"
    return ""


def _compare(link: Seal, row: Row | None, stream: Iterator[Row]) -> tuple[str, Row | None]:
    """Take the link's rows from the stream; return the trouble and the first row after them."""
    place = (link.number, link.epoch, link.txid_from, link.txid_until, link.sealed_at.timestamp())
    found = Link(link.previous, *place)
    while row is not None and (row.epoch, row.txid) < (link.epoch, link.txid_until):
        found.add(row)
        row = next(stream, None)
    if found.rows != link.rows:
        return f"звено № {link.number}: строк {found.rows}, а запечатано {link.rows}", row
    if found.digest != link.digest:
        return f"звено № {link.number}: строки или само звено изменены", row
    return "", row

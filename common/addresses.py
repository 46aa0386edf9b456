"""Addresses from patterns that are looked up once: `reverse` takes as long as half of the queries of a page."""

from datetime import date
from functools import lru_cache
from uuid import UUID

from django.urls import reverse

# Stand where other ids will: no id of ours begins so.
STAND_INS = tuple(UUID(f"ffffffff-ffff-4fff-bfff-fffffffffff{place}") for place in range(3))


def address_of(name: str, *ids: UUID, more: tuple[str | date, ...] = ()) -> str:
    """Return the address of a page of these things; `more` is what stands behind the ids in it."""
    found = _pattern(name, len(ids), more)
    for stand_in, one in zip(STAND_INS, ids, strict=False):
        if not isinstance(one, UUID):
            raise TypeError(f"{one!r} is no id")  # it would not be escaped
        found = found.replace(str(stand_in), str(one))
    return found


@lru_cache(maxsize=2000)
def _pattern(name: str, ids: int, more: tuple[str | date, ...]) -> str:
    return reverse(name, args=[*STAND_INS[:ids], *more])

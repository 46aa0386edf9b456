"""What the school itself sets for consents: keys of `people.Setting`, their meaning and default.

A leaf: `norms_on` of consent.queries.norms reads them for a school and a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date


@dataclass(frozen=True, slots=True)
class Norms:
    """A school's rules of consent on a day. The names of the fields are the keys of `people.Setting`."""

    consent_age_beside: int = 14  # from then the pupil signs beside the guardian
    consent_age_alone: int = 18  # from then the pupil decides alone
    consent_destruction_days: int = 30  # after a withdrawal, 152-ФЗ ст. 21 ч. 5


KEYS = tuple(each.name for each in fields(Norms))


def norms_from(stored: Mapping[str, object]) -> Norms:
    """Take what is a sensible number; anything else leaves the default."""
    numbers = {
        key: value
        for key, value in stored.items()
        if key in KEYS and type(value) is int and 0 < value < 1000
    }
    return Norms(**numbers)


def age_on(born: date | None, day: date) -> int:
    """Full years on the day; whose birthday is unknown, counts as a small child."""
    if born is None:
        return 0
    return (day.year - born.year) - ((day.month, day.day) < (born.month, born.day))

"""What families decided, how they are informed, and their contacts."""

from consent.queries.contacts import contacts_of
from consent.queries.delivery import delivery_of
from consent.queries.family import family
from consent.queries.register import (
    classes_for,
    classes_of_school,
    entries,
    late_openings,
    register_rows,
    representatives,
    totals,
)

__all__ = [
    "classes_for",
    "classes_of_school",
    "contacts_of",
    "delivery_of",
    "entries",
    "family",
    "late_openings",
    "register_rows",
    "representatives",
    "totals",
]

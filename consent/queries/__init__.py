"""What families decided, how they are informed, and their contacts."""

from consent.queries.contact_history import contact_history
from consent.queries.contacts import (
    accepts_own_contacts,
    application_of,
    live_code,
    own_contacts,
    page_of_contacts,
)
from consent.queries.delivery import delivery_of
from consent.queries.destructions import destructions, standing_destructions
from consent.queries.family import family, pupils_signature
from consent.queries.register import (
    class_for,
    classes_for,
    classes_of_school,
    entries,
    late_openings,
    overdue_rows,
    register_rows,
    representatives,
    totals,
)
from consent.queries.same_contacts import same_contacts
from consent.queries.stack import stack_rows

__all__ = [
    "accepts_own_contacts",
    "application_of",
    "class_for",
    "classes_for",
    "classes_of_school",
    "contact_history",
    "delivery_of",
    "destructions",
    "entries",
    "family",
    "late_openings",
    "live_code",
    "overdue_rows",
    "own_contacts",
    "page_of_contacts",
    "pupils_signature",
    "register_rows",
    "representatives",
    "same_contacts",
    "stack_rows",
    "standing_destructions",
    "totals",
]

"""What stands in an address: nothing readable is nothing asked."""

from datetime import date, datetime
from uuid import UUID


def asked_uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def asked_date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def asked_moment(text: str | None) -> datetime | None:
    """Return a moment with its zone, as our own pages send it."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None and 1 < found.year < 9999 else None


def asked_text(text: str | None, longest: int = 500) -> str:
    """Return a line as it may be stored: the database takes no NUL."""
    return " ".join((text or "").replace("\0", "").split())[:longest]


def asked_minutes(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else 0


def asked_number(text: str) -> int:
    """Return a revision that a form sends back; garbage is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0

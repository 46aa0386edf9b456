"""What stands in an address: nothing readable is nothing asked."""

from datetime import date
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

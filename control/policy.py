"""Who may see how the regulation is kept."""

from uuid import UUID

from django.urls import reverse

from people.models import User
from people.roles import Permission

# What the pages behind an evidence's link ask for; all others are open to whoever sees the regulation.
_ASKED = {
    "desk:home": Permission.DIARY_VIEW_SCHOOL,
    "journal:day": Permission.JOURNAL_VIEW_SCHOOL,
    "consent:register": Permission.CONSENT_REGISTER,
    "access:people": Permission.PEOPLE_VIEW,
}


def can_view(user: User) -> bool:
    """The heads, the office and the administrator."""
    return bool(user.schools_with(Permission.REGULATION_VIEW))


def may_follow(user: User, school_id: UUID, url: str) -> bool:
    """Say whether the reader may open the page of an evidence: a link that ends in a refusal is none."""
    asked = next((p for page, p in _ASKED.items() if url.startswith(reverse(page))), None)
    return asked is None or user.may(asked, school_id)

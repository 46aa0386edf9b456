"""Who may do what with a school's regulation."""

from uuid import UUID

from people.models import User
from people.roles import Permission, Role


def can_edit(user: User, school_id: UUID) -> bool:
    """Allow the head and the deputies of the school (or of the school that the branch belongs to)."""
    return user.may(Permission.REGULATION_EDIT, school_id)


def can_register_acquaintance(user: User, school_id: UUID) -> bool:
    """Allow the office, which acquaints staff with the regulation (K-order 2), and the heads."""
    return can_edit(user, school_id) or any(
        Role.SECRETARY in identity.roles
        for identity in user.identities
        if identity.school_id == school_id
    )

"""Who may see how the regulation is kept."""

from people.models import User
from people.roles import Permission


def can_view(user: User) -> bool:
    """The heads, the office and the administrator."""
    return bool(user.schools_with(Permission.REGULATION_VIEW))

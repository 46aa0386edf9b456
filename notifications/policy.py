"""Who may set what she is told."""

from people.models import User
from people.roles import Role


def may_set_wish(user: User) -> bool:
    """Return whether the account is of a family: the staff are told what their work needs."""
    return user.has_role(Role.GUARDIAN, Role.PUPIL)

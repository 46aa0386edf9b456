"""Who the signed-in user is: one person and the roles in each school."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from people.roles import GRANTS, Permission


@dataclass(frozen=True, slots=True)
class Identity:
    """One person of the user in one school, the roles in force, and the school's own date."""

    person_id: UUID
    school_id: UUID
    roles: frozenset[str]
    today: date
    name: str = ""  # «Петрова О. В.»
    zone: str = "UTC"  # the school's clock

    def may(self, permission: Permission) -> bool:
        return any(permission in GRANTS.get(role, frozenset()) for role in self.roles)

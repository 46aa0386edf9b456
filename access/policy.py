"""Who may see people's accounts, give roles, issue codes and block."""

from uuid import UUID

from access.models import Removal
from people.models import Person, User
from people.roles import Permission, Role

# Whoever holds one of these may hand it on; a head of a branch may not make heads.
TOP = frozenset({Role.HEAD, Role.ADMIN, Role.BRANCH_HEAD, Role.DEPUTY_HEAD})


def can_view_people(user: User) -> bool:
    """The office, the heads and the administrator."""
    return bool(user.schools_with(Permission.PEOPLE_VIEW))


def can_view(user: User, person: Person) -> bool:
    return user.may(Permission.PEOPLE_VIEW, person.school_id)


def can_grant(user: User, school_id: UUID, role: str) -> bool:
    """The head and the administrator; a head of a branch below his own level. Own school only."""
    if not user.may(Permission.ROLES_GRANT, school_id):
        return False
    return role not in TOP or _holds(user, school_id, Role.HEAD, Role.ADMIN)


def can_issue(user: User, person: Person) -> bool:
    """The administrator alone, so that nobody else can take over an account."""
    return user.may(Permission.CREDENTIALS_ISSUE, person.school_id)


def can_refuse_service(user: User, school_id: UUID) -> bool:
    """The head answers for refusals; the administrator and the head of a branch write them down."""
    return user.may(Permission.ROLES_GRANT, school_id)


def can_block(user: User, person: Person) -> bool:
    return user.may(Permission.ACCOUNTS_BLOCK, person.school_id)


def can_remove(user: User, removal: Removal) -> bool:
    """Whoever may block an account may remove that of a person who left, before its term."""
    return user.may(Permission.ACCOUNTS_BLOCK, removal.school_id)


def can_keep_for_results(user: User, removal: Removal) -> bool:
    """Whoever keeps the register of contacts."""
    return user.may(Permission.CONSENT_REGISTER, removal.school_id)


def can_give_copy(user: User, removal: Removal) -> bool:
    """Whoever reads the diaries of the school makes the archive for a family that may not enter."""
    return user.may(Permission.DIARY_VIEW_SCHOOL, removal.school_id)


def _holds(user: User, school_id: UUID, *roles: str) -> bool:
    return any(
        identity.school_id == school_id and identity.roles.intersection(roles)
        for identity in user.identities
    )

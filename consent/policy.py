"""Who may register what families decide."""

from uuid import UUID

from people.models import Person, Pupil, User
from people.roles import Permission, Role
from school.rules import pupils_led


def can_open_register(user: User) -> bool:
    """Allow the office and the heads; class teachers for their own class."""
    return bool(user.schools_with(Permission.CONSENT_REGISTER)) or user.has_role(Role.CLASS_TEACHER)


def can_register(user: User, school_id: UUID, pupil_id: UUID) -> bool:
    """Allow the office and the heads of the school, and the teacher who leads the pupil's class."""
    if user.may(Permission.CONSENT_REGISTER, school_id):
        return True
    return (
        leads_classes(user) and Pupil.objects.filter(pk__in=pupils_led(user), pk=pupil_id).exists()
    )


def can_keep_contacts(user: User, person: Person) -> bool:
    """Allow whoever may register decisions of the person, or of a pupil whom she represents."""
    if user.may(Permission.CONSENT_REGISTER, person.school_id):
        return True
    if not leads_classes(user):
        return False
    own = Pupil.objects.filter(pk__in=pupils_led(user))
    represented = person.guardianships.in_force(user.today).values("pupil")
    return own.filter(pk=person.pk).exists() or own.filter(pk__in=represented).exists()


def leads_classes(user: User) -> bool:
    return user.has_role(Role.CLASS_TEACHER)

"""Who may register what families decide."""

from uuid import UUID

from consent.models import Contact
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


def can_keep_own_contacts(user: User, person: Person) -> bool:
    """Allow a representative, for herself."""
    return any(
        identity.person_id == person.pk and Role.GUARDIAN in identity.roles
        for identity in user.identities
    )


def has_own_contacts(user: User) -> bool:
    return user.has_role(Role.GUARDIAN)


def can_manage_contact(user: User, contact: Contact) -> bool:
    """Allow the contact's holder, and whoever keeps her contacts at the school."""
    return can_keep_own_contacts(user, contact.person) or can_keep_contacts(user, contact.person)


def leads_classes(user: User) -> bool:
    return user.has_role(Role.CLASS_TEACHER)


def can_read_texts(user: User, school_id: UUID) -> bool:
    """Allow whoever keeps the register of the school, or of a class in it."""
    if user.may(Permission.CONSENT_REGISTER, school_id):
        return True
    return user.person_in(school_id) is not None and leads_classes(user)


def can_edit_texts(user: User, school_id: UUID) -> bool:
    """A text of consent is a local act: whoever keeps the school's regulation writes it."""
    return user.may(Permission.REGULATION_EDIT, school_id)

"""Who may print what."""

from people.models import User
from people.roles import Permission, Role
from school.models import SchoolClass
from school.rules import classes_led


def can_open(user: User) -> bool:
    """The page of documents is for those who print for families or for the school.

    Extracts are diaries on paper: the office, which reads no diaries, prints none.
    """
    return user.has_role(Role.CLASS_TEACHER, Role.HEAD, Role.DEPUTY_HEAD, Role.BRANCH_HEAD)


def can_print_class(user: User, school_class: SchoolClass) -> bool:
    """Whoever leads the class today, and the heads of the school."""
    if user.may(Permission.PRINT_SCHOOL, school_class.school_id):
        return True
    if not user.may(Permission.CLASS_LEAD, school_class.school_id):
        return False
    return classes_led(user).filter(school_class=school_class).exists()


def can_print_consents(user: User, school_class: SchoolClass) -> bool:
    """Whoever keeps the register of consents of the school, or of the class."""
    if user.may(Permission.CONSENT_REGISTER, school_class.school_id):
        return True
    if not user.may(Permission.CLASS_LEAD, school_class.school_id):
        return False
    return classes_led(user).filter(school_class=school_class).exists()

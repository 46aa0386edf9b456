"""Who may do what with a diary."""

from diary.models import Acknowledgement
from people.models import Guardianship, Pupil, User
from people.roles import Permission
from school.models import SchoolClass
from school.rules import classes_led, pupils_led


def can_acknowledge(user: User, pupil: Pupil) -> bool:
    """Return whether the user represents the pupil and access is open: only her own account counts."""
    if not user.may(Permission.DIARY_ACKNOWLEDGE, pupil.school_id):
        return False
    person = user.person_in(pupil.school_id)
    return Guardianship.objects.filter(guardian=person, pupil=pupil).open(user.today).exists()


def can_report_absence(user: User, pupil: Pupil) -> bool:
    """Return whether the user may tell that the pupil will not come: as to acknowledge, never the pupil."""
    return can_acknowledge(user, pupil)


def can_record_paper(user: User, pupil: Pupil) -> bool:
    """Return whether the user leads the pupil's class today (K4b)."""
    if not user.may(Permission.CLASS_LEAD, pupil.school_id):
        return False
    return pupils_led(user).filter(pupil=pupil).exists()


def can_see_evidence(user: User, given: Acknowledgement) -> bool:
    """Return whether the slip's picture is the user's to see: the guardian's own, her class teacher's, the heads'."""
    if given.guardian_id in user.person_ids:
        return True
    if user.may(Permission.DIARY_VIEW_SCHOOL, given.school_id):
        return True
    return can_record_paper(user, given.pupil)


def can_open_desks(user: User) -> bool:
    """Return whether the desks are the user's: class teachers', and the heads'."""
    return bool(
        user.schools_with(Permission.CLASS_LEAD) or user.schools_with(Permission.DIARY_VIEW_SCHOOL)
    )


def can_keep_desk(user: User, school_class: SchoolClass) -> bool:
    """Return whether the user leads the class today: others who see the desk only look."""
    if not user.may(Permission.CLASS_LEAD, school_class.school_id):
        return False
    return classes_led(user).filter(school_class=school_class).exists()


def can_answer(user: User, pupil: Pupil) -> bool:
    """Return whether the answer is the family's own: the pupil's account, or that of her guardian."""
    return _is_family(user, pupil)


def can_tick(user: User, pupil: Pupil) -> bool:
    """Return whether «сделано» is the user's to say: the pupil's own account, or that of her guardian."""
    return _is_family(user, pupil)


def can_subscribe(user: User, pupil: Pupil) -> bool:
    """Return whether the account may have a calendar of the child for other programs."""
    return _is_family(user, pupil)


def _is_family(user: User, pupil: Pupil) -> bool:
    if not user.may(Permission.DIARY_READ, pupil.school_id):
        return False
    own = Pupil.objects.filter(person__in=user.person_ids, pk=pupil.pk)
    open_now = Guardianship.objects.filter(guardian__in=user.person_ids, pupil=pupil)
    return own.open(user.today).exists() or open_now.open(user.today).exists()

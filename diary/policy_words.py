"""Who writes to families: announcements, notes of the class teacher, recommendations."""

from diary.models import Announcement, Recommendation
from diary.policy import can_keep_desk, can_record_paper
from diary.rules import taught_pupils
from people.models import Person, Pupil, School, User
from people.roles import Permission
from school.models import Course, SchoolClass


def can_open_words(user: User) -> bool:
    """Return whether the user may write announcements to somebody: class teachers and heads."""
    return bool(
        user.schools_with(Permission.CLASS_LEAD) or user.schools_with(Permission.DIARY_VIEW_SCHOOL)
    )


def can_tell_school(user: User, school: School) -> bool:
    return user.may(Permission.DIARY_VIEW_SCHOOL, school.pk)


def can_tell_class(user: User, school_class: SchoolClass) -> bool:
    """Return whether the user leads the class today, or heads its school."""
    return user.may(Permission.DIARY_VIEW_SCHOOL, school_class.school_id) or can_keep_desk(
        user, school_class
    )


def can_tell_family(user: User, pupil: Pupil) -> bool:
    """Return whether a note about the pupil is the user's to write: she leads the class today."""
    return can_record_paper(user, pupil)


def can_change(user: User, announcement: Announcement) -> bool:
    """Return whether the words are the user's own, and she may still write."""
    return announcement.author_id in user.person_ids and (
        user.may(Permission.CLASS_LEAD, announcement.school_id)
        or user.may(Permission.DIARY_VIEW_SCHOOL, announcement.school_id)
    )


def can_withdraw(user: User, announcement: Announcement) -> bool:
    """Return whether the user wrote it, or heads the school."""
    return can_change(user, announcement) or user.may(
        Permission.DIARY_VIEW_SCHOOL, announcement.school_id
    )


def can_open_recommendations(user: User) -> bool:
    return bool(
        user.schools_with(Permission.JOURNAL_KEEP)
        or user.schools_with(Permission.DIARY_VIEW_SCHOOL)
    )


def can_recommend(user: User, course: Course) -> bool:
    """Return whether the user teaches the course today."""
    if not user.may(Permission.JOURNAL_KEEP, course.school_id):
        return False
    return course.teachers.filter(person__in=user.person_ids).in_force(user.today).exists()


def teaches(user: User, pupil: Pupil) -> bool:
    return taught_pupils(user).filter(pupil=pupil).exists()


def can_take_back(user: User, recommendation: Recommendation) -> bool:
    """Return whether the recommendation is the user's own, or of a school that she heads."""
    if user.may(Permission.DIARY_VIEW_SCHOOL, recommendation.school_id):
        return True
    own = recommendation.author_id in user.person_ids
    return own and user.may(Permission.JOURNAL_KEEP, recommendation.school_id)


def can_keep_hours(user: User, person: Person) -> bool:
    """Return whether the contact hours are the user's own, or of the staff of a school that she heads."""
    if user.may(Permission.DIARY_VIEW_SCHOOL, person.school_id):
        return True
    return person.pk in user.person_ids and user.may(Permission.JOURNAL_KEEP, person.school_id)

"""Who adds, checks and shows achievements."""

from diary.models import Achievement, Audience
from diary.policy import can_acknowledge, can_answer, can_record_paper
from people.models import Pupil, User
from people.roles import Permission

WIDTH = {Audience.CLASS_TEACHER: 0, Audience.TEACHERS: 1, Audience.SCHOOL: 2}


def can_fill(user: User, pupil: Pupil) -> bool:
    """Return whether the portfolio is the family's own: the pupil's account, or her guardian's."""
    return can_answer(user, pupil)


def can_check(user: User, achievement: Achievement) -> bool:
    """Return whether the user leads the pupil's class today."""
    return can_record_paper(user, achievement.pupil)


def can_show(user: User, pupil: Pupil, *, before: Audience, after: Audience) -> bool:
    """Return whether the user may set the audience: the family may narrow it, a guardian alone widens."""
    if WIDTH[after] > WIDTH[before]:
        return can_acknowledge(user, pupil)
    return can_fill(user, pupil)


def can_open_portfolios(user: User) -> bool:
    """Return whether the staff's pages of portfolios are the user's: each shows what its audience lets."""
    return bool(
        user.schools_with(Permission.JOURNAL_KEEP)
        or user.schools_with(Permission.DIARY_VIEW_SCHOOL)
    )

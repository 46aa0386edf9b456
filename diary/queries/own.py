"""What a guardian may acknowledge: the section of a child whom she represents, and of nobody else."""

from datetime import date, datetime
from uuid import UUID

from diary.pages import Finals, Week
from diary.queries.finals import finals
from diary.queries.week import weeks_by_id
from people.models import Pupil, User
from people.roles import Permission


def own_section(
    user: User, pupil_id: UUID, section: str, monday: date, *, now: datetime
) -> Week | Finals | None:
    """Return the section as the guardian reads it: in two statements, who she is among them.

    None: the account does not represent the pupil, or its access is not open.
    """
    schools = user.schools_with(Permission.DIARY_ACKNOWLEDGE)
    if not schools:
        return None
    shown: Week | Finals | None
    if section == "finals":
        pupil = Pupil.objects.select_related("school").filter(school__in=schools, pk=pupil_id)
        shown = next((finals(one, monday, user=user, now=now) for one in pupil), None)
    else:
        found = weeks_by_id([pupil_id], monday, schools=schools, user=user, now=now)
        shown = next(iter(found), None)
    if shown is None or shown.pupil.school_id not in schools:
        return None
    guardians = shown.acknowledgement.guardians
    return shown if any(one.is_reader and one.is_open for one in guardians) else None

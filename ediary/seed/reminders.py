"""Whom the job reminded on Mondays of a week that nobody of the family had acknowledged, and whom the class teacher."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from common.weeks import monday_of
from diary.models import Acknowledgement, Reminder
from ediary.seed import terms
from ediary.seed.acknowledgements import SECTIONS, Press
from ediary.seed.entries import hash_of
from ediary.seed.world import Family, Human, Kid, Site

WEEKS = 4  # ended weeks that reminders are told of
ASKED = 0.1  # share that the class teacher reminded herself, on Thursday


def remind(site: Site, left: Iterable[Press]) -> None:
    """Write the reminders of the last ended weeks; `left`: presses that are written later."""
    done: dict[tuple[UUID, date], set[str]] = defaultdict(set)
    for row in site.heap.of(Acknowledgement):
        if row["school_id"] == site.id:
            done[row["pupil_id"], row["week"]].add(row["section"])
    for press in left:
        done[press.kid.id, press.monday].add(press.section)
    this = monday_of(site.now.today)
    weeks = [this - timedelta(weeks=back) for back in range(1, WEEKS + 1)]
    taught = [week for week in weeks if terms.is_teaching_day(week + timedelta(days=2), 5)]
    for family in site.families:
        for kid in family.children if family.form == "electronic" else ():
            for week in taught:
                if not kid.until and len(done[kid.id, week]) < len(SECTIONS):
                    _tell(site, family, kid, week)


def _tell(site: Site, family: Family, kid: Kid, week: date) -> None:
    teacher = kid.form.teacher.user_id if kid.form else None
    by_hand = teacher is not None and hash_of(kid.id, family.adults[0].id) < ASKED
    day = week + timedelta(days=10 if by_hand else 7)
    at = terms.local(day, terms.clock(14, 20) if by_hand else terms.clock(17, 5))
    if at >= site.now.at:
        return
    for adult in family.adults:
        if _is_told(adult):
            site.add(
                Reminder, guardian_id=adult.id, pupil_id=kid.id, week=week, at=at, by_id=teacher if by_hand else None,
            )  # fmt: skip


def _is_told(adult: Human) -> bool:
    return adult.user_id is not None

"""Weekly extracts that class teachers printed for the families on paper."""

from datetime import date, timedelta

from common.weeks import monday_of
from ediary.seed import terms
from ediary.seed.world import Form, Kid, Site
from people.models import Guardianship
from printouts.codes import LENGTH, LETTERS
from printouts.models import Extract

FORGETFUL = 11  # one class teacher in so many has not printed the last week yet


def print_all(site: Site) -> None:
    """Write an extract of every past week for each pupil none of whose guardians reads the diary."""
    opened = {row["pupil_id"] for row in site.heap.of(Guardianship) if row.get("open_from")}
    mondays = sorted(
        {
            monday_of(day)
            for day in terms.days_between(terms.STARTS, site.now.today)
            if terms.is_teaching_day(day, 5)
        }
    )
    for form in site.forms:
        printed = mondays[:-1] if form.number % FORGETFUL == FORGETFUL - 1 else mondays
        for kid in form.kids:
            if kid.id not in opened:
                for monday in printed:
                    _print(site, form, kid, monday)


def _print(site: Site, form: Form, kid: Kid, monday: date) -> None:
    since, until = kid.span
    at = terms.local(monday + timedelta(days=4), terms.clock(14, site.rng.randrange(60)))
    if at >= site.now.at or monday + timedelta(days=4) < since or (until and monday > until):
        return
    site.add(
        Extract, pupil_id=kid.id, week=monday, code="".join(site.rng.choices(LETTERS, k=LENGTH)),
        version=f"seed:{monday}", pages=1, printed_at=at, issued_by_id=form.teacher.user_id,
        issued_at=at + timedelta(minutes=20),
    )  # fmt: skip

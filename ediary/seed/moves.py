"""Who moved during the year: a transfer between classes, two leavings, one who came later."""

from datetime import date, timedelta

from access.models import Removal
from ediary.seed import terms
from ediary.seed.heap import Row
from ediary.seed.world import Form, Kid, Site
from people.models import Guardianship, Person, RoleAssignment, User
from school.models import Enrolment, Leaving, Transfer

MOVED_ON = date(2026, 10, 5)
CAME_ON = date(2026, 9, 21)
LEFT_ON = (date(2026, 10, 16), date(2026, 11, 20))
GRADES = (8, 6, 9, 5, 3)  # the grades where people move, by preference


def move(site: Site) -> None:
    """Change the dates of those who moved by the moment; the cast stays."""
    cast = {kid for kid in site.cast.values() if isinstance(kid, Kid)}
    today = site.now.today
    ready = [
        form
        for grade in GRADES
        for form in site.forms
        if form.grade == grade and len(form.kids) >= 5
    ]
    only = [
        kid
        for form in ready
        for kid in form.kids
        if kid not in cast and kid.family and len(kid.family.children) == 1
    ]
    if len(only) < 4 or site.spec.is_village:
        return
    came, moved, first, second = only[0], only[1], only[len(only) // 2], only[-1]
    if today >= CAME_ON:
        _come(site, came)
    other = next(
        (f for f in ready if moved.form and f.grade == moved.form.grade and f is not moved.form),
        None,
    )
    if other and today >= MOVED_ON:
        _transfer(site, moved, other)
    for kid, day in zip((first, second), LEFT_ON, strict=True):
        if today >= day and kid not in {came, moved}:
            _leave(site, kid, day)
    _drop_accounts(site)


def enrolment_of(site: Site, kid: Kid) -> Row:
    return next(row for row in site.heap.of(Enrolment) if row["pupil_id"] == kid.id)


def _come(site: Site, kid: Kid) -> None:
    kid.since = CAME_ON
    enrolment_of(site, kid).update(
        since=CAME_ON, order_number="58-у", order_date=CAME_ON - timedelta(days=1)
    )


def _transfer(site: Site, kid: Kid, to: Form) -> None:
    old = kid.form
    assert old is not None  # noqa: S101
    old.kids.remove(kid)
    old.gone.append((kid, kid.since or terms.STARTS, MOVED_ON - timedelta(days=1)))
    to.kids.append(kid)
    kid.form, kid.in_form_since = to, MOVED_ON
    site.add(
        Transfer, enrolment_id=enrolment_of(site, kid)["id"], day=MOVED_ON, from_class_id=old.id, to_class_id=to.id,
        order_number="61-у", order_date=MOVED_ON - timedelta(days=3),
    )  # fmt: skip


def _leave(site: Site, kid: Kid, day: date) -> None:
    """The pupil goes to another school; the account is removed by the job within the term."""
    kid.until = day
    enrolment = enrolment_of(site, kid)
    enrolment["until"] = day
    site.add(
        Leaving, enrolment_id=enrolment["id"], kind="transfer", day=day, order_number="70-у",
        order_date=day - timedelta(days=1),
    )  # fmt: skip
    if day + timedelta(days=3) < site.now.today:
        _forget(site, kid, day + timedelta(days=3))


def _forget(site: Site, kid: Kid, day: date) -> None:
    """The term is over: access is closed, roles ended, accounts gone."""
    assert kid.family is not None  # noqa: S101
    gone = [kid, *kid.family.adults]
    ids = {human.id for human in gone}
    kid.family.form = "undecided"
    for row in site.heap.of(RoleAssignment):
        if row["person_id"] in ids:
            row["until"] = day
    for row in site.heap.of(Guardianship):
        if row["pupil_id"] == kid.id:
            row["until"] = day
    for human in gone:
        site.add(
            Removal, person_id=human.id, pupil_id=kid.id, schooling_ended_on=kid.until, state="removed",
            due_at=terms.local(day, terms.clock(23, 59)), done_at=terms.local(day, terms.clock(3, 15)),
        )  # fmt: skip
    site.forgotten.update(human.user_id for human in gone if human.user_id)
    for human in gone:
        human.user_id = None


def _drop_accounts(site: Site) -> None:
    users = site.heap.rows.get(User, [])
    site.heap.rows[User] = [row for row in users if row["id"] not in site.forgotten]
    for row in site.heap.of(Person):
        if row["user_id"] in site.forgotten:
            row["user_id"] = None

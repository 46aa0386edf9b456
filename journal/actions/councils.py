"""What the teachers' council decided about the pupils of a class, by its minutes."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from common.errors import Invalid, require
from journal.actions.held import hold_pupils
from journal.errors import YearClosed
from journal.errors_results import CouncilChanged, DebtsOpen, NotInClass
from journal.models import AcademicDebt, CouncilDecision, CouncilDecisionKind
from journal.queries.yearbook import decision_words
from people.models import Pupil, User
from people.roles import Permission
from school.models import Membership, SchoolClass, SchoolYear

CHANGED = ("kind", "minutes_number", "minutes_day", "set_by", "set_at")


@transaction.atomic
def decide_council(
    *,
    by: User,
    school_class: SchoolClass,
    kinds: Mapping[UUID, str],
    number: str,
    day: date,
    now: datetime,
    seen: Mapping[UUID, str] | None = None,
) -> int:
    """Write the decisions about pupils of a class and return how many changed; families see them at once.

    `seen`: the words of the decisions that stood in the form. Raises Forbidden, YearClosed, Invalid
    (minutes of the future), NotInClass, DebtsOpen (a pupil with an academic debt is promoted on a
    condition only), CouncilChanged where another wrote something else meanwhile.
    """
    require(by.may(Permission.JOURNAL_CONTROL, school_class.school_id))
    hold_pupils(kinds)
    _refuse(school_class, kinds, day, today=school_class.school.local_date(now))
    decisions = CouncilDecision.objects.filter(year=school_class.year, pupil__in=kinds)
    stand = {one.pupil_id: one for one in decisions}
    changed, overtaken = [], set()
    for pupil_id, kind in kinds.items():
        one = stand.get(pupil_id) or CouncilDecision(
            school_id=school_class.school_id, year=school_class.year, pupil_id=pupil_id
        )
        before = (one.kind, one.minutes_number, one.minutes_day)
        if before == (kind, number, day):
            continue
        one.kind, one.minutes_number, one.minutes_day = kind, number, day
        one.set_by, one.set_at = by, now
        changed.append(one)
        if seen is not None and decision_words(*before) != seen.get(pupil_id, ""):
            overtaken.add(pupil_id)
    if overtaken:
        raise CouncilChanged(_names(overtaken))
    CouncilDecision.objects.bulk_create([one for one in changed if one.pupil_id not in stand])
    CouncilDecision.objects.bulk_update(
        [one for one in changed if one.pupil_id in stand], fields=CHANGED
    )
    return len(changed)


def _refuse(
    school_class: SchoolClass, kinds: Mapping[UUID, str], day: date, *, today: date
) -> None:
    if day > today:
        raise Invalid("Дата протокола ещё не наступила.")
    closed = SchoolYear.objects.filter(
        school=school_class.school_id, year=school_class.year, closed_at__isnull=False
    )
    if closed.exists():
        raise YearClosed("Учебный год закрыт.")
    there = Membership.objects.filter(
        group__school_class=school_class, group__kind="class", pupil__in=kinds
    )
    if set(kinds) - set(there.values_list("pupil", flat=True)):
        raise NotInClass
    promoted = [pk for pk, kind in kinds.items() if kind == CouncilDecisionKind.PROMOTED]
    owing = AcademicDebt.objects.filter(
        year=school_class.year, pupil__in=promoted, settled_on__isnull=True
    )
    if names := _names(set(owing.values_list("pupil", flat=True))):
        raise DebtsOpen(names)


def _names(pupils: set[UUID]) -> list[str]:
    found = Pupil.objects.filter(pk__in=pupils).select_related("person").in_order()
    return [one.person.short_name for one in found] if pupils else []

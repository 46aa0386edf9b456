"""What is to be destroyed because a consent ended, and what was."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import F, QuerySet

from consent.models import Destruction
from consent.register import Due
from people.models import Guardianship, User


def standing_destructions(user: User) -> QuerySet[Destruction]:
    """Select what the user sees and is still to be destroyed."""
    return Destruction.objects.visible_to(user).standing()


def destructions(user: User, *, day: date) -> tuple[Due, ...]:
    """Return what is to be destroyed, the nearest first, then what was, the latest first."""
    rows = (
        Destruction.objects.visible_to(user)
        .done_or_standing()
        .select_related(
            "decision__signer", "decision__subject__person", "decision__purpose", "school"
        )
        .order_by(F("done_at").desc(nulls_first=True), "due_on", "pk")
    )
    return _lines(rows[:LONGEST], day)


LONGEST = 500


def _lines(rows: Iterable[Destruction], day: date) -> tuple[Due, ...]:
    kept = list(rows)
    ties = {
        (guardian, pupil): pk
        for pk, guardian, pupil in Guardianship.objects.filter(
            pupil__in=[row.decision.subject_id for row in kept]
        )
        .order_by("since", "pk")
        .values_list("pk", "guardian_id", "pupil_id")
    }
    return tuple(
        Due(
            id=row.pk,
            guardianship=ties.get((row.decision.signer_id, row.decision.subject_id)),
            signer=row.decision.signer.full_name,
            pupil=row.decision.subject.person.full_name,
            purpose=row.decision.purpose.name,
            kind=row.decision.get_kind_display(),
            decided_on=row.decision.decided_on,
            due_on=row.due_on,
            is_overdue=row.done_at is None and row.due_on < day,
            what=row.what,
            done_on=_local(row.done_at, row),
        )
        for row in kept
    )


def _local(moment: datetime | None, row: Destruction) -> date | None:
    return row.school.local_date(moment) if moment else None

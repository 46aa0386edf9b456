"""«Сделано»: the family's own tick at a homework."""

from datetime import datetime

from django.db import transaction

from common.errors import require
from diary import policy
from diary.models import DoneTask
from journal.models import Homework
from people.models import Pupil, User


@transaction.atomic
def mark_done(*, by: User, pupil: Pupil, homework: Homework, now: datetime) -> None:
    """Tick the homework as done, by the pupil or her guardian; a second tick changes nothing.

    Raises Forbidden.
    """
    require(policy.can_tick(by, pupil))
    done = DoneTask(
        school_id=pupil.school_id, pupil=pupil, homework=homework, done_by=by, done_at=now
    )
    DoneTask.objects.bulk_create([done], ignore_conflicts=True)


@transaction.atomic
def undo_done(*, by: User, pupil: Pupil, homework: Homework) -> None:
    """Take the tick back. Raises Forbidden."""
    require(policy.can_tick(by, pupil))
    DoneTask.objects.filter(pupil=pupil, homework=homework).delete()

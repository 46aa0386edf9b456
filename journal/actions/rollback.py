"""A bulk change is rolled back in one click: cells that were written since are left as they are."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from common.errors import require
from common.ids import uuid7
from common.templatetags.words import day_month, time_hm
from journal import policy
from journal.actions.cells import answer_from, save_cells
from journal.errors import CannotRollBack, ReasonMissing
from journal.models import Operation
from journal.queries import CourseFacts
from journal.sheet import CellEntry, SaveAnswer
from people.models import User


@transaction.atomic
def roll_back(
    *, by: User, course: CourseFacts, operation_id: UUID, reason: str, now: datetime
) -> SaveAnswer:
    """Put back what the operation found: its author while the cells are open, or the heads with a reason.

    A cell that was written since keeps what stands there and is a conflict in the answer. Raises
    CannotRollBack for what is not kept or was rolled back, ReasonMissing, Forbidden.
    """
    operations = Operation.objects.filter(course=course.course_id, school=course.school_id)
    operation = operations.select_for_update(no_key=True).filter(pk=operation_id).first()
    if operation is None or operation.before is None or operation.rolled_back_at is not None:
        raise CannotRollBack
    is_own = operation.user_id == by.pk
    require(is_own or policy.may_control(by, course.school_id))
    if not is_own and not reason.strip():
        raise ReasonMissing
    made = operation.made_at.astimezone(course.zone)
    words = f"Откат записи от {day_month(made.date())}, {time_hm(made.time())}"
    answer = save_cells(
        by=by,
        course=course,
        op=uuid7(),
        entries=entries_of(operation),
        now=now,
        reason=f"{words}. {reason.strip()}".removesuffix(". ")[:500],
        corrects=not is_own,
    )
    if any(cell.state == "ok" for cell in answer.cells):
        operation.rolled_back_by, operation.rolled_back_at = by, now
        operation.save(update_fields=["rolled_back_by", "rolled_back_at"])
    return answer


def entries_of(operation: Operation) -> tuple[CellEntry, ...]:
    """Return what the cells held before, over the revisions that the operation left."""
    written = {
        f"{cell.lesson_id} {cell.pupil_id}": cell
        for cell in answer_from(operation.pk, operation.answer).cells
    }
    return tuple(
        CellEntry(written[key].pupil_id, written[key].lesson_id, text, rev=written[key].rev)
        for key, text in (operation.before or {}).items()
    )

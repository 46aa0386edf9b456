"""Results of periods and years: set many at once, filled by the table, put off, taken back.

When a result was obtained: at its first setting, or when it took a deferral's place. A correction keeps
that moment and the one from which the family sees it; `rev` and `set_at` tell that it was changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from common.errors import require
from common.ids import uuid7
from common.templatetags.words import day_month
from journal.closing import (
    STATUSES,
    Chosen,
    Closing,
    ClosingCourse,
    Place,
    ResultAnswer,
    ResultEntry,
)
from journal.errors import NothingToUndo, TooEarlyToFill
from journal.events import final_published, unusual_noted
from journal.models import Operation, PeriodMark, UnusualEdit, UnusualKind, YearMark
from journal.proposals import asks_reason
from journal.queries.proposals import closing
from people.models import User
from people.scope import because

_LOCK = "SELECT id FROM school_course WHERE id = ANY (%s::uuid[]) ORDER BY id FOR NO KEY UPDATE"
# A deferral is not a result: what takes its place is obtained now. A correction keeps its first moment.
_WRITE = """
INSERT INTO {table} AS r (id, school_id, year, pupil_id, course_id, {period} status, value, score, obtained_at, visible_at,
                          set_by_id, set_at, rev)
SELECT id, school, %(year)s, pupil, course, {of_period} status, value, score, %(now)s, %(now)s, %(by)s, %(now)s, rev
  FROM unnest(%(ids)s::uuid[], %(schools)s::uuid[], %(courses)s::uuid[], %(periods)s::uuid[], %(pupils)s::uuid[],
              %(statuses)s::text[], %(values)s::text[], %(scores)s::numeric[], %(revs)s::int[])
    AS new (id, school, course, period, pupil, status, value, score, rev)
    ON CONFLICT (course_id, {period} pupil_id) DO UPDATE
   SET status = EXCLUDED.status, value = EXCLUDED.value, score = EXCLUDED.score, rev = EXCLUDED.rev,
       set_by_id = EXCLUDED.set_by_id, set_at = EXCLUDED.set_at,
       obtained_at = CASE WHEN r.status = 'deferred' THEN EXCLUDED.obtained_at ELSE r.obtained_at END,
       visible_at = CASE WHEN r.status = 'deferred' THEN EXCLUDED.visible_at ELSE r.visible_at END
RETURNING id, course_id::text, pupil_id::text
"""
_SETTLE = """
DELETE FROM journal_deferral d USING journal_periodmark r, unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS s (course, period, pupil)
 WHERE d.period_mark_id = r.id AND r.course_id = s.course AND r.period_id = s.period AND r.pupil_id = s.pupil
"""
_REMOVE = """
DELETE FROM {table} r USING unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::int[]) AS s (course, period, pupil, rev)
 WHERE r.course_id = s.course AND r.pupil_id = s.pupil AND r.rev = s.rev {of_period}
"""


@dataclass(frozen=True, slots=True)
class Change:
    """A result that may be written, with what stood there."""

    course: ClosingCourse
    place: Place
    entry: ResultEntry

    @property
    def period(self) -> str | None:
        return None if self.course.span.is_year else self.course.span.period_id


def local_day(by: User, now: datetime) -> date:
    """Return the date at the user's school."""
    return now.astimezone(by.zone).date()


def locked(by: User, chosen: Chosen, course_ids: Iterable[str], now: datetime) -> Closing:
    """Lock the courses' results against everybody else and read them."""
    _hold(course_ids)
    return closing(by, chosen, today=local_day(by, now))


def _hold(course_ids: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [sorted(set(course_ids))])


@transaction.atomic
def set_results(
    *, by: User, chosen: Chosen, entries: Sequence[ResultEntry], now: datetime
) -> tuple[ResultAnswer, ...]:
    """Set, change or clear results; families see them at once (T6, S7, G2.8). Each gets its own answer.

    The course's teacher sets them until sign-off, and a deferred one after it; then the heads, who say
    why. A result that departs from the table asks for a reason. Raises Forbidden for a reader.
    """
    found = locked(by, chosen, (entry.course_id for entry in entries), now)
    courses = {course.course_id: course for course in found.courses}
    mine = [course for course in courses.values() if course.teaches or course.corrects]
    require(bool(mine) or not entries)
    answers, changes = [], []
    for entry in entries:
        course = courses.get(entry.course_id)
        place = found.places.get((entry.course_id, entry.pupil_id))
        answer = judged(course, place, entry)
        answers.append(answer)
        if answer.state == "ok" and course and place and entry.value != place.value:
            changes.append(Change(course, place, entry))
    write(changes, by=by, now=now)
    return tuple(answers)


def judged(course: ClosingCourse | None, place: Place | None, entry: ResultEntry) -> ResultAnswer:
    """Say what becomes of one result; nothing is refused that changes nothing."""
    if course is None or place is None:
        return ResultAnswer(entry, "refused", "Ученик не учился в этой группе в этом периоде.")
    if entry.value == place.value:
        return ResultAnswer(entry, "ok")
    settles = course.teaches and place.status == "deferred" and bool(entry.value)
    if course.year_closed:
        return ResultAnswer(entry, "locked", "Учебный год закрыт.")
    if not (course.may_set or settles):
        return ResultAnswer(entry, "locked", _whose(course))
    if entry.rev != place.rev:
        stands = f"сейчас «{place.value}»" if place.value else "отметку стёрли"
        return ResultAnswer(entry, "conflict", f"Изменено, пока вы работали: {stands}.")
    return _fits(course, place, entry, settles=settles)


def _whose(course: ClosingCourse) -> str:
    if course.signed:
        return "Итоги подписаны: изменить их может завуч."
    return "Итоги ещё не подписаны: их выставляет учитель."


def _fits(
    course: ClosingCourse, place: Place, entry: ResultEntry, *, settles: bool
) -> ResultAnswer:
    value, signed = entry.value, course.signed and not settles
    if not value:
        message = "Подписанный результат не стирают, а исправляют." if signed else ""
        return ResultAnswer(entry, "refused" if signed else "ok", message)
    if value not in STATUSES and value not in course.scale:
        return ResultAnswer(entry, "refused", f"«{value[:10]}» — нет такой отметки.")
    if entry.reason.strip():
        return ResultAnswer(entry, "ok")
    if signed:
        return ResultAnswer(entry, "reason", "Итоги подписаны: укажите, почему отметка меняется.")
    if asks_reason(place.proposal, value):
        return ResultAnswer(entry, "reason", _why(place))
    return ResultAnswer(entry, "ok")


def _why(place: Place) -> str:
    proposal = place.proposal
    if proposal.state == "few":
        return f"Отметок {proposal.count}, нужно не меньше {proposal.fewest}: укажите основание."
    expected = " или ".join(f"«{value}»" for value in proposal.values)
    return f"По положению {expected}: укажите, почему иначе."


def write(changes: Sequence[Change], *, by: User, now: datetime) -> None:
    """Write the results: a statement for each different reason, whatever their number."""
    if not changes:
        return
    settled = [change for change in changes if change.place.status == "deferred"]
    if settled:
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, _columns(settled))
    cleared = [change for change in changes if not change.entry.value]
    remove(cleared)
    reasons: dict[str, list[Change]] = {}
    for change in changes:
        if change.entry.value:
            reasons.setdefault(change.entry.reason.strip()[:300], []).append(change)
    for reason, same in reasons.items():
        with because(reason) if reason else transaction.atomic():
            written = _upsert(same, by=by, now=now)
        sender = YearMark if same[0].course.span.is_year else PeriodMark
        final_published.send(sender=sender, results=written, by=by, now=now)
    _tell_of_raised(changes, by=by, now=now)


def _columns(changes: Sequence[Change]) -> list[list[Any]]:
    return [
        [change.course.course_id for change in changes],
        [change.period for change in changes],
        [change.entry.pupil_id for change in changes],
    ]


def remove(changes: Sequence[Change]) -> None:
    """Delete results that still are as they were seen."""
    if not changes:
        return
    is_year = changes[0].course.span.is_year
    sql = _REMOVE.format(
        table="journal_yearmark" if is_year else "journal_periodmark",
        of_period="" if is_year else "AND r.period_id = s.period",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_columns(changes), [change.entry.rev for change in changes]])


def _upsert(changes: Sequence[Change], *, by: User, now: datetime) -> tuple[UUID, ...]:
    is_year = changes[0].course.span.is_year
    sql = _WRITE.format(
        table="journal_yearmark" if is_year else "journal_periodmark",
        period="" if is_year else "period_id,",
        of_period="" if is_year else "period,",
    )
    courses, periods, pupils = _columns(changes)
    values: dict[str, Any] = {
        "ids": [uuid7() for _ in changes], "schools": [c.course.school_id for c in changes],
        "courses": courses, "periods": periods, "pupils": pupils,
        "statuses": [STATUSES.get(c.entry.value, "mark") for c in changes],
        "values": ["" if c.entry.value in STATUSES else c.entry.value for c in changes],
        "scores": [_score(c) for c in changes], "revs": [c.place.rev + 1 for c in changes],
        "year": changes[0].course.year, "by": by.pk, "now": now,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return tuple(row[0] for row in cursor.fetchall())


def _score(change: Change) -> Decimal | None:
    if change.entry.value in STATUSES:
        return None
    score = change.course.scale[change.entry.value]
    return None if score is None else Decimal(str(score))


def _tell_of_raised(changes: Sequence[Change], *, by: User, now: datetime) -> None:
    """Raised results of a signed period are unusual: the author and the deputy head see them."""
    raised: dict[str, list[Change]] = {}
    for change in changes:
        before, after = (
            change.course.scale.get(v) for v in (change.place.value, change.entry.value)
        )
        if change.course.signed and before is not None and after is not None and after > before:
            raised.setdefault(change.course.course_id, []).append(change)
    noted = UnusualEdit.objects.bulk_create(
        UnusualEdit(
            school_id=same[0].course.school_id, year=same[0].course.year, course_id=course_id, user=by,
            kind=UnusualKind.RAISED, at=now, count=len(same), details=same[0].course.span.name,
        )
        for course_id, same in raised.items()
    )  # fmt: skip
    for one in noted:
        unusual_noted.send(sender=UnusualEdit, unusual=one, by=by, now=now)


def sure_entries(found: Closing) -> tuple[ResultEntry, ...]:
    """Return the results that one press fills: the table leaves no choice, and nothing stands there."""
    open_courses = {c.course_id for c in found.courses if c.teaches and c.may_set}
    return tuple(
        ResultEntry(place.course_id, place.pupil_id, place.proposal.values[0], 0)
        for place in found.places.values()
        if place.is_sure and place.course_id in open_courses
    )


@transaction.atomic
def fill_sure(*, by: User, chosen: Chosen, op: UUID, now: datetime) -> int:
    """Fill what the table leaves no choice about, as one operation; return how many were filled.

    The same operation again fills nothing more. Raises Forbidden, TooEarlyToFill.
    """
    today = local_day(by, now)
    found = closing(by, chosen, today=today)
    mine = [course for course in found.courses if course.teaches]
    require(bool(mine))
    begins = min(course.fill_since for course in mine)
    if today < begins:
        raise TooEarlyToFill(day_month(begins))
    entries = sure_entries(found)
    _hold(course.course_id for course in mine)  # of one press sent twice the second waits here
    if not entries or Operation.objects.filter(pk=op).exists():
        return 0
    answers = set_results(by=by, chosen=chosen, entries=entries, now=now)
    filled = [answer.entry for answer in answers if answer.state == "ok"]
    spans = {course.course_id: course.span.period_id for course in mine}
    Operation.objects.create(
        id=op, year=mine[0].year, school_id=mine[0].school_id, user=by, request="closing", made_at=now,
        answer={"filled": [[e.course_id, spans[e.course_id], e.pupil_id] for e in filled]},
    )  # fmt: skip
    return len(filled)


@transaction.atomic
def undo_fill(*, by: User, chosen: Chosen, op: UUID, now: datetime) -> int:
    """Take a fill back: results that nobody changed since, in courses not signed yet; return how many.

    Raises NothingToUndo for another one's operation, or one that was undone.
    """
    operation = (
        Operation.objects.select_for_update(of=("self",))
        .filter(pk=op, user=by, request="closing", rolled_back_at__isnull=True)
        .first()
    )
    if operation is None:
        raise NothingToUndo
    filled = {(course, pupil): period for course, period, pupil in operation.answer["filled"]}
    found = locked(by, chosen, (course for course, _ in filled), now)
    changes = [
        Change(course, place, ResultEntry(place.course_id, place.pupil_id, "", 1))
        for course in found.courses
        for place in found.of_course(course.course_id)
        if place.rev == 1
        and course.may_set
        and filled.get((place.course_id, place.pupil_id)) == course.span.period_id
    ]
    remove(changes)
    operation.rolled_back_by, operation.rolled_back_at = by, now
    operation.save(update_fields=["rolled_back_by", "rolled_back_at"])
    return len(changes)

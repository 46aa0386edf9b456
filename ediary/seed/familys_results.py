"""What the cast's families find in «Итоговые оценки», and who of them has looked.

Оля: a mark put off after an illness, a corrected one that her mother has not seen as it stands, the interim
attestation of last year. Николай: a debt of the fourth grade, settled at the second attempt.
With a chance of its own: no other row changes.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from django.db import connections

from diary.models import ResultView
from ediary.seed import load, terms
from ediary.seed.heap import Row
from ediary.seed.world import Human, Kid, Site
from journal.models import AcademicDebt, Attempt, Deferral, ExamResult, PeriodMark, YearMark
from school.models import Course

LOOKERS = ("7А", "5Б", "9А")  # whose families' looks are in the demo
LOOKED, ALL = 0.75, 0.8  # share of guardians who came, and of those who saw everything
PUT_OFF = "больничный лист: освобождение от физкультуры"
INTERIM = (("russian", 12, 4), ("mathematics", 14, 5))  # day of May, mark
# The result as it was first set, and the change: the triggers are off while rows are copied.
FIRST = """
UPDATE audit_event SET at = %s, after = after || jsonb_build_object('value', %s::text, 'score', %s::numeric, 'rev', 1, 'set_at', %s)
 WHERE table_name = 'journal_periodmark' AND row_id = %s AND action = 'I'
"""
CHANGED = """
INSERT INTO audit_event (year, school_id, at, epoch, txid, actor, origin, request_id, reason, table_name, row_id,
                         action, before, after)
SELECT a.year, a.school_id, m.set_at, a.epoch, a.txid, a.actor, 'demo', '', 'пересчитан средний балл', a.table_name,
       a.row_id, 'U', a.after, to_jsonb(m)
  FROM audit_event a JOIN journal_periodmark m ON m.id = a.row_id
 WHERE a.table_name = 'journal_periodmark' AND a.row_id = %s AND a.action = 'I'
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """A result that was corrected after families had seen it."""

    result_id: UUID
    first: str
    at: datetime  # when it was first shown


def show(site: Site) -> list[Changed]:
    """Write the special results of the cast and the looks of three classes; return what was corrected."""
    olga, nikolai = site.cast["Ольга"], site.cast["Николай"]
    changed = [one for one in [_correct(site, olga)] if one]
    _put_off(site, olga)
    _attest(site, olga)
    _settle(site, nikolai)
    _look(site, {one.result_id: one.first for one in changed})
    return changed


def record(changed: list[Changed]) -> None:
    """Write the history of the corrections, after that of all rows."""
    with connections[load.OWNER].cursor() as cursor:
        for one in changed:
            cursor.execute(FIRST, [one.at, one.first, one.first, one.at, one.result_id])
            cursor.execute(CHANGED, [one.result_id])


def _marks(site: Site, kid: Kid, code: str) -> Iterator[Row]:
    """Yield the pupil's results of this year's periods in a subject."""
    courses = {course.id for course in site.courses if course.subject.code == code}
    for row in site.heap.of(PeriodMark):
        if row["pupil_id"] == kid.id and row["course_id"] in courses:
            yield row


def _correct(site: Site, kid: Kid) -> Changed | None:
    row = next((row for row in _marks(site, kid, "russian") if row["value"].isdigit()), None)
    later = row["set_at"] + timedelta(days=4) if row else None
    if row is None or later is None or later > site.now.at:
        return None
    first = str(int(row["value"]) - 1)
    seen = row["visible_at"]
    row.update(set_at=later, rev=2)
    return Changed(row["id"], first, seen)


def _put_off(site: Site, kid: Kid) -> None:
    row = next(_marks(site, kid, "sport"), None)
    if row is not None and row["status"] == "mark":
        row.update(status="deferred", value="", score=None)
        until = max(site.now.today, terms.STARTS) + timedelta(days=18)
        site.add(Deferral, period_mark_id=row["id"], until=until, ground=PUT_OFF)


def _attest(site: Site, kid: Kid) -> None:
    deputy = site.office_user("deputy_head")
    for code, day, mark in INTERIM:
        held = date(terms.YEAR, 5, day)
        at = terms.local(held + timedelta(days=2), terms.clock(15))
        site.add(
            ExamResult, year=terms.YEAR - 1, pupil_id=kid.id, subject_id=site.subjects[code], kind="interim",
            held_on=held, scale_code="five", status="mark", value=str(mark), score=Decimal(mark), obtained_at=at,
            visible_at=at + timedelta(hours=1), set_by_id=deputy, set_at=at,
        )  # fmt: skip


def _settle(site: Site, kid: Kid) -> None:
    """A subject without a mark for the year, and the commission of this autumn."""
    courses = {
        row["id"]
        for row in site.heap.of(Course)
        if row["year"] == terms.YEAR - 1 and row["subject_id"] == site.subjects["english"]
    }
    for row in site.heap.of(YearMark):
        if row["pupil_id"] == kid.id and row["course_id"] in courses:
            row.update(status="not_assessed", value="", score=None)
    deputy, ends = site.office_user("deputy_head"), date(terms.YEAR, 5, 24)
    at = terms.local(ends, terms.clock(15))
    debt = site.add(
        AcademicDebt, year=terms.YEAR - 1, pupil_id=kid.id, subject_id=site.subjects["english"], arisen_on=ends,
        due_day=date(terms.YEAR + 1, 5, 24), settled_on=date(terms.YEAR, 10, 12), set_by_id=deputy, set_at=at,
    )  # fmt: skip
    for number, day, value, passed in ((1, 17, "2", False), (2, 12, "4", True)):
        held = date(terms.YEAR, 8 + number, day)
        site.add(Attempt, debt_id=debt, number=number, held_on=held, value=value, passed=passed,
                 set_by_id=deputy, set_at=terms.local(held, terms.clock(16)))  # fmt: skip


def _look(site: Site, corrected: dict[UUID, str]) -> None:
    """Let guardians of three classes look: most within a week, some at a part, some never."""
    rng = Random(f"{site.spec.code}-looks")  # noqa: S311
    shown: dict[UUID, list[Row]] = defaultdict(list)
    for row in site.heap.of(PeriodMark):
        if row["year"] == terms.YEAR and row["visible_at"]:
            shown[row["pupil_id"]].append(row)
    for form in site.forms:
        for kid in form.kids if form.name in LOOKERS else ():
            if kid.family and kid.family.form == "electronic":
                for adult in kid.family.adults:
                    _views(site, rng, kid, adult, shown[kid.id], corrected)


def _views(
    site: Site, rng: Random, kid: Kid, adult: Human, rows: list[Row], corrected: dict[UUID, str]
) -> None:
    came, share = rng.random() < LOOKED, 1.0 if rng.random() < ALL else rng.random()
    days, minute = rng.randrange(1, 7), rng.randrange(60)
    if not came or not rows:
        return
    latest = max(row["visible_at"] for row in rows)
    at = latest + timedelta(days=days - 1, hours=5, minutes=minute)
    for row in rows[: max(1, int(len(rows) * share))] if at <= site.now.at else ():
        value = row["value"] if row["status"] == "mark" else _WORDS[row["status"]]
        site.add(
            ResultView, guardian_id=adult.id, pupil_id=kid.id, kind="period", result=row["id"],
            value=corrected.get(row["id"], value), first_at=at,
        )  # fmt: skip


_WORDS = {"not_assessed": "н/а", "exempt": "осв", "deferred": "отсрочка"}

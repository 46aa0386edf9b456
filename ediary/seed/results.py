"""The school's table of results; marks of the finished periods with their sign-off.

A period that ends today is in the middle of closing: most teachers have signed, the deputy has approved
some, some courses have the undisputed filled only, some nothing; one pupil is put off for illness.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from ediary.seed import terms
from ediary.seed.heap import Row
from ediary.seed.plan import FIRST_MARKED
from ediary.seed.world import CourseInfo, Kid, Site
from journal.models import Deferral, FinalRule, Mark, PeriodMark, Scale, SignOff, Work, YearMark
from journal.proposals import Proposal, Sums, Table, propose, table_of

ACT = "Положение о текущем контроле и промежуточной аттестации, приказ № 87 от 28.08.2026"
# scale: name, least averages, disputed zone under them, fewest marks by hours a week
RULES: dict[str, tuple[str, dict[str, str], str, list[list[int]]]] = {
    "five": ("Пятибалльная шкала", {"5": "4.65", "4": "3.65", "3": "2.65"}, "0.15", [[1, 2], [99, 3]]),
    "ten": ("Десятибалльная шкала", {str(n): f"{n - 1}.5" for n in range(10, 1, -1)}, "0.1", [[99, 2]]),
    "pass_fail": ("Зачёт", {"зач": "0.5"}, "0", []),
}  # fmt: skip
# Parts of the courses that have come so far on a period's last day, one after another.
UNTOUCHED, FILLED, SIGNED, APPROVED = 0.25, 0.5, 0.6, 0.8
PUT_OFF = timedelta(days=45)
Weighed = tuple[date, Decimal, Decimal]  # day, score, weight


def conclude(site: Site) -> None:
    """Write the school's table and the results of every period that has ended by the moment."""
    if not site.spec.is_village or site.parent:  # the other school has not adopted its act yet
        lay_out_rules(site)
    Register(site).conclude()


def lay_out_rules(site: Site) -> None:
    for code, (name, bounds, disputed, minimum) in RULES.items():
        site.add(FinalRule, name=name, scale_code=code, bounds=bounds, disputed=Decimal(disputed),
                 minimum=minimum, act=ACT, since=terms.STARTS)  # fmt: skip


class Register:
    def __init__(self, site: Site) -> None:
        self.site = site
        self.rng = Random(f"{site.spec.code}-results")  # noqa: S311
        self.exempt: Kid | None = None
        self.deferred: dict[UUID, UUID] = {}  # by period
        self.years: dict[tuple[UUID, UUID], list[int]] = defaultdict(list)
        scales = {row["code"]: row["values"] for row in site.heap.of(Scale) if row["school_id"] == site.id}  # fmt: skip
        self.tables: dict[str, Table] = {}
        for code, (_, bounds, disputed, minimum) in RULES.items():
            made = table_of(bounds=bounds, scale=scales.get(code, {}), disputed=Decimal(disputed), minimum=minimum)  # fmt: skip
            if made:
                self.tables[code] = made
        weights = {row["id"]: row["weight"] for row in site.heap.of(Work)}
        places = {
            lesson.id: (course.id, lesson.day)
            for course in site.courses
            for lesson in course.lessons
        }
        self.marks: dict[tuple[UUID, UUID], list[Weighed]] = defaultdict(list)
        for row in site.heap.of(Mark):
            found = places.get(row["lesson_id"])
            if found and row["score"] is not None:
                self.marks[found[0], row["pupil_id"]].append(
                    (found[1], row["score"], weights[row["work_id"]])
                )

    def conclude(self) -> None:
        for period in self.site.periods:
            if period["ends"] > self.site.now.today:
                continue
            is_last_day = period["ends"] == self.site.now.today
            for course in self._courses(period):
                part = self.site.rng.random() if is_last_day else 1.0
                if part < UNTOUCHED:
                    continue  # this teacher has not summed up yet
                self._sum_up(course, period, sure_only=part < FILLED)
                if part >= SIGNED:
                    self._sign(course, period, approved=part >= APPROVED)
        if self.site.now.today >= terms.ENDS:
            self._close_year()

    def _courses(self, period: Row) -> Iterator[CourseInfo]:
        for course in self.site.courses:
            fits = period["grade_from"] <= course.grade <= period["grade_to"]
            if fits and course.grade >= FIRST_MARKED and course.scale != "none":
                yield course

    def _sum_up(self, course: CourseInfo, period: Row, *, sure_only: bool = False) -> None:
        """Write the results of a course; `sure_only`: the teacher pressed «fill» and left the rest."""
        at = self._moment(course, period)
        for kid, since, until in course.group.members:
            if since > period["ends"] or (until and until < period["ends"]):
                continue
            proposal = self._proposal(course, kid, period)
            if sure_only and proposal.state != "sure":
                continue
            status, value = self._result(course, kid, period, proposal)
            made = self.site.add(
                PeriodMark, year=terms.YEAR, pupil_id=kid.id, course_id=course.id, period_id=period["id"],
                status=status, value=value, score=Decimal(value) if value.isdigit() else None, obtained_at=at,
                visible_at=at, set_by_id=course.teacher.user_id, set_at=at,
            )  # fmt: skip
            if value.isdigit():
                self.years[course.id, kid.id].append(int(value))
            if status == "deferred":
                self.site.add(Deferral, period_mark_id=made, until=period["ends"] + PUT_OFF,
                              ground="длительное лечение")  # fmt: skip

    def _proposal(self, course: CourseInfo, kid: Kid, period: Row) -> Proposal:
        """Return what the school's table says, as the closing page will."""
        found = [
            (s, w)
            for day, s, w in self.marks[course.id, kid.id]
            if period["starts"] <= day <= period["ends"]
        ]
        sums = Sums(
            len(found), sum((s for s, _ in found), Decimal(0)), sum((s * w for s, w in found), Decimal(0)),
            sum((w for _, w in found), Decimal(0)),
        )  # fmt: skip
        return propose(sums, self.tables.get(course.scale), hours=Decimal(str(course.hours)))

    def _result(
        self, course: CourseInfo, kid: Kid, period: Row, proposal: Proposal
    ) -> tuple[str, str]:
        if course.subject.code == "sport" and kid is self._exempted(kid):
            return "exempt", ""
        if course.scale == "pass_fail":
            return "mark", "зач"
        if self._is_put_off(kid, period, proposal):
            return "deferred", ""
        if proposal.state == "few" and not proposal.count:
            return "not_assessed", ""
        if not proposal.values:
            return "mark", self._by_fives(course, kid, period)
        return "mark", self.rng.choice(proposal.values)

    def _is_put_off(self, kid: Kid, period: Row, proposal: Proposal) -> bool:
        """One pupil a period, ill at its end, is put off; when the new date has passed she has her marks."""
        if period["ends"] + PUT_OFF <= self.site.now.today or proposal.state == "sure":
            return False
        lately = period["ends"] - timedelta(days=21)
        ill = any(code == "ill" and lately <= day <= period["ends"] for day, code in kid.away.items())  # fmt: skip
        known = self.deferred.setdefault(period["id"], kid.id) if ill else None
        return known == kid.id

    def _by_fives(self, course: CourseInfo, kid: Kid, period: Row) -> str:
        """Return the mark of a scale without a table: its own number nearest to the average."""
        found = [s for day, s, _ in self.marks[course.id, kid.id] if period["starts"] <= day <= period["ends"]]  # fmt: skip
        return str(int(sum(found, Decimal(0)) / len(found) + Decimal("0.5"))) if found else "зач"

    def _exempted(self, kid: Kid) -> Kid | None:
        """The first pupil met in physical education is exempt for the year."""
        if self.exempt is None and kid.form and kid.form.grade >= 5 and kid.name.last != "Ёлкина":
            self.exempt = kid
        return self.exempt

    def _moment(self, course: CourseInfo, period: Row) -> datetime:
        """After the last lesson of the subject in the period, on its day."""
        ends = [
            lesson.ends
            for lesson in course.lessons
            if lesson.day <= period["ends"] and not lesson.is_cancelled
        ]
        at = (ends[-1] if ends else terms.local(period["ends"], terms.clock(14))) + timedelta(
            minutes=50
        )
        return min(at, self.site.now.at)

    def _sign(self, course: CourseInfo, period: Row, *, approved: bool) -> None:
        signed = terms.local(period["ends"], terms.clock(17, self.site.rng.randrange(60)))
        later = min(signed + timedelta(days=1, hours=2), self.site.now.at)
        self.site.add(
            SignOff, course_id=course.id, period_id=period["id"], signed_by_id=course.teacher.user_id,
            signed_at=signed, approved_by_id=self.site.office_user("deputy_head") if approved else None,
            approved_at=later if approved else None,
        )  # fmt: skip

    def _close_year(self) -> None:
        for course in self.site.courses:
            for kid, _, until in course.group.members:
                values = self.years.get((course.id, kid.id))
                if until or not values:
                    continue
                value = str(int(sum(values) / len(values) + 0.5))
                self.site.add(
                    YearMark, year=terms.YEAR, pupil_id=kid.id, course_id=course.id, status="mark", value=value,
                    score=Decimal(value), obtained_at=self.site.now.at, visible_at=self.site.now.at,
                    set_by_id=course.teacher.user_id, set_at=self.site.now.at,
                )  # fmt: skip

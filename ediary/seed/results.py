"""Marks of the finished periods with their sign-off; a deferral, an exemption, one not assessed."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from ediary.seed import terms
from ediary.seed.heap import Row
from ediary.seed.plan import FIRST_MARKED
from ediary.seed.world import CourseInfo, Kid, Site
from journal.models import Deferral, Mark, PeriodMark, SignOff, Work, YearMark

BOUNDS = ((Decimal("4.6"), "5"), (Decimal("3.6"), "4"), (Decimal("2.5"), "3"))
FEWEST = 3  # marks in a period that a result may rest on; with fewer lessons, one
Weighed = tuple[date, Decimal, Decimal]  # day, score, weight


def conclude(site: Site) -> None:
    """Write the results of every period that has ended by the moment."""
    Register(site).conclude()


class Register:
    def __init__(self, site: Site) -> None:
        self.site = site
        self.exempt: Kid | None = None
        self.deferred: UUID | None = None
        self.years: dict[tuple[UUID, UUID], list[int]] = defaultdict(list)
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
                if is_last_day and self.site.rng.random() < 0.2:
                    continue  # this teacher has not summed up yet
                self._sum_up(course, period)
                if not is_last_day:
                    self._sign(course, period)
        if self.site.now.today >= terms.ENDS:
            self._close_year()

    def _courses(self, period: Row) -> Iterator[CourseInfo]:
        for course in self.site.courses:
            fits = period["grade_from"] <= course.grade <= period["grade_to"]
            if fits and course.grade >= FIRST_MARKED and course.scale != "none":
                yield course

    def _sum_up(self, course: CourseInfo, period: Row) -> None:
        at = self._moment(course, period)
        for kid, since, until in course.group.members:
            if since > period["ends"] or (until and until < period["ends"]):
                continue
            status, value = self._result(course, kid, period)
            made = self.site.add(
                PeriodMark, year=terms.YEAR, pupil_id=kid.id, course_id=course.id, period_id=period["id"],
                status=status, value=value, score=Decimal(value) if value.isdigit() else None, obtained_at=at,
                visible_at=at + timedelta(minutes=20), set_by_id=course.teacher.user_id, set_at=at,
            )  # fmt: skip
            if value.isdigit():
                self.years[course.id, kid.id].append(int(value))
            if status == "deferred":
                self.site.add(Deferral, period_mark_id=made, until=period["ends"] + timedelta(days=45),
                              ground="длительное лечение")  # fmt: skip

    def _result(self, course: CourseInfo, kid: Kid, period: Row) -> tuple[str, str]:
        if course.subject.code == "sport" and kid is self._exempted(kid):
            return "exempt", ""
        if course.scale == "pass_fail":
            return "mark", "зач"
        found = [
            (s, w)
            for day, s, w in self.marks[course.id, kid.id]
            if period["starts"] <= day <= period["ends"]
        ]
        if not found or (len(found) < FEWEST and course.hours > 3):
            if self.deferred in {None, kid.id} and any(code == "ill" for code in kid.away.values()):
                self.deferred = kid.id
                return "deferred", ""
            if not found:
                return "not_assessed", ""
        average = sum(s * w for s, w in found) / sum(w for _, w in found)
        return "mark", next((value for bound, value in BOUNDS if average >= bound), "2")

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

    def _sign(self, course: CourseInfo, period: Row) -> None:
        signed = terms.local(period["ends"], terms.clock(17, self.site.rng.randrange(60)))
        self.site.add(
            SignOff, course_id=course.id, period_id=period["id"], signed_by_id=course.teacher.user_id,
            signed_at=signed, approved_by_id=self.site.office_user("deputy_head"),
            approved_at=signed + timedelta(days=1, hours=2),
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

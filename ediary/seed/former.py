"""Results of two former years for a few classes: what «all years of a pupil» shows, debts, exams."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from django.db import connections

from common.sorting import sort_key
from ediary.seed import load, terms
from ediary.seed.plan import FIRST_MARKED, SUBJECTS, Subject
from ediary.seed.world import Form, Kid, Site, Teacher
from journal.certificate import Basis, certificate_subject, propose
from journal.models import (
    AcademicDebt,
    Attempt,
    CouncilDecision,
    ExamResult,
    FinalMark,
    PeriodMark,
    SignOff,
    YearMark,
)
from school.models import (
    ClassTeacher,
    Course,
    CourseTeacher,
    Enrolment,
    Membership,
    Period,
    SchoolClass,
    SchoolYear,
    StudyGroup,
)

FORMS = ("7А", "5Б", "9А", "10А", "11А")
BACK = (1, 2)  # years
QUARTERS = ((9, 1, 10, 25), (11, 5, 12, 28), (1, 10, 3, 22), (4, 1, 5, 24))  # month and day, twice
HALF_YEARS = ((9, 1, 12, 28), (1, 10, 5, 24))
EXAMS = (
    ("russian", 5, 33), ("mathematics", 8, 31), ("society", 14, 37), ("informatics", 19, 21),
)  # fmt: skip
CHOSEN = {"society", "informatics"}
SHARES = ((Decimal("0.78"), 5), (Decimal("0.6"), 4), (Decimal("0.4"), 3))


def remember(site: Site) -> None:
    """Write the former years of the town school. With a chance of its own: no other row changes."""
    if not site.spec.with_cast:
        return
    for back in BACK:
        _Year(site, terms.YEAR - back).write([form for form in site.forms if form.name in FORMS])


def close_years(*, now: datetime) -> None:
    """Close the former years, after their rows are written: a closed year takes no more."""
    with connections[load.OWNER].cursor() as cursor:
        cursor.execute(
            "UPDATE school_schoolyear y SET closed_at = %s, closed_by_id = (SELECT p.user_id FROM people_person p"
            " JOIN people_roleassignment r ON r.person_id = p.id AND r.role = 'head'"
            " WHERE p.school_id = y.school_id ORDER BY r.id LIMIT 1) WHERE y.year < %s",
            [now - timedelta(days=120), terms.YEAR],
        )


def _day(year: int, month: int, day: int) -> date:
    return date(year if month >= 9 else year + 1, month, day)


class _Year:
    """One former year of the school."""

    def __init__(self, site: Site, year: int) -> None:
        self.site, self.year = site, year
        self.rng = Random(f"{site.spec.code}-former-{year}")  # noqa: S311
        self.periods: dict[str, list[tuple[UUID, date]]] = {}
        self.ends = _day(year, 5, 24)
        self.deputy = site.office_user("deputy_head")

    def write(self, forms: list[Form]) -> None:
        self.site.add(
            SchoolYear, year=self.year, starts=_day(self.year, 9, 1), ends=self.ends, week_days=5
        )
        for kind, spans, first, last in (
            ("quarter", QUARTERS, 1, 9),
            ("half_year", HALF_YEARS, 10, 11),
        ):
            for number, (m1, d1, m2, d2) in enumerate(spans, start=1):
                ends = _day(self.year, m2, d2)
                pk = self.site.add(Period, year=self.year, kind=kind, number=number, starts=_day(self.year, m1, d1),
                                   ends=ends, grade_from=first, grade_to=last)  # fmt: skip
                self.periods.setdefault(kind, []).append((pk, ends))
        for form in forms:
            grade = form.grade - (terms.YEAR - self.year)
            if grade >= FIRST_MARKED:
                self._form(form, grade)

    def _form(self, form: Form, grade: int) -> None:
        group = self._class(form, grade)
        kids = [
            kid
            for kid in form.kids
            if kid.in_form_since is None and kid.since in {None, terms.STARTS}
        ]
        starts = _day(self.year, 9, 1)
        for kid in kids:
            self.site.add(
                Membership, group_id=group, pupil_id=kid.id, since=starts, until=self.ends
            )
        self._enrolled_since(kids, starts)
        annual: dict[tuple[Kid, str], int] = {}
        for subject in SUBJECTS:
            if subject.hours[grade - 1] and subject.scale == "five":
                self._course(group, form, subject, grade, kids, annual)
        if grade == 9:
            self._exams(kids, annual)
        if form.name == "9А" and self.year == terms.YEAR - 1:
            self._debts(kids, annual)
        if form.name == "10А" and self.year == terms.YEAR - 1:
            self._contest(kids)
        self._council(form, kids, grade, annual)

    def _class(self, form: Form, grade: int) -> UUID:
        made = self.site.add(SchoolClass, year=self.year, grade_level=grade, letter=form.letter,
                             sort_key=sort_key(form.letter))  # fmt: skip
        self.site.add(ClassTeacher, school_class_id=made, person_id=form.teacher.id,
                      since=_day(self.year, 9, 1), until=self.ends)  # fmt: skip
        return self.site.add(StudyGroup, year=self.year, kind="class", name=f"{grade}{form.letter}",
                             school_class_id=made, grade_level=grade)  # fmt: skip

    def _enrolled_since(self, kids: list[Kid], starts: date) -> None:
        own = {kid.id for kid in kids}
        for row in self.site.heap.of(Enrolment):
            if row["pupil_id"] in own and row["since"] > starts:
                row.update(since=starts, order_date=date(starts.year, 8, 28))

    def _teacher(self, form: Form, subject: Subject, grade: int) -> Teacher:
        if grade <= 4 and subject.primary == "form":
            return next(t for t in self.site.teachers if "form" in t.departments)
        able = [t for t in self.site.teachers if subject.department in t.departments]
        return form.teacher if form.teacher in able else able[form.number % len(able)]

    def _course(
        self, group: UUID, form: Form, subject: Subject, grade: int, kids: list[Kid],
        annual: dict[tuple[Kid, str], int],
    ) -> None:  # fmt: skip
        teacher = self._teacher(form, subject, grade)
        course = self.site.add(Course, year=self.year, group_id=group, subject_id=self.site.subjects[subject.code],
                               hours_per_week=subject.hours[grade - 1])  # fmt: skip
        self.site.add(CourseTeacher, course_id=course, person_id=teacher.id, since=_day(self.year, 9, 1),
                      until=self.ends)  # fmt: skip
        spans = self.periods["half_year" if grade >= 10 else "quarter"]
        for pk, ends in spans:
            signed = terms.local(ends, terms.clock(17))
            self.site.add(SignOff, course_id=course, period_id=pk, signed_by_id=teacher.user_id, signed_at=signed,
                          approved_by_id=self.deputy, approved_at=signed + timedelta(days=1))  # fmt: skip
        for kid in kids:
            marks = []
            for pk, ends in spans:
                marks.append(self._mark_of(kid, subject))
                self.site.add(PeriodMark, course_id=course, period_id=pk,
                              **self._result(kid, marks[-1], teacher, ends))  # fmt: skip
            value = int(sum(marks) / len(marks) + 0.5)
            annual[kid, subject.code] = value
            self.site.add(
                YearMark, course_id=course, **self._result(kid, value, teacher, self.ends)
            )

    def _mark_of(self, kid: Kid, subject: Subject) -> int:
        easy = 0.6 if subject.department in {"sport", "music", "craft"} else 0.1
        return min(5, max(3, round(self.rng.gauss(kid.ability + easy, 0.45))))

    def _result(self, kid: Kid, value: int, by: Teacher, day: date) -> dict[str, object]:
        at = self._at(day)
        return {
            "year": self.year, "pupil_id": kid.id, "status": "mark", "value": str(value), "score": Decimal(value),
            "obtained_at": at, "visible_at": at + timedelta(minutes=20), "set_by_id": by.user_id, "set_at": at,
        }  # fmt: skip

    def _at(self, day: date) -> datetime:
        return terms.local(day, terms.clock(14, self.rng.randrange(60)))

    def _exams(self, kids: list[Kid], annual: dict[tuple[Kid, str], int]) -> None:
        """The state exam of the ninth grade, and the certificate's marks."""
        names = {subject.code: subject.name for subject in SUBJECTS}
        for kid in kids:
            exams: dict[str, int] = {}
            for code, day, most in EXAMS:
                share = min(
                    Decimal(1),
                    max(
                        Decimal("0.42"),
                        Decimal(str(round(self.rng.gauss(kid.ability / 5, 0.1), 2))),
                    ),
                )
                mark = next((mark for bound, mark in SHARES if share >= bound), 3)
                exams[certificate_subject(names[code])] = mark
                held = date(self.year + 1, 6, day)
                self.site.add(ExamResult, subject_id=self.site.subjects[code], kind="oge", held_on=held,
                              points=Decimal(round(most * share)), chosen=code in CHOSEN, scale_code="five",
                              **self._official(kid, mark, held + timedelta(days=9)))  # fmt: skip
            self._finals(kid, annual, exams, names)

    def _contest(self, kids: list[Kid]) -> None:
        """Before this year the tenth grade of an advanced course was filled by a competitive trial."""
        held = date(terms.YEAR, 8, 20)
        for kid in kids:
            points = min(100, max(38, round(self.rng.gauss(kid.ability * 19, 7))))
            values = self._official(kid, 5, held + timedelta(days=1)) | {
                "year": terms.YEAR, "value": str(points), "score": None,
            }  # fmt: skip
            self.site.add(ExamResult, subject_id=self.site.subjects["mathematics"], kind="contest", held_on=held,
                          points=Decimal(points), scale_code="hundred", **values)  # fmt: skip

    def _finals(
        self, kid: Kid, annual: dict[tuple[Kid, str], int], exams: dict[str, int], names: dict[str, str]
    ) -> None:  # fmt: skip
        marks: dict[str, list[int]] = {}
        for (other, code), value in annual.items():
            if other is kid:
                marks.setdefault(certificate_subject(names[code]), []).append(value)
        codes = {name: code for code, name in names.items()}
        chosen = {names[code] for code in CHOSEN}
        for name, own in marks.items():
            basis = Basis(name, {9: own}, {}, exam=exams.get(name), chosen=name in chosen)
            value = int(propose(basis, 9).value)
            self.site.add(FinalMark, subject_id=self.site.subjects[codes[name]],
                          **self._official(kid, value, date(self.year + 1, 6, 29)))  # fmt: skip

    def _official(self, kid: Kid, value: int, day: date) -> dict[str, object]:
        at = terms.local(day, terms.clock(10))
        return {
            "year": self.year, "pupil_id": kid.id, "status": "mark", "value": str(value), "score": Decimal(value),
            "obtained_at": at, "visible_at": at + timedelta(hours=3), "set_by_id": self.deputy, "set_at": at,
        }  # fmt: skip

    def _debts(self, kids: list[Kid], annual: dict[tuple[Kid, str], int]) -> None:
        """Two pupils had a two for the year: one has settled it, the other has a second attempt ahead."""
        weak = sorted(kids, key=lambda kid: (kid.ability, kid.id))[:2]
        for kid, code, settled in zip(
            weak, ("physics", "algebra"), (None, date(2026, 10, 14)), strict=False
        ):
            annual[kid, code] = 2
            for row in self.site.heap.of(YearMark):
                if (
                    row["pupil_id"] == kid.id
                    and row["year"] == self.year
                    and row["course_id"] in self._courses(code)
                ):
                    row.update(value="2", score=Decimal(2))
            at = terms.local(self.ends, terms.clock(15))
            debt = self.site.add(
                AcademicDebt, year=self.year, pupil_id=kid.id, subject_id=self.site.subjects[code],
                arisen_on=self.ends, due_day=date(self.year + 2, 5, 24), settled_on=settled, set_by_id=self.deputy,
                set_at=at,
            )  # fmt: skip
            tries = [(1, date(2026, 10, 14), "3" if settled else "2", bool(settled))]
            for number, held, value, passed in tries:
                self.site.add(Attempt, debt_id=debt, number=number, held_on=held, value=value, passed=passed,
                              set_by_id=self.deputy, set_at=terms.local(held, terms.clock(15)))  # fmt: skip
            if settled is None:
                self.site.add(Attempt, debt_id=debt, number=2, held_on=date(2026, 12, 9), value="", passed=None,
                              set_by_id=self.deputy, set_at=terms.local(date(2026, 10, 15), terms.clock(9)))  # fmt: skip

    def _courses(self, code: str) -> set[UUID]:
        subject = self.site.subjects[code]
        return {
            row["id"]
            for row in self.site.heap.of(Course)
            if row["year"] == self.year and row["subject_id"] == subject
        }

    def _council(
        self, form: Form, kids: list[Kid], grade: int, annual: dict[tuple[Kid, str], int]
    ) -> None:
        held = date(self.year + 1, 6, 30) if grade == 9 else date(self.year + 1, 5, 28)
        for kid in kids:
            failed = any(value == 2 for (other, _), value in annual.items() if other is kid)
            kind = "graduated" if grade == 9 else "conditional" if failed else "promoted"
            self.site.add(
                CouncilDecision, year=self.year, pupil_id=kid.id, kind=kind, minutes_number=str(12 + form.number % 3),
                minutes_day=held, set_by_id=self.deputy, set_at=terms.local(held, terms.clock(16)),
            )  # fmt: skip

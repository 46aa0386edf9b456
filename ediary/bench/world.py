"""The school that benchmarks and crash tests use: thirty pupils, six courses of forty lessons each.

`python -m ediary.bench.world` makes it in the database of the environment and prints it as JSON.
"""

import itertools
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections, models, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from common.sorting import sort_key
from ediary.seed.names import Names
from journal.models import Homework, Mark, Scale, Work, WorkKind
from people.models import Guardianship, Person, Pupil, RoleAssignment, School, Setting, User
from school.calendar import school_year
from school.models import (
    ClassTeacher,
    Course,
    CourseTeacher,
    Enrolment,
    Lesson,
    Membership,
    Period,
    Room,
    SchoolClass,
    SchoolYear,
    Sitting,
    StudyGroup,
    Subject,
)

OWNER = "owner"
ZONE = ZoneInfo("Europe/Moscow")
PUPILS, WEEKS, DAYS = 30, 8, 5
WIDE_PUPILS, WIDE_LESSONS = 40, 60
SUBJECTS = ("Алгебра", "Физика", "История", "Биология", "Литература", "География")
GRID, SAVED, FLOOR_SAVED = 0, 1, 2  # which course is for what; the others are of every week
FIVE = {"5": 5, "4": 4, "3": 3, "2": 2, "1": 1}
TASKS = ("Параграф 12, вопросы 1–4", "Упражнения 214, 217 (а, б)", "Подготовить пересказ, стр. 56")
TOPICS = ("Повторение изученного", "Решение задач по теме", "Новый материал: основные понятия")

M = TypeVar("M", bound=models.Model)


def zone_of_noon() -> str:
    """Return a zone where it is past noon now: a save at night is noted, which costs a statement more."""
    east = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-east:+d}" if east else "UTC"


@dataclass(frozen=True, slots=True)
class Seat:
    """A course with the teacher who is signed in to keep it."""

    course: str
    person: str
    user: str
    session: str
    group: str
    lessons: tuple[str, ...]
    works: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """A pupil with a guardian who is signed in."""

    pupil: str
    guardian: str
    session: str
    lessons: int


@dataclass(frozen=True, slots=True)
class World:
    """What requests need to know."""

    school: str
    year: int
    period: str
    school_class: str
    class_teacher: str
    week: str
    monday: str
    pupils: tuple[str, ...]
    seats: tuple[Seat, ...]
    family: Family
    small_family: Family
    wide: Seat  # a class of forty and a course of sixty lessons: the largest grid
    wide_pupils: tuple[str, ...]

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "World":
        read = json.loads(text)
        families = {name: Family(**read.pop(name)) for name in ("family", "small_family")}
        seats = [
            Seat(**seat | {"lessons": tuple(seat["lessons"]), "works": tuple(seat["works"])})
            for seat in (*read.pop("seats"), read.pop("wide"))
        ]
        pupils = {name: tuple(read.pop(name)) for name in ("pupils", "wide_pupils")}
        return cls(**read | families | pupils | {"seats": tuple(seats[:-1]), "wide": seats[-1]})


def keep(rows: Iterable[M]) -> list[M]:
    """Write rows of one table as its owner."""
    made = list(rows)
    return made[0].__class__._default_manager.using(OWNER).bulk_create(made) if made else []  # noqa: SLF001


@dataclass(slots=True)
class Builder:
    """Makes the school around the eight weeks before this Monday."""

    today: date
    with_marks: bool
    rng: Random = field(default_factory=lambda: Random(20260901))  # noqa: S311
    people: Names = field(init=False)
    school: School = field(init=False)
    year: int = field(init=False)

    def __post_init__(self) -> None:
        self.people = Names(self.rng)
        self.year = school_year(self.monday)

    @property
    def monday(self) -> date:
        """The Monday of the last whole week."""
        return self.today - timedelta(days=self.today.weekday() + 7)

    @property
    def first(self) -> date:
        return self.monday - timedelta(weeks=WEEKS - 1)

    def build(self) -> World:
        with transaction.atomic(using=OWNER):
            period = self.calendar()
            staff = [self.person(["teacher"]) for _ in (*SUBJECTS, "Музыка")]
            self.role(staff[0], "class_teacher")
            school_class, group = self.form(7, staff[0])
            _, small_group = self.form(8, staff[-1])
            pupils = [self.pupil(group) for _ in range(PUPILS)]
            small = self.pupil(small_group)
            guardians = [self.guardian(pupil) for pupil in (*pupils, small)]
            kind = keep([
                WorkKind(school=self.school, code="answer", name="Ответ на уроке", letter="Р",
                         weight=1, since=self.first)
            ])[0]  # fmt: skip
            seats = [
                self.course(number, group, staff[number], kind, pupils)
                for number in range(len(SUBJECTS))
            ]
            self.one_lesson(small_group, staff[-1])
            wide, wide_pupils = self.widest(kind)
        return World(
            school=str(self.school.pk),
            year=self.year,
            period=str(period.pk),
            school_class=str(school_class.pk),
            class_teacher=str(staff[0].user_id),
            week=f"{self.monday:%G-W%V}",
            monday=self.monday.isoformat(),
            pupils=tuple(str(pupil.pk) for pupil in pupils),
            seats=tuple(seats),
            family=self.family(pupils[0], guardians[0], DAYS * len(SUBJECTS)),
            small_family=self.family(small, guardians[-1], 1),
            wide=wide,
            wide_pupils=wide_pupils,
        )

    def widest(self, kind: WorkKind) -> tuple[Seat, tuple[str, ...]]:
        """A class of forty with sixty lessons: a mark in each cell, two in a tenth of them."""
        teacher = self.person(["teacher"])
        _, group = self.form(9, teacher)
        pupils = [self.pupil(group) for _ in range(WIDE_PUPILS)]
        days = [self.first + timedelta(days=n) for n in range(100)]
        school_days = [day for day in days if day.isoweekday() <= DAYS][:WIDE_LESSONS]
        lessons = self.held("Химия", group, teacher, 1, school_days)
        works = keep(
            Work(school=self.school, lesson=lesson, kind=kind, weight=1) for lesson in lessons
        )
        if self.with_marks:
            self.marks(works, pupils, teacher, 1.0)
            self.marks(works, pupils, teacher, 0.1, position=2)
        seat = Seat(
            course=str(lessons[0].course_id),
            person=str(teacher.pk),
            user=str(teacher.user_id),
            session=session_of(teacher.user),
            group=str(group.pk),
            lessons=tuple(str(lesson.pk) for lesson in lessons),
            works=tuple(str(work.pk) for work in works),
        )
        return seat, tuple(str(pupil.pk) for pupil in pupils)

    def calendar(self) -> Period:
        """The school with its year, one quarter, its scale and a long window for corrections."""
        school = School(name="Школа для измерений", short_name="Школа", time_zone=zone_of_noon())
        self.school = keep([school])[0]
        ends = self.today + timedelta(days=30)
        keep([SchoolYear(school=self.school, year=self.year, starts=self.first, ends=ends)])
        keep([
            Setting(school=self.school, key=key, value=value, since=self.first)
            for key, value in (("edit_window_days", 400), ("unusual_many", 1000))
        ])  # fmt: skip
        keep([
            Scale(school=self.school, code="five", name="Пятибалльная", values=FIVE, since=self.first)
        ])  # fmt: skip
        return keep([
            Period(school=self.school, year=self.year, kind="quarter", number=1, starts=self.first, ends=ends)
        ])[0]  # fmt: skip

    def person(self, roles: Sequence[str], *, last: str | None = None, sex: str = "f") -> Person:
        """A person with an account that nobody can sign in to by password."""
        people = self.people.people()
        name = self.people.adult(sex, last=last, people=people)
        login = f"{self.people.login(name)}-{self.school.pk.hex[-8:]}"
        user = keep([User(login=login, password=make_password(None))])[0]
        person = Person(
            school=self.school, user=user, last_name=name.last, first_name=name.first,
            middle_name=name.middle, sex=sex,
        )  # fmt: skip
        person.fill_keys()
        keep([person])
        for role in roles:
            self.role(person, role)
        return person

    def role(self, person: Person, role: str) -> None:
        keep([RoleAssignment(school=self.school, person=person, role=role, since=self.first)])

    def form(self, grade: int, leader: Person) -> tuple[SchoolClass, StudyGroup]:
        common: dict[str, Any] = {"school": self.school, "year": self.year, "grade_level": grade}
        made = keep([SchoolClass(**common, letter="А", sort_key=sort_key("А"))])[0]
        group = keep([StudyGroup(**common, kind="class", name=f"{grade}А", school_class=made)])[0]
        keep([
            ClassTeacher(school=self.school, school_class=made, person=leader, since=self.first)
        ])  # fmt: skip
        return made, group

    def pupil(self, group: StudyGroup) -> Pupil:
        """A pupil of the class, whose diary is open."""
        person = self.person(["pupil"], sex=self.rng.choice("fm"))
        pupil = keep([Pupil(person=person, school=self.school, open_from=self.first)])[0]
        keep([Enrolment(school=self.school, pupil=pupil, since=self.first)])
        keep([Membership(school=self.school, group=group, pupil=pupil, since=self.first)])
        return pupil

    def guardian(self, pupil: Pupil) -> Person:
        person = self.person(["guardian"])
        keep([
            Guardianship(school=self.school, guardian=person, pupil=pupil, kind="parent",
                         ground="Свидетельство о рождении", since=self.first, open_from=self.first)
        ])  # fmt: skip
        return person

    def course(
        self,
        number: int,
        group: StudyGroup,
        teacher: Person,
        kind: WorkKind,
        pupils: Sequence[Pupil],
    ) -> Seat:
        """A course with a lesson every day; marks in each cell of the grid's course, a few elsewhere."""
        lessons = self.lessons(SUBJECTS[number], group, teacher, number + 1)
        works = keep(
            Work(school=self.school, lesson=lesson, kind=kind, weight=1) for lesson in lessons
        )
        self.homework(lessons, teacher)
        if self.with_marks and number not in {SAVED, FLOOR_SAVED}:
            share = 1.0 if number == GRID else 0.2
            self.marks(works, pupils, teacher, share)
        return Seat(
            course=str(lessons[0].course_id),
            person=str(teacher.pk),
            user=str(teacher.user_id),
            session=session_of(teacher.user),
            group=str(group.pk),
            lessons=tuple(str(lesson.pk) for lesson in lessons),
            works=tuple(str(work.pk) for work in works),
        )

    def lessons(
        self, subject_name: str, group: StudyGroup, teacher: Person, slot: int
    ) -> list[Lesson]:
        """Forty lessons: every school day of the eight weeks, in one slot and one room."""
        days = [self.first + timedelta(days=7 * week + day) for week in range(WEEKS) for day in range(DAYS)]  # fmt: skip
        return self.held(subject_name, group, teacher, slot, days)

    def held(
        self,
        subject_name: str,
        group: StudyGroup,
        teacher: Person,
        slot: int,
        days: Sequence[date],
    ) -> list[Lesson]:
        subject = keep([
            Subject(school=self.school, name=subject_name, short_name=subject_name, sort_key=sort_key(subject_name))
        ])[0]  # fmt: skip
        room = keep([Room(school=self.school, name=f"каб. {slot}-{group.name}")])[0]
        course = keep([
            Course(school=self.school, year=self.year, group=group, subject=subject, hours_per_week=5)
        ])[0]  # fmt: skip
        keep([
            CourseTeacher(school=self.school, course=course, person=teacher, since=self.first)
        ])  # fmt: skip
        sittings = keep(
            Sitting(school=self.school, day=day, number=slot, during=during(day, slot), teacher=teacher, room=room)
            for day in days
        )  # fmt: skip
        return keep(
            Lesson(school=self.school, year=self.year, course=course, sitting=sitting, day=sitting.day,
                   number=slot, topic=self.rng.choice(TOPICS))
            for sitting in sittings
        )  # fmt: skip

    def homework(self, lessons: Sequence[Lesson], teacher: Person) -> None:
        """Homework from each lesson to the next one."""
        keep(
            Homework(school=self.school, year=self.year, lesson=lesson, due_lesson=due, due_day=due.day,
                     text=self.rng.choice(TASKS), minutes=20, set_by=teacher.user, set_at=evening(lesson.day))
            for lesson, due in itertools.pairwise(lessons)
        )  # fmt: skip

    def marks(
        self,
        works: Sequence[Work],
        pupils: Sequence[Pupil],
        teacher: Person,
        share: float,
        position: int = 1,
    ) -> None:
        keep(
            Mark(year=self.year, school=self.school, lesson=work.lesson, work=work, pupil=pupil, value=value,
                 score=FIVE[value], position=position, set_by=teacher.user, set_at=evening(work.lesson.day))
            for work in works
            for pupil in pupils
            if self.rng.random() < share
            for value in [self.rng.choice("5544432")]
        )  # fmt: skip

    def one_lesson(self, group: StudyGroup, teacher: Person) -> None:
        """The whole week of the small class: one lesson."""
        self.held("Музыка", group, teacher, 1, [self.monday])

    def family(self, pupil: Pupil, guardian: Person, lessons: int) -> Family:
        return Family(
            pupil=str(pupil.pk),
            guardian=str(guardian.pk),
            session=session_of(guardian.user),
            lessons=lessons,
        )


def during(day: date, slot: int) -> DateTimeTZRange:
    starts = datetime.combine(day, time(7 + slot, 30), tzinfo=ZONE)
    return DateTimeTZRange(starts, starts + timedelta(minutes=40))


def evening(day: date) -> datetime:
    return datetime.combine(day, time(15), tzinfo=UTC)


def session_of(user: User | None) -> str:
    """Sign the account in, as the sign-in page would, and return the cookie's value."""
    if user is None:
        raise ValueError("A person without an account cannot sign in.")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def build(*, with_marks: bool = True) -> World:
    """Make a new school and return what requests need to know of it.

    The planner gets its statistics at once, for page and floor alike: a running school has them.
    """
    world = Builder(datetime.now(tz=ZONE).date(), with_marks).build()
    with connections[OWNER].cursor() as cursor:
        cursor.execute("ANALYZE")
    return world


if __name__ == "__main__":
    sys.stdout.write(build(with_marks="--empty" not in sys.argv).as_json() + "\n")

"""The cast: a small world that every test speaks of.

Мария Петровна teaches mathematics in 7А and Russian nowhere; Иван Сергеевич leads 7А and teaches
physics; Оля and Петя are pupils of 7А, Витя too (his mother refused the electronic form); Коля is
Оля's brother in 5Б. Нина Львовна is deputy head. Чужой teaches in another school, where Чужая's
daughter learns. Today is Wednesday, 18 November 2026, 12:30 in Moscow.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from common.sorting import sort_key
from consent.models import Contact, Decision, DeliveryDeclaration, Purpose
from journal.models import Scale, WorkKind
from people.models import Employee, Guardianship, Person, Pupil, RoleAssignment, School, User
from people.roles import STAFF as STAFF_ROLES
from people.scope import scope
from school.models import (
    BellSchedule,
    BellSlot,
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
    TimetableEntry,
    Vacation,
)

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 18)
MONDAY = date(2026, 11, 16)
YEAR = 2026
SEPTEMBER = date(2026, 9, 1)
PASSWORD = "correct horse 42"
MOSCOW = ZoneInfo("Europe/Moscow")
BELLS = {1: (time(8, 30), time(9, 10)), 2: (time(9, 30), time(10, 10)), 3: (time(10, 30), time(11, 10)),
         4: (time(11, 30), time(12, 10)), 5: (time(12, 30), time(13, 10)), 6: (time(13, 30), time(14, 10))}  # fmt: skip
_HASH = make_password(PASSWORD, hasher="pbkdf2_sha256")


def known(name: str) -> UUID:
    """Return the same id for the same name in every run."""
    return uuid5(NAMESPACE_URL, f"cast:{name}")


def zone_of_evening(at: datetime) -> str:
    """Return a zone where it is past seven in the evening then: at night nobody is sent a letter."""
    east = (19 - at.astimezone(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-east:+d}"


SCHOOL_ID, BRANCH_ID, OTHER_ID = known("school"), known("branch"), known("other")
ALL_SCHOOLS = (SCHOOL_ID, BRANCH_ID, OTHER_ID)


@dataclass
class Cast:
    """Everybody and everything by name: `cast.maria`, `cast.olya`, `cast.algebra`, `cast.lessons[…]`."""

    school: School
    branch: School
    other_school: School
    people: dict[str, Person] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    pupils: dict[str, Pupil] = field(default_factory=dict)
    classes: dict[str, SchoolClass] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    lessons: dict[tuple[str, date], Lesson] = field(default_factory=dict)
    guardianships: dict[tuple[str, str], Guardianship] = field(default_factory=dict)
    extras: dict[str, Any] = field(default_factory=dict)

    def user(self, name: str) -> User:
        """A fresh account object: nothing cached from an earlier request."""
        return User.objects.get(pk=self.users[name].pk)

    def lesson(self, course: str, day: date = TODAY) -> Lesson:
        return self.lessons[course, day]

    @property
    def quarter(self) -> Period:
        return self.extras["quarter"]


def build() -> Cast:
    """Make the world in the current database, inside a scope that sees its schools."""
    with scope(ALL_SCHOOLS):
        cast = _schools()
        _people(cast)
        _families(cast)
        for school in (cast.school, cast.other_school):
            _calendar(cast, school)
            _journal_lists(school)
        _classes(cast)
        _courses(cast)
        _lessons(cast)
        return cast


def _schools() -> Cast:
    made = [
        School.objects.create(id=SCHOOL_ID, name="Средняя школа № 1", short_name="Школа № 1"),
        School.objects.create(
            id=BRANCH_ID, name="Филиал в селе", short_name="Филиал", parent_id=SCHOOL_ID
        ),
        School.objects.create(id=OTHER_ID, name="Другая школа", short_name="Другая"),
    ]
    return Cast(*made)


STAFF = {
    "maria": ("Кузнецова Мария Петровна", "f", ["teacher"]),
    "ivan": ("Орлов Иван Сергеевич", "m", ["teacher", "class_teacher"]),
    "svetlana": ("Белова Светлана Юрьевна", "f", ["teacher"]),
    "nina": ("Соколова Нина Львовна", "f", ["deputy_head"]),
    "head": ("Громов Павел Андреевич", "m", ["head"]),
    "admin": ("Зайцев Олег Ильич", "m", ["admin"]),
    "secretary": ("Лебедева Анна Игоревна", "f", ["secretary"]),
}
GUARDIANS = {
    "olya_mother": ("Ёлкина Ольга Викторовна", "f"),
    "olya_father": ("Ёлкин Виктор Павлович", "m"),
    "petya_father": ("Петров Степан Ильич", "m"),
    "vitya_mother": ("Сидорова Раиса Захаровна", "f"),
    "no_consent": ("Тихонова Вера Олеговна", "f"),
}
PUPILS = {
    "olya": ("Ёлкина Оля Викторовна", "f", date(2013, 5, 4)),
    "petya": ("Петров Пётр Степанович", "m", date(2013, 8, 9)),
    "vitya": ("Сидоров Виктор Ильич", "m", date(2013, 2, 1)),
    "timur": ("Тихонов Тимур Олегович", "m", date(2013, 3, 3)),
    "kolya": ("Ёлкин Николай Викторович", "m", date(2015, 1, 7)),
}


def _people(cast: Cast) -> None:
    for name, (full, sex, roles) in STAFF.items():
        _person(cast, name, full, sex, cast.school, roles)
    _person(cast, "branch_head", "Котова Лидия Ивановна", "f", cast.branch, ["branch_head"])
    _person(
        cast,
        "stranger",
        "Чужой Борис Борисович",
        "m",
        cast.other_school,
        ["teacher", "class_teacher"],
    )
    _person(cast, "other_head", "Иной Глеб Глебович", "m", cast.other_school, ["head", "admin"])
    for name, (full, sex) in GUARDIANS.items():
        _person(cast, name, full, sex, cast.school, ["guardian"])
    _person(cast, "other_guardian", "Чужая Инна Львовна", "f", cast.other_school, ["guardian"])
    for name, (full, sex, born) in PUPILS.items():
        _pupil(cast, name, full, sex, born, cast.school)
    _pupil(cast, "other_pupil", "Чужая Дарья Олеговна", "f", date(2013, 6, 6), cast.other_school)


def _person(cast: Cast, name: str, full: str, sex: str, school: School, roles: list[str]) -> Person:
    last, first, middle = full.split()
    user = User.objects.create(id=known(f"user:{name}"), login=name, password=_HASH)
    person = Person.objects.create(
        id=known(f"person:{name}"), school=school, user=user, last_name=last, first_name=first,
        middle_name=middle, sex=sex,
    )  # fmt: skip
    for role in roles:
        RoleAssignment.objects.create(school=school, person=person, role=role, since=SEPTEMBER)
    if STAFF_ROLES.intersection(roles):
        Employee.objects.create(school=school, person=person, post="Сотрудник", since=SEPTEMBER)
    cast.people[name], cast.users[name] = person, user
    return person


def _pupil(cast: Cast, name: str, full: str, sex: str, born: date, school: School) -> None:
    person = _person(cast, name, full, sex, school, ["pupil"])
    person.birth_date = born
    person.save(update_fields=["birth_date"])
    pupil = Pupil.objects.create(person=person, school=school, open_from=SEPTEMBER)
    Enrolment.objects.create(school=school, pupil=pupil, since=SEPTEMBER)
    cast.pupils[name] = pupil


def _families(cast: Cast) -> None:
    ties = [
        ("olya_mother", "olya", True), ("olya_mother", "kolya", True), ("olya_father", "olya", True),
        ("petya_father", "petya", True), ("vitya_mother", "vitya", False),
        ("no_consent", "timur", False), ("other_guardian", "other_pupil", True),
    ]  # fmt: skip
    for guardian, pupil, is_open in ties:
        person, child = cast.people[guardian], cast.pupils[pupil]
        cast.guardianships[guardian, pupil] = Guardianship.objects.create(
            school_id=person.school_id, guardian=person, pupil=child, kind="parent",
            ground="Свидетельство о рождении", since=SEPTEMBER, open_from=SEPTEMBER if is_open else None,
        )  # fmt: skip
        _decide(person, child, "consent" if is_open else None)
    for name in ("vitya", "timur"):
        Pupil.objects.filter(pk=cast.pupils[name].pk).update(open_from=None)
        cast.pupils[name].open_from = None
    _decide(cast.people["vitya_mother"], cast.pupils["vitya"], "refusal")
    DeliveryDeclaration.objects.create(
        school=cast.school, guardian=cast.people["vitya_mother"], pupil=cast.pupils["vitya"],
        form="paper", ground="нет интернета", declared_on=SEPTEMBER, registered_at=NOW,
    )  # fmt: skip


def _decide(person: Person, pupil: Pupil, kind: str | None) -> None:
    purpose, _ = Purpose.objects.get_or_create(
        school_id=person.school_id, code="diary", defaults={"name": "Электронный дневник"}
    )
    if kind is None:
        return
    Decision.objects.create(
        school_id=person.school_id, subject=pupil, signer=person, purpose=purpose, kind=kind,
        decided_on=SEPTEMBER, form="paper", registered_at=NOW - timedelta(days=70),
    )  # fmt: skip
    if kind == "consent":
        login = person.user.login if person.user else "nobody"
        Contact.objects.get_or_create(
            school_id=person.school_id, person=person, kind="email", value=f"{login}@example.org",
            origin="written", given_on=SEPTEMBER, uses=["digest"],
        )  # fmt: skip


def _calendar(cast: Cast, school: School) -> None:
    SchoolYear.objects.create(school=school, year=YEAR, starts=SEPTEMBER, ends=date(2027, 5, 26))
    quarters = [
        (SEPTEMBER, date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 30)),
        (date(2027, 1, 11), date(2027, 3, 26)), (date(2027, 4, 5), date(2027, 5, 26)),
    ]  # fmt: skip
    for number, (starts, ends) in enumerate(quarters, start=1):
        period = Period.objects.create(
            school=school, year=YEAR, kind="quarter", number=number, starts=starts, ends=ends,
            grade_from=1, grade_to=9,
        )  # fmt: skip
        cast.extras.setdefault(f"{school.short_name}:{number}", period)
    cast.extras.setdefault("quarter", cast.extras.get("Школа № 1:2"))
    Vacation.objects.create(
        school=school,
        year=YEAR,
        name="Осенние каникулы",
        starts=date(2026, 10, 24),
        ends=date(2026, 11, 1),
    )
    bells = BellSchedule.objects.create(
        school=school, year=YEAR, name="Обычный день", weekdays=[1, 2, 3, 4, 5]
    )
    for number, (starts_at, ends_at) in BELLS.items():
        BellSlot.objects.create(
            school=school, schedule=bells, number=number, starts=starts_at, ends=ends_at
        )


def _journal_lists(school: School) -> None:
    five = {"5": 5, "4": 4, "3": 3, "2": 2, "1": 1, "зач": None, "нзч": None, "осв": None}
    Scale.objects.create(
        school=school, code="five", name="Пятибалльная", values=five, since=SEPTEMBER
    )
    Scale.objects.create(school=school, code="none", name="Без отметок", values={}, since=SEPTEMBER)
    kinds = [("answer", "Ответ на уроке", "Р", 1, False), ("home", "Домашняя работа", "Д", 1, False),
             ("control", "Контрольная работа", "К", 2, True)]  # fmt: skip
    for code, name, letter, weight, control in kinds:
        WorkKind.objects.create(
            school=school, code=code, name=name, letter=letter, weight=weight, is_control=control,
            since=SEPTEMBER,
        )  # fmt: skip


def _classes(cast: Cast) -> None:
    plan = [
        ("7А", cast.school, 7, "А", "ivan", ["olya", "petya", "vitya", "timur"]),
        ("5Б", cast.school, 5, "Б", "svetlana", ["kolya"]),
        ("other 7А", cast.other_school, 7, "А", "stranger", ["other_pupil"]),
    ]
    for name, school, grade, letter, leader, members in plan:
        school_class = SchoolClass.objects.create(
            id=known(f"class:{name}"), school=school, year=YEAR, grade_level=grade, letter=letter,
            sort_key=sort_key(letter),
        )  # fmt: skip
        ClassTeacher.objects.create(
            school=school, school_class=school_class, person=cast.people[leader], since=SEPTEMBER
        )
        group = StudyGroup.objects.create(
            id=known(f"group:{name}"), school=school, year=YEAR, kind="class", name=f"{grade}{letter}",
            school_class=school_class, grade_level=grade,
        )  # fmt: skip
        for member in members:
            Membership.objects.create(
                school=school, group=group, pupil=cast.pupils[member], since=SEPTEMBER
            )
        cast.classes[name] = school_class
        cast.extras[f"group:{name}"] = group


def _courses(cast: Cast) -> None:
    plan = [
        ("algebra", "Алгебра", "7А", "maria"), ("physics", "Физика", "7А", "ivan"),
        ("russian", "Русский язык", "7А", "svetlana"), ("maths5", "Математика", "5Б", "maria"),
        ("other_algebra", "Алгебра", "other 7А", "stranger"),
    ]  # fmt: skip
    for name, subject_name, class_name, teacher in plan:
        group = cast.extras[f"group:{class_name}"]
        subject, _ = Subject.objects.get_or_create(
            school=group.school, name=subject_name,
            defaults={"short_name": subject_name[:10], "sort_key": sort_key(subject_name)},
        )  # fmt: skip
        course = Course.objects.create(
            id=known(f"course:{name}"), school=group.school, year=YEAR, group=group, subject=subject,
            hours_per_week=3,
        )  # fmt: skip
        CourseTeacher.objects.create(
            school=group.school, course=course, person=cast.people[teacher], since=SEPTEMBER
        )
        cast.courses[name] = course


SLOTS = {"algebra": 1, "physics": 2, "russian": 3, "maths5": 4, "other_algebra": 1}
TEACHERS = {"algebra": "maria", "physics": "ivan", "russian": "svetlana", "maths5": "maria",
            "other_algebra": "stranger"}  # fmt: skip


def school_days() -> list[date]:
    """Working days of three weeks around today."""
    days = [date(2026, 11, 2) + timedelta(days=n) for n in range(26)]
    return [day for day in days if day.isoweekday() <= 5 and day != date(2026, 11, 4)]


def _lessons(cast: Cast) -> None:
    for name, course in cast.courses.items():
        teacher = cast.people[TEACHERS[name]]
        room = Room.objects.create(school_id=course.school_id, name=f"каб. {name}")
        for weekday in range(1, 6):
            TimetableEntry.objects.create(
                school_id=course.school_id, course=course, weekday=weekday, number=SLOTS[name],
                room=room, teacher=teacher, since=SEPTEMBER,
            )  # fmt: skip
        for day in school_days():
            cast.lessons[name, day] = add_lesson(course, day, SLOTS[name], teacher, room)


def add_lesson(
    course: Course, day: date, number: int, teacher: Person, room: Room | None = None
) -> Lesson:
    """A lesson of the course in a sitting of its own."""
    starts, ends = (datetime.combine(day, at, tzinfo=MOSCOW) for at in BELLS[number])
    sitting = Sitting.objects.create(
        school_id=course.school_id, day=day, number=number, teacher=teacher, room=room,
        during=DateTimeTZRange(starts, ends),
    )  # fmt: skip
    return Lesson.objects.create(
        school_id=course.school_id,
        year=YEAR,
        course=course,
        sitting=sitting,
        day=day,
        number=number,
    )

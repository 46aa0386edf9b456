"""A course with many pupils and lessons, for budgets."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from journal.models import Absence, Mark, Work, WorkKind
from people.models import Person, Pupil
from school.models import Lesson, Membership
from tests.cast import NOW, SEPTEMBER, YEAR, Cast, add_lesson

FIRST = date(2026, 11, 2)


def big_course(cast: Cast, *, pupils: int, lessons: int, course: str = "physics") -> list[Lesson]:
    """Fill the quarter of a course: every pupil has a mark at every lesson, some are late."""
    group = cast.extras["group:7А"]
    row = cast.courses[course]
    for number in range(pupils - group.memberships.count()):
        person = Person.objects.create(
            school=cast.school, last_name=f"Новиков{number}", first_name="Артём", sex="m"
        )
        pupil = Pupil.objects.create(person=person, school=cast.school, open_from=SEPTEMBER)
        Membership.objects.create(school=cast.school, group=group, pupil=pupil, since=SEPTEMBER)
    held = list(Lesson.objects.filter(course=row).order_by("day"))
    days = [FIRST + timedelta(days=n) for n in range(59)]
    known = {lesson.day for lesson in held}
    teacher = cast.people["ivan"]
    free = [d for d in days if d.isoweekday() <= 6 and d not in known][: lessons - len(held)]
    held += [add_lesson(row, day, 6, teacher) for day in free]
    kind = WorkKind.objects.get(school=cast.school, letter="Р")
    works = Work.objects.bulk_create(
        Work(school=cast.school, lesson=lesson, kind=kind, number=1, weight=kind.weight)
        for lesson in held[:lessons]
    )
    members = list(group.memberships.order_by("pk").values_list("pupil", flat=True))[:pupils]
    Mark.objects.bulk_create(
        Mark(
            year=YEAR, school=cast.school, lesson_id=work.lesson_id, work=work, pupil_id=pupil,
            value=str(5 - (i + j) % 4), score=Decimal(5 - (i + j) % 4), set_by=cast.users["ivan"], set_at=NOW,
        )
        for i, work in enumerate(works) for j, pupil in enumerate(members)
    )  # fmt: skip
    Absence.objects.bulk_create(
        Absence(
            year=YEAR, school=cast.school, lesson_id=works[0].lesson_id, pupil_id=pupil, code="late",
            set_by=cast.users["ivan"], set_at=NOW,
        )
        for pupil in members[:2]
    )  # fmt: skip
    settle()
    return held[:lessons]


def settle() -> None:
    """Check what is checked at commit now, while the scope still shows the rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")

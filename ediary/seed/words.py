"""What the school says to families besides notes: announcements to all, recommendations, contact hours; who read."""

from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from diary.models import (
    Announcement,
    AnnouncementReading,
    Recommendation,
    RecommendationReading,
)
from ediary.seed import terms
from ediary.seed.heap import Row
from ediary.seed.world import CourseInfo, Human, Kid, Site
from school.models import ContactHours

# days before today, days that it stands, title, text
TO_SCHOOL = (
    (20, 14, "Вакцинация от гриппа", "Прививочный кабинет работает до пятницы, с 9:00 до 14:00. Согласие — у классного руководителя."),
    (6, 21, "День открытых дверей", "Ждём родителей в субботу с 10:00: открытые уроки, выставка работ, встреча с учителями. Сменная обувь обязательна."),
    (2, 28, "Новые правила пропуска", "С понедельника вход по карте ученика. Если карта потеряна, подойдите на вахту: временную дадут сразу."),
    (1, 9, "Сбор макулатуры", "Принимаем у заднего крыльца по вторникам и четвергам с 8:00. Пачки — перевязанные, до пяти килограммов."),
)  # fmt: skip
ADVICE = {
    "numbers": ("Повторите действия с дробями: № 112–118. Достаточно пятнадцати минут в день.", "Разберите решение уравнений по образцу в тетради, затем № 204 (а, б)."),
    "words": ("Повторите правописание приставок, упр. 86. Пишите диктант по десять минут через день.", "Читайте вслух по две страницы и пересказывайте: так пойдёт и сочинение."),
    "english": ("Слушайте уроки из приложения к учебнику: раздел 3, по пять минут в день.", "Выучите неправильные глаголы, список на с. 143."),
    "physics": ("Запишите формулы плотности на карточку и решите № 78–81.", "Повторите перевод единиц: без него не решаются задачи на скорость."),
}  # fmt: skip
HOURS = (
    (1, 15, "кабинет {room}"),
    (2, 14, "учительская, второй этаж"),
    (3, 15, "кабинет {room}"),
    (4, 16, "телефон школы"),
)
ADVISED = 5  # every so many pupils of the teachers' courses are written to
READS = 0.7  # share of the families who open what was said to them


def say(site: Site) -> None:
    """Write announcements, recommendations and contact hours, and who of the families has read."""
    rng = Random(f"{site.spec.code}-words")  # noqa: S311 - not a secret
    _keep_hours(site)
    _announce(site)
    _read(site, rng)
    _advise(site, rng)


def _keep_hours(site: Site) -> None:
    rooms = sorted(name for name in site.rooms if name.isdigit())
    for number, teacher in enumerate(site.teachers):
        weekday, hour, place = HOURS[(number * 3 + number // 4) % len(HOURS)]
        room = rooms[number % len(rooms)] if rooms else "1"
        site.add(
            ContactHours, person_id=teacher.id, weekday=weekday, starts=terms.clock(hour),
            ends=terms.clock(hour + 1), place=place.format(room=room),
        )  # fmt: skip
    for role, (weekday, hour) in {
        "head": (4, 16),
        "deputy_head": (2, 15),
        "branch_head": (3, 14),
    }.items():
        person = site.office.get(role)
        if person is not None:
            site.add(
                ContactHours, person_id=person.id, weekday=weekday, starts=terms.clock(hour),
                ends=terms.clock(hour + 2), place="приёмная",
            )  # fmt: skip


def _announce(site: Site) -> None:
    author = next(
        (
            site.office[role]
            for role in ("deputy_head", "branch_head", "head")
            if role in site.office
        ),
        None,
    )
    if author is None:
        return
    for before, days, title, text in TO_SCHOOL:
        since = site.now.today - timedelta(days=before)
        site.add(
            Announcement, school_class_id=None, pupil_id=None, title=title, text=text, since=since,
            until=since + timedelta(days=days), author_id=author.id,
            published_at=terms.local(since, terms.clock(8, 40)),
        )  # fmt: skip


def _read(site: Site, rng: Random) -> None:
    """Whoever has an account opens most of it on the evening of the day; the newest wait for all."""
    forms = {form.id: [kid.id for kid in form.kids] for form in site.forms}
    said = [row for row in site.heap.of(Announcement) if row["school_id"] == site.id]
    fresh = site.now.today - timedelta(days=2)
    for family in site.families:
        adults = [adult for adult in family.adults if adult.user_id]
        children = {kid.id for kid in family.children}
        for row in said:
            if row["since"] < fresh and _concerns(row, children, forms):
                _open(site, rng, row, adults)


def _concerns(row: Row, children: set[UUID], forms: dict[UUID, list[UUID]]) -> bool:
    if row["pupil_id"]:
        return row["pupil_id"] in children
    school_class = row["school_class_id"]
    return school_class is None or bool(children.intersection(forms.get(school_class, ())))


def _open(site: Site, rng: Random, row: Row, adults: list[Human]) -> None:
    for number, adult in enumerate(adults):
        if rng.random() > (READS if number == 0 else READS / 2):
            continue
        at = _evening(row["since"], rng)
        if at < site.now.at:
            site.add(AnnouncementReading, announcement_id=row["id"], person_id=adult.id, read_at=at)


def _evening(day: date, rng: Random) -> datetime:
    return terms.local(day, terms.clock(18 + rng.randrange(4), rng.randrange(60)))


def _advise(site: Site, rng: Random) -> None:
    """Teachers wrote to a few pupils of each class in the last weeks; most families have read it."""
    named = {kid.id for kid in site.cast.values() if isinstance(kid, Kid)}
    for number, course in enumerate(site.courses):
        texts = ADVICE.get(course.subject.department)
        if texts is None or course.teacher.user_id is None:
            continue
        seats = [kid for kid, _, until in course.group.members if until is None]
        chosen = [kid for place, kid in enumerate(seats) if (place + number) % (ADVISED * 3) == 0]
        chosen += [
            kid for kid in seats if kid.id in named and number % 2 == 0 and kid not in chosen
        ]
        if chosen:
            _write(site, rng, course, chosen, texts[number % len(texts)], number)


def _write(
    site: Site, rng: Random, course: CourseInfo, kids: list[Kid], text: str, number: int
) -> None:
    given = terms.local(site.now.today - timedelta(days=1 + number % 24), terms.clock(15, 10))
    batch = site.heap.ids.new()
    for kid in kids:
        row = site.add(
            Recommendation, pupil_id=kid.id, subject_id=site.subjects[course.subject.code], batch=batch, text=text,
            author_id=course.teacher.id, given_by_id=course.teacher.user_id, given_at=given,
        )  # fmt: skip
        adults = kid.family.adults if kid.family else []
        reader = next((adult for adult in adults if adult.user_id), None)
        at = given + timedelta(hours=4, minutes=rng.randrange(90))
        if reader and number % 24 > 2 and rng.random() < READS and at < site.now.at:
            site.add(RecommendationReading, recommendation_id=row, person_id=reader.id, read_at=at)

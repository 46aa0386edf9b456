"""What families see in the week besides lessons: notes of the class teacher, ticks, a mark changed afterwards."""

from datetime import date, timedelta
from random import Random

from common.weeks import monday_of
from diary.models import Announcement, DoneTask
from ediary.seed import terms
from ediary.seed.acknowledgements import Press
from ediary.seed.entries import Correction
from ediary.seed.heap import Row
from ediary.seed.world import Form, Kid, LessonInfo, Site
from journal.models import Homework, HomeworkPupil, Mark

TO_CLASS = (
    ("Собрание родителей", "В четверг в 18:30, кабинет 213. Обсудим итоги четверти и поездку."),
    ("Дежурство класса", "На этой неделе класс дежурит по столовой: приходим на десять минут раньше."),
    ("Форма на физкультуру", "Занятия на улице: нужна тёплая спортивная одежда."),
    ("Экскурсия в музей", "Выход из школы в 9:00, вернёмся к 12:30. Возьмите сменную обувь и воду."),
)  # fmt: skip
TO_FAMILY = (
    ("Спасибо за помощь", "Хорошо выступила на классном часе, подготовила рассказ о городе."),
    ("Принести справку", "Не забудьте, пожалуйста, справку для участия в соревнованиях."),
)  # fmt: skip
TICKED = 0.55  # share of the homework of the days around that a pupil with an account ticks
AROUND = timedelta(days=6)
AFTER = timedelta(hours=14)  # so long after the guardian's press a mark is corrected


def tell(site: Site) -> None:
    """Write notes of class teachers and ticks of pupils."""
    rng = Random(f"{site.spec.code}-week")  # noqa: S311 - not a secret
    mondays = [monday_of(site.now.today) - timedelta(weeks=back) for back in (2, 1, 0)]
    for form in site.forms:
        for number, monday in enumerate(mondays):
            _note(site, form, monday + timedelta(days=(form.number + number) % 4), number)
    for number, first in enumerate(("Ольга", "Николай")):
        kid = site.cast.get(first)
        if isinstance(kid, Kid) and kid.form is not None:
            title, text = TO_FAMILY[number]
            day = mondays[1] + timedelta(days=3 + number)
            _publish(site, kid.form, day, title=title, text=text, pupil_id=kid.id)
    _tick(site, rng)


def _note(site: Site, form: Form, day: date, number: int) -> None:
    title, text = TO_CLASS[(form.number + number) % len(TO_CLASS)]
    _publish(site, form, day, title=title, text=text, school_class_id=form.id)


def _publish(site: Site, form: Form, day: date, **fields: object) -> None:
    at = terms.local(day - timedelta(days=1), terms.clock(17, 20))
    if day > site.now.today:
        return
    site.add(
        Announcement, since=day, until=day + timedelta(days=2), author_id=form.teacher.id, published_at=at,
        **{"school_class_id": None, "pupil_id": None} | fields,
    )  # fmt: skip


def _tick(site: Site, rng: Random) -> None:
    """Pupils tick what they have done for the days around today, in the evening after it was set."""
    named = {row["homework_id"] for row in site.heap.of(HomeworkPupil)}
    lessons = {lesson.id: lesson for course in site.courses for lesson in course.lessons}
    for row in site.heap.of(Homework):
        lesson = lessons.get(row["lesson_id"])
        if lesson is None or row["id"] in named or abs(row["due_day"] - site.now.today) > AROUND:
            continue
        at = lesson.ends + timedelta(hours=4)
        if at < site.now.at:
            _tick_one(site, row, lesson, rng)


def _tick_one(site: Site, row: Row, lesson: LessonInfo, rng: Random) -> None:
    at = lesson.ends + timedelta(hours=4)
    for kid, since, until in lesson.course.group.members:
        there = since <= lesson.day and (until is None or until >= lesson.day)
        if there and kid.user_id and rng.random() < TICKED * kid.diligence:
            site.add(
                DoneTask, homework_id=row["id"], pupil_id=kid.id, done_by_id=kid.user_id, done_at=at
            )


def correct(site: Site, presses: list[Press]) -> list[Correction]:
    """A mark of Оля is corrected after her mother saw it: «алгебра 4 → 5»."""
    kid = site.cast.get("Ольга")
    lessons = {lesson.id: lesson for course in site.courses for lesson in course.lessons}
    seen = [press for press in presses if press.kid is kid and press.section == "timetable"]
    for press in sorted(seen, key=lambda one: one.at, reverse=True):
        if press.at + AFTER >= site.now.at:
            continue
        for row in site.heap.of(Mark):
            lesson = lessons.get(row["lesson_id"])
            is_hers = row["pupil_id"] == press.kid.id and row["value"] in {"4", "5"}
            if (
                is_hers
                and lesson
                and monday_of(lesson.day) == press.monday
                and row["set_at"] < press.at
            ):
                return [Correction(row["id"], str(int(row["value"]) - 1), press.at + AFTER)]
    return []

"""What stands beside the one line of homework: links, named pupils, answers of pupils."""

from datetime import timedelta
from random import Random
from uuid import UUID

from ediary.seed import terms
from ediary.seed.heap import Row
from ediary.seed.world import Kid, LessonInfo, Site
from journal.models import Homework, HomeworkAnswer, HomeworkLink, HomeworkPupil

RECENT = timedelta(days=14)
ASKED = 0.03  # share of the recent homework of all that asks for an answer
LINKED = 0.06
WORDS = (
    "Решил все, кроме последнего.",
    "Сделала, фото в тетради принесу на урок.",
    "Ответ: 4 и −3.",
    "Прочитал, выписал главное.",
    "Выполнено полностью.",
)
LINKS = (
    ("https://lib.example.org/urok/video", "Видеоурок"),
    ("https://lib.example.org/urok/trenazher", "Тренажёр"),
    ("https://lib.example.org/urok/chitalnya", "Текст для чтения"),
)


def extend(site: Site) -> None:
    """Add links, forms and answers to the homework that stands."""
    rng = Random(f"homework-{site.spec.code}")  # noqa: S311 - not a secret
    lessons = {lesson.id: lesson for course in site.courses for lesson in course.lessons}
    named = _named(site)
    for row in list(site.heap.of(Homework)):
        lesson = lessons.get(row["lesson_id"])
        if lesson is None or lesson.day < site.now.today - RECENT:
            continue
        if not row["for_all"]:
            row["form"], row["answer_wanted"] = "distance", True
            _answer(site, row, lesson, lessons, named.get(row["id"], []), rng)
        elif rng.random() < LINKED:
            _link(site, row, rng)
        elif rng.random() < ASKED:
            row["answer_wanted"] = True
            _answer(site, row, lesson, lessons, _kids(lesson), rng)
    _of_the_cast(site)


def _named(site: Site) -> dict[UUID, list[Kid]]:
    kids = {kid.id: kid for kid in site.kids}
    found: dict[UUID, list[Kid]] = {}
    for row in site.heap.of(HomeworkPupil):
        if row["pupil_id"] in kids:
            found.setdefault(row["homework_id"], []).append(kids[row["pupil_id"]])
    return found


def _kids(lesson: LessonInfo) -> list[Kid]:
    return [
        kid
        for kid, since, until in lesson.course.group.members
        if since <= lesson.day and (until is None or until >= lesson.day)
    ]


def _link(site: Site, row: Row, rng: Random) -> None:
    url, title = rng.choice(LINKS)
    site.add(HomeworkLink, homework_id=row["id"], url=url, title=title)


def _answer(
    site: Site,
    row: Row,
    lesson: LessonInfo,
    lessons: dict[UUID, LessonInfo],
    kids: list[Kid],
    rng: Random,
) -> None:
    """Most pupils answer in the evening, a few after the lesson it was due at; old answers are read."""
    due = lessons.get(row["due_lesson_id"])
    for kid in kids:
        if kid.user_id is None or rng.random() > 0.35 + kid.diligence * 0.5:
            continue
        at = lesson.ends + timedelta(minutes=rng.randrange(120, 480))
        if due is not None and rng.random() < 0.08:
            at = due.starts + timedelta(minutes=rng.randrange(60, 600))
        if at > site.now.at:
            continue
        is_read = at < site.now.at - timedelta(days=3)
        site.add(
            HomeworkAnswer, homework_id=row["id"], pupil_id=kid.id, text=rng.choice(WORDS),
            sent_by_id=kid.user_id, sent_at=at, seen_at=at + timedelta(hours=20) if is_read else None,
        )  # fmt: skip


def _of_the_cast(site: Site) -> None:
    """Two pupils of 7А have tasks of their own in algebra, one at a distance with an answer."""
    for course in site.courses:
        if course.subject.code != "algebra" or course.group.name != "7А":
            continue
        recorded = [lesson for lesson in course.lessons if lesson.is_recorded]
        ahead = [lesson for lesson in course.lessons if lesson.day > site.now.today]
        if recorded and ahead:
            _own_task(site, recorded[-1], ahead[0])


def _own_task(site: Site, lesson: LessonInfo, due: LessonInfo) -> None:
    kids = _kids(lesson)
    olya = [kid for kid in kids if kid.name.last == "Ёлкина"][:1] or kids[:1]
    made = site.add(
        Homework, year=terms.YEAR, lesson_id=lesson.id, due_lesson_id=due.id, due_day=due.day,
        text="Личное задание: карточка 3, пришлите фото решения", minutes=15, form="distance", for_all=False,
        answer_wanted=True, set_by_id=lesson.row["recorded_by_id"], set_at=lesson.row["recorded_at"],
    )  # fmt: skip
    for kid in dict.fromkeys([*olya, *kids[-1:]]):
        site.add(HomeworkPupil, homework_id=made, pupil_id=kid.id)
    site.add(
        HomeworkLink, homework_id=made, url="https://lib.example.org/urok/kartochka-3",
        title="Карточка 3",
    )  # fmt: skip
    if kids and kids[-1].user_id and kids[-1] not in olya:
        at = min(lesson.ends + timedelta(hours=5), site.now.at)
        site.add(
            HomeworkAnswer, homework_id=made, pupil_id=kids[-1].id, text="x = 4, фото в тетради",
            sent_by_id=kids[-1].user_id, sent_at=at, seen_at=None,
        )  # fmt: skip

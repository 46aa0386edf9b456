"""Topics of lessons, homework and teachers' comments: plain texts from data files."""

import tomllib
from functools import cache
from random import Random
from typing import Any

from ediary.seed.names import DATA

# How a topic goes on when it takes several lessons, by the kind of subject.
SUMS = {
    "mathematics",
    "algebra",
    "geometry",
    "chance",
    "physics",
    "physics_plus",
    "chemistry",
    "informatics",
}
HANDS = {"art", "music", "craft", "sport", "project"}
LAST = "обобщение"
STEPS = {
    "sums": (
        "закрепление",
        "решение задач",
        "практикум",
        "разбор типичных ошибок",
        "самостоятельное решение",
    ),
    "words": ("упражнения", "работа с текстом", "закрепление", "работа в группах", "развитие речи"),
    "hands": ("продолжение", "практическая работа", "закрепление", "творческое задание"),
}
CONTROL = "Контрольная работа по теме «{}»"

COMMENTS = {
    "5": ("Отличная работа, молодец!", "Полный и точный ответ.", "Помог товарищам разобраться."),
    "4": ("Хорошо, но есть неточность в оформлении.", "Одна ошибка в вычислениях.", "Ответ верный, не хватило примера."),
    "3": ("Нужно повторить правило.", "Работа не закончена.", "Много исправлений, приходите на консультацию."),
    "2": ("Домашнее задание не выполнено.", "Тема не усвоена, жду на пересдачу до конца недели."),
}  # fmt: skip


@cache
def _topics() -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    read = tomllib.loads((DATA / "topics.toml").read_text(encoding="utf-8"))
    return {
        subject: sorted(
            (int(grade), tuple(text.strip().splitlines())) for grade, text in bands.items()
        )
        for subject, bands in read.items()
    }


@cache
def _homework() -> dict[str, list[str]]:
    read: dict[str, Any] = tomllib.loads((DATA / "homework.toml").read_text(encoding="utf-8"))
    return read


def topics(subject: str, grade: int, lessons: int) -> list[str]:
    """Return the topic of each lesson of the year, the sections spread evenly."""
    bands = _topics()[subject]
    found = [texts for first, texts in bands if first <= grade] or [bands[0][1]]
    sections = found[-1]
    firsts = [-(-section * lessons // len(sections)) for section in range(len(sections) + 1)]
    made: list[str] = []
    for section, text in enumerate(sections):
        size = firsts[section + 1] - firsts[section]
        made.extend(text + _step(subject, number, size) for number in range(size))
    return made


def _step(subject: str, number: int, size: int) -> str:
    if number == 0 or subject == "talks":
        return ""
    if number == size - 1 and size > 2:
        return f": {LAST}"
    kind = "sums" if subject in SUMS else "hands" if subject in HANDS else "words"
    turn = number - 1
    return f": {STEPS[kind][turn % len(STEPS[kind])]}"


def sets_homework(subject: str) -> bool:
    """Say whether the subject sets tasks for home at all."""
    return subject in _homework()


def homework(subject: str, topic: str, number: int, rng: Random) -> str | None:
    """Return a task for home; None where the subject sets none."""
    patterns = _homework().get(subject)
    if not patterns:
        return None
    page = 6 + number
    return rng.choice(patterns).format(
        p=page, q=page + 3, n=1 + number // 3, a=20 + number * 4, b=23 + number * 4,
        s=1 + number % 7, t=inner(topic.split(":", maxsplit=1)[0]),
    )  # fmt: skip


def inner(text: str) -> str:
    """Return the text with the quotes that stand inside other quotes."""
    return text.replace("«", "„").replace("»", "“")


def comment(value: str, rng: Random) -> str:
    return rng.choice(COMMENTS.get(value, ("",)))

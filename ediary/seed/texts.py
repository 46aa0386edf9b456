"""Topics of lessons, homework and teachers' comments: plain texts from data files."""

import tomllib
from functools import cache
from random import Random
from typing import Any

from ediary.seed.names import DATA

# How a topic goes on when it takes several lessons.
STEPS = ("", ": закрепление", ": решение задач", ": практикум", ": работа с текстом", ": обобщение")
SUMS = {"mathematics", "algebra", "geometry", "chance", "physics", "chemistry", "informatics"}
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
        subject: sorted((int(grade), tuple(text.strip().splitlines())) for grade, text in bands.items())
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
    made: list[str] = []
    for number in range(lessons):
        section = number * len(sections) // lessons
        first = -(-section * lessons // len(sections))
        made.append(sections[section] + _step(subject, number - first))
    return made


def _step(subject: str, number: int) -> str:
    if number == 0:
        return ""
    steps = [step for step in STEPS[1:] if ("задач" not in step) or subject in SUMS]
    if subject in SUMS:
        steps = [step for step in steps if "текст" not in step]
    return steps[(number - 1) % len(steps)]


def homework(subject: str, topic: str, number: int, rng: Random) -> str | None:
    """Return a task for home; None where the subject sets none."""
    patterns = _homework().get(subject)
    if not patterns:
        return None
    page = 6 + number
    return rng.choice(patterns).format(
        p=page, q=page + 3, n=1 + number // 3, a=20 + number * 4, b=23 + number * 4,
        s=1 + number % 7, t=topic.split(":")[0],
    )  # fmt: skip


def comment(value: str, rng: Random) -> str:
    return rng.choice(COMMENTS.get(value, ("",)))

"""The handbook inside the program: chapters by role, with pictures made by the browser tests."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.http import Request
from people.roles import Role

HEADS = frozenset({Role.HEAD, Role.DEPUTY_HEAD, Role.BRANCH_HEAD})


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: the last part of its address, and whose work it describes."""

    slug: str
    title: str
    about: str
    roles: frozenset[Role]


CHAPTERS = (
    Chapter(
        "guardian",
        "Законному представителю",
        "Неделя, «С дневником ознакомлен», отметки и прогноз, сообщение об отсутствии, телефон.",
        frozenset({Role.GUARDIAN}),
    ),
    Chapter(
        "pupil",
        "Ученику",
        "Задания, отметки, «Что если», ответы и портфолио.",
        frozenset({Role.PUPIL, Role.GUARDIAN}),
    ),
    Chapter(
        "class",
        "Классному руководителю",
        "Ознакомление по неделям, напоминания, корешки, сообщения об отсутствии, объявления.",
        frozenset({Role.CLASS_TEACHER}) | HEADS,
    ),
    Chapter(
        "teacher",
        "Учителю",
        "День, журнал, домашние задания, КТП, контрольные, закрытие периода.",
        frozenset({Role.TEACHER, Role.CLASS_TEACHER}) | HEADS,
    ),
    Chapter(
        "deputy",
        "Завучу",
        "Контроль журналов, замечания, открытие закрытых уроков, правила школы, итоги года.",
        HEADS,
    ),
)


def open_to(request: Request) -> tuple[Chapter, ...]:
    """Return the chapters about the work of the user's own roles."""
    return tuple(chapter for chapter in CHAPTERS if request.user.has_role(*chapter.roles))


@require_safe
def index(request: Request) -> HttpResponse:
    """The chapters."""
    return render(request, "help/index.html", {"chapters": open_to(request)})


@require_safe
def chapter(request: Request, slug: str) -> HttpResponse:
    """One chapter; another role's is not there."""
    found = next((one for one in open_to(request) if one.slug == slug), None)
    if found is None:
        raise Http404
    return render(request, f"help/{found.slug}.html", {"chapter": found})

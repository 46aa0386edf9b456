"""The application with the floors beside it: one server answers both, so that they compare."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ediary.bench import floors, floors_absences, floors_family, floors_marks
from ediary.wsgi import application as journal

Start = Callable[[str, list[tuple[str, str]]], Any]
PREFIX = "/floor/"
FLOORS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {
    "grid": floors.grid,
    "save": floors.save,
    "week": floors.week,
    "tasks": floors_family.tasks,
    "absences": floors_absences.absences,
    "marks": floors_marks.marks,
    "subject": floors_marks.subject,
    "finals": floors_marks.finals,
}


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Answer a floor by itself, everything else by the application."""
    path: str = environ["PATH_INFO"]
    if not path.startswith(PREFIX):
        return journal(environ, start)  # type: ignore[arg-type]
    body = FLOORS[path.removeprefix(PREFIX)](environ)
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]

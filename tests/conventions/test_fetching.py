"""Fetching is authorising: in views, api and printouts every `X.objects` asks who is looking."""

import re
from pathlib import Path

from tests.conventions.test_sizes import ROOT, modules

SCOPED = re.compile(r"\.objects\b(?!\s*\.\s*(?:visible_to|editable_by)\b)")
BARE = re.compile(
    r"get_object_or_404\(\s*[A-Z]\w*\s*,|get_list_or_404\(\s*[A-Z]\w*\s*,|\._base_manager\b"
)
# Global tables without a school: nothing to be visible in.
GLOBAL = re.compile(r"\b(?:User|EntryCode|Token)\.objects")


def offences(source: str) -> list[str]:
    lines = re.sub(r"\s*\n\s*\.", ".", source).splitlines()
    found = [line.strip() for line in lines if SCOPED.search(line) and not GLOBAL.search(line)]
    return found + [line.strip() for line in lines if BARE.search(line)]


def is_door(path: Path) -> bool:
    return path.name.startswith(("views", "api")) or bool({"views", "api"} & set(path.parts))


def test_views_fetch_through_a_scope() -> None:
    doors = [path for path in modules() if is_door(path)]
    assert doors
    found = {str(p.relative_to(ROOT)): offences(p.read_text("utf-8")) for p in doors}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_check_knows_good_from_bad() -> None:
    good = "Lesson.objects.visible_to(user)\nget_object_or_404(Lesson.objects.visible_to(user), pk=1)\n"
    assert offences(good + "Mark.objects\n    .visible_to(user)\n") == []
    assert offences("x = Mark.objects.get(pk=1)\n") == ["x = Mark.objects.get(pk=1)"]
    assert offences("get_object_or_404(Mark, pk=1)\n") == ["get_object_or_404(Mark, pk=1)"]

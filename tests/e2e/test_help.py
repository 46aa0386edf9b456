"""The handbook: its pictures are made here, and every control that it names is somewhere in the program.

HELP_PICTURES=static/help makes the pictures anew.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page

from people.scope import scope
from tests.access.world import things
from tests.cast import ALL_SCHOOLS, Cast
from tests.e2e.conftest import DESKTOP
from tests.e2e.test_diary import fill

PICTURES = os.environ.get("HELP_PICTURES", "")
SHOWN = {"x": 0, "y": 0, "width": 1280, "height": 720}
# Picture: the page, who looks, what stands after its address.
STEPS = {
    "day": ("journal:day", "maria", ""),
    "grid": ("journal:sheet", "maria", ""),
    "lesson": ("journal:lesson", "maria", ""),
    "homework": ("journal:homework", "maria", ""),
    "programme": ("journal:course_programme", "maria", ""),
    "closing": ("journal:closing_course", "maria", "?show=all"),
    "morning": ("journal:class_day", "ivan", ""),
    "board": ("journal:board", "nina", "?reach=year"),
    "gaps": ("journal:gaps", "nina", "?reach=year"),
    "reopenings": ("journal:reopenings", "nina", ""),
    "school-morning": ("journal:morning", "nina", ""),
    "settings": ("journal:settings", "nina", ""),
    "summary": ("journal:summary", "nina", ""),
    "week": ("diary:week", "olya_mother", ""),
    "tasks": ("diary:tasks", "olya_mother", ""),
    "marks": ("diary:marks", "olya_mother", ""),
    "subject": ("diary:subject", "olya", ""),
    "absences": ("diary:absences", "olya_mother", ""),
    "family-settings": ("settings:mine", "olya_mother", ""),
    "desk": ("desk:class", "ivan", ""),
    "weeks": ("desk:weeks", "ivan", ""),
    "slips": ("desk:slips", "ivan", ""),
    "reports": ("desk:absence_reports", "ivan", ""),
}
CHAPTERS = {
    "teacher": "maria", "deputy": "nina", "class": "ivan", "guardian": "olya_mother", "pupil": "olya",
}  # fmt: skip
BASE = Path(settings.BASE_DIR)
HELP = BASE / "templates" / "help"


@pytest.mark.e2e
@pytest.mark.slow
def test_the_pages_of_the_pictures_open(
    site: str, committed_cast: Cast, page_of: Callable[..., Page]
) -> None:
    with scope(ALL_SCHOOLS):
        fill(committed_cast)
        parameters = things(committed_cast)
    for name, (address, who, query) in STEPS.items():
        page = page_of(who, viewport=DESKTOP)
        answer = page.goto(site + reverse(address, kwargs=parameters.get(address, {})) + query)
        assert answer is not None
        assert answer.status == 200, (name, answer.status)
        assert page.locator("h1").count() == 1
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}.png", clip=SHOWN)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_shows_pictures_that_are_there(client_of: Any, chapter: str) -> None:
    page = client_of(CHAPTERS[chapter]).get(f"/help/{chapter}/")
    assert page.status_code == 200
    source = (HELP / f"{chapter}.html").read_text(encoding="utf-8")
    pictures = re.findall(r'name="help/([\w-]+)\.png"', source)
    assert pictures
    assert set(pictures) <= set(STEPS)
    assert all((BASE / "static" / "help" / f"{name}.png").exists() for name in pictures)


def test_every_picture_stands_in_a_chapter() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in HELP.glob("*.html"))
    assert [name for name in STEPS if f"help/{name}.png" not in text] == []


def named(text: str) -> set[str]:
    """Return what the text quotes: names of pages, buttons and values."""
    return set(re.findall(r"«([А-ЯЁ][^«»]+)»", " ".join(text.split())))


def said() -> str:
    """All that the program itself says: templates, scripts and Python, without the handbook."""
    places = [*(BASE / "templates").rglob("*.html"), *(BASE / "static" / "js").rglob("*.js")]
    for app in ("access", "diary", "ediary", "journal", "notifications", "people", "printouts"):
        places += (BASE / app).rglob("*.py")
    texts = (path.read_text(encoding="utf-8") for path in places if HELP not in path.parents)
    return " ".join(" ".join(texts).split())


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_the_handbook_names_is_in_the_program(chapter: str) -> None:
    words = named((HELP / f"{chapter}.html").read_text(encoding="utf-8"))
    program = said()
    assert words
    assert {word for word in words if word not in program} == set()


def test_a_name_that_no_page_has_is_noticed() -> None:
    assert named("Нажмите «Сохранить всё сразу навсегда».") == {"Сохранить всё сразу навсегда"}
    assert "Сохранить всё сразу навсегда" not in said()


def test_a_family_finds_no_chapter_of_the_staff(client_of: Any) -> None:
    mother = client_of("olya_mother")
    assert "/help/guardian/" in mother.get("/help/").content.decode()
    assert "/help/teacher/" not in mother.get("/help/").content.decode()
    assert mother.get("/help/teacher/").status_code == 404
    assert mother.get("/help/class/").status_code == 404


def test_the_deputys_chapter_is_not_the_teachers(client_of: Any) -> None:
    assert client_of("maria").get("/help/deputy/").status_code == 404
    assert "/help/deputy/" not in client_of("maria").get("/help/").content.decode()


def test_the_menu_leads_to_the_handbook(client_of: Any) -> None:
    page = client_of("maria").get("/journal/").content.decode()
    assert "/help/" in page

"""Closing a period in a browser: keys, the question why, the way without JavaScript, both sizes."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from journal.models import PeriodMark
from people.scope import scope
from tests.cast import ALL_SCHOOLS, Cast
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.test_every_page import faults_of
from tests.journal.closing import ALL, END, marks, put, table

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
PageOf = Callable[..., Page]


@pytest.fixture
def marked(committed_cast: Cast) -> Cast:
    with scope(ALL_SCHOOLS):
        table(committed_cast)
        for name, values in zip(ALL, ("55555", "5454", "44", "3333"), strict=True):
            marks(committed_cast, name, values)
        put(committed_cast, "maria", "3", pupil="timur")
    return committed_cast


def course(cast: Cast, query: str = "") -> str:
    place = reverse("journal:closing_course", args=[cast.courses["algebra"].pk])
    return f"{place}?period={cast.quarter.pk}{query}"


def values(cast: Cast) -> dict[str, str]:
    with scope(ALL_SCHOOLS):
        found = {r.pupil_id: str(r) for r in PeriodMark.objects.all()}
    return {name: found[cast.pupils[name].pk] for name in ALL if cast.pupils[name].pk in found}


def test_a_mark_that_departs_asks_why_and_keys_lead_through(page_of: PageOf, marked: Cast) -> None:
    page = page_of("maria")
    page.goto(course(marked, "&show=all"))
    olya, petya = (page.get_by_label(f"Алгебра, {name}", exact=True) for name in ("Ёлкина О.", "Петров П."))  # fmt: skip
    why = page.get_by_label("Почему: Алгебра, Ёлкина О.")
    expect(why).to_be_hidden()
    olya.select_option("4")
    expect(why).to_be_visible()
    expect(page.get_by_role("status").get_by_text("Не сохранено: 1")).to_be_visible()
    olya.select_option("5")
    expect(why).to_be_hidden()
    olya.focus()
    page.keyboard.press("Enter")
    expect(petya).to_be_focused()
    petya.select_option("4")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Записано: 2 результата.")).to_be_visible()
    assert values(marked) == {"olya": "5", "petya": "4", "timur": "3"}


def test_it_works_without_javascript(page_of: PageOf, marked: Cast) -> None:
    page = page_of("maria", java_script_enabled=False)
    page.goto(course(marked, "&show=all"))
    page.get_by_label("Алгебра, Ёлкина О.", exact=True).select_option("4")
    page.get_by_label("Алгебра, Петров П.", exact=True).select_option("5")
    page.get_by_role("button", name="Сохранить").click()
    assert page.get_by_text("Записано: 1. Не записано: 1").is_visible()
    page.get_by_label("Почему: Алгебра, Ёлкина О.").fill("Не сдана контрольная")
    page.get_by_role("button", name="Сохранить").click()
    assert values(marked) == {"olya": "4", "petya": "5", "timur": "3"}


def test_one_press_fills_after_a_question(page_of: PageOf, marked: Cast) -> None:
    with time_machine.travel(END, tick=True):
        page = page_of("maria")
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(course(marked))
        page.get_by_role("button", name="Заполнить бесспорные: 1").click()
        expect(page.get_by_text("Заполнено по положению: 1 результат.")).to_be_visible()
        assert values(marked)["olya"] == "5"
        page.get_by_role("button", name="Отменить заполнение: 1").click()
        expect(page.get_by_text("Заполнение отменено")).to_be_visible()
        assert "olya" not in values(marked)


@pytest.mark.parametrize(
    ("screen", "options"),
    [
        ("desktop", {"viewport": DESKTOP}),
        ("phone", {"viewport": PHONE, "has_touch": True, "is_mobile": True}),
    ],
)
def test_pages_are_clean_for_everybody(
    page_of: PageOf, marked: Cast, screen: str, options: dict[str, Any]
) -> None:
    of_class = reverse("journal:closing_class", args=[marked.classes["7А"].pk])
    of_pupil = reverse(
        "journal:closing_cell", args=[marked.courses["algebra"].pk, marked.pupils["vitya"].pk]
    )
    walk = [
        ("maria", reverse("journal:closing")), ("maria", course(marked)), ("maria", course(marked, "&show=all")),
        ("maria", of_pupil), ("nina", reverse("journal:closing")), ("nina", f"{of_class}?show=all"),
        ("nina", f"{of_class}?period=year"),
    ]  # fmt: skip
    pages: dict[str, Page] = {}
    found = {}
    for who, place in walk:
        page = pages.setdefault(who, page_of(who, **options)) if who not in pages else pages[who]
        page.set_viewport_size(options["viewport"])
        page.goto(place)
        if faults := list(faults_of(page, screen)):
            found[place] = faults
    assert found == {}

"""Families of every kind walk through «Расписание», «Задания» and the acknowledgement in a real browser."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from diary.models import Announcement
from people.models import Restriction
from people.scope import scope
from school.models import Membership
from tests.cast import ALL_SCHOOLS, MONDAY, NOW, TODAY, Cast
from tests.diary.test_week import give
from tests.e2e.conftest import DESKTOP, PHONE, scrolls_sideways, violations
from tests.e2e.play import until
from tests.e2e.test_diary import fill

pytestmark = pytest.mark.e2e

Visit = Callable[..., Page]
NARROW = {"width": 320, "height": 640}
BUTTON = "С дневником ознакомлен"
both_ways = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


def week_of(cast: Cast, pupil: str = "olya", iso: str = "2026-W47") -> str:
    return f"/diary/{cast.pupils[pupil].pk}/week/{iso}/"


def at_hand(page: Page, name: str, *, scripts: bool) -> Any:
    """Return the button; with scripts, once htmx is there to serve it."""
    button = page.get_by_role("button", name=name)
    if scripts:
        button.first.hover()
        until(lambda: page.evaluate("Boolean(window.htmx)"), True)
    return button


@both_ways
@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_mother_of_two_goes_from_child_to_child_in_the_same_section(
    page_of: Visit, committed_cast: Cast, screen: dict[str, int], scripts: bool
) -> None:
    page = page_of("olya_mother", viewport=screen, java_script_enabled=scripts)
    for part in ("week/2026-W46/", "tasks/", "finals/"):
        page.goto(f"/diary/{committed_cast.pupils['olya'].pk}/{part}")
        page.locator(".child-switch > summary").click()
        page.get_by_role("link", name="Ёлкин Николай, 5Б").click()
        page.wait_for_url(f"**/diary/{committed_cast.pupils['kolya'].pk}/{part}")
        expect(page.locator(".child-switch > summary")).to_contain_text("Ёлкин Николай, 5Б")


@pytest.mark.clause("K4a")
@both_ways
def test_two_guardians_acknowledge_and_both_are_named(
    page_of: Visit, committed_cast: Cast, scripts: bool
) -> None:
    fill(committed_cast)
    for who in ("olya_mother", "olya_father"):
        page = page_of(who, viewport=PHONE, java_script_enabled=scripts)
        page.goto(week_of(committed_cast))
        at_hand(page, BUTTON, scripts=scripts).click()
        expect(page.get_by_role("button", name=BUTTON)).to_have_count(0)
    block = page.locator("#acknowledgement")
    expect(block).to_contain_text("Ознакомлены: Ёлкин В. П., 18 ноября в 12:3")
    expect(block).to_contain_text("Ёлкина О. В., 18 ноября в 12:3")
    expect(block).not_to_contain_text("Пока не ознакомлены")


@pytest.mark.clause("K4a")
def test_a_mark_changed_afterwards_is_told_and_asks_again(
    page_of: Visit, committed_cast: Cast
) -> None:
    with scope(ALL_SCHOOLS):
        mark = give(committed_cast, "olya", committed_cast.lesson("algebra"), "4")
    page = page_of("olya_mother")
    page.goto(week_of(committed_cast))
    at_hand(page, BUTTON, scripts=True).click()
    expect(page.locator("#acknowledgement")).to_contain_text("Ознакомлены: Ёлкина О. В.")
    with scope(ALL_SCHOOLS):
        mark.value, mark.score = "5", 5
        mark.save()
        give(committed_cast, "olya", committed_cast.lesson("physics"), "3")
    page.reload()
    block = page.locator("#acknowledgement")
    expect(block).to_contain_text("После ознакомления изменено: алгебра 4 → 5")
    expect(block).to_contain_text("Новое после ознакомления: 1 отметка")
    expect(block.locator(".badge")).to_contain_text("ознакомлены")
    expect(page.locator(".mark.is-new")).to_have_count(1)
    at_hand(page, BUTTON, scripts=True).click()
    expect(block).not_to_contain_text("После ознакомления изменено")


@pytest.mark.clause("K4a")
@both_ways
def test_from_friday_a_line_leads_to_the_block_and_goes_with_the_press(
    page_of: Visit, committed_cast: Cast, clock: time_machine.Traveller, scripts: bool
) -> None:
    clock.move_to(datetime(2026, 11, 20, 9, tzinfo=committed_cast.school.zone))
    page = page_of("olya_mother", viewport=PHONE, java_script_enabled=scripts)
    page.goto(week_of(committed_cast))
    page.get_by_role("link", name="К ознакомлению").click()
    expect(page.locator("#acknowledgement")).to_be_in_viewport()
    at_hand(page, BUTTON, scripts=scripts).click()
    expect(page.locator("#acknowledgement")).to_contain_text("Ознакомлены: Ёлкина О. В.")
    expect(page.get_by_role("link", name="К ознакомлению")).to_have_count(0)


@pytest.mark.clause("K4a")
def test_of_divorced_parents_the_restricted_one_has_no_diary(
    page_of: Visit, committed_cast: Cast
) -> None:
    with scope(ALL_SCHOOLS):
        Restriction.objects.create(
            school=committed_cast.school, act_number="2-17", act_date=TODAY, since=TODAY,
            guardianship=committed_cast.guardianships["olya_father", "olya"],
        )  # fmt: skip
    father = page_of("olya_father")
    answer = father.goto(week_of(committed_cast))
    assert answer is not None
    assert answer.status == 404
    father.goto("/diary/")
    expect(father.get_by_text("Доступ ограничен")).to_be_visible()
    mother = page_of("olya_mother")
    mother.goto(week_of(committed_cast))
    block = mother.locator("#acknowledgement")
    expect(block).to_contain_text("Пока не ознакомлены: Ёлкина О. В.")
    expect(block).not_to_contain_text("Ёлкин В. П.")
    at_hand(mother, BUTTON, scripts=True).click()
    expect(block.locator(".badge")).to_contain_text("ознакомлены")
    desk = page_of("ivan")
    desk.goto(f"/class/{committed_cast.classes['7А'].pk}/?week=2026-W47")
    expect(desk.get_by_text("Ёлкин В. П.")).to_have_count(0)


def test_a_child_who_changed_class_sees_both_classes(page_of: Visit, committed_cast: Cast) -> None:
    with scope(ALL_SCHOOLS):
        olya = committed_cast.pupils["olya"]
        Membership.objects.filter(pupil=olya).update(until=TODAY - timedelta(days=1))
        Membership.objects.create(
            school=committed_cast.school, group=committed_cast.extras["group:5Б"], pupil=olya, since=TODAY
        )  # fmt: skip
    page = page_of("olya_mother", viewport=PHONE)
    page.goto(week_of(committed_cast))
    tuesday, wednesday = (page.locator(f"#day-2026-11-{day}") for day in (17, 18))
    expect(tuesday).to_contain_text("Алгебра")
    expect(wednesday).to_contain_text("С этого дня — в классе 5Б")
    expect(wednesday).to_contain_text("Математика")
    expect(wednesday).not_to_contain_text("Алгебра")
    page.get_by_role("link", name="Предыдущая неделя").click()
    expect(page.get_by_text("На этой неделе — класс 7А")).to_be_visible()


@both_ways
def test_a_pupil_with_her_own_account_ticks_and_sees_the_state(
    page_of: Visit, committed_cast: Cast, scripts: bool
) -> None:
    fill(committed_cast)
    page = page_of("olya", viewport=PHONE, java_script_enabled=scripts)
    page.goto(week_of(committed_cast))
    expect(page.locator("#acknowledgement")).to_contain_text("Пока не ознакомлены")
    expect(page.get_by_role("button", name=BUTTON)).to_have_count(0)
    page.get_by_role("link", name="Задания").click()
    day = page.locator("#due-2026-11-19")
    expect(day).to_contain_text("Завтра")
    at_hand(page, "Сделано: Русский язык", scripts=scripts).click()
    expect(day).to_contain_text("сделано 1 из 1")
    tick = page.get_by_role("button", name="Сделано: Русский язык")
    expect(tick).to_have_attribute("aria-pressed", "true")
    if scripts:
        expect(tick).to_be_focused()
    tick.click()
    expect(day).not_to_contain_text("сделано 1 из 1")
    mother = page_of("olya_mother")
    mother.goto(f"/diary/{committed_cast.pupils['olya'].pk}/tasks/")
    expect(mother.get_by_role("button", name="Сделано: Русский язык")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_a_first_grader_has_no_marks_and_is_told_so(page_of: Visit, committed_cast: Cast) -> None:
    with scope(ALL_SCHOOLS):
        school_class = committed_cast.classes["5Б"]
        school_class.grade_level = 1
        school_class.save()
    page = page_of("olya_mother", viewport=PHONE)
    page.goto(week_of(committed_cast, "kolya"))
    expect(page.locator("#acknowledgement")).to_contain_text("В первом классе отметки не ставят")
    at_hand(page, BUTTON, scripts=True).click()
    expect(page.locator("#acknowledgement")).to_contain_text("Ознакомлены: Ёлкина О. В.")
    page.goto(f"/diary/{committed_cast.pupils['kolya'].pk}/tasks/")
    expect(page.get_by_text("В первом классе домашних заданий не задают")).to_be_visible()


def test_vacations_ask_for_nothing_and_lead_to_the_next_lesson(
    page_of: Visit, committed_cast: Cast
) -> None:
    page = page_of("olya_mother", viewport=PHONE)
    page.goto(week_of(committed_cast, iso="2026-W44"))
    expect(page.get_by_text("Каникулы до 1 ноября")).to_be_visible()
    expect(page.locator("#acknowledgement")).to_contain_text("подтверждать ознакомление не нужно")
    page.get_by_role("link", name="понедельник, 2 ноября").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2–7 ноября")


@pytest.mark.parametrize("colours", ["none", "active"], ids=["plain", "forced"])
def test_at_320_pixels_everything_fits_and_axe_finds_nothing(
    page_of: Visit, committed_cast: Cast, colours: str
) -> None:
    fill(committed_cast)
    with scope(ALL_SCHOOLS):
        Announcement.objects.create(
            school=committed_cast.school, school_class=committed_cast.classes["7А"], title="Экскурсия в краеведческий музей",
            text="Сбор в 9:00 у главного входа.\nhttps://lib.example.org/" + "a" * 60, since=TODAY, until=TODAY,
            author=committed_cast.people["ivan"], published_at=NOW,
        )  # fmt: skip
        committed_cast.lesson("algebra").homework.create(
            school=committed_cast.school, year=2026, due_day=TODAY + timedelta(days=1), set_at=NOW,
            text="\n".join(f"Длинное задание, строка {n}" for n in range(9)), set_by=committed_cast.users["maria"],
        )  # fmt: skip
        give(
            committed_cast, "olya", committed_cast.lesson("algebra", MONDAY + timedelta(days=1)), ".", kind="control",
            title="Достопримечательности", due_day=TODAY + timedelta(days=9),
        )  # fmt: skip
    page = page_of("olya_mother", viewport=NARROW, forced_colors=colours)
    for address in (week_of(committed_cast), f"/diary/{committed_cast.pupils['olya'].pk}/tasks/"):
        page.goto(address)
        assert not scrolls_sideways(page), address
        assert violations(page) == [], address
    folded = page.locator("details.rest")
    expect(folded).not_to_contain_text("строка 2")
    expect(page.get_by_text("строка 8")).not_to_be_visible()
    folded.locator("summary").click()
    expect(page.get_by_text("строка 8")).to_be_visible()

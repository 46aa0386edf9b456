"""The main job, walked by six people in real browsers: nothing on the way is faked.

What the teacher types in her browser is read in the guardian's; her acknowledgement in the class
teacher's; a real Celery worker makes the PDF, a real SMTP server receives the digest; a newcomer
enters by the administrator's code. Every link is looked at before, too: it was not there.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from people.models import Employee, Person
from people.scope import scope
from tests.cast import ALL_SCHOOLS, MOSCOW, PASSWORD, TODAY, Cast
from tests.e2e import servers
from tests.e2e.conftest import PHONE
from tests.e2e.grid import Grid
from tests.notifications.conftest import Postman, text_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
OLYA, PETYA = 0, 1  # rows of the grid, in the order of names
COMMENT = "Решила задачу двумя способами"
HOMEWORK = "§ 17, № 412 (а, б)"
BUTTON = "С дневником ознакомлен"
MOTHER, FATHER = "olya_mother@example.org", "petya_father@example.org"
NEW_PASSWORD = "совсем новый пароль 7"

OpenPage = Callable[..., Page]


@pytest.fixture
def office(
    committed_cast: Cast, media: None, tmp_path: Path
) -> Iterator[tuple[Postman, dict[str, str]]]:
    """A worker, its broker and a mail server, all real; and the worker's settings."""
    with servers.own_broker() as broker, servers.post_office() as (postman, port):
        given = servers.environment(broker, port)
        with servers.worker(given, tmp_path):
            yield postman, given


@pytest.fixture
def newcomer(committed_cast: Cast) -> Person:
    """A new member of staff: a post, but no account and no role."""
    school = committed_cast.school
    with scope(ALL_SCHOOLS):
        person = Person.objects.create(
            school=school, last_name="Новикова", first_name="Дина", middle_name="Маратовна", sex="f"
        )
        Employee.objects.create(school=school, person=person, post="Делопроизводитель", since=TODAY)
        return person


@pytest.mark.clause("S4", "K4a", "T2d", "K1b", "S2", "G2.1")
def test_a_school_week_end_to_end(
    page_of: OpenPage, office: tuple[Postman, dict[str, str]], newcomer: Person
) -> None:
    postman, given = office
    mother, leader = page_of(None, viewport=PHONE), page_of(None)
    guardian_sees_nothing_yet(mother)
    class_teacher_waits(leader)
    teacher_marks(page_of(None))
    guardian_acknowledges(mother)
    class_teacher_sees(leader)
    check_extracts(class_teacher_prints(leader))
    class_teacher_enters_paper(leader)
    assert postman.letters == []
    tonight = next_evening()
    servers.run_job("evening_digest", tonight, given)
    servers.run_job("send_outbox", tonight + timedelta(minutes=1), given)
    check_letters(postman)
    let_in(page_of(None), page_of(None), newcomer)


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Логин").fill(login)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


def day_of(page: Page) -> Any:
    return page.get_by_role("region", name="Среда")


def guardian_sees_nothing_yet(page: Page) -> None:
    """One account, two children: the mother opens Olya's diary, where nothing is written."""
    sign_in(page, "olya_mother")
    page.goto("/diary/children/")
    page.get_by_role("link", name="Ёлкина Оля").click()
    expect(day_of(page).get_by_text("Алгебра")).to_be_visible()
    expect(page.locator(".mark")).to_have_count(0)
    expect(page.get_by_text(COMMENT)).to_have_count(0)


def class_teacher_waits(page: Page) -> None:
    """Nobody has acknowledged the week."""
    sign_in(page, "ivan")
    page.get_by_role("link", name="Мой класс", exact=True).click()
    for family in ("Ёлкина О. В.", "Петров С. И.", "Сидорова Р. З."):
        expect(row_of(page, family).locator("[data-label='«Расписание»']")).to_have_text("нет")


def row_of(page: Page, guardian: str) -> Any:
    return page.get_by_role("row").filter(has_text=guardian)


def teacher_marks(page: Page) -> None:
    """Marks, a second mark in a cell, a comment; the lesson's homework."""
    sign_in(page, "maria")
    expect(page).to_have_url(re.compile(r"/journal/$"))
    page.get_by_role("link", name="Журнал: Алгебра, 7А", exact=True).first.click()
    grid = Grid(page)
    assert grid.texts() == ["", "", "", ""]
    grid.go(OLYA)
    grid.press("5")
    grid.go(PETYA)
    grid.press("4", "/", "3")
    grid.wait_until_saved()
    grid.go(OLYA)
    grid.press("Alt+Enter")
    grid.dialog.get_by_label("Комментарий для семьи").fill(COMMENT)
    grid.dialog.get_by_role("button", name="Записать комментарий").click()
    expect(grid.dialog.get_by_text("Комментарий записан")).to_be_visible()
    assert grid.after_reload().texts() == ["5", "4/3", "", ""]
    page.goto("/journal/")
    page.get_by_role("link", name="Урок 1: Алгебра, 7А", exact=True).first.click()
    page.get_by_label("Домашнее задание").fill(HOMEWORK)
    page.get_by_role("button", name="Записать", exact=True).click()
    expect(page.locator("[data-tone=ok]")).to_be_visible()


def guardian_acknowledges(page: Page) -> None:
    """At once, with no job between, the mark stands in the diary; the mother presses the button."""
    page.reload()
    marks = page.locator(".mark")
    expect(marks).to_have_count(1)
    expect(day_of(page).locator(".mark")).to_have_text(re.compile(r"^\s*5\b"))
    expect(day_of(page).get_by_text(COMMENT)).to_be_visible()
    expect(page.get_by_role("region", name="Четверг").get_by_text(HOMEWORK)).to_be_visible()
    block = page.get_by_role("region", name="Ознакомление")
    expect(block).not_to_contain_text("Ознакомлены:")
    block.get_by_role("button", name=BUTTON).click()
    expect(block).to_contain_text(re.compile(r"Ознакомлены:\s+Ёлкина\sО\.\sВ\.,\s+18\sноября"))
    expect(page.get_by_role("button", name=BUTTON)).to_have_count(0)
    page.reload()
    expect(block).to_contain_text("Ёлкина О. В.,")


def class_teacher_sees(page: Page) -> None:
    page.reload()
    told = "[data-label='«Расписание»']"
    expect(row_of(page, "Ёлкина О. В.").locator(told)).to_contain_text("18 ноября")
    expect(row_of(page, "Ёлкин В. П.").locator(told)).to_have_text("нет")
    expect(row_of(page, "Петров С. И.").locator(told)).to_have_text("нет")


def class_teacher_prints(page: Page) -> list[str]:
    """Order the extracts of the whole class; return the text of the PDF's pages."""
    page.get_by_label("всему классу").check()
    page.get_by_role("button", name="Напечатать выписки").click()
    link = page.get_by_role("link", name="Открыть PDF")
    expect(link).to_be_visible(timeout=90_000)
    answer = page.request.get(link.get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"
    sheets = PdfReader(BytesIO(answer.body())).pages
    return [" ".join(sheet.extract_text().split()) for sheet in sheets]


def check_extracts(sheets: list[str]) -> None:
    olya, petya, vitya, _ = sheets
    assert "Ёлкина Оля Викторовна" in olya
    assert "1 отметка" in olya
    assert "Алгебра 5 ответ на уроке" in olya, olya
    assert COMMENT in olya
    assert HOMEWORK in olya
    assert "С дневником ознакомлен" in olya
    assert re.search(r"Алгебра 4 ответ на уроке\s3 ответ на уроке", petya), petya
    assert COMMENT not in petya
    assert "0 отметок" in vitya


def class_teacher_enters_paper(page: Page) -> None:
    """The slip of a family that takes paper came back signed."""
    page.get_by_role("link", name="Мой класс", exact=True).click()
    family = row_of(page, "Сидорова Р. З.")
    expect(family).not_to_contain_text("18 ноября")
    family.get_by_role("link", name=re.compile("^Внести")).click()
    page.get_by_label("Расписание").check()
    page.get_by_label("на бумаге").check()
    page.get_by_label("Чем подтверждено").fill("Корешок выписки с подписью от 18.11")
    page.get_by_role("button", name="Внести ознакомление").click()
    cell = row_of(page, "Сидорова Р. З.").locator("[data-label='«Расписание»']")
    expect(cell).to_contain_text("18 ноября")
    expect(cell).to_contain_text("на бумаге")


def check_letters(postman: Postman) -> None:
    """One letter a guardian, with the mark of her own child."""
    (to_mother,) = postman.to(MOTHER)
    text = text_of(to_mother)
    assert "Ёлкина Оля" in text
    assert "Алгебра, 18 ноября: 5 (" in text
    assert COMMENT in text
    assert HOMEWORK in text
    (to_father,) = postman.to(FATHER)
    about_petya = text_of(to_father)
    assert "Алгебра, 18 ноября: 4 (" in about_petya
    assert "Алгебра, 18 ноября: 3 (" in about_petya
    assert COMMENT not in about_petya
    assert "vitya_mother@example.org" not in {letter["To"] for letter in postman.letters}


def next_evening() -> datetime:
    """Return five past seven after this moment: history keeps the database's clock, not the test's."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0].astimezone(MOSCOW)
    evening = datetime.combine(now.date(), time(19, 5), tzinfo=MOSCOW)
    return evening if evening > now else evening + timedelta(days=1)


def let_in(page: Page, other: Page, newcomer: Person) -> None:
    """The administrator finds the newcomer, gives her a role and a code; she enters and works."""
    sign_in(page, "admin")
    page.goto("/access/?q=новик+дин")
    expect(page.get_by_role("row").filter(has_text="Новикова")).to_contain_text("нет")
    page.get_by_role("link", name="Новикова Дина Маратовна").click()
    expect(page.get_by_text("Ролей нет")).to_be_visible()
    page.get_by_label("Роль", exact=True).select_option(label="Делопроизводитель")
    page.get_by_role("button", name="Дать роль").click()
    expect(page.get_by_role("button", name="Снять роль «Делопроизводитель»")).to_be_visible()
    page.get_by_role("button", name="Выдать логин и код").click()
    facts = page.get_by_role("region", name="Листок").locator("dd")
    login, code = (facts.nth(number).inner_text().strip() for number in (1, 2))
    enter_by_code(other, login, code)
    expect(other.get_by_role("link", name="Согласия")).to_be_visible()
    expect(other.get_by_role("link", name="Доступ")).to_have_count(0)
    answer = other.goto("/consent/")
    assert answer is not None
    assert answer.ok
    expect(other.get_by_role("row").filter(has_text="Ёлкина Оля")).not_to_have_count(0)
    refused = other.goto("/journal/")
    assert refused is not None
    assert refused.status == 403


def enter_by_code(page: Page, login: str, code: str) -> None:
    page.goto("/consent/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.goto("/entry/")
    page.get_by_label("Логин").fill(login)
    page.get_by_label("Код с листка").fill(code)
    page.get_by_role("button", name="Дальше").click()
    page.get_by_label("Новый пароль").fill(NEW_PASSWORD)
    page.get_by_label("Пароль ещё раз").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Сохранить и войти").click()
    page.wait_for_url(lambda address: "/entry/" not in address)

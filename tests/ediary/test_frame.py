import json
from datetime import date
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser

from ediary import context
from people.identity import Identity
from people.models import User


@pytest.fixture
def user_with(monkeypatch):
    """A user whose roles are given, one identity for each argument; every section has an address."""
    deeper = {"journal:board": "/journal/control/", "journal:morning": "/journal/morning/"}
    deeper["desk:families"] = "/class/families/"
    monkeypatch.setattr(
        context, "address", lambda page: deeper.get(page, f"/{page.partition(':')[0]}/")
    )

    def make(*roles):
        user = User(login="proba")
        user.__dict__["identities"] = tuple(
            Identity(
                person_id=uuid4(),
                school_id=uuid4(),
                roles=frozenset(held),
                today=date(2026, 11, 22),
            )
            for held in roles
        )
        return user

    return make


def labels(user, path="/"):
    return [item.label for item in context.nav_items(user, path)]


@pytest.mark.parametrize(
    ("roles", "sections"),
    [
        ({"teacher"}, ["Журнал", "Семьи"]),
        ({"teacher", "class_teacher"}, ["Журнал", "Мой класс", "Семьи", "Печать", "Согласия"]),
        ({"guardian"}, ["Дневник"]),
        ({"pupil"}, ["Дневник"]),
        (
            {"deputy_head"},
            ["Журнал", "Классы", "Контроль", "Семьи", "Печать", "Согласия", "Регламент"],
        ),
        (
            {"head"},
            ["Журнал", "Классы", "Контроль", "Семьи", "Печать", "Согласия", "Доступ", "Регламент"],
        ),
        (
            {"deputy_head", "class_teacher"},
            ["Журнал", "Мой класс", "Контроль", "Семьи", "Печать", "Согласия", "Регламент"],
        ),
        ({"admin"}, ["Доступ", "Регламент"]),
        ({"secretary"}, ["Утро", "Согласия", "Регламент"]),
        (set(), []),
    ],
)
def test_each_role_sees_its_own_parts(user_with, roles, sections):
    assert labels(user_with(roles)) == sections


def test_a_teacher_who_is_a_mother_in_another_school_sees_both(user_with):
    assert labels(user_with({"teacher"}, {"guardian"})) == ["Журнал", "Семьи", "Дневник"]


def test_nobody_signed_in_sees_no_parts():
    assert context.nav_items(AnonymousUser(), "/") == ()


def test_the_open_part_is_marked(user_with):
    items = context.nav_items(user_with({"teacher", "class_teacher"}), "/journal/5/")
    assert [item.label for item in items if item.current] == ["Журнал"]


def test_the_longest_address_is_the_open_part(user_with):
    items = context.nav_items(user_with({"deputy_head"}), "/journal/control/risk/")
    assert [item.label for item in items if item.current] == ["Контроль"]


def test_a_part_that_no_app_serves_is_left_out(user_with, monkeypatch):
    monkeypatch.setattr(context, "address", lambda page: "")
    assert labels(user_with({"teacher"})) == []


def test_demo_accounts_come_from_the_seed(tmp_path, monkeypatch):
    rows = [
        {
            "role": "teacher",
            "name": "Анна",
            "login": "anna",
            "password": "proba",
            "start": "/journal/",
        }
    ]
    path = tmp_path / "accounts.json"
    monkeypatch.setattr(context, "DEMO_ACCOUNTS", path)
    assert context.demo_accounts() == ()
    path.write_text(json.dumps(rows), encoding="utf-8")
    (account,) = context.demo_accounts()
    assert (account.role, account.login) == ("Учитель", "anna")


def test_demo_accounts_stay_off_the_sign_in_page_of_a_school(client, settings):
    settings.DEMO = False
    assert "Учётные записи примера" not in client.get("/accounts/login/").text


def test_the_sign_in_page_has_a_label_for_each_field(client):
    page = BeautifulSoup(client.get("/accounts/login/").text, "html.parser")
    shown = page.select("main form input:not([type=hidden])")
    assert [
        page.find("label", attrs={"for": field["id"]}).get_text(" ", strip=True) for field in shown
    ] == [
        "Логин",
        "Пароль",
        "Это мой телефон: не выходить 30 дней",
    ]
    assert len(page.find_all("h1")) == 1


def test_the_gallery_is_shown_to_developers(client, settings):
    settings.DEMO = True
    page = BeautifulSoup(client.get("/dev/ui/").text, "html.parser")
    assert [title.get_text() for title in page.find_all("h1")] == ["Детали страниц"]


def test_the_gallery_is_closed_in_a_school(client, settings):
    settings.DEMO = False
    assert client.get("/dev/ui/").status_code == 404


def test_a_missing_page_says_so_in_russian_with_an_incident_number(client):
    answer = client.get("/nowhere/", headers={"X-Request-ID": "0123456789abcdef"})
    assert answer.status_code == 404
    assert "Страница не найдена" in answer.text
    assert "0123456789abcdef" in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["maria", "ivan", "nina", "head", "branch_head", "admin", "secretary"]
)
def test_every_offered_part_opens(cast, client_of, name):
    offered = context.nav_items(cast.user(name), "/")
    assert offered
    answers = {
        item.label: client_of(name).get(item.url, follow=True).status_code for item in offered
    }
    assert set(answers.values()) == {200}, answers


@pytest.mark.django_db
def test_the_office_acquaints_with_the_regulation_and_prints_no_diaries(cast, client_of):
    office = client_of("secretary")
    assert 'href="/control/"' in office.get("/consent/").content.decode()
    assert office.get("/printouts/").status_code == 403

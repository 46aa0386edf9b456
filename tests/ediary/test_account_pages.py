import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from bs4 import BeautifulSoup
from rest_framework.authtoken.models import Token

from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def page(answer):
    return BeautifulSoup(answer.text, "html.parser")


def totp(secret):
    """The code that an application on the phone shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(client, login, password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": login, "password": password, **more})


def test_a_known_user_signs_in_and_is_named_at_the_top(cast, client):
    assert sign_in(client, "maria").status_code == 302
    shown = page(client.get("/accounts/sessions/"))
    assert shown.select_one(".menu-name").get_text(strip=True) == cast.people["maria"].short_name
    assert shown.select_one("form[data-ed-logout] button").get_text(strip=True) == "Выйти"


def test_my_phone_stays_signed_in_for_thirty_days(cast, client):
    sign_in(client, "olya_mother", remember="on")
    assert client.cookies["sessionid"]["max-age"] == 30 * 24 * 3600


def test_a_computer_of_the_school_forgets_at_the_end(cast, client):
    sign_in(client, "olya_mother")
    assert client.cookies["sessionid"]["max-age"] == ""


def test_a_teacher_is_forgotten_at_the_end_whatever_she_ticked(cast, client):
    sign_in(client, "maria", remember="on")
    assert client.cookies["sessionid"]["max-age"] == ""


def test_a_wrong_password_is_told_above_the_form(cast, client):
    shown = page(sign_in(client, "maria", "не тот"))
    summary = shown.select_one("main .alert[role=alert]")
    assert "Логин или пароль неверны" in summary.get_text()
    assert shown.find("input", attrs={"name": "login"})["value"] == "maria"


def test_an_empty_field_is_told_at_the_field(cast, client):
    shown = page(sign_in(client, "", ""))
    field = shown.find("input", attrs={"name": "login"})
    told = [shown.find(id=name) for name in field["aria-describedby"].split()]
    assert field["aria-invalid"] == "true"
    assert "Обязательное поле." in [note.get_text(strip=True) for note in told]


def test_leaving_needs_a_press_and_ends_the_session(cast, client):
    sign_in(client, "maria")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/accounts/sessions/").status_code == 302


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/accounts/password/change/", "Смена пароля"),
        ("/accounts/sessions/", "Где выполнен вход"),
        ("/accounts/2fa/", "Вход с подтверждением"),
        ("/accounts/reauthenticate/", "Подтвердите, что это вы"),
        ("/accounts/logout/", "Выйти из системы?"),
    ],
)
def test_the_pages_of_the_account_are_in_russian(client_of, address, title):
    shown = page(client_of("maria").get(address))
    assert [heading.get_text(strip=True) for heading in shown.find_all("h1")] == [title]


@pytest.mark.parametrize("emails", [[], ["never-confirmed@example.org"]])
def test_a_second_step_is_switched_on_with_a_code_from_the_phone(cast, client, emails):
    for email in emails:
        EmailAddress.objects.create(user=cast.user("maria"), email=email, verified=False)
    sign_in(client, "maria")
    asked = client.get("/accounts/2fa/totp/activate/", follow=True)
    answer = client.post(
        asked.request["PATH_INFO"], {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"}
    )
    shown = page(client.get(answer.headers["Location"]))
    assert shown.h1.get_text(strip=True) == "Подключите приложение"
    code = totp(shown.select_one("p.code").get_text(strip=True))
    done = page(client.post("/accounts/2fa/totp/activate/", {"code": code}, follow=True))
    assert done.h1.get_text(strip=True) == "Запасные коды"
    assert len(done.select("ul.code li")) == 10
    assert "включено" in page(client.get("/accounts/2fa/")).get_text()


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/accounts/login/", "Вход"),
        ("/accounts/signup/", "Регистрации здесь нет"),
        ("/accounts/inactive/", "Учётная запись закрыта"),
    ],
)
def test_the_pages_before_the_sign_in_are_in_russian(db, client, address, title):
    shown = page(client.get(address))
    assert [heading.get_text(strip=True) for heading in shown.find_all("h1")] == [title]


@pytest.mark.parametrize("address", ["email/", "confirm-email/", "password/reset/"])
def test_nobody_gets_an_account_by_letter(client_of, address):
    """A minute at an open session must not become a link to the account: the school gives codes."""
    client = client_of("maria")
    sent = {"email": "thief@example.org", "action_add": "1"}
    assert client.post(f"/accounts/{address}", sent).status_code == 404
    assert not EmailAddress.objects.exists()


def test_a_new_password_takes_the_keys_of_programs_back(cast, client):
    sign_in(client, "maria")
    Token.objects.create(user=cast.user("maria"))
    words = {"oldpassword": PASSWORD, "password1": "новый-пароль-7", "password2": "новый-пароль-7"}
    assert client.post("/accounts/password/change/", words).status_code == 302
    assert not Token.objects.exists()


def test_the_key_of_a_program_is_seen_and_ended_with_the_other_browsers(cast, client):
    sign_in(client, "maria")
    Token.objects.create(user=cast.user("maria"))
    assert "Программа с ключом доступа" in page(client.get("/accounts/sessions/")).text
    client.post("/accounts/sessions/")
    assert not Token.objects.exists()
    assert "Программа с ключом" not in page(client.get("/accounts/sessions/")).text

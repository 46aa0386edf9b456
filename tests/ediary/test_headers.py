"""What every answer says to the browser."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.clause("G2.10.1b")
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("maria", "/journal/"),
        ("ivan", "/class/"),
        ("olya_mother", "/diary/"),
        ("olya_mother", "/api/v1/children/"),
        ("admin", "/access/"),
        ("secretary", "/consent/"),
        ("head", "/control/"),
        ("head", "/no-such-page/"),
    ],
)
def test_no_page_is_kept_on_a_shared_computer(client_of, name, address):
    answer = client_of(name).get(address, follow=True)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_sign_in_page_is_not_kept_either(client):
    assert "no-store" in client.get("/accounts/login/").headers["Cache-Control"]


@pytest.mark.clause("G2.10.1b")
def test_signing_out_clears_the_browsers_cache_and_keeps_unsent_marks(client_of):
    browser = client_of("maria")
    assert "Clear-Site-Data" not in browser.get("/accounts/logout/").headers
    answer = browser.post("/accounts/logout/")
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"cache"', "storage holds marks not sent yet"
    assert "_auth_user_id" not in browser.session

"""The control pages: every clause is honest about its state."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from regulation.actions import adopt
from regulation.catalogue import clauses
from regulation.models import Acquaintance, Publication, RegulationVersion
from regulation.queries import parameter
from regulation.registry import check_of
from tests.cast import SEPTEMBER, TODAY, Cast

BOARD = reverse("control:clauses")
REGULATION = reverse("control:regulation")


@pytest.mark.parametrize("page", [BOARD, REGULATION, reverse("control:clause", args=["T1"])])
@pytest.mark.parametrize(
    ("name", "status"),
    [("head", 200), ("nina", 200), ("admin", 200), ("secretary", 200), ("branch_head", 200), ("maria", 403),
     ("ivan", 403), ("olya_mother", 404), ("olya", 404)],
)  # fmt: skip
def test_who_opens_the_control(
    cast: Cast, client_of: Any, page: str, name: str, status: int
) -> None:
    assert client_of(name).get(page).status_code == status


def test_every_clause_stands_on_the_board_and_unwritten_checks_say_so(
    cast: Cast, client_of: Any
) -> None:
    html = client_of("head").get(BOARD, {"school": cast.school.pk}).content.decode()
    for clause in clauses():
        assert reverse("control:clause", args=[clause]) in html
    unwritten = [clause for clause in clauses() if check_of(clause) is None]
    assert html.count("проверка ещё не написана") == len(unwritten)


def test_the_board_is_narrowed_by_state(cast: Cast, client_of: Any) -> None:
    html = (
        client_of("head").get(BOARD, {"school": cast.school.pk, "state": "broken"}).content.decode()
    )
    assert reverse("control:clause", args=["T1"]) in html
    assert reverse("control:clause", args=["U6"]) not in html


@pytest.mark.parametrize("name", ["head", "nina", "admin", "secretary"])
def test_every_link_of_the_evidence_opens_for_who_reads_it(
    cast: Cast, client_of: Any, name: str
) -> None:
    client, followed = client_of(name), 0
    for clause in clauses():
        page = client.get(
            reverse("control:clause", args=[clause]), {"school": cast.school.pk}
        ).content
        links = BeautifulSoup(page, "html.parser").select("section ul.list a")
        for address in {link["href"] for link in links}:
            assert client.get(address).status_code == 200, (clause, address)
            followed += 1
    assert followed > 0


def test_a_clause_leads_to_its_evidence(cast: Cast, client_of: Any) -> None:
    page = reverse("control:clause", args=["T1"])
    html = client_of("head").get(page, {"school": cast.school.pk}).content.decode()
    assert "нарушен" in html
    assert f"{reverse('consent:register')}?class={cast.classes['7А'].pk}" in html


def test_an_unknown_clause_and_another_school_are_not_found(cast: Cast, client_of: Any) -> None:
    client = client_of("head")
    assert client.get(reverse("control:clause", args=["X9"])).status_code == 404
    assert client.get(BOARD, {"school": cast.other_school.pk}).status_code == 404
    assert client.get(BOARD, {"school": "nonsense"}).status_code == 404


def test_a_clause_of_another_profile_says_that_it_is_not_asked(cast: Cast, client_of: Any) -> None:
    adopt(by=None, school=cast.school, profile="u", since=SEPTEMBER)
    place = {"school": cast.school.pk}
    html = client_of("head").get(reverse("control:clause", args=["T1"]), place).content.decode()
    assert "этого не требует" in html
    html = client_of("head").get(reverse("control:clause", args=["U6"]), place).content.decode()
    assert "этого не требует" not in html


def test_defaults_are_marked(cast: Cast, client_of: Any) -> None:
    adopt(by=None, school=cast.school, profile="g", since=SEPTEMBER)
    html = client_of("head").get(REGULATION, {"school": cast.school.pk}).content.decode()
    assert html.count("по умолчанию, не из регламента") == 5
    assert "72 часа" in html
    assert "10 дней" in html


def test_the_head_of_a_branch_sees_the_branch_alone(cast: Cast, client_of: Any) -> None:
    client = client_of("branch_head")
    assert client.get(BOARD).context["board"].school == cast.branch
    assert client.get(BOARD, {"school": cast.school.pk}).status_code == 404


@pytest.mark.clause("G3.2b")
def test_a_version_is_adopted_on_the_page_with_own_values(cast: Cast, client_of: Any) -> None:
    url = f"{reverse('control:adopt')}?school={cast.school.pk}"
    form = {"profile": "g", "since": TODAY.isoformat(), "order_number": "77", "account_removal_days": "2",
            "paper_substitutes": ["email"]}  # fmt: skip
    assert client_of("nina").post(url, form).status_code == 302
    assert parameter(cast.school, "account_removal_days", day=TODAY).number == 2
    assert parameter(cast.school, "paper_substitutes", day=TODAY).options == ("email",)
    assert parameter(cast.school, "final_results_deadline_hours", day=TODAY).number == 72
    again = client_of("nina").post(url, form)
    assert again.status_code == 409
    assert client_of("admin").post(url, form).status_code == 403
    assert client_of("nina").post(url, {"profile": "?"}).status_code == 422


@pytest.mark.clause("U12", "K-order 2", "K-order 3")
def test_publication_and_acquaintance_are_recorded_on_the_page(cast: Cast, client_of: Any) -> None:
    adopt(by=None, school=cast.school, profile="k", since=SEPTEMBER)
    place = f"?school={cast.school.pk}"
    form = {"address": "https://school.example/r", "published_on": TODAY.isoformat()}
    assert client_of("nina").post(reverse("control:publish") + place, form).status_code == 302
    assert Publication.objects.get().address == "https://school.example/r"
    who = {"persons": [str(cast.people["ivan"].pk)], "on": TODAY.isoformat()}
    assert client_of("secretary").post(reverse("control:acquaint") + place, who).status_code == 302
    assert Acquaintance.objects.get().person == cast.people["ivan"]
    stranger = {"persons": [str(cast.people["stranger"].pk)], "on": TODAY.isoformat()}
    assert (
        client_of("secretary").post(reverse("control:acquaint") + place, stranger).status_code
        == 422
    )
    assert client_of("admin").post(reverse("control:acquaint") + place, who).status_code in {
        403,
        422,
    }
    assert RegulationVersion.objects.count() == 1

"""The administrator's pages."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import Person, RoleAssignment
from tests.cast import Cast

PEOPLE = reverse("access:people")


def names(html: str) -> list[str]:
    return [part.split(">")[1].split("<")[0] for part in html.split('<th scope="row"><a')[1:]]


@pytest.mark.parametrize(
    ("name", "status"),
    [("admin", 200), ("head", 200), ("nina", 200), ("secretary", 200), ("branch_head", 200), ("maria", 403),
     ("ivan", 403), ("olya_mother", 404), ("olya", 404)],
)  # fmt: skip
def test_who_opens_the_list(cast: Cast, client_of: Any, name: str, status: int) -> None:
    assert client_of(name).get(PEOPLE).status_code == status


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"q": "елкин"}, ["Ёлкин Виктор Павлович", "Ёлкин Николай Викторович", "Ёлкина Ольга Викторовна", "Ёлкина Оля Викторовна"]),
        ({"q": "Ёлкина оль"}, ["Ёлкина Ольга Викторовна"]),
        ({"q": "петр степ"}, ["Петров Пётр Степанович", "Петров Степан Ильич"]),
        ({"q": "пётр степанович"}, ["Петров Пётр Степанович"]),
        ({"role": "deputy_head"}, ["Соколова Нина Львовна"]),
        ({"role": "admin", "state": "new"}, ["Зайцев Олег Ильич"]),
        ({"q": "чужой"}, []),
        ({"state": "blocked"}, []),
    ],
)  # fmt: skip
def test_people_are_found(
    cast: Cast, client_of: Any, search: dict[str, str], found: list[str]
) -> None:
    html = client_of("nina").get(PEOPLE, search).content.decode()
    assert sorted(names(html)) == sorted(found)


def test_people_of_a_class_are_its_pupils_and_their_representatives(
    cast: Cast, client_of: Any
) -> None:
    html = client_of("admin").get(PEOPLE, {"class_id": cast.classes["5Б"].pk}).content.decode()
    assert sorted(names(html)) == ["Ёлкин Николай Викторович", "Ёлкина Ольга Викторовна"]


def test_people_of_one_of_the_schools(cast: Cast, client_of: Any) -> None:
    head, branch = client_of("head"), str(cast.branch.pk)
    assert names(head.get(PEOPLE, {"school": branch}).content.decode()) == ["Котова Лидия Ивановна"]
    page = client_of("branch_head").get(PEOPLE).content.decode()
    assert 'name="school"' not in page


def test_names_stand_in_russian_order(cast: Cast, client_of: Any) -> None:
    found = names(client_of("admin").get(PEOPLE).content.decode())
    assert found.index("Ёлкина Оля Викторовна") < found.index("Зайцев Олег Ильич")


def test_the_list_costs_the_same_whatever_its_length(cast: Cast, client_of: Any) -> None:
    client = client_of("admin")
    counts = []
    for search in ({"q": "елкина оля"}, {}):
        with CaptureQueriesContext(connection) as captured:
            client.get(PEOPLE, search)
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[1] <= 13


def test_fifty_people_a_page(cast: Cast, client_of: Any) -> None:
    for number in range(60):
        person = Person(school=cast.school, last_name=f"Яшин{number:02}", first_name="Ян")
        person.save()
    html = client_of("admin").get(PEOPLE, {"q": "яшин"}).content.decode()
    assert len(names(html)) == 50
    assert "?page=2&amp;q=" in html


@pytest.mark.parametrize(
    ("name", "status"),
    [("admin", 200), ("head", 200), ("secretary", 200), ("maria", 404), ("ivan", 403), ("olya", 404),
     ("olya_mother", 404), ("petya_father", 404), ("stranger", 404), ("other_head", 404), ("branch_head", 404)],
)  # fmt: skip
def test_who_opens_a_person(cast: Cast, client_of: Any, name: str, status: int) -> None:
    page = reverse("access:person", args=[cast.people["olya"].pk])
    assert client_of(name).get(page).status_code == status


@pytest.mark.clause("G2.10")
def test_a_role_is_given_and_taken_on_the_page_and_the_history_remembers_both(
    cast: Cast, client_of: Any
) -> None:
    client, maria = client_of("admin"), cast.people["maria"]
    page = reverse("access:person", args=[maria.pk])
    given = client.post(
        reverse("access:give_role", args=[maria.pk]), {"role": "secretary"}, follow=True
    )
    assert "Роль дана: Делопроизводитель" in given.content.decode()
    held = RoleAssignment.objects.get(person=maria, role="secretary")
    taken = client.post(reverse("access:take_role", args=[held.pk]), follow=True)
    assert "Роль снята: Делопроизводитель" in taken.content.decode()
    history = client.get(page).content.decode().split("История ролей")[1]
    assert history.index("Делопроизводитель: снята") < history.index("Делопроизводитель: дана")
    assert "Зайцев О. И." in history


def test_the_secretary_sees_but_has_no_buttons(cast: Cast, client_of: Any) -> None:
    page = reverse("access:person", args=[cast.people["maria"].pk])
    html = client_of("secretary").get(page).content.decode()
    assert "Дать роль" not in html
    assert "Заблокировать" not in html
    assert "Выдать" not in html


@pytest.mark.parametrize("action", ["give_role", "issue_code", "block", "unblock"])
@pytest.mark.parametrize(
    ("name", "status"), [("secretary", 403), ("maria", 404), ("other_head", 404)]
)
def test_actions_are_guarded_by_themselves(
    cast: Cast, client_of: Any, action: str, name: str, status: int
) -> None:
    url = reverse(f"access:{action}", args=[cast.people["olya"].pk])
    assert client_of(name).get(url).status_code == 405
    answer = client_of(name).post(url, {"role": "pupil"})
    assert (
        answer.status_code in {status, 422}
        if action == "give_role"
        else answer.status_code == status
    )


@pytest.mark.clause("G2.10.1a")
def test_the_slip_shows_login_and_code_once(cast: Cast, client_of: Any) -> None:
    client, father = client_of("admin"), cast.people["petya_father"]
    answer = client.post(reverse("access:issue_code", args=[father.pk]))
    html = answer.content.decode()
    assert "Петров Степан Ильич" in html
    assert "petya_father" in html
    assert html.count("slip-code") == 1
    assert "no-store" in answer["Cache-Control"]
    code = html.split('slip-code">')[1].split("<")[0]
    assert code not in client.get(reverse("access:person", args=[father.pk])).content.decode()


def test_block_and_unblock_on_the_page(cast: Cast, client_of: Any) -> None:
    client, maria = client_of("admin"), cast.people["maria"]
    blocked = client.post(reverse("access:block", args=[maria.pk]), follow=True).content.decode()
    assert "заблокирована" in blocked
    assert "Зайцев О. И." in blocked
    back = client.post(reverse("access:unblock", args=[maria.pk]), follow=True).content.decode()
    assert "Учётная запись разблокирована" in back


def test_the_last_administrator_is_told_why(cast: Cast, client_of: Any) -> None:
    held = RoleAssignment.objects.get(person=cast.people["admin"], role="admin")
    answer = client_of("head").post(reverse("access:take_role", args=[held.pk]))
    assert answer.status_code == 409
    assert "последний администратор" in answer.content.decode()

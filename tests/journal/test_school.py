"""Heads and deputies find every journal of the school, class by class."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from school.models import Lesson
from tests.cast import TODAY, Cast
from tests.journal.test_sheet import statements


def rows(page: BeautifulSoup) -> dict[str, list[str]]:
    return {
        row.th.get_text(strip=True): [cell.get_text(" ", strip=True) for cell in row.select("td")]
        for row in page.select("tbody tr")
    }


def opened(client: Any, query: str = "") -> BeautifulSoup:
    answer = client.get(f"/journal/school/{query}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


@pytest.mark.parametrize("name", ["head", "nina"])
def test_a_head_opens_any_journal_of_the_school(client_of: Any, cast: Cast, name: str) -> None:
    client = client_of(name)
    page = opened(client, f"?class={cast.classes['7А'].pk}")
    assert rows(page)["Алгебра"][:2] == ["7А", "Кузнецова М. П."]
    assert "Математика" not in rows(page)
    link = next(a for a in page.select("tbody a") if a.get_text(strip=True) == "Алгебра")
    assert client.get(link["href"]).status_code == 200
    chips = [chip.get_text(strip=True) for chip in page.select(".chips a")]
    assert {"5Б", "7А"} <= {chip.partition(",")[0] for chip in chips}
    assert "Другая" not in page.text


def test_lessons_without_a_topic_are_counted(client_of: Any, cast: Cast) -> None:
    algebra = Lesson.objects.filter(course=cast.courses["algebra"], day__lt=TODAY)
    query = f"?class={cast.classes['7А'].pk}"
    count = algebra.filter(topic="").exclude(status="cancelled").count()
    assert count > 0
    assert rows(opened(client_of("nina"), query))["Алгебра"][2].startswith(f"{count}\xa0урок")
    algebra.update(topic="Тема")
    assert rows(opened(client_of("nina"), query))["Алгебра"][2] == "нет"


def test_a_class_of_another_school_is_not_offered(client_of: Any, cast: Cast) -> None:
    foreign = cast.classes["other 7А"]
    page = opened(client_of("nina"), f"?class={foreign.pk}")
    assert str(foreign.pk) not in str(page)


def test_who_reads_no_school_does_not_find_it(client_of: Any) -> None:
    assert client_of("maria").get("/journal/school/").status_code == 403
    assert client_of("olya_mother").get("/journal/school/").status_code == 404


def test_who_gives_no_lessons_begins_at_the_school(client_of: Any) -> None:
    assert client_of("head").get("/journal/").headers["Location"] == "/journal/school/"
    assert client_of("maria").get("/journal/").status_code == 200


def test_the_list_costs_three_statements_whatever_the_classes(
    client_of: Any, cast: Cast, django_assert_num_queries: Any
) -> None:
    client = client_of("nina")
    client.get("/journal/school/")
    with CaptureQueriesContext(connection) as seen:
        client.get(f"/journal/school/?class={cast.classes['7А'].pk}")
    assert len(statements(seen)) <= 6

"""Scales and tables of results: dated, chosen by subject and grade, never against marks that stand."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from journal.actions import save_cells
from journal.models import FinalRule, Mark, Scale
from journal.queries import course_facts
from journal.sheet import CellEntry
from school.models import Course
from tests.cast import NOW, SEPTEMBER, TODAY, Cast
from tests.journal.world import settle

ACT = "Положение о текущем контроле, приказ № 112 от 28.08.2026"
DAY = TODAY.isoformat()
FIVE = "5 = 5\n4 = 4\n3 = 3\n2 = 2\nзач\nнзч\nосв"


def words(answer: Any) -> str:
    return str(answer.content.decode().replace("\xa0", " "))


def mark(cast: Cast, value: str, course: str = "algebra") -> str:
    by = cast.user("maria")
    facts = course_facts(by, cast.courses[course].pk, today=TODAY)
    entry = CellEntry(cast.pupils["olya"].pk, cast.lesson(course).pk, value, rev=0)
    (cell,) = save_cells(by=by, course=facts, op=uuid4(), entries=[entry], now=NOW).cells
    return str(cell.state)


def scale_of(cast: Cast, code: str) -> Scale:
    found = Scale.objects.filter(school=cast.school, code=code).order_by("since").last()
    assert found is not None
    return found


def change(cast: Cast, client_of: Any, values: str, since: str = DAY, **more: str) -> Any:
    found = scale_of(cast, "five")
    body = {"name": found.name, "values": values, "since": since, "seen": str(found.pk), **more}
    return client_of("nina").post(reverse("journal:scale", args=[found.pk]), body)


@pytest.mark.parametrize(
    ("values", "made"),
    [
        ("10 = 10\n9 = 9\nзач", {"10": 10, "9": 9, "зач": None}),
        ("0–3", {"3": 3, "2": 2, "1": 1, "0": 0}),
        ("отл = 5\nхор = 4,5", {"отл": 5, "хор": 4.5}),
        ("", {}),
    ],
)
def test_a_scale_is_read_as_it_is_written_and_written_as_it_is_read(
    cast: Cast, client_of: Any, values: str, made: dict[str, float | None]
) -> None:
    nina, body = client_of("nina"), {"name": "Своя", "values": values, "since": DAY}
    answer = nina.post(reverse("journal:scale_new"), body)
    assert answer.status_code == 302, words(answer)
    found = Scale.objects.get(name="Своя")
    assert found.values == made
    url = reverse("journal:scale", args=[found.pk])
    shown = words(nina.get(url)).split("<textarea", 2)[1].split(">", 1)[1].split("</textarea>")[0]
    again = nina.post(url, body | {"values": shown, "seen": str(found.pk)})
    assert again.status_code == 302, words(again)
    found.refresh_from_db()
    assert found.values == made


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ("н = 5", "не может быть отметкой"),
        (". = 5", "не может быть отметкой"),
        ("5/4 = 5", "не может быть отметкой"),
        ("отлично = 5", "не может быть отметкой"),
        ("A = 5", "не может быть отметкой"),  # a Latin letter: the cell would read a Russian one
        ("5 = пять", "после «=» нужно число"),
        ("5 = 5\n5 = 4", "записано дважды"),
        ("0–999", "Баллов не больше"),
    ],
)
def test_a_mark_that_no_cell_can_hold_is_refused(
    cast: Cast, client_of: Any, values: str, sentence: str
) -> None:
    answer = change(cast, client_of, values)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert values.splitlines()[0] in words(answer)
    assert Scale.objects.filter(school=cast.school, code="five").count() == 1


def test_a_sign_that_the_database_cannot_store_is_refused(cast: Cast, client_of: Any) -> None:
    answer = change(cast, client_of, "5 = 5\n4\0 = 4")
    assert answer.status_code == 422
    assert "недопустимый знак" in words(answer)


def test_criteria_turn_points_into_the_scale_s_marks(cast: Cast, client_of: Any) -> None:
    assert change(cast, client_of, FIVE, by_points="4 = 60\n5 = 85").status_code == 302
    assert scale_of(cast, "five").by_points == {"5": 85, "4": 60}
    wrong = change(cast, client_of, FIVE, by_points="5 = 40\n4 = 60")
    assert "тем больше нужен процент" in words(wrong)
    assert "в шкале нет" in words(change(cast, client_of, FIVE, by_points="6 = 90"))


def test_a_mark_that_stands_cannot_be_taken_out_of_the_scale(cast: Cast, client_of: Any) -> None:
    assert mark(cast, "1") == "ok"
    settle()
    answer = change(cast, client_of, FIVE)
    assert answer.status_code == 422
    assert "«1» — 1" in words(answer)
    assert change(cast, client_of, FIVE, since="2026-11-19").status_code == 302
    assert Mark.objects.get().value == "1"
    old, new = Scale.objects.filter(school=cast.school, code="five").order_by("since")
    assert (old.until, new.since) == (TODAY, date(2026, 11, 19))


def choose(client_of: Any, **chosen: str) -> Any:
    body = {"subject": "", "grade_from": "1", "grade_to": "11", "scale": "none"} | chosen
    return client_of("nina").post(reverse("journal:scales"), body, follow=True)


def code_of(cast: Cast, course: str) -> str:
    return Course.objects.get(pk=cast.courses[course].pk).scale_code


def test_a_subject_is_marked_by_the_chosen_scale_where_no_marks_stand(
    cast: Cast, client_of: Any
) -> None:
    subject = str(cast.courses["physics"].subject_id)
    page = words(choose(client_of, subject=subject, grade_from="7", grade_to="9"))
    assert "журналов: 1" in page
    codes = {name: code_of(cast, name) for name in ("physics", "algebra", "other_algebra")}
    assert codes == {"physics": "none", "algebra": "five", "other_algebra": "five"}


def test_where_marks_stand_the_scale_stays_and_the_page_says_so(cast: Cast, client_of: Any) -> None:
    mark(cast, "5")
    answer = choose(client_of, subject=str(cast.courses["algebra"].subject_id))
    assert answer.status_code == 422
    assert "уже стоят отметки (Алгебра, 7А)" in words(answer)
    some = words(choose(client_of, grade_from="7", grade_to="7"))
    assert "Уже стоят отметки, шкала прежняя: Алгебра, 7А" in some
    assert (code_of(cast, "algebra"), code_of(cast, "russian")) == ("five", "none")


def test_nothing_to_change_is_said(cast: Cast, client_of: Any) -> None:
    assert "шкала уже такая" in words(choose(client_of, scale="five"))
    wrong = choose(client_of, grade_from="9", grade_to="5")
    assert "Последний класс не меньше первого" in words(wrong)


# Tables of results

RULE = {
    "name": "За четверть", "act": ACT, "subject": "", "grade_from": "2", "grade_to": "9", "scale": "five",
    "bounds": "5 = 4,65\n4 = 3,65\n3 = 2,65", "disputed": "0,15", "weighted": "yes",
    "minimum": "2 = 3\nбольше = 5", "since": DAY,
}  # fmt: skip


def rule(client_of: Any, **changed: str) -> Any:
    return client_of("nina").post(reverse("journal:final_rule_new"), RULE | changed)


def test_a_table_is_kept_with_its_act_and_shown(cast: Cast, client_of: Any) -> None:
    assert rule(client_of).status_code == 302
    found = FinalRule.objects.get(school=cast.school)
    assert found.bounds == {"5": "4.65", "4": "3.65", "3": "2.65"}
    assert (found.disputed, found.weighted) == (Decimal("0.15"), True)
    assert found.minimum == [[2, 3], [99, 5]]
    page = words(client_of("nina").get(reverse("journal:final_rules")))
    assert "«5» от 4,65, «4» от 3,65, «3» от 2,65" in page
    assert ACT in page
    assert "до 2 ч в неделю — 3, больше — 5" in page


def test_without_the_act_s_number_nothing_is_proposed_and_the_page_says_so(
    cast: Cast, client_of: Any
) -> None:
    rule(client_of, act="")
    page = words(client_of("nina").get(reverse("journal:final_rules")))
    assert "Нет номера локального акта" in page
    assert "номер и дату акта" in words(rule(client_of, act="положение"))


def test_a_changed_table_begins_on_its_day_and_the_old_one_stays_until_then(
    cast: Cast, client_of: Any
) -> None:
    nina = client_of("nina")
    rule(client_of, since=SEPTEMBER.isoformat())
    old = FinalRule.objects.get(school=cast.school)
    url = reverse("journal:final_rule", args=[old.pk])
    nina.post(url, RULE | {"bounds": "5 = 4,5\n4 = 3,5\n3 = 2,5"})
    old.refresh_from_db()
    new = FinalRule.objects.exclude(pk=old.pk).get(school=cast.school)
    assert (old.until, old.bounds["5"]) == (date(2026, 11, 17), "4.65")
    assert (new.since, new.until, new.bounds["5"]) == (TODAY, None, "4.5")
    end = reverse("journal:final_rule_end", args=[new.pk])
    assert nina.post(end, {"last": "2026-11-10"}).status_code == 422
    assert nina.post(end, {"last": DAY}).status_code == 302
    new.refresh_from_db()
    assert new.until == TODAY


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"bounds": "5 = 3,5\n4 = 4,5"}, "Границы должны убывать"),
        ({"bounds": "7 = 3,5"}, "в этой шкале нет"),
        ({"bounds": "5 = 50"}, "невозможен"),
        ({"bounds": ""}, "Заполните хотя бы одну строку"),
        ({"disputed": "-1"}, "Введите число от 0 до 20"),
        ({"minimum": "много = 3"}, "нужно число"),
        ({"grade_from": "9", "grade_to": "5"}, "Последний класс не меньше первого"),
    ],
)
def test_a_table_that_cannot_be_is_refused_and_kept_on_the_page(
    cast: Cast, client_of: Any, changed: dict[str, str], sentence: str
) -> None:
    answer = rule(client_of, **changed)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "За четверть" in words(answer)
    assert not FinalRule.objects.filter(school=cast.school).exists()


@pytest.mark.parametrize(("preset", "bound"), [("strict", "4,65"), ("rounding", "4,5")])
def test_a_table_may_begin_from_a_sample(client_of: Any, preset: str, bound: str) -> None:
    page = words(client_of("nina").get(reverse("journal:final_rule_new"), {"preset": preset}))
    assert f"5 = {bound}" in page

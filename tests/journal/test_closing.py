"""The pages of closing: what is in view, what is saved, what is refused and kept, who signs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from journal import actions
from journal.closing import YEAR, ResultEntry
from journal.models import Deferral, PeriodMark, SignOff, YearMark
from journal.queries.closing import closing_page
from journal.queries.closing_lists import closing_cell, closing_index
from tests.cast import NOW, TODAY, Cast
from tests.journal.closing import (
    ALL,
    END,
    chosen,
    fill,
    marks,
    of_class,
    place,
    put,
    put_all,
    sign,
    table,
)

ClientOf = Callable[[str], Client]


def address(cast: Cast, name: str = "algebra", period: str = "") -> str:
    place = reverse("journal:closing_course", args=[cast.courses[name].pk])
    return f"{place}?period={period or cast.quarter.pk}"


def cell(cast: Cast, pupil: str, *, rev: int = 0, stood: str = "") -> str:
    return f"m:{cast.courses['algebra'].pk}:{cast.pupils[pupil].pk}:{rev}:{stood}"


def why(cast: Cast, pupil: str) -> str:
    return f"w:{cast.courses['algebra'].pk}:{cast.pupils[pupil].pk}"


def page_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def marked(cast: Cast) -> Cast:
    """Оля is sure, Пётр disputed, Витя has too few marks, Тимур none."""
    table(cast)
    marks(cast, "olya", "55555")
    marks(cast, "petya", "5454")
    marks(cast, "vitya", "44")
    return cast


def test_only_the_disputed_and_the_missing_are_in_view(marked: Cast) -> None:
    page = closing_page(marked.user("maria"), chosen(marked), today=TODAY)
    assert [(row.name, row.cells[0].offer) for row in page.rows] == [
        ("Петров Пётр", "5 или 4"), ("Сидоров Виктор", "мало отметок"), ("Тихонов Тимур", "нет отметок"),
    ]  # fmt: skip
    assert (page.hidden, page.counted.sure, page.counted.disputed) == (1, 1, 1)
    everything = closing_page(marked.user("maria"), chosen(marked), today=TODAY, shows_all=True)
    assert everything.rows[0].name == "Ёлкина Оля"
    assert (everything.rows[0].cells[0].facts, everything.hidden) == ("5,00 · 5 отм.", 0)


def test_a_class_shows_subjects_with_something_to_choose(marked: Cast) -> None:
    for name in ALL:
        put(marked, "maria", "4", pupil=name, reason="так надо")
    page = closing_page(marked.user("ivan"), of_class(marked), today=TODAY)
    assert [column.subject for column in page.columns] == ["Русский язык", "Физика"]
    assert [head.counted.there for head in page.heads] == [4, 0, 0]
    chosen_here = {c.subject for row in page.rows for c in row.cells if c.options is not None}
    assert chosen_here == {"Физика"}  # his own subject; the others he reads


def test_results_are_saved_by_a_plain_form(marked: Cast, client_of: ClientOf) -> None:
    sent = {"do": "save", cell(marked, "petya"): "5", cell(marked, "vitya"): "н/а", cell(marked, "timur"): ""}  # fmt: skip
    response = client_of("maria").post(address(marked), sent)
    assert (response.status_code, response["Location"]) == (302, address(marked))
    assert [place(marked, name).value for name in ALL] == ["", "5", "н/а", ""]


def test_a_sign_that_the_database_cannot_store_is_left_out(
    marked: Cast, client_of: ClientOf
) -> None:
    sent = {"do": "save", cell(marked, "olya"): "4", why(marked, "olya"): "Долг\0"}
    assert client_of("maria").post(address(marked), sent).status_code == 302
    assert place(marked, "olya").value == "4"
    for odd in ({"do": "sign"}, {"do": "back", "reason": "\0"}):
        assert client_of("maria").post(address(marked), odd).status_code == 302


def test_what_is_refused_stays_in_its_cell_and_the_rest_is_written(
    marked: Cast, client_of: ClientOf
) -> None:
    put(marked, "maria", "н/а", pupil="timur")
    sent = {
        "do": "save", cell(marked, "olya"): "4", cell(marked, "petya"): "5",
        cell(marked, "timur"): "3", why(marked, "timur"): "Сдал зачёт",
    }  # fmt: skip
    response = client_of("maria").post(address(marked), sent)
    page = page_of(response)
    assert response.status_code == 200
    assert "Записано: 1. Не записано: 2" in page.get_text(" ", strip=True)
    kept = {s["aria-label"]: s.find("option", selected=True)["value"] for s in page.select("select[aria-invalid]")}  # fmt: skip
    assert kept == {"Алгебра, Ёлкина О.": "4", "Алгебра, Тихонов Т.": "3"}
    texts = [error.get_text(strip=True) for error in page.select("td .errorlist")]
    assert texts == ["По положению «5»: укажите, почему иначе.", "Изменено, пока вы работали: сейчас «н/а»."]  # fmt: skip
    reasons = [i.get("value") for i in page.select(".closing-why") if not i.has_attr("hidden")]
    assert reasons == ["", "Сдал зачёт"]
    # The same again with a reason, and with what stands there now.
    names = [s["name"] for s in page.select("select[aria-invalid]")]
    assert saves_nothing(client_of, marked, names).status_code == 422
    again = {"do": "save", names[0]: "4", why(marked, "olya"): "Долг за контрольную", names[1]: "3", why(marked, "timur"): "Сдал зачёт"}  # fmt: skip
    assert client_of("maria").post(address(marked), again).status_code == 302
    assert [place(marked, name).value for name in ALL] == ["4", "5", "", "3"]


def saves_nothing(client_of: ClientOf, cast: Cast, names: list[str]) -> Any:
    """Send what is refused alone: nothing is written."""
    return client_of("maria").post(address(cast), {"do": "save", names[0]: "4"})


def test_the_button_fills_and_undoes(marked: Cast, client_of: ClientOf) -> None:
    maria = client_of("maria")
    assert page_of(maria.get(address(marked))).select('[value="fill"]') == []
    with time_machine.travel(END):
        client = client_of("maria")
        page = page_of(client.get(address(marked)))
        button = page.select_one('[value="fill"]')
        assert button
        assert button.get_text(strip=True) == "Заполнить бесспорные: 1"
        op = button.find_parent("form").select_one('[name="op"]')["value"]
        client.post(address(marked), {"do": "fill", "op": op})
        assert place(marked, "olya").value == "5"
        page = page_of(client.get(address(marked)))
        undo = page.select_one('[value="undo"]')
        assert undo
        client.post(address(marked), {"do": "undo", "op": undo.find_parent("form").select_one('[name="op"]')["value"]})  # fmt: skip
        assert place(marked, "olya").value == ""


def test_the_way_from_the_first_mark_to_approval(marked: Cast, client_of: ClientOf) -> None:
    maria, nina = client_of("maria"), client_of("nina")
    course = {"course": str(marked.courses["algebra"].pk)}
    refused = maria.post(address(marked), {"do": "sign", **course}, follow=True)
    assert "Не у всех есть отметка за период" in page_of(refused).get_text()
    fill(marked)
    put(marked, "maria", "4", pupil="petya")
    for name in ("vitya", "timur"):
        put(marked, "maria", "н/а", pupil=name)
    assert page_of(maria.get(address(marked))).select('[value="sign"]')
    maria.post(address(marked), {"do": "sign", **course})
    assert SignOff.objects.get().approved_at is None
    nina.post(address(marked), {"do": "back", "reason": "Проверьте Сидорова", **course})
    index = page_of(maria.get(reverse("journal:closing")))
    assert "«Проверьте Сидорова»" in index.get_text(" ", strip=True).replace("\xa0", " ")
    maria.post(address(marked), {"do": "sign", **course})
    seen = page_of(nina.get(reverse("journal:closing"))).get_text(" ", strip=True)
    assert "1 журнал ждёт утверждения" in seen.replace("\xa0", " ")
    nina.post(address(marked), {"do": "approve", **course})
    assert SignOff.objects.get().approved_by_id == marked.users["nina"].pk
    assert page_of(maria.get(address(marked))).select("select") == []


@pytest.mark.clause("T5c")
def test_a_result_is_put_off_on_its_own_page(marked: Cast, client_of: ClientOf) -> None:
    where = reverse("journal:closing_cell", args=[marked.courses["algebra"].pk, marked.pupils["vitya"].pk])  # fmt: skip
    where = f"{where}?period={marked.quarter.pk}"
    maria = client_of("maria")
    broken = maria.post(where, {"do": "defer", "until": "2026-11-01", "ground": "справка", "rev": 0})  # fmt: skip
    assert broken.status_code == 422
    assert "Новая дата — позже сегодняшней" in page_of(broken).get_text()
    maria.post(where, {"do": "defer", "until": "2026-12-20", "ground": "справка № 3", "rev": 0})
    assert Deferral.objects.get().ground == "справка № 3"
    for who in ("maria", "ivan", "nina"):
        index = closing_index(marked.user(who), "", today=TODAY)
        assert [line.pupil for line in index.deferrals] == ["Сидоров Виктор"]
    assert not closing_index(marked.user("svetlana"), "", today=TODAY).deferrals


def test_one_result_tells_its_marks_its_reasons_and_its_history(marked: Cast) -> None:
    put(marked, "maria", "4", reason="Долг за контрольную")
    found = closing_cell(marked.user("nina"), chosen(marked), marked.pupils["olya"].pk, today=TODAY)
    assert [mark.value for mark in found.marks] == ["5"] * 5
    assert (found.offer, found.place.value, found.place.departs) == ("5", "4", True)
    assert [(line.text, line.reason) for line in found.history] == [("поставлено «4»", "Долг за контрольную")]  # fmt: skip
    assert not found.can_set


def test_a_deputy_corrects_a_signed_result_on_its_page(marked: Cast, client_of: ClientOf) -> None:
    put_all_with_reason(marked)
    sign(marked)
    where = reverse("journal:closing_cell", args=[marked.courses["algebra"].pk, marked.pupils["olya"].pk])  # fmt: skip
    where = f"{where}?period={marked.quarter.pk}"
    nina = client_of("nina")
    first = nina.post(where, {"do": "set", "value": "5", "rev": 1})
    assert first.status_code == 422
    assert "Итоги подписаны: укажите, почему" in page_of(first).get_text()
    assert nina.post(where, {"do": "set", "value": "5", "rev": 1, "reason": "Апелляция"}).status_code == 302  # fmt: skip
    assert PeriodMark.objects.get(pupil=marked.pupils["olya"]).value == "5"


def put_all_with_reason(cast: Cast) -> None:
    for name in ALL:
        assert put(cast, "maria", "4", pupil=name, reason="по совокупности работ").state == "ok"


def test_the_family_reads_that_a_result_was_changed(cast: Cast, client_of: ClientOf) -> None:
    put_all(cast)
    later = NOW.replace(day=20)
    put(cast, "maria", "5", rev=1, now=later)
    with time_machine.travel(later):
        text = page_of(client_of("olya_mother").get(reverse("diary:finals", args=[cast.pupils["olya"].pk]))).get_text(" ")  # fmt: skip
    assert "изменена" in text


def test_the_year_is_closed_on_the_same_screen(cast: Cast, client_of: ClientOf) -> None:
    table(cast)
    for number, value in enumerate("4455", start=1):
        put(cast, "maria", value, period=str(cast.extras[f"Школа № 1:{number}"].pk), reason="так")
    maria = client_of("maria")
    page = page_of(maria.get(f"{address(cast, period=YEAR)}&show=all"))
    assert page.select_one('.chip[aria-current="page"]').get_text(strip=True) == "Год"
    assert "4,50 · 4 отм." in page.get_text(" ", strip=True)
    entries = [ResultEntry(str(cast.courses["algebra"].pk), str(cast.pupils["olya"].pk), "5", 0)]
    actions.set_results(by=cast.user("maria"), chosen=chosen(cast, period=YEAR), entries=entries, now=NOW)  # fmt: skip
    assert YearMark.objects.get().value == "5"


@pytest.mark.parametrize("sent", [{"do": "dance"}, {}, {"do": "save", "m:a:b:0:": "5"}, {"do": "save", "m:1": "5"}])  # fmt: skip
def test_a_broken_form_is_refused(cast: Cast, client_of: ClientOf, sent: dict[str, str]) -> None:
    assert client_of("maria").post(address(cast), sent).status_code in {302, 422}
    assert not PeriodMark.objects.exists()


def test_a_class_in_the_query_leads_to_its_page(cast: Cast, client_of: ClientOf) -> None:
    which = cast.classes["7А"].pk
    response = client_of("nina").get(f"{reverse('journal:closing')}?class={which}&period=year")
    assert response["Location"] == f"{reverse('journal:closing_class', args=[which])}?period=year"


def test_a_period_is_asked_for_by_its_code_in_all_schools(cast: Cast, client_of: ClientOf) -> None:
    page = page_of(client_of("head").get(f"{reverse('journal:closing')}?period=quarter-1"))
    chips = [chip.get_text(strip=True) for chip in page.select(".chips .chip")]
    assert chips == ["Сейчас", "I четверть", "II четверть", "III четверть", "IV четверть", "Год"]
    assert page.select_one('.chip[aria-current="page"]').get_text(strip=True) == "I четверть"
    assert {td.get_text(strip=True) for td in page.select('td[data-label="Период"]')} == {
        "I четверть"
    }
    mine = closing_index(cast.user("maria"), "quarter-1", today=TODAY)
    assert {line.period for line in mine.courses} == {"I четверть"}
    assert (
        client_of("head").get(f"{reverse('journal:closing')}?period=quarter-x").status_code == 200
    )


def test_a_running_period_tells_what_is_likely(marked: Cast) -> None:
    found = closing_cell(
        marked.user("maria"), chosen(marked), marked.pupils["olya"].pk, today=TODAY
    )
    assert found.told
    assert found.told.value == "5"
    put(marked, "maria", "5")
    found = closing_cell(
        marked.user("maria"), chosen(marked), marked.pupils["olya"].pk, today=TODAY
    )
    assert found.told is None


@pytest.mark.clause("T5c")
def test_the_day_reminds_teacher_and_class_teacher_of_a_deferral(
    cast: Cast, client_of: ClientOf
) -> None:
    until = TODAY + timedelta(days=3)
    actions.defer(
        by=cast.user("maria"), chosen=chosen(cast), pupil_id=cast.pupils["olya"].pk, until=until,
        ground="справка", rev=0, now=NOW,
    )  # fmt: skip
    for who, reminded in (("maria", True), ("ivan", True), ("svetlana", False)):
        text = page_of(client_of(who).get(reverse("journal:day"))).get_text(" ", strip=True)
        assert ("Отложенные отметки" in text) is reminded, who
    with time_machine.travel(NOW - timedelta(days=1)):
        assert (
            "Отложенные отметки"
            not in client_of("maria").get(reverse("journal:day")).content.decode()
        )
    put(cast, "maria", "5", rev=1)
    assert (
        "Отложенные отметки" not in client_of("maria").get(reverse("journal:day")).content.decode()
    )

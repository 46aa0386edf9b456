"""The school's own rules: dated versions, and what stands is never rewritten."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from journal import norm_texts, norms
from journal.actions import save_cells
from journal.models import Mark, Work, WorkKind
from journal.queries import course_facts, norms_on, sheet
from journal.sheet import CellEntry
from people.models import Setting
from tests.cast import NOW, SEPTEMBER, TODAY, Cast
from tests.journal.world import settle

CONTROL = {
    "name": "Контрольная работа", "letter": "К", "weight": "3", "counts": "on", "control": "current",
    "is_control": "on", "colour": "red", "since": TODAY.isoformat(),
}  # fmt: skip


def words(answer: Any) -> str:
    """The page as it is read: an unbreakable space is a space."""
    return str(answer.content.decode().replace("\xa0", " "))


def kind_of(cast: Cast, letter: str, day: date = TODAY) -> WorkKind:
    kinds = WorkKind.objects.filter(school=cast.school, letter=letter, since__lte=day)
    return kinds.order_by("since").last()


def planned(cast: Cast, day: date, letter: str = "К", course: str = "algebra") -> Work:
    kind = kind_of(cast, letter)
    return Work.objects.create(
        school=cast.school, lesson=cast.lesson(course, day), kind=kind, weight=kind.weight,
        counts=kind.counts,
    )  # fmt: skip


def mark(cast: Cast, day: date, value: str, course: str = "algebra", pupil: str = "olya") -> None:
    by = cast.user("maria")
    facts = course_facts(by, cast.courses[course].pk, today=TODAY)
    entry = CellEntry(cast.pupils[pupil].pk, cast.lesson(course, day).pk, value, rev=0)
    answer = save_cells(by=by, course=facts, op=uuid4(), entries=[entry], now=NOW)
    assert [cell.state for cell in answer.cells] == ["ok"]


def weighted(cast: Cast, course: str = "algebra") -> str:
    found = sheet(cast.user("maria"), cast.courses[course].pk, None, today=TODAY)
    return next(row.weighted for row in found.rows if row.pupil_id == cast.pupils["olya"].pk)


def change(cast: Cast, client_of: Any, *, of: str = "К", **changed: Any) -> Any:
    kind = kind_of(cast, of)
    body = {**CONTROL, "seen": str(kind.pk), **changed}
    return client_of("nina").post(reverse("journal:kind", args=[kind.pk]), body)


def test_a_changed_weight_never_rewrites_an_average(cast: Cast, client_of: Any) -> None:
    before = planned(cast, date(2026, 11, 9))
    mark(cast, date(2026, 11, 9), "3")
    mark(cast, date(2026, 11, 10), "5")
    assert weighted(cast) == "3,67"  # (3·2 + 5·1) / 3

    assert change(cast, client_of, weight="3,5").status_code == 302

    assert weighted(cast) == "3,67"
    before.refresh_from_db()
    assert (before.weight, before.kind.weight) == (Decimal(2), Decimal(2))
    new = kind_of(cast, "К")
    assert (new.since, new.until, new.weight) == (TODAY, None, Decimal("3.5"))
    old = WorkKind.objects.get(pk=before.kind_id)
    assert old.until == TODAY - timedelta(days=1)


def test_works_planned_without_marks_take_the_new_weight_and_new_works_too(
    cast: Cast, client_of: Any
) -> None:
    marked, coming = planned(cast, TODAY), planned(cast, date(2026, 11, 23))
    own = planned(cast, date(2026, 11, 24))
    Work.objects.filter(pk=own.pk).update(weight=Decimal("1.25"))
    mark(cast, TODAY, "4")
    page = client_of("nina").get(reverse("journal:kind", args=[kind_of(cast, "К").pk]))
    assert "запланировано работ без отметок" in words(page)

    change(cast, client_of)

    for work in (marked, coming, own):
        work.refresh_from_db()
    assert (marked.weight, coming.weight, own.weight) == (Decimal(2), Decimal(3), Decimal("1.25"))
    assert coming.kind_id == own.kind_id == kind_of(cast, "К").pk
    assert planned(cast, date(2026, 11, 25)).weight == Decimal(3)


def test_a_version_of_the_same_day_is_corrected_in_place(cast: Cast, client_of: Any) -> None:
    later = date(2027, 1, 11)
    change(cast, client_of, since=later.isoformat())
    change_again = {**CONTROL, "weight": "4", "since": later.isoformat()}
    latest = kind_of(cast, "К", later)
    client_of("nina").post(
        reverse("journal:kind", args=[latest.pk]), change_again | {"seen": str(latest.pk)}
    )
    versions = WorkKind.objects.filter(school=cast.school, code="control").order_by("since")
    assert [(one.since, one.until, one.weight) for one in versions] == [
        (SEPTEMBER, date(2027, 1, 10), Decimal(2)),
        (later, None, Decimal(4)),
    ]


def test_a_version_put_before_a_planned_one_ends_where_that_begins(
    cast: Cast, client_of: Any
) -> None:
    later = date(2027, 1, 11)
    change(cast, client_of, since=later.isoformat())
    planned_version = kind_of(cast, "К", later)
    client_of("nina").post(
        reverse("journal:kind", args=[planned_version.pk]),
        CONTROL | {"seen": str(planned_version.pk)},
    )
    versions = WorkKind.objects.filter(school=cast.school, code="control").order_by("since")
    assert [(one.since, one.until) for one in versions] == [
        (SEPTEMBER, TODAY - timedelta(days=1)),
        (TODAY, later - timedelta(days=1)),
        (later, None),
    ]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"letter": "Д"}, "Буква «Д» уже занята: «Домашняя работа»"),
        ({"letter": "1"}, "только буква"),
        ({"weight": "0"}, "Введите число от 0,1 до 10"),
        ({"weight": "два"}, "Введите число"),
        ({"since": "2025-09-01"}, "Изменить можно с 1 сентября 2026 и позже"),
        ({"since": "2036-09-01"}, "проверьте год"),
        ({"name": ""}, "Обязательное поле"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    cast: Cast, client_of: Any, changed: dict[str, str], sentence: str
) -> None:
    answer = change(cast, client_of, minutes="45", **changed)
    page = words(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="45"' in page
    assert WorkKind.objects.filter(school=cast.school, code="control").count() == 1


def test_who_came_second_is_told(cast: Cast, client_of: Any) -> None:
    seen = kind_of(cast, "К").pk
    change(cast, client_of, since="2027-01-11")
    url = reverse("journal:kind", args=[seen])
    answer = client_of("nina").post(url, CONTROL | {"seen": str(seen)})
    assert answer.status_code == 422
    assert "настройку изменили" in words(answer)


def test_a_kind_is_added_and_closed(cast: Cast, client_of: Any) -> None:
    nina = client_of("nina")
    made = nina.post(reverse("journal:kind_new"), {**CONTROL, "name": "Сочинение", "letter": "сч"})
    assert made.status_code == 302, words(made)
    kind = kind_of(cast, "Сч")
    url = reverse("journal:kind_end", args=[kind.pk])
    refused = nina.post(url, {"last": "2026-11-01"})
    assert refused.status_code == 422
    assert "не раньше 18.11.2026" in words(refused)
    for answer in (nina.get(reverse("journal:kind", args=[kind.pk])), refused):
        fold = BeautifulSoup(answer.content, "html.parser").select_one("details.fold form")
        assert fold is not None
        assert fold["action"] == url
        assert fold.select_one("input[name=last]") is not None
    assert nina.post(url, {"last": "2026-11-20"}).status_code == 302
    kind.refresh_from_db()
    assert kind.until == date(2026, 11, 20)


def test_a_rule_is_called_by_words_that_stand_alone(cast: Cast, client_of: Any) -> None:
    """Its value follows a colon: «Ночь начинается: 23:00», not «Ночью: с: 23:00»."""
    labels = [text.label for group in norm_texts.GROUPS for text in group.texts.values()]
    assert not [label for label in labels if ":" in label]
    page = words(client_of("nina").get(reverse("journal:norms")))
    assert "Ночь начинается" in page


def test_history_says_who_and_since_when(cast: Cast, client_of: Any) -> None:
    settle()
    change(cast, client_of)
    settle()
    page = words(client_of("nina").get(reverse("journal:kinds")))
    assert "Соколова Н. Л." in page
    assert "1 сентября 2026 – 17 ноября 2026" in page
    assert "История: 2 редакции" in page


def test_settings_cost_few_statements_whatever_stands_there(
    cast: Cast, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    nina = client_of("nina")
    nina.get(reverse("journal:settings"))
    with django_assert_max_num_queries(22):
        assert nina.get(reverse("journal:settings")).status_code == 200


# The school's rules


def rules(client_of: Any, code: str, body: dict[str, Any]) -> Any:
    return client_of("nina").post(reverse("journal:norm_group", args=[code]), body)


TERMS = {
    "edit_window_days": "10", "reason_after_days": "3", "debt_days": "14", "marks_overdue_days": "7",
    "since": TODAY.isoformat(), "act": "Положение, приказ № 112 от 28.08.2026",
}  # fmt: skip


def test_a_rule_is_dated_and_only_what_changes_gets_a_version(cast: Cast, client_of: Any) -> None:
    assert rules(client_of, "terms", TERMS).status_code == 302
    (setting,) = Setting.objects.filter(school=cast.school)
    assert (setting.key, setting.value, setting.since) == ("edit_window_days", 10, TODAY)
    assert setting.act == "Положение, приказ № 112 от 28.08.2026"
    assert norms_on(cast.school.pk, TODAY).edit_window_days == 10
    assert norms_on(cast.school.pk, TODAY - timedelta(days=1)).edit_window_days == 14


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"act": "приказ директора"}, "номер и дату акта"),
        ({"edit_window_days": "0"}, "больше либо равно 1"),
        ({"since": "2026-08-01"}, "Изменить можно с 1 сентября 2026"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(
    cast: Cast, client_of: Any, changed: dict[str, str], sentence: str
) -> None:
    answer = rules(client_of, "terms", TERMS | changed)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not Setting.objects.filter(school=cast.school).exists()


def test_every_rule_has_its_place_on_the_page_and_is_read_back(cast: Cast, client_of: Any) -> None:
    assert set(norm_texts.TEXTS) == norms.KEYS
    bodies: dict[str, dict[str, Any]] = {
        "retakes": {"retake_rule": "averages"},
        "year": {"year_by_table": "on"},
        "unusual": {"unusual_night_from": "22:30", "unusual_night_until": "05:00", "unusual_many": "40"},
        "attendance": {"morning_deadline": "09:00", "absence_print_absent": "н", "absence_print_ill": "б",
                       "absence_print_excused": "н", "absence_print_late": ""},
        "behaviour": {"behaviour_scale": "levels", "behaviour_grade_from": "5", "behaviour_grade_to": "8"},
        "print": {"marks_separator": "slash"},
        "indicators": {"levels_five": "100", "levels_four": "64", "levels_three": "36", "levels_two": "14",
                       "levels_not_assessed": "8"},
        "homework": {"homework_norms": "2 = 60\n5 = 100"},
        "terms": TERMS | {"homework_window": "on"},
    }  # fmt: skip
    assert set(bodies) == {group.code for group in norm_texts.GROUPS}
    for code, body in bodies.items():
        answer = rules(client_of, code, {"since": TODAY.isoformat(), **body})
        assert answer.status_code == 302, (code, words(answer))
    now = norms_on(cast.school.pk, TODAY)
    assert (now.retake_rule, now.unusual_many, now.behaviour_grade_to) == ("averages", 40, 8)
    assert (now.levels.two, now.absence_print["ill"]) == (Decimal(14), "б")
    assert (now.homework_norms, now.homework_window) == ({2: 60, 5: 100}, True)
    page = client_of("nina").get(reverse("journal:norms")).content.decode()
    assert "образцовое, удовлетворительное, неудовлетворительное" in page
    assert "22:30" in page


def test_marks_stay_where_they_are_while_settings_change(cast: Cast, client_of: Any) -> None:
    mark(cast, TODAY, "4")
    before = list(Mark.objects.values_list("value", "score", "rev"))
    change(cast, client_of)
    rules(client_of, "terms", TERMS)
    assert list(Mark.objects.values_list("value", "score", "rev")) == before


def test_a_kind_that_does_not_count_stays_out_of_the_average(cast: Cast, client_of: Any) -> None:
    mark(cast, date(2026, 11, 9), "4")
    answer = kind_of(cast, "Р")
    body = CONTROL | {"name": answer.name, "letter": "Р", "weight": "1", "seen": str(answer.pk)}
    del body["counts"], body["is_control"]
    client_of("nina").post(reverse("journal:kind", args=[answer.pk]), body | {"minutes": "15"})
    mark(cast, TODAY, "2")
    work = Work.objects.get(lesson=cast.lesson("algebra", TODAY))
    assert (work.counts, work.minutes) == (False, 15)
    assert weighted(cast) == "4,00"

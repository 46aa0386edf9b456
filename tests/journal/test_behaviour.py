"""Marks of behaviour: off by default; the class teacher's, and notes of any teacher of the class."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from journal.models import BehaviourMark
from people.models import Setting
from school.models import SchoolYear
from tests.cast import NOW, SEPTEMBER, TODAY, Cast


def switch_on(cast: Cast, scale: str = "levels", **more: Any) -> None:
    for key, value in {"behaviour_scale": scale, **more}.items():
        Setting.objects.create(school=cast.school, key=key, value=value, since=SEPTEMBER)


def page_of(cast: Cast, name: str = "journal:behaviour") -> str:
    return reverse(name, args=[cast.classes["7А"].pk])


def words(answer: Any) -> str:
    return str(answer.content.decode().replace("\xa0", " "))


def mark(cast: Cast, client_of: Any, value: str, rev: int = 0, who: str = "ivan") -> Any:
    pupil = cast.pupils["olya"].pk
    return client_of(who).post(page_of(cast), {f"mark-{pupil}": value, f"rev-{pupil}": str(rev)})


def note(cast: Cast, client_of: Any, who: str, **changed: str) -> Any:
    body = {
        "pupil": str(cast.pupils["olya"].pk), "day": TODAY.isoformat(), "value": "образцовое",
        "comment": "помогла младшим",
    } | changed  # fmt: skip
    return client_of(who).post(page_of(cast, "journal:behaviour_note"), body)


@pytest.mark.parametrize("who", ["ivan", "maria", "nina", "head"])
def test_while_it_is_off_there_is_no_such_page(cast: Cast, client_of: Any, who: str) -> None:
    assert client_of(who).get(page_of(cast)).status_code == 404
    assert note(cast, client_of, who).status_code == 404
    assert client_of(who).get(reverse("journal:behaviours")).status_code == 404
    links = words(client_of(who).get(reverse("journal:day"), follow=True))
    assert "Поведение" not in links


def test_it_may_be_on_for_other_grades_only(cast: Cast, client_of: Any) -> None:
    switch_on(cast, behaviour_grade_from=8)
    assert client_of("ivan").get(page_of(cast)).status_code == 404


@pytest.mark.parametrize(
    ("scale", "value"), [("levels", "образцовое"), ("pass_fail", "зачёт"), ("five", "5")]
)
def test_the_class_teacher_marks_the_period_and_the_family_reads_it(
    cast: Cast, client_of: Any, scale: str, value: str
) -> None:
    switch_on(cast, scale)
    assert mark(cast, client_of, value).status_code == 302
    found = BehaviourMark.objects.get(pupil=cast.pupils["olya"], day=None)
    assert (found.value, found.rev, found.period) == (value, 1, cast.quarter)
    finals = reverse("diary:finals", args=[cast.pupils["olya"].pk])
    page = words(client_of("olya_mother").get(finals))
    assert "II четверть" in page
    assert value in page
    Setting.objects.filter(key="behaviour_scale").delete()
    assert "behaviour-title" not in words(client_of("olya_mother").get(finals))


def test_who_came_second_sees_the_first_s_mark(cast: Cast, client_of: Any) -> None:
    switch_on(cast)
    mark(cast, client_of, "образцовое")
    answer = mark(cast, client_of, "неудовлетворительное", rev=0)
    assert answer.status_code == 422
    assert "изменил другой" in words(answer)
    assert BehaviourMark.objects.get().value == "образцовое"
    assert mark(cast, client_of, "", rev=1).status_code == 302
    assert not BehaviourMark.objects.exists()


def test_any_teacher_of_the_class_notes_a_case_and_sees_her_own(cast: Cast, client_of: Any) -> None:
    switch_on(cast)
    assert note(cast, client_of, "maria").status_code == 302
    assert note(cast, client_of, "svetlana", comment="опоздала после звонка").status_code == 302
    assert "Поведение" in words(client_of("maria").get(reverse("journal:day")))
    assert "7А" in words(client_of("maria").get(reverse("journal:behaviours")))
    seen = words(client_of("maria").get(page_of(cast)))
    assert "помогла младшим" in seen
    assert "опоздала после звонка" not in seen
    assert mark(cast, client_of, "образцовое", who="maria").status_code == 403
    everything = words(client_of("ivan").get(page_of(cast)))
    assert "помогла младшим" in everything
    assert "опоздала после звонка" in everything
    finals = reverse("diary:finals", args=[cast.pupils["olya"].pk])
    assert "18 ноября: образцовое, помогла младшим" in words(client_of("olya_mother").get(finals))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"day": "2026-11-19"}, "не позже сегодняшнего дня"),
        ({"value": "5"}, "Выберите корректный вариант"),
        ({"comment": ""}, "Обязательное поле"),
    ],
)
def test_a_note_that_cannot_be_is_refused(
    cast: Cast, client_of: Any, changed: dict[str, str], sentence: str
) -> None:
    switch_on(cast)
    answer = note(cast, client_of, "maria", **changed)
    assert answer.status_code == 422
    assert sentence in words(answer)


def test_a_note_is_taken_away_by_its_author_or_the_class_teacher(
    cast: Cast, client_of: Any
) -> None:
    switch_on(cast)
    note(cast, client_of, "maria", day=date(2026, 11, 17).isoformat())
    url = reverse("journal:behaviour_note_remove", args=[BehaviourMark.objects.get().pk])
    assert client_of("svetlana").post(url).status_code == 404
    assert client_of("nina").post(url).status_code == 403
    assert client_of("ivan").post(url).status_code == 302
    assert not BehaviourMark.objects.exists()


def test_a_closed_year_keeps_its_notes(cast: Cast, client_of: Any) -> None:
    switch_on(cast)
    note(cast, client_of, "maria", day=date(2026, 11, 17).isoformat())
    SchoolYear.objects.filter(school=cast.school).update(
        closed_at=NOW, closed_by=cast.users["head"]
    )
    url = reverse("journal:behaviour_note_remove", args=[BehaviourMark.objects.get().pk])
    assert client_of("ivan").post(url).status_code == 409
    assert BehaviourMark.objects.exists()


def test_a_revision_of_thousands_of_digits_is_none(cast: Cast, client_of: Any) -> None:
    switch_on(cast)
    pupil = cast.pupils["olya"].pk
    sent = {f"mark-{pupil}": "good", f"rev-{pupil}": "9" * 5000}
    assert client_of("ivan").post(page_of(cast), sent).status_code in {302, 422}


def test_strangers_do_not_find_it(cast: Cast, client_of: Any) -> None:
    switch_on(cast)
    assert client_of("stranger").get(page_of(cast)).status_code == 404
    assert client_of("olya_mother").get(page_of(cast)).status_code == 404
    assert client_of("nina").get(page_of(cast)).status_code == 200

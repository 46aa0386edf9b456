"""Teachers' recommendations (T2c): to whom, «Прочитано», history, taking back."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from common.errors import Forbidden
from diary.actions.advice import read_recommendation, recommend, take_back
from diary.errors_words import AlreadyWithdrawn, BrokenWords
from diary.models import Recommendation, RecommendationReading
from tests.cast import NOW, Cast
from tests.diary.test_announcements import unread

Browser = Callable[[str], Client]
TEXT = "Повторите признаки делимости: № 120–125."


def advise(cast: Cast, *pupils: str, who: str = "maria", course: str = "algebra") -> UUID:
    chosen = {cast.pupils[name].pk for name in pupils}
    return recommend(
        by=cast.user(who), course=cast.courses[course], pupils=chosen, text=TEXT, now=NOW
    )


def shelf(cast: Cast, pupil: str = "olya") -> str:
    return reverse("diary:recommendations", args=[cast.pupils[pupil].pk])


def press(cast: Cast, row: Recommendation) -> str:
    return reverse("diary:recommendation_read", args=[row.pupil_id, row.pk])


@pytest.mark.clause("T2c")
def test_a_teacher_writes_to_several_and_each_family_sees_its_own(
    cast: Cast, client_of: Browser
) -> None:
    maria = client_of("maria")
    where = reverse("desk:recommend", args=[cast.courses["algebra"].pk])
    pupils = [str(cast.pupils[name].pk) for name in ("olya", "petya")]
    answer = maria.post(where, {"text": TEXT, "pupils": pupils}, follow=True).content.decode()
    assert "Ёлкина Оля" in answer
    assert "Петров Пётр" in answer
    for who, pupil in (("olya_mother", "olya"), ("olya", "olya"), ("petya_father", "petya")):
        page = client_of(who).get(shelf(cast, pupil)).content.decode()
        assert TEXT in page
        assert "Алгебра" in page
        assert "Кузнецова М. П." in page
        assert "Прочитано" in page
    assert TEXT not in client_of("olya_mother").get(shelf(cast, "kolya")).content.decode()
    assert unread(cast, "olya_mother", "olya") == 1


@pytest.mark.clause("T2c")
def test_the_family_marks_as_read_and_the_teacher_sees_who(cast: Cast, client_of: Browser) -> None:
    batch = advise(cast, "olya")
    row = Recommendation.objects.get()
    mother = client_of("olya_mother")
    for _ in range(2):
        page = mother.post(press(cast, row), follow=True).content.decode()
    assert "Прочитали:" in page
    assert RecommendationReading.objects.count() == 1
    assert unread(cast, "olya_mother", "olya") == 0
    assert unread(cast, "olya_father", "olya") == 1
    for who in ("maria", "ivan", "nina"):
        seen = client_of(who).get(reverse("desk:recommendation", args=[batch]))
        assert "Ёлкина О. В., 18\xa0ноября в\xa012:30" in seen.content.decode(), who


@pytest.mark.parametrize(
    ("who", "status"), [("ivan", 403), ("head", 403), ("maria", 404), ("petya_father", 404)]
)
def test_only_the_family_presses(cast: Cast, client_of: Browser, who: str, status: int) -> None:
    advise(cast, "olya")
    row = Recommendation.objects.get()
    assert client_of(who).post(press(cast, row)).status_code == status
    with pytest.raises(Forbidden):
        read_recommendation(by=cast.user(who), recommendation=row, now=NOW)
    assert not RecommendationReading.objects.exists()


@pytest.mark.parametrize("who", ["ivan", "svetlana", "nina", "olya_mother", "stranger"])
def test_only_the_teacher_of_the_group_writes(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        advise(cast, "olya", who=who)


@pytest.mark.parametrize(
    ("pupils", "text", "field"), [([], TEXT, "pupils"), (["kolya"], TEXT, "pupils"), (["olya"], " ", "text"),
                                  (["olya"], "я" * 2001, "text")]
)  # fmt: skip
def test_what_is_refused(cast: Cast, pupils: list[str], text: str, field: str) -> None:
    with pytest.raises(BrokenWords) as refused:
        recommend(
            by=cast.user("maria"), course=cast.courses["algebra"],
            pupils={cast.pupils[name].pk for name in pupils}, text=text, now=NOW,
        )  # fmt: skip
    assert refused.value.field == field


def test_taking_back_leaves_a_trace(cast: Cast, client_of: Browser) -> None:
    batch = advise(cast, "olya", "petya")
    row = Recommendation.objects.filter(pupil=cast.pupils["olya"]).get()
    for who in ("svetlana", "ivan"):
        with pytest.raises(Forbidden):
            take_back(by=cast.user(who), batch=batch, now=NOW)
    maria = client_of("maria")
    maria.post(reverse("desk:recommendation_take_back", args=[batch]))
    assert TEXT not in client_of("olya_mother").get(shelf(cast)).content.decode()
    assert unread(cast, "olya_mother", "olya") == 0
    assert "отозвана" in maria.get(reverse("desk:recommendation", args=[batch])).content.decode()
    with pytest.raises(AlreadyWithdrawn):
        take_back(by=cast.user("maria"), batch=batch, now=NOW)
    row.refresh_from_db()
    with pytest.raises(AlreadyWithdrawn):
        read_recommendation(by=cast.user("olya_mother"), recommendation=row, now=NOW)


def test_the_journal_leads_to_writing(cast: Cast, client_of: Browser) -> None:
    course = cast.courses["algebra"].pk
    page = client_of("maria").get(reverse("journal:course_topics", args=[course])).content.decode()
    assert reverse("desk:recommend", args=[course]) in page


def test_namesakes_are_told_apart_where_a_family_is_written_to(
    cast: Cast, client_of: Browser
) -> None:
    for name, middle in (("olya", "Ильинична"), ("petya", "Николаевна")):
        person = cast.people[name]
        person.last_name, person.first_name, person.middle_name = "Вокуева", "Галина", middle
        person.save()
    where = reverse("desk:recommend", args=[cast.courses["algebra"].pk])
    announcing = reverse("desk:announce")
    for who, address in (("maria", where), ("ivan", announcing)):
        page = client_of(who).get(address).content.decode()
        assert "Вокуева Галина Ильинична" in page
        assert "Вокуева Галина Николаевна" in page
    batch = advise(cast, "olya")
    told = client_of("maria").get(reverse("desk:recommendation", args=[batch])).content.decode()
    assert "Вокуева Галина Ильинична" in told

"""What a family sets: whether and when a digest comes, what it tells, and when nobody is disturbed."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from notifications import actions
from notifications.models import OutboxMessage, Preference
from notifications.wishes import Wish, wishes_of
from people.scope import scope
from tests.cast import NOW, TODAY, Cast
from tests.diary.test_week import give

FORM = {
    "digest": "evening", "digest_at": "20", "events": ["marks", "finals"], "quiet_from": "22:00",
    "quiet_until": "06:30",
}  # fmt: skip


def test_a_guardian_sets_her_wish_and_sees_it(cast: Cast, client_of: Any) -> None:
    mother = client_of("olya_mother")
    page = mother.get("/diary/settings/").content.decode()
    assert "olya_mother@example.org" in page
    assert mother.post("/diary/settings/", FORM).status_code == 302
    row = Preference.objects.get(person=cast.people["olya_mother"])
    assert wishes_of([row.person_id])[row.person_id] == Wish(
        "evening", time(20), ("marks", "finals"), time(22), time(6, 30)
    )
    page = mother.get("/diary/settings/").content.decode()
    assert 'value="22:00"' in page
    mother.post("/diary/settings/", FORM | {"digest": "never"})
    assert Preference.objects.get(person=cast.people["olya_mother"]).digest == "never"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"events": []}, "Отметьте, о чём сообщать"),
        ({"quiet_until": "22:00"}, "Начало и конец тихих часов совпадают"),
        ({"quiet_from": "25:99"}, "Введите правильное время"),
        ({"digest_at": "3"}, "Выберите корректный вариант"),
    ],
)
def test_a_wrong_wish_is_refused_in_words_and_kept(
    cast: Cast, client_of: Any, wrong: dict[str, Any], says: str
) -> None:
    answer = client_of("olya_mother").post("/diary/settings/", FORM | wrong)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert 'value="06:30"' in answer.content.decode() or "quiet_until" in wrong
    assert not Preference.objects.exists()


def test_staff_have_no_settings_of_a_family(client_of: Any) -> None:
    assert client_of("maria").get("/diary/settings/").status_code == 404


@pytest.mark.parametrize(
    ("wish", "planned", "goes"),
    [
        (Wish(), "19:03", "18 19:03"),
        (Wish(digest_at=time(20)), "19:03", "18 20:00"),
        (Wish(digest_at=time(7)), "19:03", "19 07:00"),
        (Wish(digest_at=time(21)), "19:03", "19 07:00"),  # quiet begins at 21:00
        (Wish(digest_at=time(21), quiet_from=time(22)), "19:03", "18 21:00"),
        (Wish(), "23:10", "19 07:00"),  # the planning was late: nobody is woken
    ],
)
def test_the_hour_of_a_digest(cast: Cast, wish: Wish, planned: str, goes: str) -> None:
    zone = cast.school.zone
    now = datetime.combine(TODAY, time.fromisoformat(planned), tzinfo=zone)
    found = wish.hour_of_digest(TODAY, now=now, zone=zone)
    assert f"{found:%d %H:%M}" == goes


def test_the_size_of_the_text_stays_with_the_browser(client_of: Any) -> None:
    mother = client_of("olya_mother")
    mother.post("/diary/settings/text/", {"size": "huge"})
    assert 'data-ed-text="huge"' in mother.get("/diary/settings/").content.decode()
    mother.post("/diary/settings/text/", {"size": '"><script>'})
    assert 'data-ed-text="huge"' in mother.get("/diary/settings/").content.decode()
    mother.cookies["text-size"] = '"><script>'
    assert "data-ed-text" not in mother.get("/diary/settings/").content.decode()
    mother.post("/diary/settings/text/", {"size": ""})
    assert "data-ed-text" not in mother.get("/diary/settings/").content.decode()


def test_a_digest_tells_what_was_asked_for_at_the_hour_that_was_asked(
    cast: Cast, evening: datetime
) -> None:
    give(cast, "olya", cast.lesson("algebra"), "5")
    cast.lesson("russian").homework.create(
        school=cast.school, year=2026, due_day=TODAY + timedelta(days=1), text="Упр. 214",
        set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip
    mother, father = cast.people["olya_mother"], cast.people["petya_father"]
    for person, wish in (
        (mother, {"events": ["homework"], "digest_at": time(20)}),
        (father, {"digest": "never"}),
    ):
        Preference.objects.create(person=person, school=cast.school, set_at=NOW, **wish)
    with scope([cast.school.pk]):
        actions.plan_digest(school=cast.school, now=evening)
    letter = OutboxMessage.objects.get(recipient=mother)
    assert letter.not_before.astimezone(cast.school.zone).time() == time(20)
    assert all(child["marks"] == [] for child in letter.data["children"])
    assert any(child["homework"] for child in letter.data["children"])
    assert not OutboxMessage.objects.filter(recipient=father).exists()

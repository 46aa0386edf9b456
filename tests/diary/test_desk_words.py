"""The staff write to families: who may, to whom, who has read, and taking it back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.errors import Forbidden
from diary.actions.words import Addressee, Words, announce, revise, withdraw
from diary.errors_words import AlreadyWithdrawn, BrokenWords
from diary.models import Announcement, AnnouncementReading
from people.models import Guardianship
from tests.cast import NOW, SEPTEMBER, TODAY, Cast
from tests.diary.test_announcements import board, one, unread
from tests.diary.words import announcement

Browser = Callable[[str], Client]
WORDS = Words("Собрание", "В 18:00", TODAY, TODAY + timedelta(days=3))


def sent(cast: Cast, **more: Any) -> dict[str, Any]:
    days = {"since": TODAY.isoformat(), "until": (TODAY + timedelta(days=3)).isoformat()}
    return {
        "whom": "classes",
        "classes": [str(cast.classes["7А"].pk)],
        "title": "Собрание",
        **days,
        **more,
    }


def to_class(cast: Cast, name: str = "7А") -> Addressee:
    return Addressee(cast.school, school_class=cast.classes[name])


@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        ("ivan", "class", True), ("ivan", "pupil", True), ("ivan", "school", False), ("ivan", "5Б", False),
        ("ivan", "kolya", False), ("nina", "class", True), ("nina", "school", True), ("head", "school", True),
        ("nina", "pupil", False), ("maria", "class", False), ("secretary", "school", False),
        ("branch_head", "school", False), ("olya_mother", "class", False), ("admin", "school", False),
        ("other_head", "school", False), ("stranger", "class", False),
    ],
)  # fmt: skip
def test_who_may_write_to_whom(cast: Cast, who: str, whom: str, may: bool) -> None:
    to = {
        "class": to_class(cast), "5Б": to_class(cast, "5Б"), "school": Addressee(cast.school),
        "pupil": Addressee(cast.school, pupil=cast.pupils["olya"]),
        "kolya": Addressee(cast.school, pupil=cast.pupils["kolya"]),
    }[whom]  # fmt: skip
    if may:
        assert announce(by=cast.user(who), to=[to], words=WORDS, now=NOW)
    else:
        with pytest.raises(Forbidden):
            announce(by=cast.user(who), to=[to], words=WORDS, now=NOW)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (Words("  ", "", TODAY, TODAY), "title"),
        (Words("А", "", TODAY - timedelta(days=1), TODAY), "since"),
        (Words("А", "", TODAY, TODAY - timedelta(days=1)), "until"),
        (Words("А", "", TODAY, TODAY + timedelta(days=400)), "until"),
    ],
)
def test_words_that_cannot_stand_are_refused(cast: Cast, words: Words, field: str) -> None:
    with pytest.raises(BrokenWords) as refused:
        announce(by=cast.user("nina"), to=[Addressee(cast.school)], words=words, now=NOW)
    assert refused.value.field == field


def test_the_class_teacher_writes_and_sees_who_has_read(cast: Cast, client_of: Browser) -> None:
    ivan = client_of("ivan")
    answer = ivan.post(reverse("desk:announce"), sent(cast), follow=True)
    row = Announcement.objects.get()
    assert "не прочитано" in answer.content.decode()
    client_of("olya_mother").get(one(cast, row))
    page = ivan.get(reverse("desk:announcement", args=[row.pk])).content.decode()
    assert "Ёлкина О. В., 18\xa0ноября в\xa012:30" in page
    assert "1 из 4\xa0семей" in page
    assert "1 из 4" in ivan.get(reverse("desk:announcements")).content.decode()


def test_the_head_writes_to_several_classes_at_once(cast: Cast, client_of: Browser) -> None:
    both = [str(cast.classes[name].pk) for name in ("7А", "5Б")]
    client_of("nina").post(reverse("desk:announce"), sent(cast, classes=both))
    assert {str(row.school_class) for row in Announcement.objects.all()} == {"7А", "5Б"}
    assert (unread(cast, "olya_mother", "olya"), unread(cast, "olya_mother", "kolya")) == (1, 1)


def test_a_note_is_for_one_family(cast: Cast, client_of: Browser) -> None:
    ivan = client_of("ivan")
    form = ivan.get(f"{reverse('desk:announce')}?pupil={cast.pupils['petya'].pk}").content.decode()
    assert f'<option value="{cast.pupils["petya"].pk}" selected' in form
    note = sent(cast, whom="pupil", pupil=str(cast.pupils["petya"].pk), title="Забыл форму")
    assert ivan.post(reverse("desk:announce"), note).status_code == 302
    assert (
        "Запись классного руководителя"
        in client_of("petya_father").get(board(cast, "petya")).content.decode()
    )
    assert "Забыл форму" not in client_of("olya_mother").get(board(cast)).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"classes": []}, {"title": ""}, {"whom": "pupil"}, {"whom": "school"}]
)
def test_a_broken_form_comes_back_with_words(
    cast: Cast, client_of: Browser, wrong: dict[str, Any]
) -> None:
    answer = client_of("ivan").post(reverse("desk:announce"), sent(cast, **wrong))
    assert answer.status_code == 422
    assert not Announcement.objects.exists()


def test_changed_words_are_unread_again_and_changed_days_are_not(cast: Cast) -> None:
    row = announcement(cast, "Собрание", of="7А", author="ivan")
    AnnouncementReading.objects.create(
        school=cast.school, announcement=row, person=cast.people["olya_mother"], read_at=NOW
    )
    later = Words("Собрание", "", TODAY, TODAY + timedelta(days=20))
    revise(by=cast.user("ivan"), announcement=row, words=later, now=NOW)
    assert unread(cast, "olya_mother", "olya") == 0
    revise(by=cast.user("ivan"), announcement=row, words=WORDS, now=NOW)
    assert unread(cast, "olya_mother", "olya") == 1


def test_only_the_author_changes_and_the_head_may_take_it_down(
    cast: Cast, client_of: Browser
) -> None:
    row = announcement(cast, "Собрание", of="7А", author="ivan")
    with pytest.raises(Forbidden):
        revise(by=cast.user("nina"), announcement=row, words=WORDS, now=NOW)
    with pytest.raises(Forbidden):
        withdraw(by=cast.user("maria"), announcement=row, now=NOW)
    assert (
        "Изменить"
        not in client_of("nina").get(reverse("desk:announcement", args=[row.pk])).content.decode()
    )
    withdraw(by=cast.user("nina"), announcement=row, now=NOW)
    assert unread(cast, "olya_mother", "olya") == 0
    with pytest.raises(AlreadyWithdrawn):
        revise(by=cast.user("ivan"), announcement=row, words=WORDS, now=NOW)
    page = client_of("ivan").get(reverse("desk:announcement", args=[row.pk])).content.decode()
    assert "снято" in page


def test_a_class_teacher_does_not_see_words_to_another_class(
    cast: Cast, client_of: Browser
) -> None:
    row = announcement(cast, "Пятому", of="5Б")
    assert client_of("ivan").get(reverse("desk:announcement", args=[row.pk])).status_code == 404
    assert "Пятому" not in client_of("ivan").get(reverse("desk:announcements")).content.decode()


def test_a_teacher_who_is_a_parent_is_not_told_which_families_read(
    cast: Cast, client_of: Browser
) -> None:
    row = announcement(cast, "Пятому", of="5Б")
    for name in ("ivan", "maria"):
        Guardianship.objects.create(
            school=cast.school, guardian=cast.people[name], pupil=cast.pupils["kolya"], kind="parent",
            ground="Свидетельство о рождении", since=SEPTEMBER, open_from=SEPTEMBER,
        )  # fmt: skip
        client = client_of(name)
        assert client.get(one(cast, row, "kolya")).status_code == 200
        page = client.get(reverse("desk:announcement", args=[row.pk]))
        assert page.status_code == 404
    assert "Пятому" not in client_of("ivan").get(reverse("desk:announcements")).content.decode()

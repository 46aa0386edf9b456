"""The portfolio (G3.1b): the family adds, the class teacher confirms, a guardian says who sees."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from common.errors import Forbidden
from diary.actions.portfolio import (
    Entry,
    add_achievement,
    check_achievement,
    edit_achievement,
    remove_achievement,
    show_achievement,
)
from diary.clauses_school import portfolios_are_kept
from diary.errors_portfolio import (
    AlreadyChecked,
    AlreadyConfirmed,
    AlreadyRemoved,
    BrokenAchievement,
    OnlyGuardian,
)
from diary.models import Achievement, AchievementKind, AchievementLevel, AchievementState, Audience
from regulation.registry import State
from tests.cast import NOW, TODAY, Cast
from tests.printouts.papers import errors_of_accessibility, is_sound, text_of

Browser = Callable[[str], Client]
ENTRY = Entry(
    AchievementKind.OLYMPIAD, AchievementLevel.MUNICIPAL, "Олимпиада по математике", "призёр", TODAY
)
SENT = {
    "kind": "olympiad", "level": "municipal", "title": "Олимпиада по математике", "outcome": "призёр",
    "day": TODAY.isoformat(),
}  # fmt: skip


def added(cast: Cast, who: str = "olya", **more: Any) -> Achievement:
    return add_achievement(
        by=cast.user(who), pupil=cast.pupils["olya"], entry=ENTRY, now=NOW, **more
    )


def confirmed(cast: Cast, audience: Audience = Audience.CLASS_TEACHER) -> Achievement:
    row = added(cast, who="olya_mother", audience=audience)
    check_achievement(
        by=cast.user("ivan"), achievement=row, seen=row.stamp, is_confirmed=True, remark="", now=NOW
    )
    row.refresh_from_db()
    return row


def page(cast: Cast, name: str = "portfolio", *more: Any) -> str:
    return reverse(f"diary:{name}", args=[cast.pupils["olya"].pk, *more])


@pytest.mark.clause("G3.1b")
def test_the_family_adds_with_a_document_and_the_class_teacher_confirms(
    cast: Cast, client_of: Browser
) -> None:
    pupil, ivan = client_of("olya"), client_of("ivan")
    document = SimpleUploadedFile("грамота.pdf", b"%PDF-1.7 text %%EOF", "application/pdf")
    answer = pupil.post(page(cast, "achievement_new"), {**SENT, "file": document}, follow=True)
    assert "ждёт подтверждения" in answer.content.decode()
    row = Achievement.objects.get()
    assert (row.file_name, row.audience, row.pupil_id) == (
        "грамота.pdf", "class", cast.pupils["olya"].pk,
    )  # fmt: skip
    of_class = ivan.get(reverse("desk:portfolio", args=[cast.classes["7А"].pk])).content.decode()
    assert "Ждут подтверждения" in of_class
    where, seen = reverse("desk:achievement", args=[row.pk]), {"seen": row.stamp}
    assert "грамота.pdf" in ivan.get(where).content.decode()
    assert b"%PDF" in b"".join(ivan.get(reverse("desk:achievement_file", args=[row.pk])))
    assert (
        "Подтверждено." in ivan.post(where, seen | {"do": "confirm"}, follow=True).content.decode()
    )
    assert "подтверждено" in client_of("olya_mother").get(page(cast)).content.decode()
    assert b"%PDF" in b"".join(pupil.get(page(cast, "achievement_file", row.pk)))


@pytest.mark.clause("G3.1b")
def test_declined_with_a_remark_is_mended_and_waits_again(cast: Cast, client_of: Browser) -> None:
    row, ivan = added(cast), client_of("ivan")
    where, seen = reverse("desk:achievement", args=[row.pk]), {"seen": row.stamp}
    assert ivan.post(where, seen | {"do": "decline"}).status_code == 422
    ivan.post(where, seen | {"do": "decline", "remark": "Приложите грамоту"})
    mother = client_of("olya_mother")
    one = page(cast, "achievement", row.pk)
    assert "Приложите грамоту" in mother.get(one).content.decode()
    assert mother.post(one, {**SENT, "title": "Олимпиада, II тур"}).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.state, row.remark) == ("Олимпиада, II тур", "waiting", "")


def test_what_is_confirmed_stays(cast: Cast) -> None:
    row = confirmed(cast)
    with pytest.raises(AlreadyConfirmed):
        edit_achievement(by=cast.user("olya"), achievement=row, entry=ENTRY, now=NOW)
    with pytest.raises(AlreadyConfirmed):
        remove_achievement(by=cast.user("olya_mother"), achievement=row)
    with pytest.raises(AlreadyChecked):
        check_achievement(
            by=cast.user("ivan"),
            achievement=row,
            seen=row.stamp,
            is_confirmed=False,
            remark="нет",
            now=NOW,
        )


def test_what_was_changed_meanwhile_is_looked_at_again(cast: Cast, client_of: Browser) -> None:
    row = added(cast)
    where = reverse("desk:achievement", args=[row.pk])
    page = client_of("ivan").get(where).content.decode()
    sent = {"seen": row.stamp, "do": "confirm", "remark": ""}
    assert f'value="{row.stamp}"' in page
    other = replace(ENTRY, title="Другая олимпиада")
    edit_achievement(by=cast.user("olya"), achievement=row, entry=other, now=NOW)
    refused = client_of("ivan").post(where, sent)
    row.refresh_from_db()
    assert (refused.status_code, row.state) == (409, AchievementState.WAITING)
    assert "Семья изменила достижение" in refused.content.decode()
    client_of("ivan").post(where, sent | {"seen": row.stamp})
    row.refresh_from_db()
    assert row.state == AchievementState.CONFIRMED


def test_what_was_removed_meanwhile_is_refused_with_a_sentence(cast: Cast) -> None:
    row = added(cast)
    remove_achievement(by=cast.user("olya_mother"), achievement=row)
    with pytest.raises(AlreadyRemoved):
        remove_achievement(by=cast.user("olya"), achievement=row)


def test_what_waits_is_removed_by_the_family(cast: Cast, client_of: Browser) -> None:
    row = added(cast)
    assert (
        client_of("olya_mother").post(page(cast, "achievement_remove", row.pk)).status_code == 302
    )
    assert not Achievement.objects.exists()


def test_no_document_outlives_its_achievement_or_its_successor(
    cast: Cast, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    def document() -> SimpleUploadedFile:
        return SimpleUploadedFile("грамота.pdf", b"%PDF-1.7 text %%EOF", "application/pdf")

    by = cast.user("olya")
    row = added(cast, upload=document())
    first = media / str(row.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        row = edit_achievement(by=by, achievement=row, entry=ENTRY, upload=document(), now=NOW)
    second = media / str(row.file.name)
    assert (first.exists(), second.exists()) == (False, True)
    with django_capture_on_commit_callbacks(execute=True):
        remove_achievement(by=by, achievement=row)
    assert not second.exists()


@pytest.mark.clause("G3.1b")
@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("state", [AchievementState.WAITING, AchievementState.CONFIRMED])
def test_everybody_sees_what_the_audience_allows(
    cast: Cast, client_of: Browser, audience: Audience, state: AchievementState
) -> None:
    row = added(cast, who="olya_mother", audience=audience)
    if state == AchievementState.CONFIRMED:
        check_achievement(
            by=cast.user("ivan"),
            achievement=row,
            seen=row.stamp,
            is_confirmed=True,
            remark="",
            now=NOW,
        )
    sees = {
        who
        for who in (
            "maria",
            "svetlana",
            "ivan",
            "nina",
            "head",
            "secretary",
            "branch_head",
            "stranger",
        )
        if client_of(who).get(reverse("desk:achievement", args=[row.pk])).status_code == 200
    }
    listed = {
        who
        for who in ("maria", "svetlana", "ivan", "nina", "head")
        if row.title in client_of(who).get(reverse("desk:portfolios")).content.decode()
    }
    wanted = {"ivan"}
    if state == AchievementState.CONFIRMED and audience != Audience.CLASS_TEACHER:
        wanted |= {"maria", "svetlana"}
    if state == AchievementState.CONFIRMED and audience == Audience.SCHOOL:
        wanted |= {"nina", "head"}
    assert sees == listed == wanted
    shown = row.title in client_of("nina").get(page(cast)).content.decode()
    assert shown == ("nina" in wanted)


@pytest.mark.clause("G3.1b")
def test_a_guardian_alone_shows_it_to_more_people(cast: Cast, client_of: Browser) -> None:
    row = confirmed(cast)
    where = page(cast, "achievement_audience", row.pk)
    assert client_of("olya").post(where, {"audience": "school"}).status_code == 403
    with pytest.raises(OnlyGuardian):
        show_achievement(by=cast.user("olya"), achievement=row, audience=Audience.TEACHERS)
    with pytest.raises(OnlyGuardian):
        added(cast, who="olya", audience=Audience.SCHOOL)
    client_of("olya_mother").post(where, {"audience": "school"})
    row.refresh_from_db()
    assert row.audience == "school"
    client_of("olya").post(where, {"audience": "class"})
    row.refresh_from_db()
    assert row.audience == "class"


@pytest.mark.parametrize("who", ["ivan", "maria", "nina", "petya_father", "stranger", "no_consent"])
def test_others_neither_add_nor_change(cast: Cast, who: str) -> None:
    row = added(cast)
    user = cast.user(who)
    with pytest.raises(Forbidden):
        added(cast, who=who)
    with pytest.raises(Forbidden):
        edit_achievement(by=user, achievement=row, entry=ENTRY, now=NOW)
    with pytest.raises(Forbidden):
        show_achievement(by=user, achievement=row, audience=Audience.CLASS_TEACHER)
    if who != "ivan":
        with pytest.raises(Forbidden):
            check_achievement(
                by=user, achievement=row, seen=row.stamp, is_confirmed=True, remark="", now=NOW
            )


@pytest.mark.parametrize(
    ("title", "day", "field"),
    [
        (" ", TODAY, "title"),
        ("А", TODAY + timedelta(days=1), "day"),
        ("А", date(1999, 1, 1), "day"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, title: str, day: date, field: str) -> None:
    wrong = Entry(AchievementKind.SPORT, AchievementLevel.SCHOOL, title, "", day)
    with pytest.raises(BrokenAchievement) as refused:
        add_achievement(by=cast.user("olya"), pupil=cast.pupils["olya"], entry=wrong, now=NOW)
    assert refused.value.field == field


def test_a_broken_document_comes_back_with_words(cast: Cast, client_of: Browser) -> None:
    wrong = SimpleUploadedFile("грамота.pdf", b"MZ", "application/pdf")
    answer = client_of("olya").post(page(cast, "achievement_new"), {**SENT, "file": wrong})
    assert answer.status_code == 422
    assert not Achievement.objects.exists()


@pytest.mark.clause("G3.1b")
def test_the_deputy_counts_by_class_without_seeing_what_is_not_hers(
    cast: Cast, client_of: Browser
) -> None:
    confirmed(cast)
    added(cast)
    page = client_of("nina").get(reverse("desk:portfolios")).content.decode()
    row = page[page.index("7А</a>") :].split("</tr>")[0]
    assert "Олимпиада по математике" not in page
    assert row.count('data-label="Ждут">1<') == 1
    assert row.count('data-label="Подтверждено">1<') == 1


@pytest.mark.clause("G3.1b")
def test_the_clause_breaks_when_a_family_waits_longer_than_a_week(cast: Cast) -> None:
    assert portfolios_are_kept(cast.school, now=NOW).state == State.NOT_YET_DUE
    row = added(cast)
    assert portfolios_are_kept(cast.school, now=NOW).state == State.KEPT
    later = portfolios_are_kept(cast.school, now=NOW + timedelta(days=8))
    assert later.state == State.BROKEN
    assert later.evidence[0].label == "7А"
    check_achievement(
        by=cast.user("ivan"), achievement=row, seen=row.stamp, is_confirmed=True, remark="", now=NOW
    )
    assert portfolios_are_kept(cast.school, now=NOW + timedelta(days=8)).state == State.KEPT


@pytest.mark.clause("G3.1b")
def test_the_portfolio_on_paper_holds_what_is_confirmed(cast: Cast, client_of: Browser) -> None:
    confirmed(cast)
    other = Entry(AchievementKind.SPORT, AchievementLevel.SCHOOL, "Эстафета", "", TODAY)
    add_achievement(by=cast.user("olya"), pupil=cast.pupils["olya"], entry=other, now=NOW)
    where = reverse("printouts:portfolio", args=[cast.pupils["olya"].pk])
    answer = client_of("olya_mother").get(where)
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    assert "Олимпиада по математике" in text
    assert "Эстафета" not in text
    assert "Олимпиада" not in text_of(client_of("nina").get(where).content)
    assert client_of("petya_father").get(where).status_code == 404


def test_the_paper_is_sound_and_read_aloud(cast: Cast, client_of: Browser, tmp_path: Path) -> None:
    for _ in range(2):
        confirmed(cast)
    where = reverse("printouts:portfolio", args=[cast.pupils["olya"].pk])
    file = tmp_path / "portfolio.pdf"
    file.write_bytes(client_of("olya_mother").get(where).content)
    assert errors_of_accessibility(file) == []
    assert is_sound(file)

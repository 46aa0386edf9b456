"""«С дневником ознакомлен»: by the guardian herself, and on paper by the class teacher."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import Forbidden
from diary import actions, queries
from diary.errors import EvidenceMissing, NotRepresentative, PageChanged, WeekAhead
from diary.models import Acknowledgement, Channel, Section
from people.models import Restriction
from tests.cast import MONDAY, NOW, TODAY, Cast
from tests.diary.test_pages import statements, week_url
from tests.diary.test_week import give, read

Browser = Callable[[str], Client]


def press(
    cast: Cast, who: str = "olya_mother", pupil: str = "olya", **fields: Any
) -> Acknowledgement:
    user = cast.user(who)
    given = {"section": Section.TIMETABLE, "week": MONDAY, "now": NOW} | fields
    shown = queries.week(cast.pupils[pupil], given["week"], user=user, now=NOW)
    given.setdefault("version", shown.version)
    page = actions.acknowledge(by=user, pupil_id=cast.pupils[pupil].pk, **given)
    return Acknowledgement.objects.get(
        guardian=cast.people[who], pupil=cast.pupils[pupil], section=given["section"], week=given["week"],
        version=page.version,
    )  # fmt: skip


def on_paper(cast: Cast, by: str = "ivan", **fields: Any) -> Acknowledgement:
    given = {
        "guardian": cast.people["vitya_mother"], "pupil": cast.pupils["vitya"], "sections": [Section.TIMETABLE],
        "channel": Channel.PAPER, "evidence": "корешок выписки",
    } | fields  # fmt: skip
    (made,) = actions.record_slip(
        by=cast.user(by), slip=actions.Slip(**given), week=MONDAY, now=NOW
    )
    return made


@pytest.mark.clause("K4a")
def test_acknowledgement_stores_who_when_and_what_was_seen(cast: Cast) -> None:
    mark = give(cast, "olya", cast.lesson("algebra"), "4")
    made = press(cast)
    assert (made.guardian_id, made.section, made.week, made.channel, made.at) == (
        cast.people["olya_mother"].pk, "timetable", MONDAY, "web", NOW,
    )  # fmt: skip
    assert made.seen == {f"{mark.lesson_id}:1": ["алгебра", "4"]}
    assert press(cast).pk == made.pk


@pytest.mark.clause("K4a")
def test_button_stands_in_both_sections_and_the_class_teacher_sees_it(
    cast: Cast, client_of: Browser
) -> None:
    client = client_of("olya_mother")
    for url in (week_url(cast), reverse("diary:finals", args=[cast.pupils["olya"].pk])):
        page = client.get(url)
        state = page.context["state"]
        assert "С дневником ознакомлен" in page.content.decode()
        answer = client.post(
            reverse("diary:acknowledge", args=[cast.pupils["olya"].pk]),
            {"section": state.section, "week": "2026-W47", "version": state.version},
        )
        assert answer.status_code == 302
        after = client.get(answer["Location"].split("#")[0]).content.decode()
        assert "Ознакомлены:" in after
        assert 'name="version"' not in after
    desk = client_of("ivan").get(reverse("desk:class", args=[cast.classes["7А"].pk]))
    olya = next(row for row in desk.context["rows"] if row.name == "Ёлкина Оля")
    assert [(g.name, g.is_done) for g in olya.guardians] == [
        ("Ёлкин В. П.", False),
        ("Ёлкина О. В.", True),
    ]
    assert olya.is_kept


def test_htmx_gets_the_block_alone(cast: Cast, client_of: Browser) -> None:
    client = client_of("olya_mother")
    state = client.get(week_url(cast)).context["state"]
    given = {"section": state.section, "week": "2026-W47", "version": state.version}
    url = reverse("diary:acknowledge", args=[cast.pupils["olya"].pk])
    answer = client.post(url, given, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert text.lstrip().startswith("<section")
    assert "Ознакомлены:" in text


def test_page_that_changed_meanwhile_is_shown_anew(cast: Cast, client_of: Browser) -> None:
    client = client_of("olya_mother")
    state = client.get(week_url(cast)).context["state"]
    give(cast, "olya", cast.lesson("algebra"), "2")
    given = {"section": state.section, "week": "2026-W47", "version": state.version}
    url = reverse("diary:acknowledge", args=[cast.pupils["olya"].pk])
    page = client.post(url, given, follow=True).content.decode()
    assert "появились изменения" in page
    assert not Acknowledgement.objects.exists()
    fragment = client.post(url, given, headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"] == week_url(cast)
    with pytest.raises(PageChanged):
        press(cast, version=state.version)


@pytest.mark.parametrize("who", ["olya", "ivan", "nina", "petya_father", "other_guardian"])
def test_only_a_guardian_of_the_pupil_acknowledges(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        press(cast, who)


def test_guardian_without_open_access_does_not(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        press(cast, "vitya_mother", "vitya")


def test_any_past_week_but_not_a_coming_one(cast: Cast) -> None:
    assert press(cast, week=MONDAY - timedelta(days=14)).week == MONDAY - timedelta(days=14)
    with pytest.raises(WeekAhead):
        press(cast, week=MONDAY + timedelta(days=7))


def test_mark_changed_back_can_be_acknowledged_again(cast: Cast) -> None:
    mark = give(cast, "olya", cast.lesson("algebra"), "4")
    for value in ("4", "5", "4"):
        mark.value, mark.score = value, int(value)
        mark.save()
        press(cast)
        assert not read(cast, user="olya_mother").acknowledgement.shows_button
    assert Acknowledgement.objects.count() == 3


def test_acknowledgement_costs_six_statements(cast: Cast) -> None:
    user = cast.user("olya_mother")
    assert user.identities
    version = read(cast, user="olya_mother").version
    with CaptureQueriesContext(connection) as counted:
        actions.acknowledge(
            by=user, pupil_id=cast.pupils["olya"].pk, section=Section.TIMETABLE, week=MONDAY, version=version, now=NOW
        )  # fmt: skip
    assert len(statements(counted)) <= 6, statements(counted)


@pytest.mark.clause("K4b")
def test_class_teacher_records_paper_with_its_evidence(cast: Cast) -> None:
    made = on_paper(cast)
    assert (made.channel, made.evidence, made.registered_by_id) == (
        "paper", "корешок выписки", cast.users["ivan"].pk,
    )  # fmt: skip
    with pytest.raises(EvidenceMissing):
        on_paper(cast, evidence="  ")
    with pytest.raises(EvidenceMissing):
        on_paper(cast, channel=Channel.WEB)


@pytest.mark.parametrize("by", ["maria", "svetlana", "nina", "vitya_mother", "stranger"])
def test_nobody_else_records_paper(cast: Cast, by: str) -> None:
    with pytest.raises(Forbidden):
        on_paper(cast, by)


def test_paper_is_of_a_representative_without_restriction(cast: Cast) -> None:
    with pytest.raises(NotRepresentative):
        on_paper(cast, guardian=cast.people["petya_father"])
    Restriction.objects.create(
        school=cast.school, guardianship=cast.guardianships["vitya_mother", "vitya"], act_number="2-17",
        act_date=TODAY, since=TODAY,
    )  # fmt: skip
    with pytest.raises(NotRepresentative):
        on_paper(cast)


@pytest.mark.clause("K4b")
def test_class_teacher_enters_the_slip_on_her_page(cast: Cast, client_of: Browser) -> None:
    client = client_of("ivan")
    url = reverse("desk:paper_acknowledgement", args=[cast.classes["7А"].pk]) + "?week=2026-W47"
    who = f"{cast.pupils['vitya'].pk}:{cast.people['vitya_mother'].pk}"
    assert client.get(url).status_code == 200
    given = {"guardian": who, "sections": Section.values, "channel": "message", "evidence": ""}
    refused = client.post(url, given)
    assert refused.status_code == 422
    assert "Укажите, чем подтверждено" in refused.content.decode()
    assert client.post(url, given | {"evidence": "Сферум, 18.11"}).status_code == 302
    rows = client.get(reverse("desk:class", args=[cast.classes["7А"].pk])).context["rows"]
    vitya = next(row for row in rows if row.name == "Сидоров Виктор")
    assert vitya.is_kept
    assert vitya.on_paper
    assert client_of("nina").get(url).status_code == 403


def test_desk_is_open_to_the_class_teacher_and_heads(cast: Cast, client_of: Browser) -> None:
    url = reverse("desk:class", args=[cast.classes["7А"].pk])
    names = (
        "ivan",
        "nina",
        "head",
        "svetlana",
        "maria",
        "olya_mother",
        "olya",
        "stranger",
        "admin",
    )
    assert [client_of(name).get(url).status_code for name in names] == [
        200,
        200,
        200,
        404,
        404,
        404,
        404,
        404,
        404,
    ]
    assert client_of("ivan").get(reverse("desk:home"))["Location"] == url


@pytest.mark.clause("G2.10.3")
def test_desk_tells_when_guardians_came_last(cast: Cast, client_of: Browser) -> None:
    client_of("olya_mother").get(week_url(cast))
    rows = (
        client_of("ivan").get(reverse("desk:class", args=[cast.classes["7А"].pk])).context["rows"]
    )
    father, mother = next(row for row in rows if row.name == "Ёлкина Оля").guardians
    assert father.last_visit is None
    assert mother.last_visit is not None
    assert mother.visited_this_week


def test_desk_costs_eight_statements_and_filters(cast: Cast, client_of: Browser) -> None:
    client = client_of("ivan")
    url = reverse("desk:class", args=[cast.classes["7А"].pk])
    with CaptureQueriesContext(connection) as counted:
        everybody = client.get(url).context["rows"]
    assert len(statements(counted)) <= 8, statements(counted)
    assert [row.name for row in everybody] == [
        "Ёлкина Оля",
        "Петров Пётр",
        "Сидоров Виктор",
        "Тихонов Тимур",
    ]
    paper = client.get(f"{url}?show=paper").context["rows"]
    assert [row.name for row in paper] == ["Сидоров Виктор", "Тихонов Тимур"]

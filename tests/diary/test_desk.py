"""The class teacher's desk: guardians × weeks, visits by section, and the school's board (K4a, K4b, G2.10.3)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diary import actions, queries
from diary.models import Channel, Section
from diary.pages.class_weeks import ClassWeeks, FamilyWeeks
from journal.models import Mark
from people.models import Restriction
from regulation.actions import adopt
from tests.cast import MONDAY, NOW, SEPTEMBER, TODAY, Cast
from tests.diary.test_acknowledgement import on_paper, press
from tests.diary.test_pages import statements, week_url
from tests.diary.test_week import give

Browser = Callable[[str], Client]
LAST_WEEK = MONDAY - timedelta(days=7)


def table(cast: Cast, last: date = MONDAY) -> ClassWeeks:
    return queries.class_weeks(cast.classes["7А"], last, now=NOW)


def of(found: ClassWeeks, name: str) -> FamilyWeeks:
    return next(row for row in found.rows if row.name.startswith(name))


def kinds(found: ClassWeeks, name: str, week: date = MONDAY) -> list[str]:
    place = [head.monday for head in found.weeks].index(week)
    return [guardian.cells[place].kind for guardian in of(found, name).guardians]


def both(cast: Cast, week: date = MONDAY) -> None:
    """Оля's mother acknowledges both sections of the week."""
    user, pupil = cast.user("olya_mother"), cast.pupils["olya"]
    press(cast, week=week)
    finals = queries.finals(pupil, week, user=user, now=NOW)
    press(cast, week=week, section=Section.FINALS, version=finals.version)


@pytest.mark.clause("K4a")
def test_one_guardian_suffices_and_both_sections_are_owed(cast: Cast) -> None:
    assert kinds(table(cast), "Ёлкина") == ["open", "open"]
    press(cast)
    assert kinds(table(cast), "Ёлкина") == ["open", "half"]
    both(cast)
    found = table(cast)
    assert kinds(found, "Ёлкина") == ["other", "web"]
    head = found.weeks[-1]
    assert (head.kept, head.owed, head.percent) == (1, 4, 25)


@pytest.mark.clause("K4a")
def test_sections_are_those_of_the_regulation(cast: Cast) -> None:
    adopt(
        by=None, school=cast.school, profile="k", since=SEPTEMBER,
        parameters={"acknowledgement_sections": ["timetable"]},
    )  # fmt: skip
    press(cast)
    assert kinds(table(cast), "Ёлкина") == ["other", "web"]
    row = next(r for r in queries.desk(cast.classes["7А"], MONDAY, now=NOW).rows if "Оля" in r.name)
    assert row.is_kept


@pytest.mark.clause("K4a")
def test_weeks_of_vacation_are_not_owed_and_past_ones_are(cast: Cast) -> None:
    found = table(cast)
    assert kinds(found, "Петров", LAST_WEEK) == ["late"]
    assert kinds(found, "Петров", date(2026, 10, 26)) == ["free"]
    holidays = next(head for head in found.weeks if head.monday == date(2026, 10, 26))
    assert (holidays.owed, holidays.percent) == (0, None)
    desk = queries.desk(cast.classes["7А"], date(2026, 10, 26), now=NOW)
    assert (desk.is_owed, desk.waiting) == (False, 0)


@pytest.mark.clause("K4a")
def test_a_later_change_is_told_and_never_un_keeps_the_week(cast: Cast) -> None:
    mark = give(cast, "olya", cast.lesson("algebra"), "4")
    both(cast)
    Mark.objects.filter(pk=mark.pk).update(value="5", score=5)
    found = table(cast)
    (cell,) = [g.cells[-1] for g in of(found, "Ёлкина").guardians if g.cells[-1].kind == "web"]
    assert cell.changed
    assert found.weeks[-1].kept == 1
    ((row, week, (change,)),) = found.changes
    assert (row.name, week, change.subject, change.before, change.after) == (
        "Ёлкина Оля", MONDAY, "алгебра", "4", "5",
    )  # fmt: skip
    mark.delete()
    assert table(cast).changes[0][2][0].after == ""


def test_a_changed_absence_is_told_too(cast: Cast) -> None:
    lesson = cast.lesson("algebra")
    absence = lesson.absences.create(
        year=2026, school=cast.school, pupil=cast.pupils["olya"], code="absent", set_by=cast.users["maria"], set_at=NOW
    )  # fmt: skip
    press(cast)
    assert not table(cast).changes
    absence.code = "ill"
    absence.save()
    ((_, _, (change,)),) = table(cast).changes
    assert (change.before, change.after) == ("н", "б")


@pytest.mark.clause("K4b")
def test_paper_and_messages_stand_in_the_table(cast: Cast) -> None:
    on_paper(cast)
    on_paper(cast, sections=[Section.FINALS])
    assert kinds(table(cast), "Сидоров") == ["paper"]
    pupil, guardian = cast.pupils["timur"], cast.people["no_consent"]
    slip = actions.Slip(guardian=guardian, pupil=pupil, channel=Channel.MESSAGE, evidence="Сферум")
    actions.record_slip(by=cast.user("ivan"), slip=slip, week=MONDAY, now=NOW)
    assert kinds(table(cast), "Тихонов") == ["message"]


def test_a_restricted_guardian_is_not_told_of_and_her_press_still_counts(cast: Cast) -> None:
    both(cast)
    Restriction.objects.create(
        school=cast.school, guardianship=cast.guardianships["olya_mother", "olya"], act_number="1",
        act_date=TODAY, since=TODAY,
    )  # fmt: skip
    assert kinds(table(cast), "Ёлкина") == ["other"]


def test_the_table_costs_eight_statements(cast: Cast, client_of: Browser) -> None:
    client, url = client_of("ivan"), reverse("desk:weeks", args=[cast.classes["7А"].pk])
    with CaptureQueriesContext(connection) as counted:
        page = client.get(url)
    assert page.status_code == 200
    assert len(statements(counted)) <= 8, statements(counted)
    text = page.content.decode()
    assert "Ёлкина О. В." in text
    assert "изм" in text


@pytest.mark.parametrize("part", ["weeks", "visits"])
def test_the_desk_is_seen_by_the_class_teacher_and_the_heads(
    cast: Cast, client_of: Browser, part: str
) -> None:
    url = reverse(f"desk:{part}", args=[cast.classes["7А"].pk])
    seen = {who: client_of(who).get(url).status_code for who in ("ivan", "nina", "maria", "olya")}
    assert seen == {"ivan": 200, "nina": 200, "maria": 404, "olya": 404}


@pytest.mark.clause("G2.10.3")
def test_visits_are_told_by_section_with_the_last_and_how_often(
    cast: Cast, client_of: Browser
) -> None:
    family = client_of("olya_mother")
    family.get(week_url(cast))
    family.get(reverse("diary:finals", args=[cast.pupils["olya"].pk]))
    found = queries.visits(cast.classes["7А"], now=NOW)
    mother = next(row for row in found.rows if row.guardian == "Ёлкина О. В.")
    assert set(mother.sections) == {"timetable", "finals"}
    assert (mother.days, mother.sections["timetable"].times) == (1, 1)
    assert mother.last_at is not None
    assert mother.last_at - NOW < timedelta(minutes=1)
    assert found.absent == 2  # her husband and Петя's father; who has no access is told of apart
    page = client_of("ivan").get(reverse("desk:visits", args=[cast.classes["7А"].pk]))
    assert "18\xa0ноября (1)" in page.content.decode()


@pytest.mark.clause("K4a", "K4b")
def test_the_board_tells_every_class_of_the_week(cast: Cast, client_of: Browser) -> None:
    both(cast)
    slip = actions.Slip(
        guardian=cast.people["vitya_mother"], pupil=cast.pupils["vitya"], channel=Channel.PAPER, evidence="корешок"
    )  # fmt: skip
    actions.record_slip(by=cast.user("ivan"), slip=slip, week=MONDAY, now=NOW)
    board = queries.board(cast.school, MONDAY, now=NOW)
    five, seven = board.rows
    assert (five.name, five.owed, five.kept, five.percent) == ("5Б", 1, 0, 0)
    assert (seven.name, seven.teacher, seven.owed, seven.percent) == ("7А", "Орлов И. С.", 4, 50)
    assert (seven.by_web, seven.by_paper, seven.none) == (1, 1, 2)
    assert (seven.electronic, seven.paper) == (2, 2)
    assert (board.total.owed, board.total.kept) == (5, 2)
    url = reverse("desk:school") + "?week=2026-W47"
    seen = {
        who: client_of(who).get(url).status_code for who in ("nina", "head", "ivan", "olya_mother")
    }
    assert seen == {"nina": 200, "head": 200, "ivan": 403, "olya_mother": 404}
    assert "Орлов И. С." in client_of("head").get(url).content.decode()


@pytest.mark.clause("K4a")
def test_a_week_of_vacation_is_not_asked_of_the_school(cast: Cast) -> None:
    board = queries.board(cast.school, date(2026, 10, 26), now=NOW)
    assert (board.total.owed, board.total.percent) == (0, None)

"""Unusual edits are noted with the edit; a bulk change is rolled back; a new browser is noticed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from common.errors import Forbidden
from journal import actions, queries
from journal.actions.rollback import roll_back
from journal.actions.unusual import (
    confirm_unusual,
    deny_unusual,
    is_night,
    mark_unusual_seen,
)
from journal.errors import CannotRollBack, ReasonMissing
from journal.models import Mark, Operation, UnusualEdit
from journal.norms import Norms
from journal.sheet import CellEntry, SaveAnswer
from people.models import Setting
from tests.cast import NOW, PASSWORD, SEPTEMBER, TODAY, Cast
from tests.journal.test_saving import one
from tests.journal.test_sheet import statements
from tests.journal.world import big_course

NIGHT = datetime(2026, 11, 18, 20, 30, tzinfo=UTC)  # 23:30 in Moscow


def facts(cast: Cast, who: str, course: str = "algebra") -> queries.CourseFacts:
    return queries.course_facts(cast.user(who), cast.courses[course].pk, today=TODAY)


def put(cast: Cast, who: str, entries: list[CellEntry], *, course: str = "algebra", now: Any = NOW,
        op: UUID | None = None, **more: Any) -> SaveAnswer:  # fmt: skip
    return actions.save_cells(
        by=cast.user(who), course=facts(cast, who, course), op=op or uuid4(), entries=entries, now=now, **more
    )  # fmt: skip


def entry(cast: Cast, value: str, rev: int = 0, pupil: str = "olya") -> CellEntry:
    return CellEntry(cast.pupils[pupil].pk, cast.lesson("algebra").pk, value, rev)


def bulk(cast: Cast, value: str, op: UUID | None = None) -> tuple[UUID, SaveAnswer]:
    """Change every mark of the physics lesson, of twelve pupils."""
    op = op or uuid4()
    rows = Mark.objects.order_by("pupil")
    entries = [CellEntry(m.pupil_id, m.lesson_id, value, m.rev) for m in rows]
    return op, put(cast, "ivan", entries, course="physics", op=op)


@pytest.fixture
def physics(cast: Cast) -> Cast:
    lessons = big_course(cast, pupils=12, lessons=6)
    Mark.objects.exclude(lesson=lessons[-1]).delete()
    return cast


@pytest.mark.parametrize(
    ("clock", "night"), [("22:59", False), ("23:00", True), ("02:00", True), ("05:00", False)]
)
def test_the_night_is_the_schools(clock: str, night: bool) -> None:
    moment = datetime.strptime(clock, "%H:%M").time()  # noqa: DTZ007 - a clock, not a moment
    assert is_night(moment, Norms()) is night
    assert not is_night(moment, Norms(unusual_night_from=Norms().unusual_night_until))


def test_an_edit_at_night_is_noted_once_an_hour(cast: Cast) -> None:
    put(cast, "maria", [entry(cast, "5")])
    assert not UnusualEdit.objects.exists()
    put(cast, "maria", [entry(cast, "4", pupil="petya")], now=NIGHT)
    put(cast, "maria", [entry(cast, "4", pupil="vitya")], now=NIGHT + timedelta(minutes=30))
    noted = UnusualEdit.objects.get()
    assert (noted.kind, noted.user_id, noted.at) == ("night", cast.users["maria"].pk, NIGHT)
    put(cast, "maria", [entry(cast, "4", pupil="timur")], now=NIGHT + timedelta(minutes=70))
    assert UnusualEdit.objects.count() == 2


def test_what_was_refused_is_not_noted(cast: Cast) -> None:
    put(cast, "maria", [entry(cast, "9")], now=NIGHT)
    assert not UnusualEdit.objects.exists()


def test_many_changed_marks_at_once_are_noted_and_new_ones_are_not(physics: Cast) -> None:
    changed = Mark.objects.exclude(value="3").count()
    Setting.objects.create(
        school=physics.school, key="unusual_many", value=changed, since=SEPTEMBER
    )
    _, answer = bulk(physics, "3")
    assert {cell.state for cell in answer.cells} == {"ok"}
    noted = UnusualEdit.objects.get()
    assert (noted.kind, noted.count) == ("many", changed)


def test_a_bulk_change_is_rolled_back_by_its_author(physics: Cast) -> None:
    stood = dict(Mark.objects.values_list("pupil", "value"))
    op, _ = bulk(physics, "1")
    operation = Operation.objects.get(pk=op)
    assert operation.course_id == physics.courses["physics"].pk
    assert len(operation.before) >= 10
    petya = Mark.objects.get(pupil=physics.pupils["petya"])
    since = one(
        physics, "ivan", "нзч", course="physics", rev=petya.rev, pupil="petya",
        lesson=petya.lesson_id,
    )  # fmt: skip
    assert since.state == "ok", since.message
    answer = roll_back(
        by=physics.user("ivan"),
        course=facts(physics, "ivan", "physics"),
        operation_id=op,
        reason="",
        now=NOW,
    )
    states = {cell.pupil_id: cell.state for cell in answer.cells}
    assert states.pop(physics.pupils["petya"].pk) == "conflict"
    assert set(states.values()) == {"ok"}
    now = dict(Mark.objects.values_list("pupil", "value"))
    assert now.pop(physics.pupils["petya"].pk) == "нзч"
    assert now == {pupil: value for pupil, value in stood.items() if pupil in now}
    assert AuditEvent.objects.latest("at", "id").reason.startswith("Откат записи от 18")
    with pytest.raises(CannotRollBack):
        roll_back(
            by=physics.user("ivan"),
            course=facts(physics, "ivan", "physics"),
            operation_id=op,
            reason="",
            now=NOW,
        )
    assert Operation.objects.get(pk=answer.op).before  # the rollback can be rolled back


def test_the_deputy_head_rolls_back_with_a_reason_even_after_the_window(physics: Cast) -> None:
    stood = dict(Mark.objects.values_list("pupil", "value"))
    op, _ = bulk(physics, "1")
    later = NOW + timedelta(days=20)

    def back(who: str, reason: str, now: datetime = later) -> SaveAnswer:
        user = physics.user(who)
        course = queries.course_facts(user, physics.courses["physics"].pk, today=now.date())
        return roll_back(by=user, course=course, operation_id=op, reason=reason, now=now)

    assert {cell.state for cell in back("ivan", "").cells} == {"locked"}
    with pytest.raises(ReasonMissing):
        back("nina", "")
    assert {cell.state for cell in back("nina", "Ошибка вставки").cells} == {"ok"}
    assert dict(Mark.objects.values_list("pupil", "value")) == stood


def test_a_small_save_is_not_kept_for_rollback_and_another_teacher_may_not(physics: Cast) -> None:
    op = uuid4()
    put(physics, "maria", [entry(physics, "5")], op=op)
    assert Operation.objects.get(pk=op).before is None
    with pytest.raises(CannotRollBack):
        roll_back(
            by=physics.user("maria"),
            course=facts(physics, "maria"),
            operation_id=op,
            reason="",
            now=NOW,
        )
    op, _ = bulk(physics, "1")
    course = facts(physics, "nina", "physics")
    with pytest.raises(Forbidden):
        roll_back(by=physics.user("maria"), course=course, operation_id=op, reason="нет", now=NOW)


def test_me_not_me_and_seen(cast: Cast) -> None:
    put(cast, "maria", [entry(cast, "5")], now=NIGHT)
    noted = UnusualEdit.objects.get()
    with pytest.raises(Forbidden):
        confirm_unusual(by=cast.user("ivan"), unusual=noted, now=NOW)
    with pytest.raises(Forbidden):
        mark_unusual_seen(by=cast.user("maria"), unusual=noted, now=NOW)
    mark_unusual_seen(by=cast.user("nina"), unusual=noted, now=NOW)
    denied = deny_unusual(by=cast.user("maria"), unusual=noted, now=NOW)
    assert (denied.denied_at, denied.seen_at) == (NOW, None)  # the deputy head looks again
    assert confirm_unusual(by=cast.user("maria"), unusual=denied, now=NOW).confirmed_at is None


def test_who_changes_a_password_is_the_author_not_the_deputy(cast: Cast, client_of: Any) -> None:
    own = client_of("maria").get("/journal/unusual/").content.decode()
    assert "Если это были не вы, смените пароль" in own
    control = " ".join(client_of("nina").get("/journal/unusual/").content.decode().split())
    assert "смените пароль" not in control
    assert "попросите его сменить пароль" in control


def test_a_browser_that_is_new_to_the_account_is_noticed_once(cast: Cast) -> None:
    def sign_in(client: Client) -> None:
        answer = client.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()[:500]

    def write(client: Client, pupil: str, value: str) -> None:
        cell = {"pupil": str(cast.pupils[pupil].pk), "lesson": str(cast.lesson("algebra").pk)}
        body = {"op": str(uuid4()), "cells": [cell | {"value": value, "rev": 0}]}
        address = f"/journal/{cast.courses['algebra'].pk}/cells"
        answer = client.post(address, body, content_type="application/json")
        assert answer.json()["cells"][0]["state"] == "ok"

    client = Client()
    sign_in(client)
    write(client, "olya", "5")
    write(client, "petya", "5")
    assert [noted.kind for noted in UnusualEdit.objects.all()] == ["new_device"]
    client.post("/accounts/logout/")
    sign_in(client)
    write(client, "vitya", "5")
    assert UnusualEdit.objects.count() == 1
    assert "new_device" not in client.session


@pytest.mark.parametrize("cells", [12, 36])
def test_a_bulk_change_costs_the_same_statements_whatever_its_size(
    client_of: Any, cast: Cast, cells: int
) -> None:
    lessons = big_course(cast, pupils=12, lessons=9)
    client = client_of("ivan")
    rows = Mark.objects.filter(lesson__in=lessons[-3:]).order_by("lesson", "pupil")[:cells]
    sent = [
        {"pupil": str(m.pupil_id), "lesson": str(m.lesson_id), "value": "н 1"}
        for m in rows
    ]  # fmt: skip
    page = queries.sheet(cast.user("ivan"), cast.courses["physics"].pk, None, today=TODAY)
    revs = {
        (str(row.pupil_id), str(column.lesson_id)): cell[1]
        for row in page.rows
        for column, cell in zip(page.columns, row.cells, strict=True)
    }
    for cell in sent:
        cell["rev"] = revs[cell["pupil"], cell["lesson"]]
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(
            f"/journal/{cast.courses['physics'].pk}/cells", {"op": str(uuid4()), "cells": sent},
            content_type="application/json",
        )  # fmt: skip
    assert {cell["state"] for cell in answer.json()["cells"]} == {"ok"}
    assert len(statements(seen)) <= 10, "\n".join(statements(seen))

"""Letters to the staff: a lesson was opened or refused, an edit was unusual."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from journal import actions, queries
from journal.actions.reopenings import ask_reopening, grant_reopening, refuse_reopening
from journal.actions.unusual import deny_unusual
from journal.models import UnusualEdit
from journal.sheet import CellEntry
from notifications import letters
from notifications.models import OutboxMessage
from tests.cast import NOW, TODAY, Cast

NIGHT = datetime(2026, 11, 18, 20, 30, tzinfo=UTC)


def told(cast: Cast, who: str) -> list[str]:
    rows = OutboxMessage.objects.filter(recipient=cast.people[who], template=letters.STAFF)
    return [row.data["said"] for row in rows.order_by("not_before", "pk")]


@pytest.mark.parametrize("opens", [True, False])
def test_the_teacher_is_told_what_was_decided(cast: Cast, opens: bool) -> None:
    course = queries.course_facts(cast.user("maria"), cast.courses["algebra"].pk, today=TODAY)
    lesson = cast.lesson("algebra", TODAY - timedelta(days=15)).pk
    asked = ask_reopening(
        by=cast.user("maria"), course=course, lesson_id=lesson, reason="Болела", now=NOW
    )
    if opens:
        grant_reopening(
            by=cast.user("nina"), course=course, reopening=asked, reason="Больничный", now=NOW,
            until=NOW + timedelta(hours=6),
        )  # fmt: skip
    else:
        refuse_reopening(by=cast.user("nina"), reopening=asked, reason="Отчёт сдан", now=NOW)
    (said,) = told(cast, "maria")
    assert ("18\xa0ноября, 18:30" in said) is opens
    assert ("отказано" in said) is not opens
    letter = letters.compose(letters.STAFF, OutboxMessage.objects.get().data, children=())
    assert said in letter.text
    assert "/journal/reopenings/" in letter.html


def test_an_unusual_edit_is_told_to_its_author_and_the_deputy_head_once_an_hour(
    cast: Cast,
) -> None:
    user = cast.user("maria")
    course = queries.course_facts(user, cast.courses["algebra"].pk, today=TODAY)
    other = queries.course_facts(user, cast.courses["maths5"].pk, today=TODAY)
    for facts, lesson, pupil in ((course, "algebra", "olya"), (other, "maths5", "kolya")):
        entry = CellEntry(cast.pupils[pupil].pk, cast.lesson(lesson).pk, "5", 0)
        actions.save_cells(by=user, course=facts, op=uuid4(), entries=[entry], now=NIGHT)
    assert UnusualEdit.objects.count() == 2
    (mine,), (heads,) = told(cast, "maria"), told(cast, "nina")
    assert mine.startswith("Запись ночью: Алгебра, 7А, 18\xa0ноября, 23:30")
    assert "Кузнецова" in heads
    assert told(cast, "head") == []
    deny_unusual(by=user, unusual=UnusualEdit.objects.first(), now=NIGHT)
    assert "не узнаёт запись" in told(cast, "nina")[-1]

"""A retaken work: «2 → 4» in one cell, counted by the school's rule of the day on which it is written."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from audit.models import AuditEvent
from diary import queries as diary
from journal import grading, queries
from journal.grading import CellText
from journal.models import Mark, Work
from people.models import Setting
from tests.cast import MONDAY, NOW, SEPTEMBER, TODAY, Cast
from tests.journal.test_saving import one, save

FIVE = {"5": 5, "4": 4, "3": 3, "2": 2, "1": 1, "зач": None, "нзч": None}
MARKS = st.lists(st.sampled_from([*FIVE, "."]), min_size=1, max_size=4)


@st.composite
def cells(draw: Any) -> CellText:
    marks = tuple(draw(MARKS))
    places = range(2, len(marks) + 1)
    chosen = draw(st.sets(st.sampled_from(places))) if places else set()
    retakes = frozenset(place for place in chosen if marks[place - 2] != ".")
    return CellText(draw(st.sampled_from(["", *grading.ABSENCES])), marks, retakes)


@pytest.mark.parametrize("typed", ["2>4", "2→4", "2->4", " 2 -> 4 ", "2 → 4", "2=>4"])
def test_a_retake_is_typed_as_is_handy_and_shown_one_way(typed: str) -> None:
    cell = grading.parse(typed)
    assert (cell.marks, cell.retakes, str(cell)) == (("2", "4"), frozenset({2}), "2→4")


@pytest.mark.parametrize("typed", [".", "•", "точка", " . ", "долг"])
def test_a_mark_still_owed_is_typed_as_a_dot_and_shown_heavier(typed: str) -> None:
    assert grading.parse(typed).marks == (".",)
    assert str(grading.parse(typed)) == "•"


@pytest.mark.parametrize("typed", ["2→", "→4", ">", ".>4", "2→/4", "5."])
def test_half_a_retake_is_nothing(typed: str) -> None:
    with suppress(grading.Unreadable):
        assert grading.outside(grading.parse(typed), FIVE)


@given(cells())
def test_every_cell_is_read_back_as_it_is_shown(cell: CellText) -> None:
    assert grading.parse(str(cell)) == cell
    assert grading.normalise(str(cell)) == str(cell)
    assert sum(len(chain) for chain in grading.chains(cell)) == len(cell.marks)
    assert len(grading.chains(cell)) == cell.works


@given(MARKS)
def test_the_rules_by_their_meaning(marks: list[str]) -> None:
    real = [mark for mark in marks if mark != "."]
    scores = {rule: grading.counted(marks, FIVE, rule) for rule in ("replaces", "averages", "both")}
    assert all(len(found) == len(marks) for found in scores.values())
    numbers = [FIVE[mark] for mark in real if FIVE[mark] is not None]
    assert [s for s in scores["both"] if s is not None] == numbers
    if len(real) > 1:
        assert sum(s is not None for s in scores["replaces"]) <= 1
        counted = [s for s in scores["averages"] if s is not None]
        assert bool(counted) == bool(numbers)
        if counted:
            assert abs(counted[0] - Decimal(sum(numbers)) / len(numbers)) <= Decimal("0.005")


def test_what_only_adds_and_what_corrects() -> None:
    def adds(before: str, after: str) -> bool:
        return grading.adds_only(grading.parse(before), grading.parse(after))

    assert adds("2", "2→4")
    assert adds("2/5", "2→4/5")
    assert adds("•", "4")
    assert adds("2→•", "2→4")
    assert not adds("4", "5")
    assert not adds("2→4", "2")
    assert not adds("4/5", "5/4")


@pytest.mark.parametrize(
    ("rule", "scores", "average"),
    [
        (None, [None, Decimal(4)], "4,00"),
        ("replaces", [None, Decimal(4)], "4,00"),
        ("averages", [None, Decimal(3)], "3,00"),
        ("both", [Decimal(2), Decimal(4)], "3,00"),
    ],
)
def test_a_retake_counts_by_the_schools_rule(
    cast: Cast, rule: str | None, scores: list[Decimal | None], average: str
) -> None:
    if rule:
        Setting.objects.create(school=cast.school, key="retake_rule", value=rule, since=SEPTEMBER)
    first = one(cast, "maria", "2")
    answer = save(cast, "maria", [("olya", "2>4", first.rev)])
    assert (answer.cells[0].state, answer.cells[0].value) == ("ok", "2→4")
    rows = list(Mark.objects.order_by("position"))
    assert [(m.value, m.retake, m.score) for m in rows] == [
        ("2", False, scores[0]), ("4", True, scores[1]),
    ]  # fmt: skip
    assert rows[0].set_at == NOW
    assert answer.averages[0].average == average
    assert answer.cells[0].rev == sum(m.rev for m in rows)
    page = queries.sheet(cast.user("maria"), cast.courses["algebra"].pk, None, today=TODAY)
    texts = [cell[0] for row in page.rows for cell in row.cells if cell[0]]
    assert (texts, page.rows[0].average) == (["2→4"], average)


def test_undo_gives_the_first_mark_its_number_back(cast: Cast) -> None:
    cell = one(cast, "maria", "2→4", rev=one(cast, "maria", "2").rev)
    back = one(cast, "maria", "2", rev=cell.rev)
    mark = Mark.objects.get()
    assert (back.value, mark.value, mark.score, mark.retake) == ("2", "2", 2, False)
    again = one(cast, "maria", "2→4", rev=back.rev)
    assert [m.score for m in Mark.objects.order_by("position")] == [None, 4]
    assert again.state == "ok"


def test_a_changed_rule_rewrites_nothing_of_the_past(cast: Cast) -> None:
    cell = one(cast, "maria", "2→4")
    Setting.objects.create(school=cast.school, key="retake_rule", value="both", since=SEPTEMBER)
    one(cast, "maria", "о 2→4", rev=cell.rev)
    assert [m.score for m in Mark.objects.order_by("position")] == [None, 4]
    assert AuditEvent.objects.filter(table_name="journal_mark").count() == 2


def test_a_retake_is_of_the_same_work_and_no_second_mark(cast: Cast) -> None:
    assert one(cast, "maria", "2→4/5").state == "ok"  # two works: as many as the subject allows
    assert one(cast, "maria", "2→4/5/3", pupil="petya").state == "invalid"
    assert Work.objects.count() == 1
    kind = Work.objects.get().kind
    Work.objects.create(
        school=cast.school, lesson=cast.lesson("algebra"), kind=kind, number=2, weight=kind.weight
    )
    one(cast, "maria", "2/5", pupil="petya")
    rev = sum(Mark.objects.filter(pupil=cast.pupils["petya"]).values_list("rev", flat=True))
    one(cast, "maria", "2→4/5", pupil="petya", rev=rev)
    rows = Mark.objects.filter(pupil=cast.pupils["petya"]).order_by("position")
    assert [(m.value, m.work.number) for m in rows] == [("2", 1), ("4", 1), ("5", 2)]


def test_the_database_keeps_a_retake_behind_another_mark(cast: Cast) -> None:
    one(cast, "maria", "4")
    with (
        pytest.raises(IntegrityError, match="journal_mark_retakes_one"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE journal_mark SET retake = true")


def test_the_diary_shows_both_marks_and_the_word(cast: Cast, client_of: Any) -> None:
    one(cast, "maria", "2→4")
    week = diary.week(cast.pupils["olya"], MONDAY, user=cast.user("olya_mother"), now=NOW)
    marks = [mark for lesson in week.lessons for mark in lesson.marks]
    assert [(m.value, m.shown, m.retakes) for m in marks] == [("2", "2", ""), ("4", "2→4", "2")]
    assert marks[1].given_for == "пересдача: ответ на уроке"
    page = client_of("olya_mother").get(f"/diary/{cast.pupils['olya'].pk}/week/2026-W47/")
    assert "пересдача: ответ на уроке" in page.content.decode()
    subject = next(
        s for s in diary.marks(cast.pupils["olya"], now=NOW).subjects if s.subject == "Алгебра"
    )
    assert (subject.average, [m.given_for for m in subject.marks]) == (
        Decimal("4.00"), ["ответ на уроке", "пересдача: ответ на уроке"],
    )  # fmt: skip
    assert [mark.is_replaced for mark in subject.marks] == [True, False]
    for view in ("", "?view=dates"):
        page = client_of("olya_mother").get(f"/diary/{cast.pupils['olya'].pk}/marks/{view}")
        assert "заменена пересдачей" in page.content.decode()


@pytest.mark.parametrize("rule", ["averages", "both"])
def test_the_diary_strikes_no_mark_out_where_both_count(cast: Cast, rule: str) -> None:
    Setting.objects.create(school=cast.school, key="retake_rule", value=rule, since=SEPTEMBER)
    one(cast, "maria", "2→4")
    subject = next(
        s for s in diary.marks(cast.pupils["olya"], now=NOW).subjects if s.subject == "Алгебра"
    )
    assert [mark.is_replaced for mark in subject.marks] == [False, False]


def test_the_list_and_the_panel_show_it_too(cast: Cast, client_of: Any) -> None:
    one(cast, "maria", "2→4", day=TODAY - timedelta(days=1))
    course, lesson = cast.courses["algebra"].pk, cast.lesson("algebra", TODAY - timedelta(days=1))
    client = client_of("maria")
    assert 'value="2→4"' in client.get(f"/journal/{course}/lessons/{lesson.pk}/").content.decode()
    panel = client.get(f"/journal/{course}/cell?pupil={cast.pupils['olya'].pk}&lesson={lesson.pk}")
    text = panel.content.decode()
    assert ": 2→4" in text
    assert "пересдача «4»" in text

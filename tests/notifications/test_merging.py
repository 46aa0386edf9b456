"""What became of a row over a day."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from notifications.merging import Event, compared, merged


def mark(value: str, position: int = 1, comment: str = "") -> dict[str, Any]:
    return {"value": value, "position": position, "comment": comment}


def told(*events: tuple[Any, Any]) -> tuple[list[tuple[str, str]], list[str]]:
    changes = merged((Event(*event) for event in events), lambda row: row["position"])
    cell = compared(changes)
    return [(given.row["value"], given.was) for given in cell.given], [
        row["value"] for row in cell.taken
    ]


def test_a_new_mark_is_told_as_it_stands_in_the_evening() -> None:
    assert told((None, mark("3")), (mark("3"), mark("4"))) == ([("4", "")], [])


def test_a_mark_that_was_taken_back_the_same_day_is_no_news() -> None:
    assert told((None, mark("2")), (mark("2"), None)) == ([], [])


def test_a_corrected_mark_is_told_with_what_it_was() -> None:
    assert told((mark("4"), mark("3")), (mark("3"), mark("5"))) == ([("5", "4")], [])
    assert told((mark("4"), None), (None, mark("5"))) == ([("5", "4")], [])
    assert told((mark("4"), mark("5")), (mark("5"), mark("4"))) == ([], [])


def test_a_second_mark_in_the_cell_is_new() -> None:
    assert told((None, mark("5", 2))) == ([("5", "")], [])


def test_marks_that_changed_places_are_no_news() -> None:
    assert told((mark("4", 1), None), (mark("5", 2), mark("5", 1))) == ([], ["4"])


def test_a_comment_is_news_without_an_arrow() -> None:
    assert told((mark("4"), mark("4", comment="Молодец"))) == ([("4", "")], [])


@given(st.lists(st.sampled_from(["2", "3", "4", "5", ""]), min_size=1, max_size=8))
def test_only_the_first_and_the_last_state_matter(values: list[str]) -> None:
    rows = [mark(value) if value else None for value in values]
    events = [(before, after) for before, after in pairwise(rows) if before != after]
    given_marks, taken = told(*events)
    first, last = values[0], values[-1]
    if first == last:
        assert (given_marks, taken) == ([], [])
    elif last:
        assert (given_marks, taken) == ([(last, first)], [])
    else:
        assert (given_marks, taken) == ([], [first])

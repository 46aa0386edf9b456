"""Names of the pupils of one list: short, and yet each its own."""

from collections import Counter
from collections.abc import Sequence

Name = tuple[str, str, str]  # last, first, middle


def told_apart(people: Sequence[Name]) -> list[tuple[str, str]]:
    """Return «Вокуева Галина» and «Вокуева Г.» of each; namesakes get what tells them apart."""
    full = Counter((last, first) for last, first, _ in people)
    short = Counter((last, first[:1]) for last, first, _ in people)
    return [
        (
            f"{last} {first} {middle}".rstrip() if full[last, first] > 1 else f"{last} {first}",
            _short(
                last, first, middle, alone=short[last, first[:1]] == 1, twin=full[last, first] > 1
            ),
        )
        for last, first, middle in people
    ]


def _short(last: str, first: str, middle: str, *, alone: bool, twin: bool) -> str:
    if alone:
        return f"{last} {first[:1]}."
    if twin and middle:
        return f"{last} {first[:1]}. {middle[:1]}."
    return f"{last} {first}"

"""Names of the pupils of one list: short, and yet each its own."""

from collections import Counter
from collections.abc import Iterator, Sequence

Name = tuple[str, str, str]  # last, first, middle


def told_apart(people: Sequence[Name]) -> list[tuple[str, str]]:
    """Return «Вокуева Галина» and «Вокуева Г.» of each; namesakes get what tells them apart."""
    ways = [list(_shorter_first(name)) for name in people]
    used = Counter(way for each in ways for way in set(each))
    whole = Counter((last, first) for last, first, _ in people)
    return [
        (
            each[-1] if whole[last, first] > 1 else f"{last} {first}",
            next((way for way in each if used[way] == 1), each[-1]),
        )
        for each, (last, first, _) in zip(ways, people, strict=True)
    ]


def _shorter_first(name: Name) -> Iterator[str]:
    """«Вокуева Г.», «Вокуева Галина», «Вокуева Г. И.», «Вокуева Г. Ивановна», «Вокуева Галина Ивановна»."""
    last, first, middle = name
    yield f"{last} {first[:1]}."
    yield f"{last} {first}"
    if middle:
        yield f"{last} {first[:1]}. {middle[:1]}."
        yield f"{last} {first[:1]}. {middle}"
    yield f"{last} {first} {middle}".rstrip()

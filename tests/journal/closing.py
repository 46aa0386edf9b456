"""Words for tests of closing: who closes what, with which marks and which table."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from journal import actions
from journal.closing import Chosen, Closing, Place, ResultAnswer, ResultEntry
from journal.models import FinalRule, Mark, Work, WorkKind
from journal.queries.proposals import closing
from tests.cast import NOW, SEPTEMBER, TODAY, YEAR, Cast

ALL = ("olya", "petya", "vitya", "timur")
END = NOW.replace(month=12, day=28)  # two days before the quarter's end


def table(cast: Cast, *, act: str = "Приказ № 12 от 28.08.2026", **more: Any) -> FinalRule:
    values = {
        "name": "Положение о текущем контроле", "bounds": {"5": 4.65, "4": 3.65, "3": 2.65},
        "disputed": Decimal("0.15"), "minimum": [[2, 3], [99, 3]], "act": act, "since": SEPTEMBER,
    }  # fmt: skip
    return FinalRule.objects.create(school=cast.school, **values | more)


def marks(cast: Cast, pupil: str, values: str, *, course: str = "algebra", weight: int = 1) -> None:
    """Give marks at the first lessons of the quarter, one a lesson."""
    kind = WorkKind.objects.get(school=cast.school, code="control" if weight > 1 else "answer")
    days = [TODAY - timedelta(days=16 - n) for n in range(16)]
    lessons = [cast.lessons[course, day] for day in days if (course, day) in cast.lessons]
    for lesson, value in zip(lessons, values, strict=False):
        work, _ = Work.objects.get_or_create(
            school=cast.school, lesson=lesson, number=1, defaults={"kind": kind, "weight": weight}
        )
        Mark.objects.create(
            year=YEAR, school=cast.school, lesson=lesson, work=work, pupil=cast.pupils[pupil],
            value=value, score=Decimal(value), set_by=cast.users["maria"], set_at=NOW,
        )  # fmt: skip


def chosen(cast: Cast, course: str = "algebra", period: str = "") -> Chosen:
    return Chosen(
        course_id=cast.courses[course].pk, period=period or str(cast.extras["quarter"].pk)
    )


def of_class(cast: Cast, period: str = "", name: str = "7А") -> Chosen:
    return Chosen(class_id=cast.classes[name].pk, period=period or str(cast.extras["quarter"].pk))


def read(cast: Cast, who: str = "maria", which: Chosen | None = None) -> Closing:
    return closing(cast.user(who), which or chosen(cast), today=TODAY)


def place(cast: Cast, pupil: str, *, who: str = "maria", course: str = "algebra", period: str = "") -> Place:  # fmt: skip
    found = read(cast, who, chosen(cast, course, period))
    return found.places[str(cast.courses[course].pk), str(cast.pupils[pupil].pk)]


def entry(cast: Cast, pupil: str, value: str, *, rev: int = 0, reason: str = "", course: str = "algebra") -> ResultEntry:  # fmt: skip
    return ResultEntry(str(cast.courses[course].pk), str(cast.pupils[pupil].pk), value, rev, reason)


def put(
    cast: Cast, who: str, value: str, *, pupil: str = "olya", now: Any = NOW, period: str = "", **more: Any
) -> ResultAnswer:  # fmt: skip
    (answer,) = actions.set_results(
        by=cast.user(who), chosen=chosen(cast, period=period), entries=[entry(cast, pupil, value, **more)], now=now
    )  # fmt: skip
    return answer


def put_all(cast: Cast, value: str = "4", *, without: str = "", period: str = "") -> None:
    for name in ALL:
        if name != without:
            assert put(cast, "maria", value, pupil=name, period=period).state == "ok"


def sign(cast: Cast, who: str = "maria", *, period: str = "", now: Any = NOW) -> Any:
    return actions.sign_off(by=cast.user(who), chosen=chosen(cast, period=period), now=now)


def fill(cast: Cast, who: str = "maria", *, now: Any = END, op: Any = None) -> int:
    return actions.fill_sure(by=cast.user(who), chosen=chosen(cast), op=op or uuid4(), now=now)

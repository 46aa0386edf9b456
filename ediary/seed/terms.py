"""The demo's calendar of 2026/27: periods, vacations, days off, bells.

The dates are a proposal by analogy with earlier years, not an order of the ministry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

YEAR = 2026
STARTS, ENDS = date(2026, 9, 1), date(2027, 5, 26)
HIRED = date(2026, 8, 25)
ZONE = ZoneInfo("Europe/Moscow")

STAGES = {
    "september": date(2026, 9, 20),
    "midterm": date(2026, 11, 22),
    "term-end": date(2026, 12, 30),
    "year-end": date(2027, 5, 26),
}

Span = tuple[date, date]

QUARTERS: tuple[Span, ...] = (
    (STARTS, date(2026, 10, 23)),
    (date(2026, 11, 2), date(2026, 12, 30)),
    (date(2027, 1, 11), date(2027, 3, 26)),
    (date(2027, 4, 5), ENDS),
)
HALF_YEARS: tuple[Span, ...] = ((STARTS, date(2026, 12, 30)), (date(2027, 1, 11), ENDS))
TRIMESTERS: tuple[Span, ...] = (
    (STARTS, date(2026, 11, 20)),
    (date(2026, 11, 23), date(2027, 2, 26)),
    (date(2027, 3, 1), ENDS),
)
VACATIONS: tuple[tuple[str, date, date, int, int], ...] = (
    ("Осенние каникулы", date(2026, 10, 24), date(2026, 11, 1), 1, 11),
    ("Зимние каникулы", date(2026, 12, 31), date(2027, 1, 10), 1, 11),
    ("Дополнительные каникулы первых классов", date(2027, 2, 15), date(2027, 2, 21), 1, 1),
    ("Весенние каникулы", date(2027, 3, 27), date(2027, 4, 4), 1, 11),
    ("Летние каникулы", date(2027, 5, 27), date(2027, 8, 31), 1, 11),
)
SPECIAL_DAYS: tuple[tuple[date, str, str], ...] = (
    (date(2026, 11, 3), "short", "Предпраздничный день"),
    (date(2026, 11, 4), "off", "День народного единства"),
    (date(2026, 12, 31), "off", "Новогодний выходной"),
    (date(2027, 2, 23), "off", "День защитника Отечества"),
    (date(2027, 3, 8), "off", "Международный женский день"),
    (date(2027, 5, 3), "off", "Праздник Весны и Труда, перенос с 1 мая"),
    (date(2027, 5, 10), "off", "День Победы, перенос с 9 мая"),
)
DAYS_OFF = frozenset(day for day, kind, _ in SPECIAL_DAYS if kind == "off")


def _bells(*pairs: str) -> dict[int, tuple[time, time]]:
    return {
        number: (time.fromisoformat(pair[:5]), time.fromisoformat(pair[6:]))
        for number, pair in enumerate(pairs, start=1)
    }


# Monday begins with «Разговоры о важном» of half an hour.
MONDAY_BELLS = _bells(
    "08:30-09:00", "09:10-09:50", "10:00-10:40", "11:00-11:40", "12:00-12:40", "12:50-13:30",
    "13:40-14:20", "14:30-15:10", "15:20-16:00",
)  # fmt: skip
BELLS = _bells(
    "08:30-09:10", "09:30-10:10", "10:30-11:10", "11:30-12:10", "12:30-13:10", "13:30-14:10",
    "14:30-15:10", "15:20-16:00",
)  # fmt: skip


def bells_of(day: date) -> dict[int, tuple[time, time]]:
    return MONDAY_BELLS if day.isoweekday() == 1 else BELLS


@dataclass(frozen=True, slots=True)
class Moment:
    """The demo's now: everything up to it is filled in, what comes after is planned."""

    today: date
    hour: int = 20
    until: date = ENDS  # lessons are made up to this day

    @property
    def at(self) -> datetime:
        return local(self.today, time(self.hour))


def local(day: date, at: time) -> datetime:
    """Return the moment of the school's clock, in UTC."""
    return datetime.combine(day, at, tzinfo=ZONE).astimezone(UTC)


def clock(hour: int, minute: int = 0, second: int = 0) -> time:
    return time(hour, minute, second)


def in_vacation(day: date, grade: int) -> bool:
    return any(
        starts <= day <= ends and first <= grade <= last
        for _, starts, ends, first, last in VACATIONS
    )


def is_teaching_day(day: date, grade: int) -> bool:
    """Answer whether a class of that grade has lessons on the day (five-day week)."""
    return (
        STARTS <= day <= ENDS
        and day.isoweekday() <= 5
        and day not in DAYS_OFF
        and not in_vacation(day, grade)
    )


def days_between(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def lessons_in_day(day: date, grade: int) -> int:
    """How many lessons a day the class may have: the first grade begins with three, then four."""
    if grade == 1 and day < date(2026, 11, 1):
        return 3
    return 9


def minutes_of_lesson(day: date, grade: int) -> int:
    """The first grade's lessons last 35 minutes until the new year."""
    return 35 if grade == 1 and day.year == YEAR else 40

"""What a day is: vacation, holiday, quarantine; and at which day the week opens."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from diary.pages import Emptiness, PupilHead
from diary.queries.rows import Fact, Rows
from diary.queries.vacations import is_theirs

MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
    "октября", "ноября", "декабря",
)  # fmt: skip
SCHOOL_IS_OUT, SECOND_SHIFT = time(15, 0), time(12, 0)
Hours = tuple[time, time]  # when the first lesson of a day begins, and the last one ends
STATUSES = {
    "distance": "Занятия дистанционно",
    "quarantine": "Карантин",
    "frost": "Актированный день",
}


def in_words(day: date) -> str:
    """8 ноября."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def opening_day(now: datetime, hours: Mapping[date, Hours]) -> tuple[date | None, str]:
    """Return the day at which a week opens, and what to call it: `hours` are of days with lessons.

    Today; after the last lesson, or 15:00 where school begins in the morning, the next day with lessons.
    """
    today = now.date()
    if today in hours and now.time() < time_out(hours[today]):
        return today, "сегодня"
    following = min((day for day in hours if day > today), default=None)
    if following is None:
        return today, "сегодня"
    if following == today + timedelta(days=1):
        return following, "к завтрашнему дню"
    return following, "следующие уроки"


def time_out(hours: Hours) -> time:
    """When the day is over: the second shift is at its lessons at 15:00."""
    starts, ends = hours
    return min(ends, SCHOOL_IS_OUT) if starts < SECOND_SHIFT else ends


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one pupil's week that are not as usual."""

    monday: date
    in_class: bool
    in_year: bool
    week_days: int
    vacations: tuple[tuple[str, date, date], ...]
    special: Mapping[date, str]
    statuses: Mapping[date, str]
    next_day: date | None
    seat: tuple[date, date | None] | None = None  # since when the pupil learns here, and until when
    entered: Mapping[date, str] = field(default_factory=dict)  # classes entered in this week

    @classmethod
    def of(cls, rows: Rows, head: PupilHead, *, shift: int | None, monday: date) -> "Calendar":
        following = rows.of("next", head.pupil_id)
        return cls(
            monday=monday,
            in_class=head.class_id is not None,
            in_year=any(
                date.fromisoformat(starts) - timedelta(days=6) <= monday <= date.fromisoformat(ends)
                for school, starts, ends, _ in rows.of("year")
                if school == str(head.school_id)
            ),
            week_days=max(
                (f[3] for f in rows.of("year") if f[0] == str(head.school_id)), default=6
            ),
            vacations=tuple(
                (name, date.fromisoformat(starts), date.fromisoformat(ends))
                for school, name, starts, ends, first, last, classes in rows.of("vacation")
                if school == str(head.school_id) and is_theirs(head, classes, (first, last))
            ),
            special={
                date.fromisoformat(day): name or "Выходной"
                for school, day, kind, name in rows.of("special")
                if school == str(head.school_id) and kind == "off"
            },
            statuses={
                date.fromisoformat(fact[1]): fact[5] or STATUSES[fact[4]]
                for fact in rows.of("status")
                if _is_status_of(fact, head, shift)
            },
            next_day=_day(following[0][0]) if following else None,
            seat=next(((_day(f[0]), _day(f[1])) for f in rows.of("seat", head.pupil_id)), None),  # type: ignore[arg-type]
            entered=_entered(rows, head, monday),
        )

    def days(self, occupied: Collection[date]) -> list[date]:
        """Return the days to show: to Friday or Saturday as the school learns, further if lessons are."""
        last = max((day.isoweekday() for day in occupied), default=0)
        return [self.monday + timedelta(days=n) for n in range(max(last, self.week_days))]

    def note(self, day: date, *, has_lessons: bool) -> str:
        if day in self.special:
            return self.special[day]
        if day in self.statuses:
            return self.statuses[day]
        vacation = next(
            (name for name, starts, ends in self.vacations if starts <= day <= ends), ""
        )
        if vacation:
            return vacation
        return "" if has_lessons else "Уроков нет"

    def emptiness(self) -> Emptiness:
        """Say why the week has no lessons."""
        if not self.in_class:
            return self.absent()
        if self.vacations:
            until = max(ends for _, _, ends in self.vacations)
            return Emptiness(
                "vacation", title=f"Каникулы до {in_words(until)}", next_day=self.next_day
            )
        if not self.in_year:
            return Emptiness("outside_year", title="Учебный год не идёт", next_day=self.next_day)
        return Emptiness(
            "no_timetable",
            title="Расписание на неделю ещё не составлено",
            text="Когда школа составит расписание, уроки появятся здесь.",
            next_day=self.next_day,
        )

    def absent(self) -> Emptiness:
        """Say why the pupil is in no class: not yet, or no more."""
        since, until = self.seat or (None, None)
        if since is None:
            return Emptiness(
                "not_enrolled",
                title="Ученик ещё не зачислен в класс",
                text="Когда школа зачислит его в класс, расписание появится здесь.",
            )
        if since > self.monday:
            return Emptiness(
                "not_enrolled",
                title="В эту неделю ученик ещё не учился в школе",
                text=f"Он зачислен в класс с {in_words(since)}.",
                next_day=self.next_day,
            )
        text = f"Последний день в школе — {in_words(until)}." if until else ""
        return Emptiness(
            "left", title="В эту неделю ученик не числился в классе", text=text, next_day=until
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _entered(rows: Rows, head: PupilHead, monday: date) -> dict[date, str]:
    """Return the day on which the pupil came into a class within the year, with the class."""
    starts = [date.fromisoformat(f[1]) for f in rows.of("year") if f[0] == str(head.school_id)]
    came = ((date.fromisoformat(since), name) for name, since in rows.of("class", head.pupil_id))
    return {
        day: f"С этого дня — в классе {name}"
        for day, name in came
        if day > monday and day > min(starts, default=day)
    }


def _is_status_of(fact: Fact, head: PupilHead, shift: int | None) -> bool:
    school, _, class_id, of_shift, kind, _ = fact
    return (
        school == str(head.school_id)
        and kind != "ordinary"
        and class_id in {None, str(head.class_id)}
        and of_shift in {None, shift}
    )

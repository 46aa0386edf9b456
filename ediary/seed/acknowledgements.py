"""Who pressed «С дневником ознакомлен», week by week, and who looked.

The version of a past week is "seed:<Monday>"; what was seen is what stood there then (see seen.py).
The last weeks of the cast's class are acknowledged with the version that the diary itself
computes, where nothing changed since (see `of_cast`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connections, transaction

from access.models import Visit
from common.weeks import monday_of
from diary import queries
from diary.models import Acknowledgement
from ediary.seed import load, terms
from ediary.seed.entries import hash_of
from ediary.seed.heap import Heap, Ids, Row, copy
from ediary.seed.seen import SeenThen
from ediary.seed.world import Family, Human, Kid, Site
from people.models import Guardianship, Pupil
from people.scope import scope

SECTIONS = ("timetable", "finals")
EVIDENCE = {
    "paper": "отрывная часть выписки с подписью",
    "message": "письмо на почту классного руководителя",
}
MESSAGES = 0.6  # share of the paper families that write to the class teacher
LOOKED_BACK = 14  # days
RARELY = {0: "tasks", 1: "absences", 2: "finals", 3: "tasks"}  # what one looks at on some days
REAL_WEEKS = 3  # so many last weeks of the cast's class have the diary's own version


@dataclass(frozen=True, slots=True)
class Press:
    """One press of the button, or a slip that the class teacher entered."""

    kid: Kid
    adult: Human
    section: str
    monday: date
    at: datetime
    channel: str
    by: UUID


def acknowledge(site: Site) -> list[Press]:
    """Return who pressed when, in the weeks that have begun; the visits are written."""
    made: list[Press] = []
    for press in _presses(site):
        if press.channel == "web":
            _visit(site, press)
        made.append(press)
    look_in(site)
    return made


def write(site: Site, presses: list[Press], shown: SeenThen) -> list[Press]:
    """Write the acknowledgements with what was seen; return those that need the diary's version."""
    real = set(_mondays(site)[-REAL_WEEKS:]) if site.spec.with_cast else set()
    left: list[Press] = []
    for press in presses:
        is_cast = press.kid.form is not None and press.kid.form.name == "7А"
        if is_cast and press.monday in real:
            left.append(press)
            continue
        seen = shown.then(press.kid.id, press.section, press.monday, press.at)
        site.add(Acknowledgement, **_row(press, f"seed:{press.monday}", seen))
    return left


def _mondays(site: Site) -> list[date]:
    """Mondays of the school weeks that have begun."""
    days = terms.days_between(terms.STARTS, site.now.today)
    return sorted({monday_of(day) for day in days if terms.is_teaching_day(day, 5)})


def _presses(site: Site) -> Iterator[Press]:
    open_from = {
        (row["guardian_id"], row["pupil_id"]): row.get("open_from")
        for row in site.heap.of(Guardianship) if row["school_id"] == site.id
    }  # fmt: skip
    mondays = _mondays(site)
    for family in site.families:
        zeal = [_zeal(site) * (1.0 if adult.sex == "f" or len(family.adults) == 1 else 0.4)
                for number, adult in enumerate(family.adults)]  # fmt: skip
        for kid in family.children:
            for monday in mondays:
                if kid.until and monday > kid.until:
                    continue
                if family.form in {"paper", "substitute"}:
                    yield from _slip(site, family, kid, monday)
                    continue
                for adult, share in zip(family.adults, zeal, strict=True):
                    opened = open_from[adult.id, kid.id]
                    if opened and adult.user_id and opened <= monday + timedelta(days=6):
                        yield from _web(site, adult, kid, monday, share)


def _zeal(site: Site) -> float:
    draw = site.rng.random()
    return 0.97 if draw < 0.6 else 0.8 if draw < 0.85 else 0.35 if draw < 0.96 else 0.03


def _web(site: Site, adult: Human, kid: Kid, monday: date, share: float) -> Iterator[Press]:
    rng = site.rng
    is_current = monday + timedelta(days=6) >= site.now.today
    if rng.random() > share * (0.85 if is_current else 1.0):
        return
    day = monday + timedelta(days=4 + rng.randrange(3))
    at = terms.local(day, terms.clock(18 + rng.randrange(4), rng.randrange(60), rng.randrange(60)))
    if at >= site.now.at or adult.user_id is None:
        return
    yield Press(kid, adult, "timetable", monday, at, "web", adult.user_id)
    if rng.random() < 0.85:
        yield Press(
            kid,
            adult,
            "finals",
            monday,
            at + timedelta(seconds=rng.randrange(20, 240)),
            "web",
            adult.user_id,
        )


def _slip(site: Site, family: Family, kid: Kid, monday: date) -> Iterator[Press]:
    """A message to the class teacher at the week's end, or the slip that comes back on Monday."""
    teacher = kid.form.teacher.user_id if kid.form else None
    is_message = hash_of(kid.id, family.adults[0].id) < MESSAGES
    day = monday + timedelta(days=5 if is_message else 7)
    at = terms.local(day, terms.clock(15, 10 + site.rng.randrange(40)))
    if at >= site.now.at or teacher is None or site.rng.random() > 0.9:
        return
    for section in SECTIONS:
        yield Press(
            kid,
            family.adults[0],
            section,
            monday,
            at,
            "message" if is_message else "paper",
            teacher,
        )


def look_in(site: Site) -> None:
    """Guardians look into the diary between times too: told of the last weeks."""
    since = site.now.today - timedelta(days=LOOKED_BACK)
    seen = {(row["person_id"], row["pupil_id"], row["day"]) for row in site.heap.of(Visit)}
    for family in site.families:
        for kid in family.children:
            for adult in family.adults:
                if adult.user_id is None or family.form != "electronic" or kid.until:
                    continue
                for day in terms.days_between(
                    max(since, terms.STARTS), site.now.today - timedelta(days=1)
                ):
                    chance = 0.3 if adult.sex == "f" else 0.14
                    if site.rng.random() < chance and (adult.id, kid.id, day) not in seen:
                        _look(site, adult, kid, day)


def _look(site: Site, adult: Human, kid: Kid, day: date) -> None:
    at = terms.local(day, terms.clock(16 + site.rng.randrange(5), site.rng.randrange(60)))
    often = site.rng.choice(("timetable", "marks"))
    section = RARELY.get((day.toordinal() + kid.id.int) % 9, often)
    site.add(
        Visit, person_id=adult.id, pupil_id=kid.id, section=section, day=day,
        first_at=at, last_at=at + timedelta(minutes=site.rng.randrange(9)), times=1 + site.rng.randrange(3),
    )  # fmt: skip


def _row(press: Press, version: str, seen: object) -> Row:
    return {
        "guardian_id": press.adult.id, "pupil_id": press.kid.id, "section": press.section, "week": press.monday,
        "version": version, "seen": seen, "channel": press.channel, "at": press.at, "registered_by_id": press.by,
        "evidence": EVIDENCE.get(press.channel, ""),
    }  # fmt: skip


def _visit(site: Site, press: Press) -> None:
    site.add(
        Visit, person_id=press.adult.id, pupil_id=press.kid.id, section=press.section, day=press.at.astimezone(terms.ZONE).date(),
        first_at=press.at - timedelta(minutes=4), last_at=press.at, times=1 + site.rng.randrange(3),
    )  # fmt: skip


def of_cast(site: Site, presses: list[Press], then: SeenThen) -> int:
    """Write the rest after the commit, with what the diary shows: read by the diary's own queries."""
    if not presses:
        return 0
    ids = Ids(site.rng, site.now.at)
    heap = Heap(ids, site.now.at)
    with scope([site.id]):
        shown = dict(_versions(site, presses))
    for press in presses:
        version, stands = shown[press.kid.id, press.section, press.monday]
        seen = then.then(press.kid.id, press.section, press.monday, press.at)
        if seen != stands:
            version = f"seed:{press.monday}"
        heap.add(Acknowledgement, school_id=site.id, **_row(press, version, seen))
    with transaction.atomic(using=load.OWNER), load.set_based(connections[load.OWNER]):
        return copy(connections[load.OWNER], Acknowledgement, heap.of(Acknowledgement), site.now.at)


Shown = tuple[tuple[UUID, str, date], tuple[str, dict[str, list[str]]]]


def _versions(site: Site, presses: Iterable[Press]) -> Iterator[Shown]:
    wanted = sorted({(press.monday, press.kid.id) for press in presses}, key=str)
    pupils = {
        pupil.pk: pupil
        for pupil in Pupil.objects.filter(pk__in={pk for _, pk in wanted}).select_related(
            "person", "school"
        )
    }
    for monday in sorted({monday for monday, _ in wanted}):
        chosen = [pupils[pk] for day, pk in wanted if day == monday]
        for pupil, week in zip(
            chosen, queries.weeks(chosen, monday, user=None, now=site.now.at), strict=True
        ):
            yield (pupil.pk, "timetable", monday), (week.version, _plain(week.seen))
        for pupil in chosen:
            finals = queries.finals(pupil, monday, user=None, now=site.now.at)
            yield (pupil.pk, "finals", monday), (finals.version, _plain(finals.seen))


def _plain(seen: object) -> dict[str, list[str]]:
    assert isinstance(seen, dict)  # noqa: S101
    return {key: list(fact) for key, fact in seen.items()}

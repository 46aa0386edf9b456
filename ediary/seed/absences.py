"""What families told of absences: accepted illnesses of the past, one declined, and what waits today."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from diary.models import AbsenceReport
from ediary.seed import terms
from ediary.seed.heap import Row
from ediary.seed.world import Form, Human, Kid, Site
from journal.models import AbsenceNote

TOLD = 0.6  # share of notes before which the family told
BACK = timedelta(days=45)
ILL = ("", "", "Температура с вечера.", "Вызвали врача, справку принесём.", "Плохо себя чувствует.")
EXCUSED = (
    ("family", "Уезжаем к родственникам, вернёмся вечером."), ("family", ""),
    ("event", "Районные соревнования по лыжам."), ("doctor", "Плановый осмотр в поликлинике."),
)  # fmt: skip
COMING = (
    ("doctor", "Приём у стоматолога.", (1, 2)), ("family", "Поездка к бабушке.", None),
    ("event", "Городская олимпиада по математике.", (1, 4)), ("ill", "", None),
    ("other", "Получаем паспорт в МФЦ.", (3, 4)),
)  # fmt: skip
DECLINED = "Учитель отметил присутствие на всех уроках. Проверьте, пожалуйста, дату."


def tell(site: Site) -> None:
    """Write the reports of the school."""
    rng = Random(f"{site.spec.code}-absences")  # noqa: S311
    notes: dict[UUID, list[Row]] = defaultdict(list)
    for row in site.heap.of(AbsenceNote):
        if row["school_id"] == site.id:
            notes[row["pupil_id"]].append(row)
    for form in site.forms:
        if form.teacher.user_id is None:
            continue
        for kid in form.kids:
            _tell_of_notes(site, rng, form, kid, notes[kid.id])
        _tell_of_today(site, rng, form, notes)
    if site.spec.with_cast:
        _tell_of_the_cast(site, notes)


def _adult(kid: Kid) -> Human | None:
    """The guardian who reads the diary."""
    family = kid.family
    if family is None or family.form != "electronic":
        return None
    return next((adult for adult in family.adults if adult.user_id is not None), None)


def _tell_of_notes(site: Site, rng: Random, form: Form, kid: Kid, notes: list[Row]) -> None:
    adult = _adult(kid)
    for note in notes:
        if rng.random() > TOLD or adult is None or note["since"] < site.now.today - BACK:
            continue
        ill = note["code"] == "ill"
        reason, comment = ("ill", rng.choice(ILL)) if ill else rng.choice(EXCUSED)
        told_at = _at(note["since"], 7, 10 + rng.randrange(45))
        _add(
            site, kid, adult, told_at, since=note["since"], until=note["until"], reason=reason,
            comment=comment, state="accepted", note_id=note["id"],
            answered_by_id=form.teacher.user_id, answered_at=max(note["set_at"], told_at),
        )  # fmt: skip


def _tell_of_today(site: Site, rng: Random, form: Form, notes: dict[UUID, list[Row]]) -> None:
    """One family told of tomorrow, in every third class one more of today, and one was refused."""
    today = site.now.today
    for kid, adult in list(_free(form, notes, today))[: 1 + (form.number % 3 == 0)]:
        reason, comment, lessons = rng.choice(COMING)
        ahead = 0 if rng.random() < 0.5 else 1
        first = _school_day(today + timedelta(days=ahead))
        _add(
            site, kid, adult, _at(today, 7, 5 + rng.randrange(40)), since=first,
            until=first if lessons else _school_day(first + timedelta(days=rng.randrange(3))),
            reason=reason, comment=comment, **_lessons(lessons),
        )  # fmt: skip
    for kid, adult in list(_free(form, notes, today))[-1:]:
        day = _school_day(today - timedelta(days=9))
        _add(
            site, kid, adult, _at(day, 18, 20), since=day, until=day, reason="family", comment="",
            state="declined", answer=DECLINED, answered_by_id=form.teacher.user_id,
            answered_at=_at(day + timedelta(days=1), 9, 5),
        )  # fmt: skip


def _free(form: Form, notes: dict[UUID, list[Row]], today: date) -> Iterator[tuple[Kid, Human]]:
    """Pupils without a note near today, each with the adult who tells."""
    near = today - timedelta(days=12)
    for kid in form.kids:
        adult = _adult(kid)
        is_free = all(note["until"] < near for note in notes[kid.id])
        if adult is not None and is_free and not kid.until and kid.name.last != "Ёлкина":
            yield kid, adult


def _tell_of_the_cast(site: Site, notes: dict[UUID, list[Row]]) -> None:
    """The guardian of the cast has a report in every state."""
    kid: Kid = site.cast["Ольга"]
    adult, form, today = _adult(kid), kid.form, site.now.today
    if adult is None or form is None:
        return
    last = max((note["until"] for note in notes[kid.id]), default=date.min)
    tomorrow = _school_day(max(today, last) + timedelta(days=1))
    _add(
        site, kid, adult, _at(today, 18, 40), since=tomorrow, until=tomorrow, reason="doctor",
        comment="Приём у стоматолога, придёт к третьему уроку.", **_lessons((1, 2)),
    )  # fmt: skip
    later = _school_day(tomorrow + timedelta(days=7))
    _add(
        site, kid, adult, _at(today - timedelta(days=1), 20, 5), since=later, until=later,
        reason="family", comment="", state="withdrawn",
    )  # fmt: skip
    past = _school_day(today - timedelta(days=6))
    _add(
        site, kid, adult, _at(past, 19, 0), since=past, until=past, reason="family", comment="",
        state="declined", answer=DECLINED, answered_by_id=form.teacher.user_id,
        answered_at=_at(past + timedelta(days=1), 9, 5),
    )  # fmt: skip


def _lessons(span: tuple[int, int] | None) -> dict[str, int]:
    return {"first_lesson": span[0], "last_lesson": span[1]} if span else {}


def _add(site: Site, kid: Kid, adult: Human, told_at: datetime, **values: object) -> None:
    site.add(
        AbsenceReport, pupil_id=kid.id, reported_by_id=adult.user_id, reported_at=told_at, **values
    )


def _at(day: date, hour: int, minute: int) -> datetime:
    return terms.local(day, time(hour, minute))


def _school_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day if day.isoweekday() <= 5 else day + timedelta(days=8 - day.isoweekday())

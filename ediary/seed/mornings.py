"""The school's own rules with their act, notes of illness, and the eaters of the last days."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from uuid import UUID

from ediary.seed import terms
from ediary.seed.world import Form, Kid, Site
from journal.models import Absence, AbsenceNote, MealCount, WorkKind
from people.models import Setting

ACT = "Положение о ведении электронного журнала, приказ № 112 от 28.08.2026"
SETTINGS: dict[str, object] = {
    "edit_window_days": 14,
    "debt_days": 14,
    "retake_rule": "replaces",
    "morning_deadline": "09:30",
}
# kind of work: colour, kind of control, minutes
LOOKS = {
    "answer": ("none", "current", None), "class": ("none", "current", None), "home": ("teal", "current", None),
    "test": ("blue", "current", 20), "self": ("green", "current", 20), "lab": ("violet", "current", 40),
    "project": ("amber", "thematic", None), "control": ("red", "thematic", 40),
}  # fmt: skip
EATING_DAYS = 10  # school days back
BROUGHT = 0.8  # share of illnesses whose note has been brought
GAP = timedelta(days=3)  # a weekend does not break an illness


def report(site: Site) -> None:
    """Write what the class teachers told in the mornings."""
    rng = Random(f"{site.spec.code}-mornings")  # noqa: S311
    _settle(site)
    days = {lesson.id: lesson.day for course in site.courses for lesson in course.lessons}
    absences: dict[UUID, list[dict[str, object]]] = defaultdict(list)
    for row in site.heap.of(Absence):
        if row["lesson_id"] in days:
            absences[row["pupil_id"]].append(row)
    for kid in site.kids:
        _bring_notes(site, rng, kid, absences[kid.id], days)
    _count_eaters(site, rng, days)


def _settle(site: Site) -> None:
    """Dress the kinds of work, and date the rules by the act."""
    for row in site.heap.of(WorkKind):
        if row["school_id"] == site.id:
            row["colour"], row["control"], row["minutes"] = LOOKS[row["code"]]
    for key, value in SETTINGS.items():
        site.add(Setting, key=key, value=value, since=terms.STARTS, act=ACT)


def _runs(kid: Kid) -> list[tuple[date, date, str]]:
    """The kid's absences from the first day to the last, with their reason."""
    runs: list[tuple[date, date, str]] = []
    for day in sorted(kid.away):
        code = kid.away[day]
        if runs and day - runs[-1][1] <= GAP and runs[-1][2] == code:
            runs[-1] = (runs[-1][0], day, code)
        elif code in {"ill", "excused"}:
            runs.append((day, day, code))
    return runs


def _bring_notes(
    site: Site, rng: Random, kid: Kid, absences: list[dict[str, object]], days: dict[UUID, date]
) -> None:
    """Write the note of an illness that is over, and of the one that lasts; every absence takes its reason."""
    leader = kid.form.teacher if kid.form else None
    if leader is None or leader.user_id is None:
        return
    for first, last, code in _runs(kid):
        if rng.random() > BROUGHT or (first == last and first.isoweekday() > 5):
            continue
        if code == "ill":
            document = f"Справка № {rng.randrange(100, 900)} от {last:%d.%m.%Y}"
        else:
            document = f"Заявление родителей от {first:%d.%m.%Y}"
        brought = min(terms.local(last + timedelta(days=1), terms.clock(8, 20)), site.now.at)
        site.add(
            AbsenceNote, year=terms.YEAR, pupil_id=kid.id, since=first, until=last, code=code,
            document=document, set_by_id=leader.user_id, set_at=brought,
        )  # fmt: skip
        for row in absences:
            if first <= days[row["lesson_id"]] <= last and row["code"] != "late":  # type: ignore[index]
                row["code"], row["reason"] = code, document


def _count_eaters(site: Site, rng: Random, days: dict[UUID, date]) -> None:
    """The last school days; the class teacher tells by half past nine, sometimes later, sometimes not at all."""
    held = sorted({day for day in days.values() if day <= site.now.today})[-EATING_DAYS:]
    for form in site.forms:
        for day in held:
            user = form.teacher.user_id
            if user is None or rng.random() < 0.06:
                continue
            present = [kid for kid in form.kids if _is_here(kid, day)]
            minute = rng.randrange(8 * 60 + 40, 9 * 60 + 40)
            site.add(
                MealCount, school_class_id=form.id, day=day, eaters=_eating(rng, form, len(present)),
                set_by_id=user, set_at=terms.local(day, terms.clock(*divmod(minute, 60))),
            )  # fmt: skip


def _is_here(kid: Kid, day: date) -> bool:
    since, until = kid.span
    return since <= day and (until is None or day <= until) and day not in kid.away


def _eating(rng: Random, form: Form, present: int) -> int:
    """All of the primary school eat; of the others some bring their own."""
    return present if form.grade <= 4 else max(0, present - rng.randrange(0, present // 5 + 1))

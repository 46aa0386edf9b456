"""The schools of the demo: the town school, its village branch, and another, small school."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from ediary.seed import (
    absences,
    acknowledgements,
    changes,
    consents,
    courses,
    entries,
    extracts,
    families,
    forms,
    homework,
    lessons,
    marking,
    mornings,
    moves,
    persons,
    portfolios,
    programmes,
    remarks,
    reminders,
    results,
    statutes,
    terms,
    week,
    words,
)
from ediary.seed.acknowledgements import Press
from ediary.seed.entries import Correction
from ediary.seed.heap import Heap, Ids
from ediary.seed.names import Names
from ediary.seed.seen import SeenThen
from ediary.seed.terms import Moment
from ediary.seed.world import SchoolSpec, Site
from people.models import School


@dataclass(frozen=True, slots=True)
class Made:
    """A school in memory, and what is written after its rows."""

    site: Site
    corrections: list[Correction]
    presses: list[Press]
    shown: SeenThen  # what guardians saw when they pressed


Say = Callable[[str], None]

SEED = 20260901
TOWN_PUPILS = 550
# In this order forms are left out of a smaller demo: the last first.
FORM_ORDER = (
    "7А", "5Б", "1А", "10А", "10Б", "9А", "8Б", "3А", "6Б", "2А", "4А", "11А", "11Б", "7Б", "5А", "6А", "8А", "9Б",
    "1Б", "2Б", "3Б", "4Б",
)  # fmt: skip
VILLAGE_SIZES = (4, 3, 5, 4, 4, 3, 5, 4, 3)
OTHER_SIZES = (6, 7, 6, 8)


def town(form_count: int, pupils: int) -> SchoolSpec:
    wanted = sorted((int(name[:-1]), name[-1]) for name in FORM_ORDER[:form_count])
    return SchoolSpec(
        code="town", name="Муниципальное общеобразовательное учреждение «Средняя школа № 12»",
        short_name="Средняя школа № 12", address="г. Зареченск, ул. Школьная, д. 5",
        site="https://school12.example.org/", forms=tuple(wanted), sizes=form_sizes(wanted, pupils),
        with_cast=True,
    )  # fmt: skip


def form_sizes(wanted: list[tuple[int, str]], pupils: int) -> tuple[int, ...]:
    """Spread the pupils over the forms, three more or less; 7А is never small."""
    rng = Random(SEED)  # noqa: S311
    base, more = divmod(pupils, len(wanted))
    sizes = [base + (number < more) for number in range(len(wanted))]
    swing = min(3, base // 6)
    for first in range(0, len(sizes) - 1, 2):
        shift = rng.randint(-swing, swing)
        sizes[first] += shift
        sizes[first + 1] -= shift
    if (7, "А") in wanted:
        main = wanted.index((7, "А"))
        top = sizes.index(max(sizes))
        sizes[main], sizes[top] = sizes[top], sizes[main]
    return tuple(sizes)


VILLAGE = SchoolSpec(
    code="village", name="Филиал «Основная школа в селе Берёзовка»", short_name="Школа в селе Берёзовка",
    address="с. Берёзовка, ул. Центральная, д. 14", site="https://berezovka.example.org/",
    forms=tuple((grade, "") for grade in range(1, 10)), sizes=VILLAGE_SIZES, is_village=True,
    profile="s",
)  # fmt: skip
OTHER = SchoolSpec(
    code="other", name="Муниципальное общеобразовательное учреждение «Основная школа № 3»",
    short_name="Основная школа № 3", address="г. Заозёрск, ул. Лесная, д. 1", site="https://school3.example.org/",
    forms=((2, "А"), (5, "А"), (7, "А"), (9, "А")), sizes=OTHER_SIZES, is_village=True, period_kind="trimester",
    profile="t",
)  # fmt: skip


def new_site(
    spec: SchoolSpec, heap: Heap, names: Names, now: Moment, parent: Site | None = None
) -> Site:
    """Write the school itself and return its site."""
    rng = Random(f"{SEED}-{spec.code}")  # noqa: S311
    names.rng = rng
    made = heap.add(
        School, parent_id=parent.id if parent else None, name=spec.name, short_name=spec.short_name,
        address=spec.address, phone="+7 000 000-00-12", email=f"{spec.code}@example.org", site=spec.site,
        time_zone="Europe/Moscow",
    )  # fmt: skip
    return Site(spec, made, heap, rng, names, now, parent)


def fresh_heap(code: str, moment: datetime) -> tuple[Heap, Names]:
    rng = Random(f"{SEED}-{code}-ids")  # noqa: S311
    return Heap(Ids(rng, moment), moment), Names(rng)


def build(site: Site, say: Say) -> Made:
    """Build everything of one school in memory."""
    name = site.spec.short_name
    persons.hire_staff(site)
    forms.lay_out_year(site)
    forms.lay_out_lists(site)
    forms.open_forms(site)
    families.enrol(site)
    moves.move(site)
    say(
        f"{name}: {len(site.forms)} classes, {len(site.kids)} pupils, {len(site.teachers)} teachers"
    )
    forms.seat(site)
    courses.plan_courses(site)
    courses.draw_timetable(site)
    say(f"{name}: timetable of {len(site.courses)} courses")
    lessons.hold_lessons(site)
    changes.change_lessons(site)
    say(f"{name}: {sum(len(course.lessons) for course in site.courses)} lessons")
    plans = programmes.outline(site)
    corrections = entries.enter(site)
    homework.extend(site)
    marking.extend(site)
    results.conclude(site)
    remarks.remark(site)
    programmes.write(site, plans)
    mornings.report(site)
    absences.tell(site)
    families.restrict_one(site)
    consents.decide(site)
    statutes.adopt(site)
    extracts.print_all(site)
    presses = acknowledgements.acknowledge(site)
    reminders.remind(site, presses)
    week.tell(site)
    words.say(site)
    portfolios.fill(site)
    corrections += week.correct(site, presses)
    shown = SeenThen(site, corrections)
    return Made(site, corrections, acknowledgements.write(site, presses, shown), shown)


STARTED = terms.local(terms.HIRED, terms.clock(9))

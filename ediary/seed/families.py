"""Pupils and their families: siblings, guardians of every kind, accounts."""

from datetime import date, timedelta
from uuid import UUID

from common.sorting import sort_key
from ediary.seed import terms
from ediary.seed.names import Name, patronymic_of, surname_of
from ediary.seed.persons import add_account, add_person, add_role
from ediary.seed.world import Family, Form, Human, Kid, Site
from people.models import Guardianship, Pupil, Restriction
from school.models import Enrolment

NOT_YET = 0.012  # share of accounts that the administrator has not given out yet
SIBLINGS = 0.24
FORMS = (("electronic", 0.88), ("paper", 0.945), ("substitute", 0.985), ("undecided", 1.0))


def enrol(site: Site) -> None:
    """Fill every form with pupils, each in a family."""
    seats = [
        form for form, size in zip(site.forms, site.spec.sizes, strict=True) for _ in range(size)
    ]
    if site.spec.with_cast:
        seats = _seat_cast(site, seats)
    site.rng.shuffle(seats)
    for form in seats:
        family = _family_for(site, form)
        add_kid(site, form, family)
    for form in site.forms:
        form.kids.sort(key=lambda kid: (sort_key(kid.name.last, kid.name.first), kid.id))


def _family_for(site: Site, form: Form) -> Family:
    """Return a family with a child in another grade, or a new one."""
    if site.rng.random() < SIBLINGS and len(site.families) > 5:
        for _ in range(4):
            family = site.rng.choice(site.families[3 * site.spec.with_cast :])
            grades = {kid.form.grade for kid in family.children if kid.form}
            if len(family.children) < 3 and form.grade not in grades:
                return family
    return found_family(site)


def found_family(site: Site) -> Family:
    """Make the adults: mostly two parents, some alone, some divorced, a few guardians."""
    rng = site.rng
    people = site.names.people()
    surname, father = site.names.surname(people), site.names.first(people, "m")
    which = [people is other for _, other in site.names.others]
    family = Family(surname, father, which.index(True) if True in which else -1)
    draw = rng.random()
    form = rng.random()
    family.form = next(name for name, below in FORMS if form < below)
    middle = site.names.first(people, "m")
    if draw < 0.72:
        _adult(site, family, Name(surname, father, patronymic_of(middle, "m")), "m", "parent")
    if draw < 0.985:
        own = (
            site.names.surname(people) if 0.60 < draw < 0.72 else surname
        )  # divorced: her own name
        mother = site.names.adult("f", last=own, people=people)
        _adult(site, family, mother, "f", "parent")
    else:
        _adult(site, family, site.names.adult("f", last=surname, people=people), "f", "guardian")
    site.families.append(family)
    return family


def _adult(site: Site, family: Family, name: Name, sex: str, kind: str) -> Human:
    needs_account = family.form == "electronic" and site.rng.random() > NOT_YET
    account = add_account(site, name) if needs_account else None
    return join(site, family, name, sex, kind, account)


def join(
    site: Site, family: Family, name: Name, sex: str, kind: str, account: UUID | None
) -> Human:
    """Add an adult to the family."""
    adult = Human(site.heap.ids.new(), site.id, name, sex, account)
    born = date(
        1976 + site.rng.randrange(20), 1 + site.rng.randrange(12), 1 + site.rng.randrange(28)
    )
    add_person(site, adult, born=born)
    add_role(site, adult, "guardian", since=terms.STARTS)
    family.adults.append(adult)
    family.kinds.append(kind)
    return adult


def add_kid(site: Site, form: Form, family: Family, *, first: str = "", sex: str = "") -> Kid:
    """Add a pupil of the form to the family, with the representation by its adults."""
    rng = site.rng
    sex = sex or rng.choice("mf")
    people = site.names.others[family.is_other][1] if family.is_other >= 0 else site.names.common
    name = Name(
        surname_of(family.surname, sex),
        first or site.names.first(people, sex),
        patronymic_of(family.father, sex),
    )
    has_account = family.form == "electronic" and rng.random() > NOT_YET
    account = add_account(site, name) if has_account else None
    kid = Kid(site.heap.ids.new(), site.id, name, sex, account)
    born = date(terms.YEAR - form.grade - 6, 1, 1) + timedelta(days=rng.randrange(365))
    add_person(site, kid, born=born)
    add_role(site, kid, "pupil", since=terms.STARTS)
    kid.form, kid.family, kid.since = form, family, terms.STARTS
    kid.ability = min(5.0, max(2.6, rng.gauss(4.0, 0.55)))
    kid.diligence = min(0.98, max(0.25, rng.gauss(0.78, 0.18)))
    form.kids.append(kid)
    family.children.append(kid)
    number = f"{form.letter or '-'}-{len(site.heap.of(Pupil)) + 101}"
    site.add(Pupil, id=kid.id, person_id=kid.id, record_number=number, open_from=None)
    site.add(
        Enrolment, pupil_id=kid.id, since=terms.STARTS,
        order_number=f"{40 + form.grade}-у", order_date=date(terms.YEAR, 8, 28),
    )  # fmt: skip
    for adult, kind in zip(family.adults, family.kinds, strict=True):
        represent(site, adult, kid, kind)
    return kid


def represent(site: Site, adult: Human, kid: Kid, kind: str) -> UUID:
    ground = (
        "Акт органа опеки и попечительства" if kind == "guardian" else "Свидетельство о рождении"
    )
    return site.add(
        Guardianship,
        guardian_id=adult.id,
        pupil_id=kid.id,
        kind=kind,
        ground=ground,
        since=terms.STARTS,
    )


def restrict_one(site: Site) -> None:
    """A court limited one father's rights: the number and date of its act are recorded."""
    fathers = {family.adults[0].id for family in site.families if len(family.adults) == 2
               and family.adults[0].name.last[:4] != family.adults[1].name.last[:4]}  # fmt: skip
    for row in site.heap.of(Guardianship):
        if row["guardian_id"] in fathers and row["school_id"] == site.id:
            site.add(
                Restriction, guardianship_id=row["id"], act_number="2-1187/2026",
                act_date=date(terms.YEAR, 6, 18), since=date(terms.YEAR, 7, 20),
                registered_by_id=site.office_user("secretary"),
                registered_at=terms.local(terms.HIRED, terms.clock(11, 20)),
            )  # fmt: skip
            return


def _seat_cast(site: Site, seats: list[Form]) -> list[Form]:
    """Seat Оля and her brother, Петя and Витя; return the seats that are left."""
    main = next(form for form in site.forms if form.name == "7А")
    others = [form for form in site.forms if form is not main and 2 <= form.grade <= 9]
    brother = next((form for form in others if form.name == "5Б"), others[0] if others else main)
    yolkin, petrov, sidorov = (
        Family(surname, father, -1)
        for surname, father in (("Ёлкин", "Виктор"), ("Петров", "Степан"), ("Сидоров", "Илья"))
    )
    sidorov.form = "paper"
    for family, last, first, middle, sex in (
        (yolkin, "Ёлкина", "Марина", "Олеговна", "f"), (yolkin, "Ёлкин", "Виктор", "Павлович", "m"),
        (petrov, "Петров", "Степан", "Ильич", "m"), (sidorov, "Сидорова", "Раиса", "Захаровна", "f"),
    ):  # fmt: skip
        name = Name(last, first, middle)
        join(site, family, name, sex, "parent", add_account(site, name))
    site.families += [yolkin, petrov, sidorov]
    plan = ((main, yolkin, "Ольга", "f"), (brother, yolkin, "Николай", "m"), (main, petrov, "Пётр", "m"),
            (main, sidorov, "Виктор", "m"))  # fmt: skip
    for form, family, first, sex in plan:
        kid = add_kid(site, form, family, first=first, sex=sex)
        kid.ability = {"Ольга": 4.0, "Пётр": 3.5}.get(first, 3.9)
        site.cast[first] = kid
        seats.remove(form)
    site.cast["families"] = (yolkin, petrov, sidorov)
    return seats

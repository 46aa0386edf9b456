"""How consents, declarations and contacts answer for the clauses of the regulation."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from common.templatetags.words import count_ru
from consent.models import Contact, Decision, DecisionKind, DeliveryDeclaration, DeliveryForm
from consent.queries import classes_of_school, delivery_of, late_openings, representatives
from consent.queries.register import IS_UNDECIDED
from consent.register import NONE, ClassChoice
from people.models import Guardianship, Person, Pupil, School
from regulation.registry import Evidence, Finding, broken, clause, kept, listed, named, not_yet_due

REPRESENTATIVES = "представитель,представителя,представителей"


def register() -> None:
    """Keep the import honest: importing this module registers the checks."""


def _register(**search: str) -> str:
    return f"{reverse('consent:register')}?{urlencode(search)}"


@clause("T1")
def everybody_decided(school: School, *, now: datetime) -> Finding:
    """Consent or refusal of every representative is registered, at the latest by the term."""
    day = school.local_date(now)
    classes = classes_of_school(school, day)
    undecided = IS_UNDECIDED
    rows = (
        representatives(classes, day)
        .values("pupil__memberships__group__school_class")
        .annotate(
            missing=Count("pk", filter=undecided),
            late=Count("pk", filter=undecided & Q(due__lt=day)),
        )
        .values_list("pupil__memberships__group__school_class", "missing", "late")
    )
    found = {class_id: (missing, late) for class_id, missing, late in rows if missing}
    facts = tuple(_class_fact(each, *found[each.id]) for each in classes if each.id in found)
    missing, late = (sum(counts[at] for counts in found.values()) for at in (0, 1))
    decided = Decision.objects.filter(school=school).count()
    if late:
        return broken(
            f"Нет ни согласия, ни отказа, срок прошёл: {count_ru(late, REPRESENTATIVES)}.", *facts
        )
    if missing:
        return not_yet_due(f"Ещё решают: {count_ru(missing, REPRESENTATIVES)}.", *facts)
    return kept("Решение каждого представителя записано.", Evidence("Решений", None, str(decided)))


def _class_fact(choice: ClassChoice, missing: int, late: int) -> Evidence:
    detail = f"без решения {missing}, из них просрочено {late}"
    page = _register(**{"class": str(choice.id), "state": NONE})
    return Evidence(f"Класс {choice.name}", page, detail)


@clause("K1a", "G2.6a", "S5a")
def declarations_have_grounds(school: School, *, now: datetime) -> Finding:
    """Every declaration against the electronic form is registered with ground and date."""
    declared = DeliveryDeclaration.objects.filter(school=school).exclude(
        form=DeliveryForm.ELECTRONIC
    )
    fact = Evidence("Заявлений", None, str(declared.count()))
    if bare := _ties(declared.filter(ground="").order_by("declared_on", "pk")):
        return broken(f"Заявлений без основания: {len(bare)}.", fact, *listed(bare))
    return kept("Каждое заявление записано с основанием и датой.", fact)


@clause("G2.2b")
def access_opens_in_time(school: School, *, now: datetime) -> Finding:
    """Whose consent is registered, has access; whose was there in time, got it in time."""
    day = school.local_date(now)
    shut, late = late_openings(classes_of_school(school, day), day)
    wrong = [
        *_ties(shut.order_by("due", "pk"), "согласие есть, доступа нет"),
        *_ties(late.order_by("due", "pk"), "доступ открыт позже срока"),
    ]
    if wrong:
        return broken(f"Доступ не открыт или открыт позже срока: {len(wrong)}.", *listed(wrong))
    return kept("Каждому, кто согласился, доступ открыт в срок.")


@clause("G2.10.2")
def nobody_is_left_without_information(school: School, *, now: datetime) -> Finding:
    """Every family gets the information, electronically or on paper."""
    day = school.local_date(now)
    classes = [each.id for each in classes_of_school(school, day)]
    pupils = set(_pupils(classes, day))
    forms = delivery_of(pupils, day)
    on_paper = sum(form != DeliveryForm.ELECTRONIC for form in forms.values())
    left_out = pupils - {pupil for _, pupil in forms}
    fact = Evidence("Получают на бумаге", None, count_ru(on_paper, REPRESENTATIVES))
    if left_out:
        children = named(Person.objects.filter(pk__in=left_out))
        summary = f"Нет представителя, который получает сведения: {len(left_out)} уч."
        return broken(summary, fact, *listed(children))
    return kept("Каждая семья получает сведения: электронно или на бумаге.", fact)


@clause("U8")
def representation_has_grounds(school: School, *, now: datetime) -> Finding:
    """Kind and ground of every representation in force are recorded."""
    day = school.local_date(now)
    ties = Guardianship.objects.filter(school=school).in_force(day)
    bare = _ties(ties.filter(ground="").order_by("since", "pk"), "документ не записан")
    limited = _ties(ties.restricted(day).order_by("since", "pk"), "ограничено судом")
    fact = Evidence("Записано представительств", None, str(ties.count()))
    if bare:
        summary = f"Документ не записан: {count_ru(len(bare), REPRESENTATIVES)}."
        return broken(summary, fact, *listed(bare), *listed(limited))
    return kept("У каждого представителя записаны родство и документ.", fact, *listed(limited))


def _ties(ties: QuerySet[Any], what: str = "") -> list[Evidence]:
    """Name the guardian of each tie or declaration, whose representative she is, and what is wrong."""
    found = ties.select_related("guardian", "pupil__person")
    return [
        Evidence(
            tie.guardian.full_name,
            reverse("access:person", args=[tie.guardian_id]),
            "; ".join(filter(None, (f"ученик: {tie.pupil.person.full_name}", what))),
        )
        for tie in found
    ]


@clause("T7", "K3", "G2.9", "S8")
def contacts_are_agreed(school: School, *, now: datetime) -> Finding:
    """Whoever is informed electronically has left a contact, whose origin is known."""
    day = school.local_date(now)
    classes = classes_of_school(school, day)
    reached = Contact.objects.filter(person=OuterRef("guardian")).agreed()
    ties = representatives(classes, day).filter(decided=DecisionKind.CONSENT)
    unreached = ties.filter(~Exists(reached))
    missing = named(Person.objects.filter(pk__in=unreached.values("guardian")))
    used = Contact.objects.filter(school=school).in_use()
    counted = used.aggregate(
        all=Count("pk"), verified=Count("pk", filter=Q(verified_at__isnull=False))
    )
    facts = (
        Evidence("Контактов", None, str(counted["all"])),
        Evidence("Из них проверено", None, str(counted["verified"])),
    )
    if missing:
        summary = f"Согласие есть, контакта нет: {count_ru(len(missing), REPRESENTATIVES)}."
        return broken(summary, *facts, *listed(missing))
    return kept("У каждого, кто получает сведения электронно, есть согласованный контакт.", *facts)


def _pupils(classes: list[UUID], day: object) -> list[UUID]:
    inside = Q(memberships__until__isnull=True) | Q(memberships__until__gte=day)
    members = Pupil.objects.filter(
        inside,
        memberships__since__lte=day,
        memberships__group__kind="class",
        memberships__group__school_class__in=classes,
    )
    return list(members.values_list("pk", flat=True))

"""How consents, declarations and contacts answer for the clauses of the regulation."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from common.templatetags.words import count_ru
from consent.models import Contact, Decision, DecisionKind, DeliveryDeclaration, DeliveryForm
from consent.queries import classes_of_school, delivery_of, late_openings, representatives
from consent.register import NONE, RESTRICTED, ClassChoice
from people.models import Guardianship, Pupil, School
from regulation.registry import Evidence, Finding, broken, clause, kept, not_yet_due

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
    undecided = Q(decided__isnull=True)
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
    counted = declared.aggregate(all=Count("pk"), bare=Count("pk", filter=Q(ground="")))
    fact = Evidence("Заявлений", reverse("consent:register"), str(counted["all"]))
    if counted["bare"]:
        return broken(f"Заявлений без основания: {counted['bare']}.", fact)
    return kept("Каждое заявление записано с основанием и датой.", fact)


@clause("G2.2b")
def access_opens_in_time(school: School, *, now: datetime) -> Finding:
    """Whose consent is registered, has access; whose was there in time, got it in time."""
    day = school.local_date(now)
    shut, late = late_openings(classes_of_school(school, day), day)
    register_page = reverse("consent:register")
    facts = (
        Evidence("Согласие есть, доступа нет", register_page, str(shut)),
        Evidence("Доступ открыт позже срока", register_page, str(late)),
    )
    if shut or late:
        return broken(f"Доступ не открыт или открыт позже срока: {shut + late}.", *facts)
    return kept("Каждому, кто согласился, доступ открыт в срок.", *facts)


@clause("G2.10.2")
def nobody_is_left_without_information(school: School, *, now: datetime) -> Finding:
    """Every family gets the information, electronically or on paper."""
    day = school.local_date(now)
    classes = [each.id for each in classes_of_school(school, day)]
    pupils = set(_pupils(classes, day))
    forms = delivery_of(pupils, day)
    on_paper = sum(form != DeliveryForm.ELECTRONIC for form in forms.values())
    left_out = pupils - {pupil for _, pupil in forms}
    fact = Evidence(
        "Получают на бумаге", reverse("consent:register"), count_ru(on_paper, REPRESENTATIVES)
    )
    if left_out:
        return broken(f"Нет представителя, который получает сведения: {len(left_out)} уч.", fact)
    return kept("Каждая семья получает сведения: электронно или на бумаге.", fact)


@clause("U8")
def representation_has_grounds(school: School, *, now: datetime) -> Finding:
    """Kind and ground of every representation in force are recorded."""
    day = school.local_date(now)
    ties = Guardianship.objects.filter(school=school).in_force(day)
    counted = ties.aggregate(
        all=Count("pk"),
        bare=Count("pk", filter=Q(ground="")),
    )
    limited = ties.restricted(day).count()
    facts = (
        Evidence("Записано представительств", None, str(counted["all"])),
        Evidence("Из них ограничено судом", _register(state=RESTRICTED), str(limited)),
    )
    if counted["bare"]:
        return broken(f"Документ не записан: {count_ru(counted['bare'], REPRESENTATIVES)}.", *facts)
    return kept("У каждого представителя записаны родство и документ.", *facts)


@clause("T7", "K3", "G2.9", "S8")
def contacts_are_agreed(school: School, *, now: datetime) -> Finding:
    """Whoever is informed electronically has left a contact, whose origin is known."""
    day = school.local_date(now)
    classes = classes_of_school(school, day)
    reached = Contact.objects.filter(person=OuterRef("guardian")).in_use()
    ties = representatives(classes, day).filter(decided=DecisionKind.CONSENT)
    missing = ties.filter(~Exists(reached)).values("guardian").distinct().count()
    used = Contact.objects.filter(school=school).in_use()
    counted = used.aggregate(
        all=Count("pk"), verified=Count("pk", filter=Q(verified_at__isnull=False))
    )
    page = f"{reverse('consent:register')}?state=consent"
    facts = (
        Evidence("Контактов", page, str(counted["all"])),
        Evidence("Из них проверено", page, str(counted["verified"])),
    )
    if missing:
        return broken(f"Согласие есть, контакта нет: {count_ru(missing, REPRESENTATIVES)}.", *facts)
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

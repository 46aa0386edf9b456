"""How accounts and roles answer for the clauses of the regulation."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from access.actions.removal import left_pupils
from access.models import Removal, RemovalState, ServiceRefusal
from common.templatetags.words import count_ru, day_digits
from people.models import Employee, Guardianship, Person, Pupil, RoleAssignment, School
from people.roles import STAFF, Role
from regulation.queries import parameter
from regulation.registry import (
    Evidence,
    Finding,
    broken,
    clause,
    kept,
    listed,
    named,
    not_yet_due,
)
from school.models import Enrolment, Leaving

PUPILS = "ученик,ученика,учеников"
PEOPLE = "человек,человека,человек"
MONEY = ("price", "payment", "tariff", "subscription", "invoice")


def register() -> None:
    """Keep the import honest: importing this module registers the checks."""


def _list(**search: str) -> str:
    return f"{reverse('access:people')}?{urlencode(search)}"


@clause("G2.2a")
def access_lasts_as_long_as_schooling(school: School, *, now: datetime) -> Finding:
    """Nobody's diary is open who does not learn here any more."""
    day = school.local_date(now)
    learns = Enrolment.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day), pupil=OuterRef("pk")
    )
    pupils = Pupil.objects.filter(school=school)
    stale = pupils.filter(~Exists(learns)).open(day).count()
    counted = pupils.filter(Exists(learns)).count()
    fact = Evidence("Учатся сейчас", _list(role=Role.PUPIL), count_ru(counted, PUPILS))
    if stale:
        return broken(f"Обучение окончено, а дневник открыт: {count_ru(stale, PUPILS)}.", fact)
    return kept("Дневник открыт только у тех, кто учится.", fact)


@clause("G2.3")
def refusals_are_answered(school: School, *, now: datetime) -> Finding:
    """Every refusal has a ground (the table asks for it) and its applicant got an answer in time."""
    today = school.local_date(now)
    days = parameter(school, "complaint_response_days", day=today).number
    term = today - timedelta(days=days)
    refusals = ServiceRefusal.objects.filter(school=school)
    waiting = Q(answered_at__isnull=True)
    counted = refusals.aggregate(
        all=Count("pk"),
        waiting=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(applied_on__lt=term)),
    )
    fact = Evidence("Отказов", reverse("access:refusals"), str(counted["all"]))
    if counted["late"]:
        return broken(
            f"Ответ не дан дольше {days} дней: {count_ru(counted['late'], PEOPLE)}.", fact
        )
    if counted["waiting"]:
        return not_yet_due(f"Ждут ответа: {count_ru(counted['waiting'], PEOPLE)}.", fact)
    return kept("На каждый отказ дан ответ.", fact)


@clause("G2.4a")
def leavings_have_grounds(school: School, *, now: datetime) -> Finding:
    """Every schooling that ended has its ground and its order."""
    day = school.local_date(now)
    ended = Enrolment.objects.filter(school=school, until__lt=day)
    bare = ended.filter(~Exists(Leaving.objects.filter(enrolment=OuterRef("pk")))).count()
    kinds = (
        Leaving.objects.filter(school=school)
        .values_list("kind")
        .annotate(Count("pk"))
        .order_by("kind")
    )
    names = dict(Leaving._meta.get_field("kind").flatchoices)
    facts = tuple(
        Evidence(str(names[kind]).capitalize(), None, str(number)) for kind, number in kinds
    )
    if bare:
        return broken(
            f"Обучение окончено без записанного основания: {count_ru(bare, PUPILS)}.", *facts
        )
    return kept("У каждого выбытия записано основание.", *facts)


@clause("G2.4b")
def accounts_go_in_time(school: School, *, now: datetime) -> Finding:
    """No removal is past its term; leavings that the hourly job has not seen yet are within it."""
    today = school.local_date(now)
    days = parameter(school, "account_removal_days", day=today).number
    rows = Removal.objects.filter(school=school)
    going = Q(state__in=[RemovalState.PLANNED, RemovalState.CLOSED])
    counted = rows.aggregate(
        late=Count("pk", filter=going & Q(due_at__lt=now)),
        going=Count("pk", filter=going & Q(due_at__gte=now)),
        done=Count("pk", filter=Q(state=RemovalState.REMOVED)),
        kept=Count("pk", filter=Q(state=RemovalState.KEPT)),
    )
    unseen = [day for _, day in left_pupils(school, today) if day + timedelta(days=days) < today]
    late = counted["late"] + len(unseen)
    facts = (
        Evidence("Удалено", None, str(counted["done"])),
        Evidence("Сохранено: учится другой ребёнок", None, str(counted["kept"])),
        Evidence("Закрыто, срок не прошёл", None, str(counted["going"])),
    )
    if late:
        return broken(f"Срок удаления прошёл: {count_ru(late, PEOPLE)}.", *facts)
    if counted["going"]:
        return not_yet_due("Доступ выбывших закрыт, учётные записи удаляются в срок.", *facts)
    return kept("Учётные записи выбывших удалены в срок.", *facts)


@clause("G2.5")
def the_service_is_free(school: School, *, now: datetime) -> Finding:
    """No table of the program knows of money."""
    named = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if any(word in field.name for word in MONEY)
    ]
    if named:
        return broken("В программе есть сведения об оплате.", *(Evidence(name) for name in named))
    return kept("В программе нет ни оплаты, ни подписок: семьям показано всё.")


@clause("G2.10")
def rights_are_set_by_the_administration(school: School, *, now: datetime) -> Finding:
    """Somebody answers for the rights, and every role is dated."""
    day = school.local_date(now)
    held = RoleAssignment.objects.in_force(day).filter(
        Q(school=school) | Q(school=school.parent_id, role__in=[Role.HEAD, Role.ADMIN])
    )
    counts = dict(held.values_list("role").annotate(Count("pk")).order_by("role"))
    facts = tuple(
        Evidence(str(Role(role).label), _list(role=role), count_ru(number, PEOPLE))
        for role, number in counts.items()
    )
    missing = [Role(role).label for role in (Role.HEAD, Role.ADMIN) if not counts.get(role)]
    if missing:
        return broken(f"Роль никому не дана: {', '.join(missing).lower()}.", *facts)
    return kept("Права каждой группы заданы ролями.", *facts)


@clause("G2.10.1a")
def pupils_have_accounts(school: School, *, now: datetime) -> Finding:
    """Every pupil whose guardian consented has been given a login."""
    day = school.local_date(now)
    pupils = Pupil.objects.filter(school=school).open(day)
    missing = pupils.filter(person__user__isnull=True).count()
    fact = Evidence("Дневник открыт", _list(role=Role.PUPIL), count_ru(pupils.count(), PUPILS))
    if missing:
        link = Evidence("Без учётной записи", _list(role=Role.PUPIL, state="none"), str(missing))
        return broken(f"Согласие есть, логин не выдан: {count_ru(missing, PUPILS)}.", fact, link)
    return kept("У каждого ученика, чей представитель согласен, есть учётная запись.", fact)


@clause("G2.10.1b")
def shared_computers_keep_nothing(school: School, *, now: datetime) -> Finding:
    """A session ends with the browser unless a family calls the phone its own."""
    facts = (
        Evidence(
            "Сеанс заканчивается с закрытием браузера",
            None,
            _yes(settings.SESSION_EXPIRE_AT_BROWSER_CLOSE),
        ),
        Evidence(
            "Сеанс недоступен сценариям страниц", None, _yes(settings.SESSION_COOKIE_HTTPONLY)
        ),
    )
    if not (settings.SESSION_EXPIRE_AT_BROWSER_CLOSE and settings.SESSION_COOKIE_HTTPONLY):
        return broken("На общем компьютере остаётся открытый сеанс.", *facts)
    return kept("После выхода на общем компьютере ничего не остаётся.", *facts)


def _yes(value: object) -> str:
    return "да" if value else "нет"


@clause("U6")
def journals_are_for_staff(school: School, *, now: datetime) -> Finding:
    """Whoever holds a role of the staff has a post in force; no pupil has one."""
    day = school.local_date(now)
    held = RoleAssignment.objects.filter(school=school, role__in=STAFF).in_force(day)
    posts = Employee.objects.filter(person=OuterRef("person")).in_force(day)
    pupils = Pupil.objects.filter(pk=OuterRef("person"))
    foreign = Q(Exists(pupils)) | ~Exists(posts)
    wrong = named(Person.objects.filter(pk__in=held.filter(foreign).values("person")))
    staff = held.exclude(foreign).values("person").distinct().count()
    fact = Evidence("Сотрудников с ролями и должностью", None, str(staff))
    if wrong:
        return broken(
            f"Роль сотрудника без должности в школе: {count_ru(len(wrong), PEOPLE)}.",
            fact,
            *listed(wrong),
        )
    return kept("Журналом пользуются только сотрудники.", fact)


@clause("U7")
def diaries_are_for_families(school: School, *, now: datetime) -> Finding:
    """Whoever holds a family's role is a pupil or represents one."""
    day = school.local_date(now)
    held = RoleAssignment.objects.filter(school=school).in_force(day)
    ties = Guardianship.objects.filter(guardian=OuterRef("person")).in_force(day)
    pupils = Pupil.objects.filter(pk=OuterRef("person"))
    foreign = held.filter(
        Q(~Exists(ties), role=Role.GUARDIAN) | Q(~Exists(pupils), role=Role.PUPIL)
    )
    wrong = named(Person.objects.filter(pk__in=foreign.values("person")))
    facts = (
        Evidence("Учеников", _list(role=Role.PUPIL), str(held.filter(role=Role.PUPIL).count())),
        Evidence(
            "Представителей",
            _list(role=Role.GUARDIAN),
            str(held.filter(role=Role.GUARDIAN).count()),
        ),
    )
    if wrong:
        return broken(
            f"Роль семьи без ученика: {count_ru(len(wrong), PEOPLE)}.", *facts, *listed(wrong)
        )
    return kept("Дневником пользуются ученики и их представители.", *facts)


@clause("U10")
def branches_have_heads(school: School, *, now: datetime) -> Finding:
    """Every branch has a head, with rights over the branch."""
    day = school.local_date(now)
    branches = School.objects.filter(Q(pk=school.pk, parent__isnull=False) | Q(parent=school.pk))
    heads = (
        RoleAssignment.objects.filter(role=Role.BRANCH_HEAD).in_force(day).select_related("person")
    )
    by_branch = {each.school_id: each for each in heads.order_by("since", "pk")}
    found = list(branches.order_by("short_name", "pk"))
    facts = tuple(
        Evidence(
            each.short_name,
            _list(role=Role.BRANCH_HEAD),
            f"{by_branch[each.pk].person.short_name}, с {day_digits(by_branch[each.pk].since)}"
            if each.pk in by_branch
            else "заведующий не назначен",
        )
        for each in found
    )
    if not found:
        return kept("Филиалов нет.")
    if any(each.pk not in by_branch for each in found):
        return broken("У филиала нет заведующего.", *facts)
    return kept("У каждого филиала есть заведующий со своими правами.", *facts)

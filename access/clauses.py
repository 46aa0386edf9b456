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


SIGN_IN = "access.forms.SignInForm"  # lets no member of the staff stay signed in
NO_STORE = "ediary.middleware.PageHeadersMiddleware"


def register() -> None:
    """Keep the import honest: importing this module registers the checks."""


def _list(**search: object) -> str:
    return f"{reverse('access:people')}?{urlencode(search)}"


@clause("G2.2a")
def access_lasts_as_long_as_schooling(school: School, *, now: datetime) -> Finding:
    """Nobody's diary is open who does not learn here any more."""
    day = school.local_date(now)
    learns = Enrolment.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day), pupil=OuterRef("pk")
    )
    pupils = Pupil.objects.filter(school=school)
    open_still = pupils.filter(~Exists(learns)).open(day)
    stale = named(Person.objects.filter(pk__in=open_still.values("pk")))
    counted = pupils.filter(Exists(learns)).count()
    fact = Evidence("Учатся сейчас", None, count_ru(counted, PUPILS))
    if stale:
        return broken(
            f"Обучение окончено, а дневник открыт: {count_ru(len(stale), PUPILS)}.",
            fact,
            *listed(stale),
        )
    return kept("Дневник открыт только у тех, кто учится.", fact)


@clause("G2.3")
def refusals_are_answered(school: School, *, now: datetime) -> Finding:
    """Every refusal has a ground (the table asks for it) and its applicant got an answer in time."""
    today = school.local_date(now)
    days = parameter(school, "complaint_response_days", day=today).number
    term = today - timedelta(days=days)
    refusals = ServiceRefusal.objects.filter(school=school)
    fact = Evidence("Отказов", None, str(refusals.count()))
    waiting = list(refusals.filter(answered_at__isnull=True).order_by("applied_on", "pk"))
    late = [each for each in waiting if each.applied_on < term]
    if late:
        summary = f"Ответ не дан дольше {days} дней: {count_ru(len(late), PEOPLE)}."
        return broken(summary, fact, *listed(map(_refusal, late)))
    if waiting:
        summary = f"Ждут ответа: {count_ru(len(waiting), PEOPLE)}."
        return not_yet_due(summary, fact, *listed(map(_refusal, waiting)))
    return kept("На каждый отказ дан ответ.", fact)


def _refusal(refusal: ServiceRefusal) -> Evidence:
    detail = f"обращение от {day_digits(refusal.applied_on)}"
    return Evidence(refusal.applicant, reverse("access:refusals"), detail)


@clause("G2.4a")
def leavings_have_grounds(school: School, *, now: datetime) -> Finding:
    """Every schooling that ended has its ground and its order."""
    day = school.local_date(now)
    ended = Enrolment.objects.filter(school=school, until__lt=day)
    unexplained = ended.filter(~Exists(Leaving.objects.filter(enrolment=OuterRef("pk"))))
    bare = named(Person.objects.filter(pk__in=unexplained.values("pupil")))
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
            f"Обучение окончено без записанного основания: {count_ru(len(bare), PUPILS)}.",
            *listed(bare),
            *facts,
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
        going=Count("pk", filter=going & Q(due_at__gte=now)),
        done=Count("pk", filter=Q(state=RemovalState.REMOVED)),
        kept=Count("pk", filter=Q(state=RemovalState.KEPT)),
    )
    unseen = [
        pupil for pupil, day in left_pupils(school, today) if day + timedelta(days=days) < today
    ]
    overdue = Q(pk__in=rows.filter(going, due_at__lt=now).values("person")) | Q(pk__in=unseen)
    late = named(Person.objects.filter(overdue))
    facts = (
        Evidence("Удалено", None, str(counted["done"])),
        Evidence("Сохранено: учится другой ребёнок", None, str(counted["kept"])),
        Evidence("Закрыто, срок не прошёл", None, str(counted["going"])),
    )
    if late:
        summary = f"Срок удаления прошёл: {count_ru(len(late), PEOPLE)}."
        return broken(summary, *listed(late), *facts)
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
    own = held.filter(school=school)
    counts = dict(own.values_list("role").annotate(Count("person", distinct=True)).order_by("role"))
    facts = tuple(
        Evidence(
            str(Role(role).label), _list(school=school.pk, role=role), count_ru(number, PEOPLE)
        )
        for role, number in counts.items()
    )
    there = set(held.values_list("role", flat=True))
    missing = [Role(role).label for role in (Role.HEAD, Role.ADMIN) if role not in there]
    if missing:
        return broken(f"Роль никому не дана: {', '.join(missing).lower()}.", *facts)
    return kept("Права каждой группы заданы ролями.", *facts)


@clause("G2.10.1a")
def pupils_have_accounts(school: School, *, now: datetime) -> Finding:
    """Every pupil whose guardian consented has been given a login."""
    day = school.local_date(now)
    pupils = Pupil.objects.filter(school=school).open(day)
    without = Person.objects.filter(user__isnull=True, pk__in=pupils.values("pk"))
    fact = Evidence("Дневник открыт", None, count_ru(pupils.count(), PUPILS))
    if missing := named(without):
        summary = f"Согласие есть, логин не выдан: {count_ru(len(missing), PUPILS)}."
        return broken(summary, fact, *listed(missing))
    return kept("У каждого ученика, чей представитель согласен, есть учётная запись.", fact)


@clause("G2.10.1b")
def shared_computers_keep_nothing(school: School, *, now: datetime) -> Finding:
    """The staff's session dies with the browser, and no page stays in it.

    A family's session dies too, unless the family called the phone its own at sign-in.
    """
    answers = {
        "Сеанс заканчивается с закрытием браузера": settings.SESSION_EXPIRE_AT_BROWSER_CLOSE,
        "Сеанс сотрудника браузер не запоминает": settings.ACCOUNT_FORMS.get("login") == SIGN_IN,
        "Сеанс недоступен сценариям страниц": settings.SESSION_COOKIE_HTTPONLY,
        "Браузер не хранит страниц": NO_STORE in settings.MIDDLEWARE,
    }
    facts = tuple(Evidence(label, None, _yes(value)) for label, value in answers.items())
    if not all(answers.values()):
        return broken("На общем компьютере остаётся открытый сеанс или страница.", *facts)
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
    facts = tuple(
        Evidence(
            name,
            _list(school=school.pk, role=role),
            str(held.filter(role=role).values("person").distinct().count()),
        )
        for name, role in (("Учеников", Role.PUPIL), ("Представителей", Role.GUARDIAN))
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
            reverse("access:person", args=[by_branch[each.pk].person_id])
            if each.pk in by_branch
            else None,
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

"""The register: what representatives decided, read for whole classes at once."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Greatest, TruncDate

from consent.enums import PurposeCode
from consent.models import Decision, DecisionKind, DeliveryDeclaration
from consent.policy import leads_classes
from consent.queries.norms import age, norm
from consent.register import (
    HANGING,
    NONE,
    OVERDUE,
    RESTRICTED,
    UNSIGNED,
    ClassChoice,
    Entry,
    Totals,
)
from people.models import Guardianship, Restriction, School, User
from people.models.persons import GuardianshipKind
from people.roles import Permission
from regulation.queries import parameter
from school.calendar import school_year
from school.models import Enrolment, SchoolClass, SchoolYear
from school.models.structure import SchoolClassQuerySet
from school.rules import classes_led

PLACE = "pupil__memberships__group__school_class"
# Who decides alone and has decided, answers for her guardians.
IS_UNDECIDED = Q(decided__isnull=True) & (Q(age__lt=F("alone")) | Q(own__isnull=True))
IS_UNSIGNED = Q(age__gte=F("beside"), own__isnull=True) & (
    Q(decided=DecisionKind.CONSENT) | Q(age__gte=F("alone"))
)
# The pupil's consent is there, or is not asked for.
IS_LET_IN = Q(age__lt=F("alone")) | Q(own=DecisionKind.CONSENT)


def classes_for(user: User) -> tuple[ClassChoice, ...]:
    """Return this year's classes whose register the user may open, in the school's order."""
    found = _classes(user).in_order()
    return tuple(ClassChoice(each.pk, each.name, each.school_id) for each in found)


def class_for(user: User, class_id: UUID) -> SchoolClass | None:
    """Return the class if the user may open its register."""
    return _classes(user).filter(pk=class_id).first()


def _classes(user: User) -> SchoolClassQuerySet:
    mine = Q(school__in=user.schools_with(Permission.CONSENT_REGISTER))
    if leads_classes(user):
        mine |= Q(pk__in=classes_led(user))
    return SchoolClass.objects.filter(mine, year=school_year(user.today))


def classes_of_school(school: School, day: date) -> tuple[ClassChoice, ...]:
    """Return the classes of the day's year, in the school's order."""
    found = SchoolClass.objects.filter(school=school, year=school_year(day))
    return tuple(ClassChoice(each.pk, each.name, each.school_id) for each in found.in_order())


def late_openings(
    classes: Collection[ClassChoice], day: date
) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Select who consented and has no access, and who got it after the term though the paper was in time."""
    registered = Decision.objects.filter(
        signer=OuterRef("guardian"),
        subject=OuterRef("pupil"),
        purpose__code=PurposeCode.DIARY,
        kind=DecisionKind.CONSENT,
    ).latest_first()
    consented = (
        representatives(classes, day)
        .filter(IS_LET_IN, decided=DecisionKind.CONSENT)
        .annotate(registered=TruncDate(Subquery(registered.values("registered_at")[:1])))
    )
    shut = Q(open_from__isnull=True) | Q(open_until__lt=day)
    late = Q(open_from__gt=F("due"), registered__lte=F("due"))
    return consented.filter(shut), consented.filter(~shut, late)


def register_rows(
    classes: Collection[ClassChoice],
    *,
    day: date,
    state: str = "",
    purpose: PurposeCode = PurposeCode.DIARY,
) -> QuerySet[Any]:
    """Return the representatives of the classes' pupils with their last decision, lazily, for a page."""
    rows = representatives(classes, day, restricted=state == RESTRICTED, purpose=purpose)
    return _lines(
        rows.filter(_condition(state, day)).order_by(
            f"{PLACE}__grade_level",
            f"{PLACE}__sort_key",
            "pupil__person__sort_key",
            "guardian__sort_key",
            "pk",
        )
    )


def overdue_rows(classes: Collection[ClassChoice], *, day: date) -> QuerySet[Any]:
    """Return the representatives without a decision about the diary, those who wait longest first."""
    rows = representatives(classes, day).filter(IS_UNDECIDED)
    return _lines(rows.order_by("begin", "pupil__person__sort_key", "guardian__sort_key", "pk"))


def _condition(state: str, day: date) -> Q:
    if state == UNSIGNED:
        return IS_UNSIGNED
    if state == HANGING:
        return _is_hanging(day)
    if state == OVERDUE:
        return IS_UNDECIDED & Q(due__lt=day)
    if state == NONE:
        return IS_UNDECIDED
    if state == DecisionKind.REFUSAL:
        return Q(decided__in=[DecisionKind.REFUSAL, DecisionKind.WITHDRAWAL])
    return Q(decided=state) if state in DecisionKind.values else Q()


def _is_hanging(day: date) -> Q:
    """Say who reads although the grown pupil has not said whether she may."""
    reads = Q(open_until__isnull=True) | Q(open_until__gte=day)
    return Q(age__gte=F("alone"), own__isnull=True, open_from__lte=day) & reads


def _lines(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.values(
        "pk", "kind", "decided", "decided_on", "declared", "open_from", "begin", "due", "guardian_id",
        "age", "beside", "alone", "own",
        "guardian__last_name", "guardian__first_name", "guardian__middle_name",
        "pupil__person__last_name", "pupil__person__first_name", "pupil__person__middle_name",
        PLACE, f"{PLACE}__grade_level", f"{PLACE}__letter",
    )  # fmt: skip


def entries(
    rows: Iterable[dict[str, Any]],
    *,
    day: date,
    restricted: bool = False,
    purpose: PurposeCode = PurposeCode.DIARY,
) -> tuple[Entry, ...]:
    """Make the lines of the page from its rows. Only a decision about the diary has a term."""
    has_term = purpose == PurposeCode.DIARY and not restricted
    return tuple(
        Entry(
            guardianship=row["pk"],
            guardian=row["guardian_id"],
            guardian_name=_name(row, "guardian"),
            pupil_name=_name(row, "pupil__person"),
            class_id=row[PLACE],
            class_name=f"{row[f'{PLACE}__grade_level']}{row[f'{PLACE}__letter']}",
            relation=GuardianshipKind(row["kind"]).label,
            decision=row["decided"] or "",
            decided_on=row["decided_on"],
            declared=row["declared"] or "",
            open_from=row["open_from"],
            due=row["due"],
            is_overdue=row["decided"] is None and row["due"] < day and has_term,
            is_restricted=restricted,
            days=(day - row["begin"]).days,
            term=(row["due"] - row["begin"]).days,
            signature=_signature(row),
            own=row["own"] or "",
        )
        for row in rows
    )


def _name(row: dict[str, Any], whose: str) -> str:
    parts = (row[f"{whose}__{part}"] for part in ("last_name", "first_name", "middle_name"))
    return " ".join(part for part in parts if part)


def _signature(row: dict[str, Any]) -> str:
    """Say which signature of the pupil the age asks for."""
    if row["age"] >= row["alone"]:
        return "alone"
    return "beside" if row["age"] >= row["beside"] else ""


def totals(
    classes: Collection[ClassChoice], *, day: date, purpose: PurposeCode = PurposeCode.DIARY
) -> Totals:
    """Count the representatives of the classes' pupils by their last decision."""
    free = Q(restricted=False)
    undecided = free & IS_UNDECIDED
    refused = Q(decided__in=[DecisionKind.REFUSAL, DecisionKind.WITHDRAWAL])
    counted = _ties(classes, day, purpose).aggregate(
        all=Count("pk", filter=free),
        consent=Count("pk", filter=free & Q(decided=DecisionKind.CONSENT)),
        refusal=Count("pk", filter=free & refused),
        none=Count("pk", filter=undecided),
        overdue=Count("pk", filter=undecided & Q(due__lt=day)),
        limited=Count("pk", filter=Q(restricted=True)),
        unsigned=Count("pk", filter=free & IS_UNSIGNED),
        hanging=Count("pk", filter=free & _is_hanging(day)),
    )
    return Totals(**counted)


def representatives(
    classes: Collection[ClassChoice],
    day: date,
    *,
    restricted: bool = False,
    purpose: PurposeCode = PurposeCode.DIARY,
) -> QuerySet[Any]:
    """Select the representatives of pupils who are in the classes on the day, decided or not.

    Whom a court limits, cannot decide: such are left out, or selected alone.
    """
    return _ties(classes, day, purpose).filter(restricted=restricted)


def _ties(classes: Collection[ClassChoice], day: date, purpose: PurposeCode) -> QuerySet[Any]:
    in_class = Q(
        Q(pupil__memberships__until__isnull=True) | Q(pupil__memberships__until__gte=day),
        pupil__memberships__since__lte=day,
        pupil__memberships__group__kind="class",
        pupil__memberships__group__school_class__in=[each.id for each in classes],
    )
    about = Decision.objects.filter(subject=OuterRef("pupil"), purpose__code=purpose).latest_first()
    decisions = about.filter(signer=OuterRef("guardian"))
    declared = DeliveryDeclaration.objects.filter(
        guardian=OuterRef("guardian"), pupil=OuterRef("pupil")
    ).latest_first()
    begin = Greatest(
        Subquery(
            SchoolYear.objects.filter(school=OuterRef("school"), year=school_year(day)).values(
                "starts"
            )[:1]
        ),
        Subquery(
            Enrolment.objects.filter(pupil=OuterRef("pupil")).order_by("-since").values("since")[:1]
        ),
        "since",
    )
    return (
        Guardianship.objects.filter(in_class)
        .in_force(day)
        .annotate(
            restricted=Exists(
                Restriction.objects.in_force(day).filter(guardianship=OuterRef("pk"))
            ),
            decided=Subquery(decisions.values("kind")[:1]),
            decided_on=Subquery(decisions.values("decided_on")[:1]),
            declared=Subquery(declared.values("form")[:1]),
            own=Subquery(about.filter(signer=OuterRef("pupil")).values("kind")[:1]),
            age=age("pupil__person__birth_date", day),
            begin=begin,
            due=ExpressionWrapper(F("begin") + _terms(classes, day), output_field=DateField()),
            beside=norm("consent_age_beside", day),
            alone=norm("consent_age_alone", day),
        )
    )


def _terms(classes: Collection[ClassChoice], day: date) -> Case:
    """Give the days that the regulation allows to open access, by the school of the pupil."""
    schools = {each.school for each in classes}
    return Case(
        *(
            When(
                school=school,
                then=Value(parameter(school, "consent_deadline_days", day=day).number),
            )
            for school in sorted(schools)
        ),
        default=Value(0),
        output_field=IntegerField(),
    )

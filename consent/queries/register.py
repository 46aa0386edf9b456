"""The register: what representatives decided, read for whole classes at once."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

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
from consent.register import (
    NONE,
    OVERDUE,
    RESTRICTED,
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
from school.rules import classes_led


def classes_for(user: User) -> tuple[ClassChoice, ...]:
    """Return this year's classes whose register the user may open, in the school's order."""
    found = SchoolClass.objects.filter(
        Q(school__in=user.schools_with(Permission.CONSENT_REGISTER)) | Q(pk__in=classes_led(user)),
        year=school_year(user.today),
    )
    return tuple(ClassChoice(each.pk, each.name, each.school_id) for each in found.in_order())


def classes_of_school(school: School, day: date) -> tuple[ClassChoice, ...]:
    """Return the classes of the day's year, in the school's order."""
    found = SchoolClass.objects.filter(school=school, year=school_year(day))
    return tuple(ClassChoice(each.pk, each.name, each.school_id) for each in found.in_order())


def late_openings(
    classes: Collection[ClassChoice], day: date
) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Select who consented and has no access, and who got it after the term though the paper was in time."""
    registered = Decision.objects.filter(
        signer=OuterRef("guardian"), subject=OuterRef("pupil"), kind=DecisionKind.CONSENT
    ).latest_first()
    consented = (
        representatives(classes, day)
        .filter(decided=DecisionKind.CONSENT)
        .annotate(registered=TruncDate(Subquery(registered.values("registered_at")[:1])))
    )
    shut = Q(open_from__isnull=True) | Q(open_until__lt=day)
    late = Q(open_from__gt=F("due"), registered__lte=F("due"))
    return consented.filter(shut), consented.filter(~shut, late)


def register_rows(classes: Collection[ClassChoice], *, day: date, state: str = "") -> QuerySet[Any]:
    """Return the representatives of the classes' pupils with their last decision, lazily, for a page."""
    rows = representatives(classes, day, restricted=state == RESTRICTED)
    if state == OVERDUE:
        rows = rows.filter(decided__isnull=True, due__lt=day)
    elif state == NONE:
        rows = rows.filter(decided__isnull=True)
    elif state == DecisionKind.REFUSAL:
        rows = rows.filter(decided__in=[DecisionKind.REFUSAL, DecisionKind.WITHDRAWAL])
    elif state and state != RESTRICTED:
        rows = rows.filter(decided=state)
    place = "pupil__memberships__group__school_class"
    return rows.order_by(
        f"{place}__grade_level", f"{place}__sort_key", "pupil__person__sort_key", "guardian__sort_key", "pk"
    ).values(
        "pk", "kind", "decided", "decided_on", "declared", "open_from", "due", "guardian_id",
        "guardian__last_name", "guardian__first_name", "guardian__middle_name",
        "pupil__person__last_name", "pupil__person__first_name",
        f"{place}__grade_level", f"{place}__letter",
    )  # fmt: skip


def entries(
    rows: Iterable[dict[str, Any]], *, day: date, restricted: bool = False
) -> tuple[Entry, ...]:
    """Make the lines of the page from its rows."""
    place = "pupil__memberships__group__school_class"
    names = ("guardian__last_name", "guardian__first_name", "guardian__middle_name")
    return tuple(
        Entry(
            guardianship=row["pk"],
            guardian=row["guardian_id"],
            guardian_name=" ".join(row[name] for name in names if row[name]),
            pupil_name=f"{row['pupil__person__last_name']} {row['pupil__person__first_name']}",
            class_name=f"{row[f'{place}__grade_level']}{row[f'{place}__letter']}",
            relation=GuardianshipKind(row["kind"]).label,
            decision=row["decided"] or "",
            decided_on=row["decided_on"],
            declared=row["declared"] or "",
            open_from=row["open_from"],
            due=row["due"],
            is_overdue=row["decided"] is None and row["due"] < day and not restricted,
            is_restricted=restricted,
        )
        for row in rows
    )


def totals(classes: Collection[ClassChoice], *, day: date) -> Totals:
    """Count the representatives of the classes' pupils by their last decision."""
    free = Q(restricted=False)
    undecided = free & Q(decided__isnull=True)
    refused = Q(decided__in=[DecisionKind.REFUSAL, DecisionKind.WITHDRAWAL])
    counted = _ties(classes, day).aggregate(
        all=Count("pk", filter=free),
        consent=Count("pk", filter=free & Q(decided=DecisionKind.CONSENT)),
        refusal=Count("pk", filter=free & refused),
        none=Count("pk", filter=undecided),
        overdue=Count("pk", filter=undecided & Q(due__lt=day)),
        limited=Count("pk", filter=Q(restricted=True)),
    )
    return Totals(**counted)


def representatives(
    classes: Collection[ClassChoice], day: date, *, restricted: bool = False
) -> QuerySet[Any]:
    """Select the representatives of pupils who are in the classes on the day, decided or not.

    Whom a court limits, cannot decide: such are left out, or selected alone.
    """
    return _ties(classes, day).filter(restricted=restricted)


def _ties(classes: Collection[ClassChoice], day: date) -> QuerySet[Any]:
    in_class = Q(
        Q(pupil__memberships__until__isnull=True) | Q(pupil__memberships__until__gte=day),
        pupil__memberships__since__lte=day,
        pupil__memberships__group__kind="class",
        pupil__memberships__group__school_class__in=[each.id for each in classes],
    )
    decisions = Decision.objects.filter(
        signer=OuterRef("guardian"), subject=OuterRef("pupil"), purpose__code=PurposeCode.DIARY
    ).latest_first()
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
            due=ExpressionWrapper(begin + _terms(classes, day), output_field=DateField()),
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

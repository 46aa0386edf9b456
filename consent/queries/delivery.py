"""In which form each family is informed, read for whole classes at once."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.db.models.lookups import GreaterThanOrEqual

from consent.enums import PurposeCode
from consent.models import Decision, DecisionKind, DeliveryDeclaration, DeliveryForm
from consent.queries.norms import age, norm
from people.models import Guardianship


def delivery_of(pupil_ids: Collection[UUID], day: date) -> dict[tuple[UUID, UUID], DeliveryForm]:
    """Return the form of delivery by (guardian, pupil), in one statement, leaving nobody between forms.

    A declaration decides; without one, consent means electronic and a refusal or withdrawal paper.
    Electronic holds only while consent does, and while a pupil who decides alone has not refused.
    A guardian who has decided nothing is left out unless nobody informs the family yet: then paper.
    Guardians limited by a court are left out.
    """
    made = Decision.objects.filter(
        subject=OuterRef("pupil"), purpose__code=PurposeCode.DIARY, decided_on__lte=day
    ).latest_first()
    rows = (
        Guardianship.objects.filter(pupil__in=pupil_ids)
        .in_force(day)
        .unrestricted(day)
        .annotate(
            declared=Subquery(
                DeliveryDeclaration.objects.filter(
                    guardian=OuterRef("guardian"), pupil=OuterRef("pupil"), declared_on__lte=day
                )
                .latest_first()
                .values("form")[:1]
            ),
            decided=Subquery(made.filter(signer=OuterRef("guardian")).values("kind")[:1]),
            own=Subquery(made.filter(signer=OuterRef("pupil")).values("kind")[:1]),
            is_alone=GreaterThanOrEqual(
                age("pupil__person__birth_date", day), norm("consent_age_alone", day)
            ),
        )
        .values_list("guardian_id", "pupil_id", "declared", "decided", "own", "is_alone")
        .order_by("pupil_id", "guardian_id")
    )
    decided: dict[tuple[UUID, UUID], DeliveryForm] = {}
    undecided: list[tuple[UUID, UUID]] = []
    for guardian, pupil, declaration, decision, own, is_alone in rows:
        is_vetoed = is_alone and own not in {None, DecisionKind.CONSENT}
        form = _form(declaration, own if decision and is_vetoed else decision)
        if form is None:
            undecided.append((guardian, pupil))
        else:
            decided[guardian, pupil] = form
    informed = {pupil for _, pupil in decided}
    return decided | {pair: DeliveryForm.PAPER for pair in undecided if pair[1] not in informed}


def _form(declaration: str | None, decision: str | None) -> DeliveryForm | None:
    if declaration is None and decision is None:
        return None
    if decision == DecisionKind.CONSENT:
        return DeliveryForm(declaration or DeliveryForm.ELECTRONIC)
    if declaration == DeliveryForm.SUBSTITUTE:
        return DeliveryForm.SUBSTITUTE
    return DeliveryForm.PAPER

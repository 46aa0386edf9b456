"""All that was registered about one representative of one pupil."""

from datetime import date

from consent.models import Decision, DecisionKind, DeliveryDeclaration
from consent.register import (
    DECISIONS,
    CourtAct,
    Family,
    PastDecision,
    PastDeclaration,
)
from people.models import Guardianship, Restriction
from regulation.parameters import SUBSTITUTES


def family(tie: Guardianship, *, day: date) -> Family:
    """Return all that was registered about one representative of one pupil."""
    limits = Restriction.objects.in_force(day).filter(guardianship=tie)
    limit = limits.order_by("-since", "-pk").first()
    decisions = Decision.objects.filter(signer=tie.guardian_id, subject=tie.pupil_id)
    declarations = DeliveryDeclaration.objects.filter(guardian=tie.guardian_id, pupil=tie.pupil_id)
    return Family(
        guardianship=tie.pk,
        guardian=tie.guardian_id,
        guardian_name=tie.guardian.full_name,
        pupil=tie.pupil_id,
        pupil_name=tie.pupil.person.full_name,
        relation=tie.get_kind_display(),
        ground=tie.ground,
        open_from=tie.open_from,
        open_until=tie.open_until,
        court_act=CourtAct(limit.act_number, limit.act_date, limit.since, limit.until)
        if limit
        else None,
        decisions=tuple(
            PastDecision(
                kind=DECISIONS[DecisionKind(each.kind)][0],
                tone=DECISIONS[DecisionKind(each.kind)][1],
                purpose=each.purpose.name,
                decided_on=each.decided_on,
                form=each.get_form_display(),
                note=each.note,
                registered_at=each.registered_at,
            )
            for each in decisions.select_related("purpose").latest_first()
        ),
        declarations=tuple(
            PastDeclaration(
                title=_title(each),
                ground=each.ground,
                declared_on=each.declared_on,
                registered_at=each.registered_at,
            )
            for each in declarations.latest_first()
        ),
    )


def _title(declaration: DeliveryDeclaration) -> str:
    """«на бумаге», «сообщением или в бумажном дневнике: Сферум»."""
    parts = (declaration.get_form_display(), SUBSTITUTES.get(declaration.substitute, ""))
    return ": ".join(filter(None, parts))

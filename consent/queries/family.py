"""All that was registered about one representative of one pupil."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, QuerySet

from consent.models import Decision, DecisionKind, DeliveryDeclaration, Destruction, Scan
from consent.norms import age_on
from consent.queries.norms import norms_on
from consent.register import (
    DECISIONS,
    CourtAct,
    Family,
    PastDecision,
    PastDeclaration,
    PurposeState,
    ScanLink,
)
from people.models import Guardianship, Restriction
from regulation.parameters import SUBSTITUTES


def family(tie: Guardianship, *, day: date) -> Family:
    """Return all that was registered about one representative of one pupil, and by the pupil himself."""
    limits = Restriction.objects.in_force(day).filter(guardianship=tie)
    limit = limits.order_by("-since", "-pk").first()
    decisions = list(_decisions(tie))
    declarations = DeliveryDeclaration.objects.filter(guardian=tie.guardian_id, pupil=tie.pupil_id)
    signature = pupils_signature(tie, day=day)
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
        pupils_signature=signature,
        states=_states(decisions, tie, signature),
        decisions=tuple(_past(each, tie) for each in decisions),
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


def pupils_signature(tie: Guardianship, *, day: date) -> str:
    """Say which signature of the pupil the age asks for: none, beside the guardian, or alone."""
    norms = norms_on(tie.school_id, day)
    age = age_on(tie.pupil.person.birth_date, day)
    if age >= norms.consent_age_alone:
        return "alone"
    return "beside" if age >= norms.consent_age_beside else ""


def _decisions(tie: Guardianship) -> QuerySet[Decision]:
    """Select both signers' decisions about the pupil, with their papers."""
    standing: QuerySet[Destruction] = Destruction.objects.done_or_standing()
    scans: QuerySet[Scan] = Scan.objects.order_by("added_at", "pk")
    return (
        Decision.objects.filter(signer__in=[tie.guardian_id, tie.pupil_id], subject=tie.pupil_id)
        .select_related("purpose")
        .prefetch_related(
            Prefetch("scans", scans),
            Prefetch("destruction", standing),
        )
        .latest_first()
    )


def _states(
    decisions: Iterable[Decision], tie: Guardianship, signature: str
) -> tuple[PurposeState, ...]:
    last: dict[str, dict[bool, str]] = {}
    for each in decisions:
        is_own = each.signer_id == tie.pupil_id
        last.setdefault(each.purpose.name, {}).setdefault(is_own, each.kind)
    return tuple(
        PurposeState(
            name,
            *_words(kinds.get(False)),
            *_words(kinds.get(True)),
            misses_pupil=bool(signature)
            and True not in kinds
            and (signature == "alone" or kinds.get(False) == DecisionKind.CONSENT),
        )
        for name, kinds in sorted(last.items())
    )


def _words(kind: str | None) -> tuple[str, str]:
    return DECISIONS[DecisionKind(kind)] if kind else ("", "")


def _past(decision: Decision, tie: Guardianship) -> PastDecision:
    destruction = getattr(decision, "destruction", None)
    return PastDecision(
        id=decision.pk,
        kind=DECISIONS[DecisionKind(decision.kind)][0],
        tone=DECISIONS[DecisionKind(decision.kind)][1],
        purpose=decision.purpose.name,
        signer="ученик" if decision.signer_id == tie.pupil_id else "",
        decided_on=decision.decided_on,
        form=decision.get_form_display(),
        note=decision.note,
        registered_at=decision.registered_at,
        scans=tuple(
            ScanLink(each.pk, each.name, each.size, each.added_at) for each in decision.scans.all()
        ),
        destroy_by=destruction.due_on if destruction else None,
        destroyed=destruction.what if destruction else "",
    )


def _title(declaration: DeliveryDeclaration) -> str:
    """«на бумаге», «сообщением или в бумажном дневнике: Сферум»."""
    parts = (declaration.get_form_display(), SUBSTITUTES.get(declaration.substitute, ""))
    return ": ".join(filter(None, parts))

"""What the end of a consent ends: channels at once, data kept by it alone within the term of the law."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from common.errors import require
from consent import policy
from consent.actions.opening import latest
from consent.enums import PurposeCode
from consent.errors import AlreadyDestroyed, ConsentGivenAgain, NothingNamed
from consent.models import (
    Application,
    Contact,
    ContactKind,
    Decision,
    DecisionKind,
    Destruction,
)
from consent.queries.norms import norms_on
from people.models import Guardianship, User
from school.models import Enrolment

DIARYS_USES = ("digest", "reminder")
SMS = "sms"


def end_by(decision: Decision, *, today: date) -> Destruction:
    """End what was sent by the signer's consent, and begin the term of destruction.

    Contacts serve all children of a guardian: while she consents for another, they stay in use.
    The caller has locked the signer, as every action on her contacts does.
    """
    if not _consents_for_another(decision, today):
        _end_uses(decision.signer_id, decision.purpose.code, today)
    days = norms_on(decision.school_id, today).consent_destruction_days
    return Destruction.objects.create(
        school_id=decision.school_id,
        decision=decision,
        due_on=decision.decided_on + timedelta(days=days),
    )


@transaction.atomic
def note_destroyed(*, by: User, destruction: Destruction, what: str, now: datetime) -> Destruction:
    """Write down that the data kept only by the ended consent were destroyed, and which.

    Raises NothingNamed, AlreadyDestroyed and ConsentGivenAgain.
    """
    decision = destruction.decision
    require(policy.can_register(by, decision.school_id, decision.subject_id))
    if not what.strip():
        raise NothingNamed
    destruction = Destruction.objects.select_for_update(of=("self",)).get(pk=destruction.pk)
    if destruction.done_at is not None:
        raise AlreadyDestroyed
    last = latest(decision.signer_id, decision.subject_id, decision.purpose)
    if last == DecisionKind.CONSENT:
        raise ConsentGivenAgain
    destruction.what, destruction.done_by, destruction.done_at = what.strip(), by, now
    destruction.save(update_fields=["what", "done_by", "done_at"])
    return destruction


def _consents_for_another(decision: Decision, today: date) -> bool:
    """Say whether she consents for another child of hers who learns here."""
    signer, purpose = decision.signer_id, decision.purpose
    going_on = Q(until__isnull=True) | Q(until__gte=today)
    learning = Enrolment.objects.filter(going_on).values("pupil")
    ties = Guardianship.objects.filter(guardian=signer, pupil__in=learning).in_force(today)
    others = set(ties.exclude(pupil=decision.subject_id).values_list("pupil_id", flat=True))
    return any(latest(signer, pupil, purpose) == DecisionKind.CONSENT for pupil in others)


def _end_uses(person: UUID, purpose: str, today: date) -> None:
    contacts = Contact.objects.filter(person=person).in_use().order_by("pk")
    if purpose == PurposeCode.DIARY:
        _drop(contacts, DIARYS_USES)
    elif purpose == PurposeCode.SMS:
        _drop(contacts, (SMS,))
        _end_applications(person, today)
    elif purpose == PurposeCode.MESSENGER:
        _drop(contacts.filter(kind=ContactKind.MESSENGER), None)


def _drop(contacts: "Collection[Contact]", uses: Collection[str] | None) -> None:
    """Take the uses from the contacts; all of them for None."""
    for contact in contacts:
        left = [] if uses is None else [each for each in contact.uses if each not in uses]
        if left != contact.uses:
            contact.uses = left
            contact.save(update_fields=["uses"])


def _end_applications(person: UUID, today: date) -> None:
    going_on = Application.objects.select_for_update().filter(
        person=person, service=SMS, until__isnull=True
    )
    for application in going_on.order_by("pk"):
        application.until = max(today, application.applied_on)
        application.save(update_fields=["until"])

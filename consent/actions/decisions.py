"""Registering what families decide; consent opens the diary, refusal and withdrawal close it at once."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from common.errors import require
from consent import policy
from consent.enums import PurposeCode
from consent.errors import (
    DecidedInFuture,
    NotARepresentative,
    NothingToWithdraw,
    SchoolingEnded,
)
from consent.models import (
    ConsentText,
    Decision,
    DecisionForm,
    DecisionKind,
    Purpose,
)
from people.models import Guardianship, Person, Pupil, User
from school.models import Enrolment

GROWN = 18


@transaction.atomic
def register_decision(
    *,
    by: User,
    signer: Person,
    subject: Pupil,
    kind: DecisionKind,
    decided_on: date,
    now: datetime,
    form: DecisionForm = DecisionForm.PAPER,
    purpose: PurposeCode = PurposeCode.DIARY,
    note: str = "",
) -> Decision:
    """Write down a consent, refusal or withdrawal and open or close the diary by it.

    Raises NotARepresentative, DecidedInFuture, SchoolingEnded for a consent after the last day,
    and NothingToWithdraw without a consent in force on the withdrawal's day. A paper older than the
    last decision joins the history and changes no access.
    """
    require(policy.can_register(by, subject.school_id, subject.pk))
    today = subject.school.local_date(now)
    if decided_on > today:
        raise DecidedInFuture
    subject = Pupil.objects.select_for_update(of=("self",)).get(pk=subject.pk)
    check_signer(signer, subject, today)
    if kind == DecisionKind.CONSENT and not _is_enrolled(subject, today):
        raise SchoolingEnded
    where = _purpose(subject.school_id, purpose)
    by_then = latest(signer.pk, subject.pk, where, until=decided_on)
    if kind == DecisionKind.WITHDRAWAL and by_then != DecisionKind.CONSENT:
        raise NothingToWithdraw
    decision = Decision.objects.create(
        school_id=subject.school_id,
        subject=subject,
        signer=signer,
        purpose=where,
        text=ConsentText.objects.filter(purpose=where, since__lte=decided_on)
        .order_by("-number")
        .first(),
        kind=kind,
        decided_on=decided_on,
        form=form,
        note=note,
        registered_by=by,
        registered_at=now,
    )
    if purpose == PurposeCode.DIARY and standing(decision) == decision:
        _open_or_close(signer, subject, where, today)
    return decision


def standing(decision: Decision) -> Decision:
    """Return the last decision of the same signer about the same pupil and purpose."""
    made = Decision.objects.filter(
        signer=decision.signer_id, subject=decision.subject_id, purpose=decision.purpose_id
    )
    return made.latest_first()[0]


def latest(signer: UUID, subject: UUID, purpose: Purpose, *, until: date = date.max) -> str | None:
    """Return the kind of the signer's last decision about the pupil, of those made until a day."""
    decisions = Decision.objects.filter(
        signer=signer, subject=subject, purpose=purpose, decided_on__lte=until
    )
    return decisions.latest_first().values_list("kind", flat=True).first()


def check_signer(signer: Person, subject: Pupil, today: date) -> None:
    if signer.pk == subject.pk:
        born = signer.birth_date
        if (
            born is None
            or (today.year - born.year) - ((today.month, today.day) < (born.month, born.day))
            < GROWN
        ):
            raise NotARepresentative
        return
    ties = Guardianship.objects.filter(guardian=signer, pupil=subject)
    if not ties.in_force(today).unrestricted(today).exists():
        raise NotARepresentative


def _is_enrolled(subject: Pupil, today: date) -> bool:
    going_on = Q(until__isnull=True) | Q(until__gte=today)
    return Enrolment.objects.filter(going_on, pupil=subject).exists()


def _purpose(school_id: UUID, code: PurposeCode) -> Purpose:
    purpose, _ = Purpose.objects.get_or_create(
        school_id=school_id, code=code, defaults={"name": code.label}
    )
    return purpose


def _open_or_close(signer: Person, subject: Pupil, purpose: Purpose, today: date) -> None:
    """Bring the access into line with the last decision: consent opens it, anything else closes it."""
    yesterday = today - timedelta(days=1)
    ties = Guardianship.objects.filter(guardian=signer, pupil=subject).in_force(today)
    if latest(signer.pk, subject.pk, purpose) == DecisionKind.CONSENT:
        shut = Q(open_from__isnull=True) | Q(open_until__isnull=False)
        ties.filter(shut).update(open_from=today, open_until=None)
        Pupil.objects.filter(shut, pk=subject.pk).update(open_from=today, open_until=None)
        return
    ties.filter(open_from__isnull=False).update(open_until=yesterday)
    if not _anybody_consents(subject, purpose, today):
        Pupil.objects.filter(pk=subject.pk, open_from__isnull=False).update(open_until=yesterday)


def _anybody_consents(subject: Pupil, purpose: Purpose, today: date) -> bool:
    ties = Guardianship.objects.filter(pupil=subject).in_force(today).unrestricted(today)
    signers = [*ties.order_by("pk").values_list("guardian_id", flat=True), subject.pk]
    return any(latest(signer, subject.pk, purpose) == DecisionKind.CONSENT for signer in signers)


@transaction.atomic
def reopen(*, pupil_id: UUID, today: date) -> None:
    """Bring the access to a pupil's diary into line with the consents: she learns here again."""
    pupil = Pupil.objects.select_for_update(of=("self",)).get(pk=pupil_id)
    purpose = _purpose(pupil.school_id, PurposeCode.DIARY)
    ties = Guardianship.objects.filter(pupil=pupil).in_force(today).select_related("guardian")
    for tie in ties.order_by("pk"):
        _open_or_close(tie.guardian, pupil, purpose, today)

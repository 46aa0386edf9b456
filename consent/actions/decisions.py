"""Registering what families decide; consent opens the diary, refusal and withdrawal close it at once."""

from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from common.errors import require
from consent import policy
from consent.actions.opening import bring_into_line, latest, purpose_of
from consent.actions.papers import attach
from consent.actions.withdrawal import end_by
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
from consent.norms import age_on
from consent.queries.norms import norms_on
from people.models import Guardianship, Person, Pupil, User
from school.models import Enrolment


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
    upload: "UploadedFile[Any] | None" = None,
) -> Decision:
    """Write down a consent, refusal or withdrawal and open or close the diary by it.

    Who signs, by the pupil's age on the day (the ages are settings of the school, 14 and 18):
    a guardian alone; then the pupil beside her, whose own account opens with both signatures; then
    the pupil alone, without whose consent no guardian reads. A birthday closes nothing by itself.
    A consent that ends, ends the messages sent by it and begins the term of destruction.

    Raises NotARepresentative, DecidedInFuture, SchoolingEnded for a consent after the last day,
    NothingToWithdraw without a consent in force on the withdrawal's day, and BrokenFile. A paper
    older than the last decision joins the history and changes no access.
    """
    require(policy.can_register(by, subject.school_id, subject.pk))
    today = subject.school.local_date(now)
    if decided_on > today:
        raise DecidedInFuture
    subject = Pupil.objects.select_for_update(of=("self",)).get(pk=subject.pk)
    check_signer(signer, subject, today, beside=True)
    if kind != DecisionKind.CONSENT:  # may end uses of her contacts: her list is locked first
        Person.objects.select_for_update(of=("self",)).get(pk=signer.pk)
    if kind == DecisionKind.CONSENT and not _is_enrolled(subject, today):
        raise SchoolingEnded
    where = purpose_of(subject.school_id, purpose)
    by_then = latest(signer.pk, subject.pk, where, until=decided_on)
    if kind == DecisionKind.WITHDRAWAL and by_then != DecisionKind.CONSENT:
        raise NothingToWithdraw
    before = latest(signer.pk, subject.pk, where)
    decision = Decision.objects.create(
        school_id=subject.school_id,
        subject=subject,
        signer=signer,
        purpose=where,
        text=text_on(where, decided_on),
        kind=kind,
        decided_on=decided_on,
        form=form,
        note=note,
        registered_by=by,
        registered_at=now,
    )
    if standing(decision) == decision:
        _take_effect(decision, today, before)
    if upload is not None:
        attach(decision, upload, by=by, now=now)
    return decision


def text_on(purpose: Purpose, day: date) -> ConsentText | None:
    """Return the version of the purpose's text that a paper of the day was signed by."""
    return ConsentText.objects.filter(purpose=purpose).begun(day).order_by("-number").first()


def _take_effect(decision: Decision, today: date, before: str | None) -> None:
    if decision.purpose.code == PurposeCode.DIARY:
        bring_into_line(decision, today=today)
    if before == DecisionKind.CONSENT and decision.kind != DecisionKind.CONSENT:
        end_by(decision, today=today)


def standing(decision: Decision) -> Decision:
    """Return the last decision of the same signer about the same pupil and purpose."""
    made = Decision.objects.filter(
        signer=decision.signer_id, subject=decision.subject_id, purpose=decision.purpose_id
    )
    return made.latest_first()[0]


def check_signer(signer: Person, subject: Pupil, today: date, *, beside: bool = False) -> None:
    """Raise NotARepresentative unless she represents the pupil, or is the pupil of the age to sign.

    The age is that of deciding alone, or with `beside` that of signing beside the guardian.
    """
    if signer.pk == subject.pk:
        norms = norms_on(subject.school_id, today)
        needed = norms.consent_age_beside if beside else norms.consent_age_alone
        if age_on(signer.birth_date, today) < needed:
            raise NotARepresentative
        return
    ties = Guardianship.objects.filter(guardian=signer, pupil=subject)
    if not ties.in_force(today).unrestricted(today).exists():
        raise NotARepresentative


def _is_enrolled(subject: Pupil, today: date) -> bool:
    going_on = Q(until__isnull=True) | Q(until__gte=today)
    return Enrolment.objects.filter(going_on, pupil=subject).exists()

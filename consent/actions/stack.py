"""Registering a returned stack of papers, one row a signer, all or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from common.errors import Refusal, require
from consent import policy
from consent.actions.decisions import register_decision, text_on
from consent.actions.papers import add_scan
from consent.enums import PurposeCode
from consent.errors import DecisionChanged, StackRefused
from consent.models import Decision, DecisionKind, Scan
from people.models import Person, Pupil, User


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper of the stack; without a kind its scan belongs to what was decided already.

    `seen` is the decision that stood when the paper was laid out: another one by now refuses the paper.
    """

    key: str
    signer: Person
    subject: Pupil
    kind: DecisionKind | None
    seen: UUID | None = None
    note: str = ""
    upload: "UploadedFile[Any] | None" = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a stack has added: new decisions, and scans to decisions that stood before."""

    made: list[Decision]
    joined: list[Decision]


@transaction.atomic
def register_stack(
    *,
    by: User,
    sheets: Sequence[Sheet],
    purpose: PurposeCode,
    decided_on: date,
    now: datetime,
) -> Recorded:
    """Write down all papers of a stack, or none.

    A paper that says what stands already from that day is known: of two posts of one stack the second
    adds nothing. A scan of a later paper, signed by another version of the text, is a new decision. Raises StackRefused with the reason of every row that cannot be written.
    """
    pupils = {sheet.subject.pk for sheet in sheets}
    list(Pupil.objects.select_for_update(of=("self",)).filter(pk__in=pupils).order_by("pk"))
    signers = {sheet.signer.pk for sheet in sheets}
    list(Person.objects.select_for_update(of=("self",)).filter(pk__in=signers).order_by("pk"))
    refused: dict[str, str] = {}
    done: list[tuple[Sheet, Decision, bool]] = []
    for sheet in sheets:
        try:
            done.append((sheet, *_written(sheet, by, purpose, decided_on, now)))
        except Refusal as refusal:
            refused[sheet.key] = refusal.message
    if refused:
        raise StackRefused(rows=refused)
    _keep_files(done, by=by, now=now)
    return Recorded(
        made=[decision for _, decision, is_new in done if is_new],
        joined=[decision for sheet, decision, is_new in done if sheet.upload and not is_new],
    )


def _written(
    sheet: Sheet, by: User, purpose: PurposeCode, decided_on: date, now: datetime
) -> tuple[Decision, bool]:
    require(policy.can_register(by, sheet.subject.school_id, sheet.subject.pk))
    known = (
        Decision.objects.filter(signer=sheet.signer, subject=sheet.subject, purpose__code=purpose)
        .select_related("purpose")
        .latest_first()
        .first()
    )
    is_said = known is not None and known.kind == sheet.kind and known.decided_on == decided_on
    if known is not None and is_said:
        return known, False
    if sheet.seen != (known.pk if known else None):
        raise DecisionChanged
    kind = sheet.kind
    if known is not None and kind is None:
        if not _is_signed_again(known, decided_on):
            return known, False
        kind = DecisionKind(known.kind)
    if kind is None:
        raise StackRefused("К чему приложить файл: отметьте «согласие» или «отказ».")
    made = register_decision(
        by=by,
        signer=sheet.signer,
        subject=sheet.subject,
        kind=kind,
        decided_on=decided_on,
        now=now,
        purpose=purpose,
        note=sheet.note,
    )
    return made, True


def _is_signed_again(known: Decision, decided_on: date) -> bool:
    """Say whether a paper of the day was signed by another text than what stands."""
    if known.kind == DecisionKind.WITHDRAWAL or decided_on <= known.decided_on:
        return False
    text = text_on(known.purpose, decided_on)
    return text is not None and text.pk != known.text_id


def _keep_files(done: Sequence[tuple[Sheet, Decision, bool]], *, by: User, now: datetime) -> None:
    """Attach the scans when nothing else can be refused; a refused file takes the others along."""
    kept: list[Scan] = []
    try:
        with transaction.atomic():
            _attach_all(done, kept, by=by, now=now)
    except StackRefused:
        for scan in kept:
            if not Scan.objects.filter(pk=scan.pk).exists():
                scan.stored.storage.delete(str(scan.stored.name))
        raise


def _attach_all(
    done: Sequence[tuple[Sheet, Decision, bool]], kept: list[Scan], *, by: User, now: datetime
) -> None:
    refused: dict[str, str] = {}
    for sheet, decision, _ in done:
        if sheet.upload is None:
            continue
        try:
            kept.append(add_scan(by=by, decision=decision, upload=sheet.upload, now=now))
        except Refusal as refusal:
            refused[sheet.key] = refusal.message
    if refused:
        raise StackRefused(rows=refused)

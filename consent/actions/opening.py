"""What decisions open and close: the guardians' access to a diary and the pupil's own account."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from consent.enums import PurposeCode
from consent.models import Decision, DecisionKind, Purpose
from consent.norms import Norms, age_on
from consent.queries.norms import norms_on
from people.models import Guardianship, Pupil


def latest(signer: UUID, subject: UUID, purpose: Purpose, *, until: date = date.max) -> str | None:
    """Return the kind of the signer's last decision about the pupil, of those made until a day."""
    decisions = Decision.objects.filter(
        signer=signer, subject=subject, purpose=purpose, decided_on__lte=until
    )
    return decisions.latest_first().values_list("kind", flat=True).first()


def bring_into_line(decision: Decision, *, today: date) -> None:
    """Open or close what the decision, the last of its signer about the diary, opens or closes.

    A guardian decides about her own access, a pupil who signs beside her about his own account,
    a pupil who decides alone also about every guardian's access. Only a consent opens anything.
    """
    subject, opens = decision.subject, decision.kind == DecisionKind.CONSENT
    signs = _Signatures(subject, decision.purpose, today)
    ties = Guardianship.objects.filter(pupil=subject).in_force(today)
    if decision.signer_id != subject.pk:
        ties = ties.filter(guardian=decision.signer_id)
    elif not signs.is_alone:
        ties = ties.none()
    _align(signs, ties, opens=opens)


@transaction.atomic
def reopen(*, pupil_id: UUID, today: date) -> None:
    """Bring the access to a pupil's diary into line with the consents: she learns here again."""
    pupil = Pupil.objects.select_for_update(of=("self",)).get(pk=pupil_id)
    purpose = purpose_of(pupil.school_id, PurposeCode.DIARY)
    ties = Guardianship.objects.filter(pupil=pupil).in_force(today)
    _align(_Signatures(pupil, purpose, today), ties, opens=True)


def purpose_of(school_id: UUID, code: PurposeCode) -> Purpose:
    purpose, _ = Purpose.objects.get_or_create(
        school_id=school_id, code=code, defaults={"name": code.label}
    )
    return purpose


class _Signatures:
    """What a pupil's signatures allow on a day. None: nobody has said it, so all stays as it is."""

    def __init__(self, subject: Pupil, purpose: Purpose, today: date) -> None:
        norms: Norms = norms_on(subject.school_id, today)
        age = age_on(subject.person.birth_date, today)
        self.subject, self.purpose, self.today = subject, purpose, today
        self.is_beside, self.is_alone = (
            age >= norms.consent_age_beside,
            age >= norms.consent_age_alone,
        )
        self.own = latest(subject.pk, subject.pk, purpose)

    def guardian_may(self, guardian: UUID) -> bool | None:
        """Her own consent, and from the age of deciding alone the pupil's too."""
        kind = latest(guardian, self.subject.pk, self.purpose)
        if kind != DecisionKind.CONSENT or not self.is_alone:
            return None if kind is None else kind == DecisionKind.CONSENT
        return None if self.own is None else self.own == DecisionKind.CONSENT

    def pupil_may(self) -> bool | None:
        """A guardian's consent, from the age of signing beside both, later the pupil's alone."""
        own = None if self.own is None else self.own == DecisionKind.CONSENT
        if self.is_alone:
            return own
        if not self._anybody_consents():
            return False
        return own if self.is_beside else True

    def _anybody_consents(self) -> bool:
        ties = Guardianship.objects.filter(pupil=self.subject).in_force(self.today)
        found = ties.unrestricted(self.today).order_by("pk").values_list("guardian_id", flat=True)
        return any(
            latest(each, self.subject.pk, self.purpose) == DecisionKind.CONSENT for each in found
        )


def _align(signs: _Signatures, ties: "QuerySet[Guardianship]", *, opens: bool) -> None:
    for key, guardian in ties.order_by("pk").values_list("pk", "guardian_id"):
        row = Guardianship.objects.filter(pk=key)
        _turn(row, signs.guardian_may(guardian), signs.today, opens=opens)
    pupil = Pupil.objects.filter(pk=signs.subject.pk)
    _turn(pupil, signs.pupil_may(), signs.today, opens=opens)


def _turn(
    rows: "QuerySet[Guardianship] | QuerySet[Pupil]", may: bool | None, today: date, *, opens: bool
) -> None:
    yesterday = today - timedelta(days=1)
    if may and opens:
        shut = Q(open_from__isnull=True) | Q(open_until__isnull=False)
        rows.filter(shut).update(open_from=today, open_until=None)
    elif may is False:
        still = Q(open_until__isnull=True) | Q(open_until__gt=yesterday)
        rows.filter(still, open_from__isnull=False).update(open_until=yesterday)

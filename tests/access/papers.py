"""Papers behind decisions: a scan, a stack of a class, what is to be destroyed; what a browser sends."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from consent.models import Decision, Destruction, Purpose, Scan
from tests.cast import NOW, SEPTEMBER, TODAY, Cast

PDF = b"%PDF-1.7 %%EOF"


class Again(SimpleUploadedFile):
    """A file that every sending reads from its beginning."""

    def read(self, *size: int) -> bytes:
        self.seek(0)
        return super().read(*size)


def papers_of(
    cast: Cast, *, guardian: str, pupil: str, leader: str, school_class: str
) -> dict[str, dict[str, Any]]:
    tie = cast.guardianships[guardian, pupil]
    decision = Decision.objects.filter(signer=tie.guardian_id, subject=tie.pupil_id).earliest(
        "registered_at"
    )
    scan, _ = Scan.objects.get_or_create(
        decision=decision, sha256="0" * 64,
        defaults={
            "school_id": tie.school_id, "name": "consent.pdf", "stored": ContentFile(PDF, "consent.pdf"),
            "size": len(PDF), "content_type": "application/pdf", "added_by": cast.users[leader], "added_at": NOW,
        },
    )  # fmt: skip
    return {
        "consent:attach": {"guardianship_id": tie.pk, "decision_id": decision.pk},
        "consent:scan": {"scan_id": scan.pk},
        "consent:stack": {"class_id": cast.classes[school_class].pk},
        "consent:destroyed": {"destruction_id": _ended(cast, guardian, pupil).pk},
    }


def papers_sent(cast: Cast, *, guardian: str, pupil: str) -> dict[str, dict[str, Any]]:
    prefix = f"{cast.pupils[pupil].pk}:{cast.people[guardian].pk}"
    made = Decision.objects.filter(signer=cast.people[guardian], subject=cast.pupils[pupil])
    last = made.filter(purpose__code="diary").latest_first().first()
    return {
        "consent:attach": {"upload": Again("photo.pdf", PDF)},
        "consent:stack": {
            "decided_on": TODAY.isoformat(),
            f"{prefix}-kind": "refusal",
            f"{prefix}-last": last.pk if last else "",
        },
        "consent:destroyed": {"what": "фотографии"},
    }


def _ended(cast: Cast, guardian: str, pupil: str) -> Destruction:
    """The consent to photos was given and withdrawn."""
    tie = cast.guardianships[guardian, pupil]
    known = Destruction.objects.filter(decision__signer=tie.guardian_id).first()
    if known is not None:
        return known
    purpose, _ = Purpose.objects.get_or_create(
        school_id=tie.school_id, code="photo", defaults={"name": "Публикация фотографий"}
    )
    for kind, day in (("consent", SEPTEMBER), ("withdrawal", TODAY)):
        made = Decision.objects.create(
            school_id=tie.school_id, subject_id=tie.pupil_id, signer_id=tie.guardian_id, purpose=purpose,
            kind=kind, decided_on=day, form="paper", registered_at=NOW,
        )  # fmt: skip
    return Destruction.objects.create(
        school_id=tie.school_id, decision=made, due_on=TODAY + timedelta(days=30)
    )

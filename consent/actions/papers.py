"""Scans of the papers behind decisions."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from common import uploads
from common.errors import BrokenFile, require
from consent import policy
from consent.models import Decision, Scan
from consent.scans import check_scan
from people.models import Pupil, User

MOST = 10  # scans of one decision


@transaction.atomic
def add_scan(*, by: User, decision: Decision, upload: "UploadedFile[Any]", now: datetime) -> Scan:
    """Attach a photo or scan of the paper; the same file twice is one scan. Raises BrokenFile."""
    require(policy.can_register(by, decision.school_id, decision.subject_id))
    # Of two presses the second waits here for the first: decisions themselves are only added.
    Pupil.objects.select_for_update(of=("self",)).get(pk=decision.subject_id)
    return attach(decision, upload, by=by, now=now)


def attach(decision: Decision, upload: "UploadedFile[Any]", *, by: User, now: datetime) -> Scan:
    """Keep the file under a name that nobody can guess: the last step of the caller's transaction.

    A file knows no rollback: what may still be refused is refused before.
    """
    check_scan(upload)
    checked = uploads.admit(upload)
    same = decision.scans.filter(sha256=checked.sha256).first()
    if same is not None:
        return same
    if decision.scans.count() >= MOST:
        raise BrokenFile("К решению приложено уже слишком много файлов.")
    return Scan.objects.create(
        school_id=decision.school_id,
        decision=decision,
        name=checked.name,
        stored=upload,
        size=checked.size,
        content_type=checked.content_type,
        sha256=checked.sha256,
        added_by=by,
        added_at=now,
    )

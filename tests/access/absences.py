"""What a family told of an absence: objects for the addresses of its pages, and what a browser sends."""

from typing import Any

from django.core.files.base import ContentFile

from diary.models import AbsenceReport
from tests.cast import NOW, Cast


def absences_of(
    cast: Cast, *, pupil: str, guardian: str, school_class: str
) -> dict[str, dict[str, Any]]:
    """A report that waits, with a file, of the next week."""
    kid = cast.pupils[pupil]
    report, _ = AbsenceReport.objects.get_or_create(
        school_id=kid.school_id, pupil=kid, since="2026-11-25", until="2026-11-26", reason="ill",
        defaults={
            "reported_by": cast.users[guardian], "reported_at": NOW, "file_name": "заявление.txt",
            "file": ContentFile(b"text", "report.txt"),
        },
    )  # fmt: skip
    child, of_class = {"pupil_id": kid.pk}, {"class_id": cast.classes[school_class].pk}
    one = {"report_id": report.pk}
    return {
        "diary:absence_report": child,
        "diary:absence_withdraw": child | one, "diary:absence_file": child | one,
        "desk:absence_reports": of_class,
        "desk:absence_accept": of_class | one, "desk:absence_decline": of_class | one,
        "desk:absence_file": of_class | one,
    }  # fmt: skip


SENT = {
    "diary:absence_report": {"since": "2026-12-01", "until": "2026-12-02", "reason": "family"},
    "desk:absence_decline": {"answer": "Оля была в школе"},
}

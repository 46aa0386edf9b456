"""What the addresses of the class teacher's desk need: a slip with a photo, guardians to remind."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile

from consent.models import Contact
from diary.models import Acknowledgement
from tests.cast import MONDAY, NOW, Cast

BEFORE = MONDAY - timedelta(days=14)
PARTS = (
    "class",
    "weeks",
    "visits",
    "slips",
    "remind",
    "reminded_in_person",
    "paper_acknowledgement",
)


def desk_of(
    cast: Cast, *, pupil: str, guardian: str, leader: str, school_class: str
) -> dict[str, dict[str, Any]]:
    """Path parameters. The guardian agreed to be reminded, so that there is somebody to remind."""
    Contact.objects.filter(person=cast.people[guardian]).update(uses=["digest", "reminder"])
    desk = {"class_id": cast.classes[school_class].pk}
    slip = {"acknowledgement_id": _slip(cast, pupil, guardian, leader).pk}
    return {f"desk:{part}": desk for part in PARTS} | {"desk:evidence": slip}


def desk_sent(cast: Cast, *, pupil: str, guardian: str) -> dict[str, dict[str, Any]]:
    def key(child: str, adult: str) -> str:
        return f"{cast.pupils[child].pk}:{cast.people[adult].pk}"

    vitya, timur = key("vitya", "vitya_mother"), key("timur", "no_consent")
    return {
        "desk:paper_acknowledgement": {
            "guardian": key(pupil, guardian), "sections": ["timetable"], "channel": "paper",
            "evidence": "корешок от 18.11",
        },
        "desk:remind": {"who": [key(pupil, guardian)]},
        "desk:reminded_in_person": {"guardian": vitya},
        "desk:slips": {
            f"{vitya}-done": "on", f"{vitya}-channel": "paper", f"{vitya}-evidence": "корешок от 18.11",
            f"{timur}-channel": "paper",
        },
    }  # fmt: skip


def _slip(cast: Cast, pupil: str, guardian: str, leader: str) -> Acknowledgement:
    known = Acknowledgement.objects.filter(pupil=cast.pupils[pupil], week=BEFORE).first()
    return known or Acknowledgement.objects.create(
        school=cast.pupils[pupil].school, guardian=cast.people[guardian], pupil=cast.pupils[pupil],
        section="timetable", week=BEFORE, version="0" * 64, channel="paper", evidence_name="slip.pdf",
        evidence_file=ContentFile(b"%PDF-1.7 %%EOF", "slip.pdf"), at=NOW, registered_by=cast.users[leader],
    )  # fmt: skip

"""The texts of consents and their forms: objects for the addresses of their pages, and what a browser sends."""

from datetime import date
from typing import Any

from consent.enums import PurposeCode
from consent.models import ConsentText
from consent.wording import LIMITS
from tests.cast import TODAY, Cast
from tests.consent.texts import text_of, words

FAR = date(2099, 1, 1)  # the database reads its own clock


def consents_of(cast: Cast, *, guardian: str, pupil: str) -> dict[str, dict[str, Any]]:
    """A text in force, and one that has not begun."""
    tie = cast.guardianships[guardian, pupil]
    school = "school" if tie.school_id == cast.school.pk else "other_school"
    text = text_of(cast, school=school)
    planned = text_of(cast, PurposeCode.MESSENGER, school=school, since=FAR)
    purpose = {"school_id": tie.school_id, "code": "sms"}
    return {
        "consent:text": purpose, "consent:text_new": purpose,
        "consent:text_cancel": {"text_id": planned.pk},
        "printouts:consent_blank": {"text_id": text.pk},
        "printouts:consents_of_family": {"guardianship_id": tie.pk},
        "printouts:consent_filled": {"text_id": text.pk, "guardianship_id": tie.pk},
    }  # fmt: skip


def consents_sent(cast: Cast, *, school_class: str) -> dict[str, dict[str, Any]]:
    found = cast.classes[school_class]
    text = ConsentText.objects.get(school=found.school_id, purpose__code="sms")
    said = words()
    fields = {name: getattr(said, name) for name in LIMITS}
    return {
        "consent:text_new": fields | {"since": TODAY.isoformat()},
        "printouts:order_consents": {
            "text": str(text.pk),
            "school_class": str(found.pk),
            "who": "all",
        },
    }

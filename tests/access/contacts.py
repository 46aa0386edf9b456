"""Contacts: objects for the addresses of their pages, and what a browser sends."""

from typing import Any

from consent.models import Application, Contact
from tests.cast import SEPTEMBER, TODAY, Cast


def contacts_of(cast: Cast, *, guardian: str) -> dict[str, dict[str, Any]]:
    """The guardian's e-mail, which nobody has proved, and her application for SMS."""
    person = cast.people[guardian]
    contact = {"contact_id": Contact.objects.get(person=person).pk}
    application = Application.objects.create(
        school_id=person.school_id, person=person, service="sms", applied_on=SEPTEMBER
    )
    own = ("code", "send_code", "uses", "move", "end")
    return {
        **{f"contacts:{each}": contact for each in own},
        "contacts:add": {"person_id": person.pk},
        "consent:contact_verified": contact,
        "consent:contacts": {"person_id": person.pk},
        "consent:sms_applied": {"person_id": _without(cast, guardian)},
        "consent:sms_ended": {"application_id": application.pk},
    }


def _without(cast: Cast, guardian: str) -> Any:
    """The same family's other guardian has no application; where there is none, the child."""
    other = {"olya_mother": "olya_father"}.get(guardian)
    return cast.people[other].pk if other else cast.pupils["other_pupil"].pk


CONTACTS_SENT: dict[str, dict[str, Any]] = {
    "contacts:add": {"kind": "phone", "value": "8 921 000-00-01", "uses": ["urgent"]},
    "contacts:code": {"code": "000000"},
    "contacts:uses": {"uses": ["digest"]},
    "contacts:move": {"to": "up"},
    "consent:sms_applied": {"applied_on": TODAY.isoformat()},
}

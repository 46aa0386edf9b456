"""A family that left: its removal is over, with an act; the objects of the addresses about that."""

from datetime import timedelta
from typing import Any

from access.models import DestructionAct, Removal
from common.ids import uuid7
from consent.models import Contact
from people.models import Person, Pupil
from tests.cast import NOW, TODAY, Cast


def left(cast: Cast, pupil: str, guardian: str, *, state: str = "closed") -> Removal:
    person = cast.people[guardian]
    return Removal.objects.create(
        id=uuid7(), school_id=person.school_id, person=person, pupil=cast.pupils[pupil],
        schooling_ended_on=TODAY - timedelta(days=1), due_at=NOW + timedelta(days=2), state=state,
        closed_at=NOW,
    )  # fmt: skip


def act_of(removal: Removal, **fields: Any) -> DestructionAct:
    values: dict[str, Any] = {
        "part": "account", "year": TODAY.year, "number": 1, "destroyed_at": NOW, "operator": "Школа",
        "subject": removal.person.full_name, "subject_kind": "законный представитель",
        "destroyed_by_name": "Задание программы по расписанию", "categories": [{"name": "Контакты", "rows": 1}],
        "system": "ИСПДн", "way": "стирание", "reason": "обучение окончено", "backup_days": 30,
        "copy_offered": "в школе", "keep_until": TODAY.replace(year=TODAY.year + 3),
    }  # fmt: skip
    return DestructionAct.objects.create(
        school_id=removal.school_id, removal=removal, **values | fields
    )


def removals_of(cast: Cast, *, pupil: str, guardian: str) -> dict[str, dict[str, Any]]:
    """Return the parameters of the addresses of removals: every object is there."""
    removal = left(cast, pupil, guardian)
    removal.pupil = _gone(cast, removal)
    removal.save()
    one, act = {"removal_id": removal.pk}, {"act_id": act_of(removal).pk}
    return {
        "access:removal": one, "access:remove_now": one, "access:keep_for_results": one,
        "access:act_log": act, "printouts:act": act, "printouts:family_copy": one,
    }  # fmt: skip


def _gone(cast: Cast, removal: Removal) -> Pupil:
    """A child of the school who learns here no more."""
    person = Person.objects.create(
        school_id=removal.school_id, last_name="Выбывший", first_name="Олег"
    )
    return Pupil.objects.create(person=person, school_id=removal.school_id)


def removals_sent(cast: Cast, *, guardian: str) -> dict[str, dict[str, Any]]:
    contact = Contact.objects.filter(person=cast.people[guardian]).earliest("pk")
    return {"access:keep_for_results": {"contact": contact.pk, "until": "2026-12-01"}}

"""Who of a class has decided about a purpose: the rows of a returned stack of papers."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from consent.enums import PurposeCode
from consent.models import Decision
from consent.norms import age_on
from consent.queries.norms import norms_on
from consent.register import StackRow
from people.models import Guardianship, Pupil
from school.models import Membership, SchoolClass

# What each signer decided about each pupil, the last first.
_Decided = dict[tuple[UUID, UUID], list[Decision]]


def stack_rows(
    school_class: SchoolClass, *, purpose: PurposeCode, day: date
) -> tuple[StackRow, ...]:
    """Return the signers of the class in its order: the pupil herself first where she decides alone."""
    pupils = _pupils(school_class, day)
    ties = (
        Guardianship.objects.filter(pupil__in=pupils)
        .in_force(day)
        .unrestricted(day)
        .select_related("guardian")
        .order_by("guardian__sort_key", "pk")
    )
    by_pupil: dict[UUID, list[Guardianship]] = {pupil.pk: [] for pupil in pupils}
    for tie in ties:
        by_pupil[tie.pupil_id].append(tie)
    decided = _decided(pupils, purpose)
    norms = norms_on(school_class.school_id, day)
    found: list[StackRow] = []
    for number, pupil in enumerate(pupils, start=1):
        age = age_on(pupil.person.birth_date, day)
        rows = list(_signers(number, pupil, by_pupil[pupil.pk], decided))
        if age >= norms.consent_age_beside:
            own = _row(number, pupil, pupil.pk, "", "сам ученик", decided)
            rows.insert(0 if age >= norms.consent_age_alone else len(rows), own)
        found.extend(rows)
    return tuple(found)


def _pupils(school_class: SchoolClass, day: date) -> list[Pupil]:
    members = Membership.objects.filter(
        group__kind="class", group__school_class=school_class
    ).in_force(day)
    found = Pupil.objects.filter(pk__in=members.values("pupil")).select_related("person", "school")
    return list(found.in_order())


def _decided(pupils: Iterable[Pupil], purpose: PurposeCode) -> _Decided:
    made = Decision.objects.filter(subject__in=pupils, purpose__code=purpose).latest_first()
    found: _Decided = {}
    for decision in made.prefetch_related("scans"):
        found.setdefault((decision.signer_id, decision.subject_id), []).append(decision)
    return found


def _signers(
    number: int,
    pupil: Pupil,
    ties: Iterable[Guardianship],
    decided: _Decided,
) -> Iterator[StackRow]:
    for tie in ties:
        yield _row(
            number, pupil, tie.guardian_id, tie.guardian.full_name, tie.get_kind_display().lower(), decided
        )  # fmt: skip


def _row(
    number: int,
    pupil: Pupil,
    signer: UUID,
    name: str,
    relation: str,
    decided: _Decided,
) -> StackRow:
    made = decided.get((signer, pupil.pk), [])
    last = made[0] if made else None
    return StackRow(
        number=number,
        pupil=pupil.pk,
        pupil_name=f"{pupil.person.last_name} {pupil.person.first_name}",
        signer=signer,
        signer_name=name or pupil.person.full_name,
        relation=relation,
        last=last.pk if last else None,
        kinds={str(each.pk): each.kind for each in made},
        decision=last.kind if last else "",
        decided_on=last.decided_on if last else None,
        scans=len(last.scans.all()) if last else 0,
    )

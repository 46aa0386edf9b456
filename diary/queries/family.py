"""Which children an account may read about, and why a diary is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from access.models import Visit
from consent.enums import PurposeCode
from diary.pages import ChildLink, ClosedChild
from people.models import Guardianship, Pupil, User
from school.models import Membership, SchoolClass

DOCUMENTS = (
    "паспорт",
    "документ о представительстве: свидетельство о рождении, об усыновлении или акт об опеке",
)
# Children of the account whose diary it may not read, with the guardian's last decision.
CLOSED = """
SELECT pe.last_name, pe.first_name, sc.short_name,
       EXISTS (SELECT 1 FROM people_restriction r WHERE r.guardianship_id = g.id
                AND r.since <= d.today AND (r.until IS NULL OR r.until >= d.today)),
       coalesce(g.open_from > d.today, false),
       (SELECT x.kind FROM consent_decision x JOIN consent_purpose p ON p.id = x.purpose_id
         WHERE x.subject_id = g.pupil_id AND x.signer_id = g.guardian_id AND p.code = %(purpose)s
         ORDER BY x.decided_on DESC, x.registered_at DESC, x.id DESC LIMIT 1)
  FROM people_guardianship g
  JOIN people_person pe ON pe.id = g.pupil_id
  JOIN people_school sc ON sc.id = g.school_id
  CROSS JOIN LATERAL (SELECT (%(now)s AT TIME ZONE sc.time_zone)::date AS today) d
 WHERE g.guardian_id = ANY(%(persons)s)
   AND g.since <= d.today AND (g.until IS NULL OR g.until >= d.today)
   AND NOT g.pupil_id = ANY(%(open)s)
 ORDER BY pe.sort_key, pe.id
"""
STATES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "no_decision": (
        "Согласие ещё не зарегистрировано",
        (
            "Электронный дневник откроется, когда школа зарегистрирует ваше согласие на обработку "
            "персональных данных. Принесите документы классному руководителю или в канцелярию школы."
        ),
        (*DOCUMENTS, "подписанное согласие: бланк даст школа"),
    ),
    "refused": (
        "Вы отказались от электронной формы",
        (
            "Сведения об успеваемости школа передаёт вам на бумаге не реже раза в неделю: выписку даёт "
            "классный руководитель. Если вы передумали, подайте согласие — доступ откроют."
        ),
        (*DOCUMENTS, "подписанное согласие: бланк даст школа"),
    ),
    "withdrawn": (
        "Вы отозвали согласие",
        (
            "Доступ к дневнику закрыт по вашему заявлению; сведения школа передаёт на бумаге. Чтобы "
            "снова открыть доступ, подайте новое согласие."
        ),
        (*DOCUMENTS, "новое подписанное согласие: бланк даст школа"),
    ),
    "restricted": (
        "Доступ ограничен",
        (
            "В школе записан судебный акт, который ограничивает права представителя. По вопросам "
            "обратитесь к директору школы."
        ),
        ("паспорт", "действующий судебный акт, если ограничение снято"),
    ),
    "not_yet": (
        "Доступ скоро откроется",
        (
            "Согласие зарегистрировано. Если дневник не открылся за несколько дней, обратитесь к "
            "классному руководителю."
        ),
        (),
    ),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A diary that the user may read, with the account's other children."""

    pupil: Pupil
    children: tuple[ChildLink, ...]

    @property
    def is_own(self) -> bool:
        """Read by the family, not by the school."""
        return any(child.is_shown for child in self.children)


def opened(user: User, pupil_id: UUID) -> Opened | None:
    """Return the diary of `pupil_id`, if the user may read it: one statement for it and the switch."""
    readable = Pupil.objects.visible_to(user).filter(Q(pk=pupil_id) | _own_children(user))
    found = list(_for_switch(readable, user).order_by("person__sort_key", "pk"))
    pupil = next((pupil for pupil in found if pupil.pk == pupil_id), None)
    return None if pupil is None else Opened(pupil=pupil, children=_links(found, shown=pupil_id))


def children(user: User) -> tuple[ChildLink, ...]:
    """Return the children whose diaries the account may open, the last looked at first."""
    seen = Visit.objects.filter(person__in=user.person_ids, pupil=OuterRef("pk"))
    readable = Pupil.objects.visible_to(user).filter(_own_children(user))
    found = _for_switch(readable, user).annotate(
        last_visit=Subquery(seen.order_by("-last_at").values("last_at")[:1])
    )
    order = F("last_visit").desc(nulls_last=True)
    return _links(list(found.order_by(order, "person__sort_key", "pk")), shown=None)


def closed_children(
    user: User, open_ids: Sequence[UUID], *, now: datetime
) -> tuple[ClosedChild, ...]:
    """Return the account's other children, each with the reason and what to bring."""
    given: dict[str, Any] = {
        "persons": list(user.person_ids),
        "open": list(open_ids),
        "now": now,
        "purpose": PurposeCode.DIARY.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLOSED, given)
        rows = cursor.fetchall()
    return tuple(_closed(*row) for row in rows)


def _closed(
    last: str, first: str, school: str, restricted: bool, coming: bool, decision: str | None
) -> ClosedChild:
    said = {"consent": "not_yet", "refusal": "refused", "withdrawal": "withdrawn"}
    state = (
        "restricted"
        if restricted
        else "not_yet"
        if coming
        else said.get(decision or "", "no_decision")
    )
    title, text, bring = STATES[state]
    return ClosedChild(
        name=f"{last} {first}",
        school_name=school,
        state=state,  # type: ignore[arg-type]
        title=title,
        text=text,
        bring=bring,
    )


def _own_children(user: User) -> Q:
    """Match the user's own diary and those of the children that she represents."""
    ties = Guardianship.objects.filter(guardian__in=user.person_ids).open(user.today)
    return Q(pk__in=ties.values("pupil")) | Q(pk__in=user.person_ids)


def _for_switch(pupils: QuerySet[Pupil], user: User) -> QuerySet[Pupil]:
    """With names, the class of today, and whether the diary is of the user's own family."""
    current = SchoolClass.objects.filter(
        pk__in=Membership.objects.filter(pupil=OuterRef(OuterRef("pk")), group__kind="class")
        .in_force(user.today)
        .values("group__school_class")
    )
    return pupils.select_related("person", "school").annotate(
        grade=Subquery(current.values("grade_level")[:1]),
        letter=Subquery(current.values("letter")[:1]),
        of_family=ExpressionWrapper(_own_children(user), output_field=BooleanField()),
    )


def _links(pupils: Sequence[Any], *, shown: UUID | None) -> tuple[ChildLink, ...]:
    return tuple(
        ChildLink(
            pupil_id=pupil.pk,
            name=f"{pupil.person.last_name} {pupil.person.first_name}",
            class_name=f"{pupil.grade}{pupil.letter}" if pupil.grade else "",
            is_shown=pupil.pk == shown,
        )
        for pupil in pupils
        if pupil.of_family
    )

"""Which children an account may read about, and why a diary is closed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, CharField, F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from access.models import Visit
from consent.enums import PurposeCode
from diary.pages import ChildLink, ClosedChild
from people.models import Pupil, User

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
# Written by hand: the query is built for every page of every family.
CLASS_OF_TODAY = """(
SELECT k.grade_level || k.letter
  FROM school_membership m
  JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
  JOIN school_schoolclass k ON k.id = g.school_class_id
 WHERE m.pupil_id = people_pupil.person_id AND m.since <= %s AND (m.until IS NULL OR m.until >= %s)
 LIMIT 1)"""
# Among the diaries that the user may read: her own, or that of a child whom she represents.
OF_FAMILY = """(
people_pupil.person_id = ANY(%s) OR EXISTS (
SELECT 1 FROM people_guardianship g
 WHERE g.pupil_id = people_pupil.person_id AND g.guardian_id = ANY(%s) AND g.open_from <= %s
   AND g.since <= %s AND (g.until IS NULL OR g.until >= %s)))"""
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


def children(user: User) -> tuple[ChildLink, ...]:
    """Return the children whose diaries the account may open, the last looked at first."""
    seen = Visit.objects.filter(person__in=user.person_ids, pupil=OuterRef("pk"))
    readable = _for_switch(Pupil.objects.visible_to(user), user).filter(of_family=True)
    found = readable.annotate(last_visit=Subquery(seen.order_by("-last_at").values("last_at")[:1]))
    order = F("last_visit").desc(nulls_last=True)
    return _links(list(found.order_by(order, "person__sort_key", "pk")))


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


def _for_switch(pupils: QuerySet[Pupil], user: User) -> QuerySet[Any]:
    """With names, the class of today, and whether the diary is of the user's own family."""
    today, persons = user.today, list(user.person_ids)
    given = [persons, persons, today, today, today]
    class_name = RawSQL(CLASS_OF_TODAY, [today, today], CharField())  # noqa: S611 - our own text
    of_family = RawSQL(OF_FAMILY, given, BooleanField())  # noqa: S611 - our own text
    return (
        pupils.select_related("person", "school")
        .annotate(class_name=class_name, of_family=of_family)
        .order_by("person__sort_key", "pk")
    )


def _links(pupils: Sequence[Any]) -> tuple[ChildLink, ...]:
    return tuple(
        ChildLink(
            pupil_id=pupil.pk,
            name=f"{pupil.person.last_name} {pupil.person.first_name}",
            class_name=pupil.class_name or "",
        )
        for pupil in pupils
        if pupil.of_family
    )

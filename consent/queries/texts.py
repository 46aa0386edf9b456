"""The texts of consents: what families sign for each purpose, version by version."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from consent import policy
from consent.enums import PurposeCode
from consent.models import ConsentText, Decision
from consent.samples import sample
from consent.wording import (
    IN_FORCE,
    PAST,
    PLANNED,
    PurposeLine,
    PurposeTexts,
    SchoolTexts,
    Version,
    Wording,
)
from people.models import School, User


def schools_with_texts(user: User) -> tuple[School, ...]:
    """Return the schools and branches whose texts the user may read."""
    ids = [
        each.school_id for each in user.identities if policy.can_read_texts(user, each.school_id)
    ]
    found = School.objects.filter(pk__in=ids)
    return tuple(found.order_by(F("parent").asc(nulls_first=True), "short_name", "pk"))


def texts_of_schools(user: User, *, day: date) -> tuple[SchoolTexts, ...]:
    """Return every purpose of the user's schools with its version in force and the next."""
    schools = schools_with_texts(user)
    found = versions(ConsentText.objects.filter(school__in=schools), day=day)
    return tuple(
        SchoolTexts(
            school=school.pk,
            school_name=school.short_name,
            may_edit=policy.can_edit_texts(user, school.pk),
            purposes=tuple(
                _line(code, [v for v in found if (v.school, v.code) == (school.pk, code.value)])
                for code in PurposeCode
            ),
        )
        for school in schools
    )


def texts_of_purpose(user: User, school: School, code: PurposeCode, *, day: date) -> PurposeTexts:
    """Return one purpose with every version, the latest first."""
    texts = ConsentText.objects.filter(school=school, purpose__code=code)
    return PurposeTexts(
        school=school.pk,
        school_name=school.short_name,
        code=code.value,
        name=code.label,
        may_edit=policy.can_edit_texts(user, school.pk),
        versions=tuple(reversed(versions(texts, day=day))),
    )


def texts_in_use(school_ids: Iterable[UUID], *, day: date) -> tuple[Version, ...]:
    """Return what families of the schools sign on the day or will sign later, purpose by purpose."""
    found = versions(ConsentText.objects.filter(school__in=list(school_ids)), day=day)
    order = {code: place for place, code in enumerate(PurposeCode.values)}
    used = [each for each in found if each.state != PAST]
    return tuple(
        sorted(used, key=lambda each: (each.school, order.get(each.code, len(order)), each.number))
    )


def version_of(text: ConsentText, *, day: date) -> Version:
    """Return one version as the pages show it."""
    others = ConsentText.objects.filter(purpose=text.purpose_id)
    return next(each for each in versions(others, day=day) if each.id == text.pk)


def first_words(school: School, code: PurposeCode) -> Wording:
    """Return what the form of a new version begins with: the last version, or the sample.

    The operator of a branch is the school above it: a branch is no legal entity.
    """
    texts = ConsentText.objects.filter(school=school, purpose__code=code)
    last = texts.in_order().last()
    if last is not None:
        return wording_of(last)
    operator = school.parent or school
    words = sample(code)
    return Wording(
        **{field.name: getattr(words, field.name) for field in fields(words)}
        | {"operator_name": operator.name, "operator_address": operator.address}
    )


def wording_of(text: ConsentText) -> Wording:
    return Wording(**{field.name: getattr(text, field.name) for field in fields(Wording)})


def versions(texts: QuerySet[ConsentText], *, day: date) -> list[Version]:
    """Return all versions of purposes, oldest first; `texts` holds whole purposes."""
    rows = list(
        texts.select_related("purpose")
        .annotate(signed=_signed())
        .order_by("purpose", "number", "pk")
    )
    made = []
    for row, later in zip(rows, [*rows[1:], None], strict=False):
        after = later.since if later and later.purpose_id == row.purpose_id else None
        made.append(
            Version(
                id=row.pk,
                school=row.school_id,
                code=row.purpose.code,
                purpose=_name(row.purpose.code, row.purpose.name),
                number=row.number,
                since=row.since,
                until=after - timedelta(days=1) if after else None,
                state=_state(row.since, after, day),
                signed=row.signed,
                wording=wording_of(row),
            )
        )
    return made


def _signed() -> Coalesce:
    """Count the decisions that refer to a version."""
    counted = (
        Decision.objects.filter(text=OuterRef("pk"))
        .order_by()
        .values("text")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return Coalesce(Subquery(counted), 0)


def _name(code: str, name: str) -> str:
    return PurposeCode(code).label if code in PurposeCode.values else name


def _state(since: date, after: date | None, day: date) -> str:
    if since > day:
        return PLANNED
    return PAST if after is not None and after <= day else IN_FORCE


def _line(code: PurposeCode, found: list[Version]) -> PurposeLine:
    return PurposeLine(
        code=code.value,
        name=code.label,
        current=next((each for each in found if each.state == IN_FORCE), None),
        planned=next((each for each in found if each.state == PLANNED), None),
        versions=len(found),
    )

"""Adopting a regulation, publishing it, acquainting staff with it."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from common.errors import require
from people.models import Person, School, User
from regulation import policy
from regulation.errors import AcquaintedAlready, AlreadyInForce, BadParameter, UnknownProfile
from regulation.models import Acquaintance, Parameter, Publication, Regulation, RegulationVersion
from regulation.parameters import DEFINITIONS, checked
from regulation.profile import OWN, profiles


@transaction.atomic
def adopt(
    *,
    by: User | None,
    school: School,
    profile: str,
    since: date,
    title: str = "",
    order_number: str = "",
    order_date: date | None = None,
    minutes: str = "",
    legal_basis: str | None = None,
    publish_by: date | None = None,
    acquaint_by: date | None = None,
    parameters: Mapping[str, object] | None = None,
) -> RegulationVersion:
    """Put a new version in force from `since`; the version before it ends the day before.

    `parameters` replace those of the profile; `by` is None only for the demo's seed. Raises
    UnknownProfile, BadParameter, and AlreadyInForce unless `since` is later than every version.
    """
    require(by is None or policy.can_edit(by, school.pk))
    source = profiles().get(profile)
    if source is None and profile != OWN:
        raise UnknownProfile
    values = _checked(parameters if parameters is not None else source.parameters if source else {})
    regulation = Regulation.objects.filter(school=school).order_by("pk").first()
    if regulation is None:
        fallback = source.title if source else "Регламент электронного дневника"
        regulation = Regulation.objects.create(school=school, title=title or fallback)
    _end_current(regulation, since)
    basis = source.legal_basis if legal_basis is None and source else legal_basis or ""
    version = RegulationVersion.objects.create(
        school=school,
        regulation=regulation,
        profile=profile,
        since=since,
        order_number=order_number,
        order_date=order_date,
        minutes=minutes,
        legal_basis=basis,
        publish_by=publish_by,
        acquaint_by=acquaint_by,
        made_by=by,
    )
    Parameter.objects.bulk_create(
        Parameter(school=school, version=version, key=key, value=value)
        for key, value in values.items()
    )
    return version


def _checked(parameters: Mapping[str, object]) -> dict[str, object]:
    values: dict[str, object] = {}
    for key, raw in parameters.items():
        if key not in DEFINITIONS:
            raise BadParameter(f"Параметра {key} нет.")
        try:
            value = checked(key, raw)
        except ValueError as error:
            raise BadParameter(str(error)) from error
        values[key] = list(value) if isinstance(value, tuple) else value
    return values


def _end_current(regulation: Regulation, since: date) -> None:
    Regulation.objects.select_for_update(of=("self",)).get(pk=regulation.pk)
    versions = RegulationVersion.objects.filter(regulation=regulation)
    if versions.filter(since__gte=since).exists():
        raise AlreadyInForce
    for version in versions.in_force(since).order_by("pk"):
        version.until = since - timedelta(days=1)
        version.save(update_fields=["until"])


@transaction.atomic
def publish(
    *,
    by: User | None,
    version: RegulationVersion,
    address: str,
    published_on: date,
    due_on: date | None = None,
) -> Publication:
    """Record where and when the version was published (U12, K-order 3)."""
    require(by is None or policy.can_edit(by, version.school_id))
    return Publication.objects.create(
        school_id=version.school_id,
        version=version,
        address=address,
        published_on=published_on,
        due_on=due_on,
        registered_by=by,
    )


@transaction.atomic
def acquaint(
    *, by: User | None, version: RegulationVersion, person: Person, on: date
) -> Acquaintance:
    """Record that a member of staff was acquainted with the version (K-order 2)."""
    require(by is None or policy.can_register_acquaintance(by, version.school_id))
    try:
        with transaction.atomic():
            return Acquaintance.objects.create(
                school_id=version.school_id,
                version=version,
                person=person,
                acquainted_on=on,
                registered_by=by,
            )
    except IntegrityError as error:
        raise AcquaintedAlready from error

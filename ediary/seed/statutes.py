"""The school's regulation: a version from its profile, published, staff acquainted."""

from datetime import date, timedelta

from ediary.seed import terms
from ediary.seed.world import Site
from people.models import RoleAssignment
from regulation.models import Acquaintance, Parameter, Publication, Regulation, RegulationVersion
from regulation.profile import profiles

SIGNED = date(2026, 8, 27)


def adopt(site: Site) -> None:
    """Put the profile of the school in force from the first of September."""
    profile = profiles()[site.spec.profile]
    regulation = site.add(Regulation, title=profile.title)
    deputy, head = site.office_user("deputy_head"), site.office_user("head")
    version = site.add(
        RegulationVersion, regulation_id=regulation, profile=profile.code, since=terms.STARTS,
        order_number="112-о", order_date=SIGNED, minutes="протокол педагогического совета № 1 от 27.08.2026",
        legal_basis=profile.legal_basis, publish_by=terms.STARTS, acquaint_by=terms.STARTS + timedelta(days=9),
        made_by_id=head, made_at=site.heap.moment + timedelta(days=2),
    )  # fmt: skip
    for key, value in profile.parameters.items():
        site.add(Parameter, version_id=version, key=key, value=value)
    site.add(
        Publication, version_id=version, address=f"{site.spec.site}documents/reglament", published_on=SIGNED,
        due_on=terms.STARTS, registered_by_id=deputy,
    )  # fmt: skip
    secretary = site.office_user("secretary")
    staff = dict.fromkeys(
        row["person_id"] for row in site.heap.of(RoleAssignment)
        if row["school_id"] == site.id and row["role"] not in {"guardian", "pupil"}
    )  # fmt: skip
    for number, person in enumerate(staff):
        site.add(
            Acquaintance, version_id=version, person_id=person,
            acquainted_on=terms.STARTS + timedelta(days=number % 9), registered_by_id=secretary,
        )  # fmt: skip

"""The forms of consents: whom they are printed for, and what is filled in."""

from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from consent.models import ConsentText, Decision
from consent.norms import age_on
from consent.queries import classes_for, texts
from consent.queries.norms import norms_on
from consent.wording import Version
from people.models import Guardianship, User
from printouts.codes import qr_svg
from printouts.consents import ConsentForm, Signer
from printouts.enums import WhoSigns
from printouts.models import PrintJob
from school.models import Membership, SchoolClass


def classes_to_give(user: User) -> list[SchoolClass]:
    """Return this year's classes whose register of consents the user keeps, in the school's order."""
    ids = [each.id for each in classes_for(user)]
    return list(SchoolClass.objects.filter(pk__in=ids).select_related("school").in_order())


def signers(
    school_class: SchoolClass, text: ConsentText, *, who: str, day: date
) -> QuerySet[Guardianship]:
    """Select the representatives of the class's pupils, in the class's order.

    Left out are those whom a court limits, and of pupils who decide alone by now.
    """
    seats = Membership.objects.filter(group__kind="class", group__school_class=school_class)
    norms = norms_on(school_class.school_id, day)
    found = (
        Guardianship.objects.filter(pupil__in=seats.in_force(day).values("pupil"))
        .in_force(day)
        .unrestricted(day)
        .exclude(pupil__person__birth_date__lte=years_before(day, norms.consent_age_alone))
        .select_related("guardian", "pupil__person")
        .order_by("pupil__person__sort_key", "pupil", "guardian__sort_key", "pk")
    )
    if who == WhoSigns.ALL:
        return found
    decisions = Decision.objects.filter(
        signer=OuterRef("guardian"), subject=OuterRef("pupil"), purpose=text.purpose_id
    )
    return found.filter(~Exists(decisions))


def may_sign(tie: Guardianship, *, day: date) -> bool:
    """Tell whether she represents the pupil on the day, no court limits it, and the pupil does not decide alone."""
    age = age_on(tie.pupil.person.birth_date, day)
    if age >= norms_on(tie.school_id, day).consent_age_alone:
        return False
    ties = Guardianship.objects.filter(pk=tie.pk)
    return ties.in_force(day).unrestricted(day).exists()


def years_before(day: date, years: int) -> date:
    """Return the same day so many years before; of a leap day its eve."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def forms_of_class(job: PrintJob, now: datetime) -> list[ConsentForm]:
    """Return the job's forms, one for every representative of every pupil."""
    school_class = job.school_class
    if school_class is None:
        return []
    day = school_class.school.local_date(now)
    text = ConsentText.objects.get(pk=job.parameters["text"])
    version = texts.version_of(text, day=day)
    beside = norms_on(school_class.school_id, day).consent_age_beside
    return [
        ConsentForm(
            text=version,
            school_name=school_class.school.short_name,
            printed_on=day,
            signer=_signer(
                tie,
                version,
                school_class.name,
                pupil_signs=age_on(tie.pupil.person.birth_date, day) >= beside,
            ),
        )
        for tie in signers(school_class, text, who=job.parameters["who"], day=day)
    ]


def blank(text: ConsentText, *, day: date) -> ConsentForm:
    """Return the form with a line for a pen where names go."""
    return ConsentForm(
        text=texts.version_of(text, day=day), school_name=text.school.short_name, printed_on=day
    )


def filled(text: ConsentText, tie: Guardianship, *, day: date) -> ConsentForm:
    """Return the form of one representative of one pupil."""
    version = texts.version_of(text, day=day)
    beside = norms_on(tie.school_id, day).consent_age_beside
    signs = age_on(tie.pupil.person.birth_date, day) >= beside
    class_name = _class_of(tie.pupil_id, day)
    return ConsentForm(
        text=version,
        school_name=text.school.short_name,
        printed_on=day,
        signer=_signer(tie, version, class_name, pupil_signs=signs),
    )


def _signer(tie: Guardianship, version: Version, class_name: str, *, pupil_signs: bool) -> Signer:
    page = reverse("consent:decide", args=[tie.pk])
    address = f"{settings.PUBLIC_URL}{page}?{urlencode({'purpose': version.code})}"
    return Signer(
        name=tie.guardian.full_name,
        relation=tie.get_kind_display().lower(),
        ground=tie.ground,
        pupil_id=tie.pupil_id,
        pupil_name=tie.pupil.person.full_name,
        class_name=class_name,
        address=address,
        qr=qr_svg(address, title="Код для школы: страница, где записывают решение"),
        pupil_signs=pupil_signs,
    )


def _class_of(pupil_id: UUID, day: date) -> str:
    seats = Membership.objects.filter(pupil=pupil_id, group__kind="class").in_force(day)
    seat = seats.select_related("group__school_class").order_by("-since", "pk").first()
    return seat.group.school_class.name if seat and seat.group.school_class else ""

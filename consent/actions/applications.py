"""Applications for SMS (T2b): without one no telephone may be agreed for them."""

from datetime import date, datetime

from django.db import transaction

from common.errors import require
from consent import policy
from consent.errors import ApplicationEnded, ApplicationKnown, AppliedInFuture
from consent.models import SMS, Application, Contact, Use
from people.models import Person, User


@transaction.atomic
def register_application(
    *, by: User, person: Person, applied_on: date, now: datetime
) -> Application:
    """Write down a paper application for SMS. Raises AppliedInFuture and ApplicationKnown."""
    require(policy.can_keep_contacts(by, person))
    if applied_on > person.school.local_date(now):
        raise AppliedInFuture
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if Application.objects.filter(person=person, service=SMS, until__isnull=True).exists():
        raise ApplicationKnown
    return Application.objects.create(
        school_id=person.school_id, person=person, service=SMS, applied_on=applied_on,
        registered_by=by, registered_at=now,
    )  # fmt: skip


@transaction.atomic
def end_application(*, by: User, application: Application, today: date) -> Application:
    """End the application, and SMS to every telephone of the person. Raises ApplicationEnded."""
    require(policy.can_keep_contacts(by, application.person))
    Person.objects.select_for_update(of=("self",)).get(pk=application.person_id)
    application = Application.objects.get(pk=application.pk)
    if application.until is not None:
        raise ApplicationEnded
    served = Contact.objects.filter(person=application.person_id, uses__contains=[Use.SMS])
    for contact in served.order_by("pk"):
        contact.uses = [use for use in contact.uses if use != Use.SMS]
        contact.save(update_fields=["uses"])
    application.until = max(today, application.applied_on)
    application.save(update_fields=["until"])
    return application

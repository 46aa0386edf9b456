"""The texts of consents: a version is added, never edited."""

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from common.errors import require
from consent import policy
from consent.enums import PurposeCode
from consent.errors_texts import (
    TextIncomplete,
    TextInPast,
    TextNotLater,
    TextStands,
    TextTooFar,
    TextTooLong,
)
from consent.models import ConsentText, Decision, Purpose
from consent.models.purposes import REQUIRED
from consent.wording import LIMITS, Wording
from people.models import School, User
from school.calendar import school_year

YEARS_AHEAD = 2


@transaction.atomic
def add_text(
    *, by: User, school: School, code: PurposeCode, wording: Wording, since: date, now: datetime
) -> ConsentText:
    """Add a version of a purpose's text, in force from a day.

    Raises TextIncomplete, TextTooLong, TextNotLater than the last version and, unless it is the first
    (a school brings the text it has), TextInPast: what was signed meanwhile was signed by the last.
    TextTooFar beyond the next two school years.
    """
    require(policy.can_edit_texts(by, school.pk))
    purpose, _ = Purpose.objects.get_or_create(
        school=school, code=code, defaults={"name": code.label}
    )
    # Of two people who publish at once the second waits here and meets the first's version.
    Purpose.objects.select_for_update(of=("self",)).get(pk=purpose.pk)
    said = {name: text.strip() for name, text in asdict(wording).items()}
    if not all(said[name] for name in REQUIRED):
        raise TextIncomplete
    if any(len(said[name]) > most for name, most in LIMITS.items()):
        raise TextTooLong
    last = ConsentText.objects.filter(purpose=purpose).order_by("number", "pk").last()
    if last is not None and since <= last.since:
        message = f"Последняя редакция начинается {last.since:%d.%m.%Y}: новая — позже этого дня."
        raise TextNotLater(message, field="since")
    if last is not None and since < school.local_date(now):
        raise TextInPast(field="since")
    if school_year(since) > school_year(school.local_date(now)) + YEARS_AHEAD:
        raise TextTooFar(field="since")
    return ConsentText.objects.create(
        school=school,
        purpose=purpose,
        number=last.number + 1 if last else 1,
        since=since,
        **said,
    )


@transaction.atomic
def cancel_text(*, by: User, text: ConsentText, now: datetime) -> None:
    """Take back a version that has not begun and that nobody signed. Raises TextStands."""
    require(policy.can_edit_texts(by, text.school_id))
    Purpose.objects.select_for_update(of=("self",)).get(pk=text.purpose_id)
    has_begun = text.since <= text.school.local_date(now)
    if has_begun or Decision.objects.filter(text=text).exists():
        raise TextStands
    text.delete()

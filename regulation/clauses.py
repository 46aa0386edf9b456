"""How the regulation itself answers: versions in force, publication."""

from datetime import datetime
from itertools import pairwise

from django.urls import reverse

from common.templatetags.words import day_digits
from people.models import School
from regulation.models import Publication, RegulationVersion
from regulation.queries import in_force, version_in_force
from regulation.registry import Evidence, Finding, broken, clause, kept, not_yet_due


def register() -> None:
    """Keep the import honest: importing this module registers the checks."""


def _page(school: School) -> str:
    return f"{reverse('control:regulation')}?school={school.pk}"


@clause("G3.2b")
def versions_have_dates(school: School, *, now: datetime) -> Finding:
    """A version is in force today, and every version before it ended when the next began."""
    found = list(RegulationVersion.objects.filter(school=school).order_by("since", "pk"))
    evidence = tuple(
        Evidence(
            f"Редакция с {day_digits(each.since)}",
            _page(school),
            f"приказ № {each.order_number or 'не указан'}",
        )
        for each in found
    )
    if in_force(school, day=school.local_date(now)).version is None:
        return broken("Действующей редакции регламента нет.", *evidence)
    pairs = pairwise(found)
    if any(each.until is None or each.until >= following.since for each, following in pairs):
        return broken("Сроки действия редакций пересекаются.", *evidence)
    return kept("Редакция действует, прежние закрыты датами.", *evidence)


@clause("U12")
def published_with_contacts(school: School, *, now: datetime) -> Finding:
    """The version in force is on the site, and the page tells where to ask."""
    place = _publication(school, now)
    contacts = school.phone or school.email
    evidence = [Evidence("Консультация", _page(school), contacts or "телефон и почта не указаны")]
    if place:
        evidence.append(Evidence(f"Размещён {day_digits(place.published_on)}", place.address))
    if place and contacts:
        return kept("Регламент размещён, контакты для консультации показаны.", *evidence)
    missing = "размещение не записано" if not place else "контакты для консультации не указаны"
    return broken(f"Нарушено: {missing}.", *evidence)


@clause("K-order 3")
def published_in_time(school: School, *, now: datetime) -> Finding:
    """The deputy head published the version by the day that the order names."""
    day = school.local_date(now)
    version = version_in_force(school, day=day)
    place = _publication(school, now)
    if version is None:
        return broken("Действующей редакции регламента нет.")
    due = version.publish_by
    term = Evidence("Срок по приказу", _page(school), day_digits(due) if due else "не назначен")
    if place:
        fact = Evidence(f"Размещён {day_digits(place.published_on)}", place.address)
        is_late = due is not None and place.published_on > due
        return (
            broken("Размещён позже срока.", term, fact)
            if is_late
            else kept("Размещён в срок.", term, fact)
        )
    if due is None or day <= due:
        return not_yet_due("Ещё не размещён, срок не прошёл.", term)
    return broken("Не размещён, срок прошёл.", term)


def _publication(school: School, now: datetime) -> Publication | None:
    version = in_force(school, day=school.local_date(now)).version
    return Publication.objects.filter(version=version).order_by("published_on", "pk").first()

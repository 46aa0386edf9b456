"""Checks that need the school and the regulation together."""

from datetime import datetime

from django.urls import reverse

from common.templatetags.words import count_ru, day_digits
from control.queries import to_acquaint
from people.models import School
from regulation.queries import in_force, version_in_force
from regulation.registry import Evidence, Finding, broken, clause, kept, listed, not_yet_due


def register() -> None:
    """Keep the import honest: importing this module registers the checks."""


def _page(school: School) -> str:
    return f"{reverse('control:regulation')}?school={school.pk}"


@clause("K-order 2")
def class_teachers_are_acquainted(school: School, *, now: datetime) -> Finding:
    """Every class teacher of today was acquainted with the version in force by the order's day."""
    day = school.local_date(now)
    regulation = in_force(school, day=day)
    version = version_in_force(school, day=day)
    if version is None:
        return broken("Действующей редакции регламента нет.")
    missing = to_acquaint(school, regulation, day=day)
    page = _page(school)
    due = version.acquaint_by
    term = [Evidence("Срок по приказу", page, day_digits(due) if due else "не назначен")]
    people = [Evidence(f"Не ознакомлен: {person.short_name}", page) for person in missing]
    facts = (*term, *listed(people))
    if not missing:
        return kept("Все классные руководители ознакомлены.", *facts)
    summary = f"Не записано ознакомление: {count_ru(len(missing), 'человек,человека,человек')}."
    if due is None or day <= due:
        return not_yet_due(summary, *facts)
    return broken(summary, *facts)

"""What the staff's pages about families share: their parts."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.errors import require
from diary import policy_words as policy
from people.http import Request, staff_only
from people.models import User


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the staff's work with families: a link of ui/tabs.html."""

    label: str
    url: str
    current: bool
    count: int = 0


def family_parts(user: User, current: str) -> tuple[Part, ...]:
    """Return the pages that are open to the user."""
    words, advice = policy.can_open_words(user), policy.can_open_recommendations(user)
    offered = (
        ("announcements", "Объявления", words),
        ("recommendations", "Рекомендации", advice),
        ("portfolios", "Портфолио", advice),
        ("hours", "Часы приёма", advice),
    )
    return tuple(
        Part(label, reverse(f"desk:{name}"), current=name == current)
        for name, label, is_open in offered
        if is_open
    )


@require_safe
@staff_only
def families(request: Request) -> HttpResponse:
    """Lead to the first page of the work with families that is open to the user."""
    parts = family_parts(request.user, "")
    require(bool(parts))
    return redirect(parts[0].url)

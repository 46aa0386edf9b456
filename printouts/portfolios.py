"""The portfolio of a pupil on paper: what the class teacher has confirmed."""

from dataclasses import dataclass
from datetime import date, datetime

from diary.models import Achievement
from diary.pages.portfolio import Portfolio
from diary.queries.opened import Opened
from diary.queries.portfolio import portfolio
from people.models import User


@dataclass(frozen=True, slots=True)
class PrintedPortfolio:
    title: str  # «Портфолио, Ёлкина Оля»
    page: Portfolio
    printed_on: date


def printed_portfolio(found: Opened, *, user: User, now: datetime) -> PrintedPortfolio:
    """Return the confirmed achievements that the user may see."""
    seen = Achievement.objects.visible_to(user)
    page = portfolio(found.pupil, found.class_name, seen, confirmed_only=True)
    return PrintedPortfolio(
        f"Портфолио, {page.pupil}", page, printed_on=found.pupil.school.local_date(now)
    )

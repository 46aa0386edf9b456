"""What every page of a class's desk shares: the class, the week, the parts, and the other work of its teacher."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from common.weeks import monday_of
from diary.forms import week_or
from diary.pages import iso_week
from people.http import Request
from people.roles import Permission
from school.models import SchoolClass
from school.rules import classes_led


@dataclass(frozen=True, slots=True)
class DeskLink:
    """A link of the desk: a part of it, or another page of the class teacher's work."""

    label: str
    url: str
    current: bool = False
    count: int = 0


def class_and_week(request: Request, class_id: UUID) -> tuple[SchoolClass, date]:
    """Return the class, and the week of the address: the current one without."""
    led = Q(pk__in=classes_led(request.user))
    classes = SchoolClass.objects.visible_to(request.user).select_related("school")
    school_class = get_object_or_404(classes.annotate(is_led=led), pk=class_id)
    return school_class, week_or(request.GET.get("week", ""), monday_now(school_class))


def keeps(request: Request, school_class: SchoolClass) -> bool:
    """Return whether the desk is the user's own, as `can_keep_desk` would, of what was fetched with the class."""
    may = request.user.may(Permission.CLASS_LEAD, school_class.school_id)
    return may and bool(getattr(school_class, "is_led", False))


def monday_now(school_class: SchoolClass) -> date:
    today = school_class.school.local_date(timezone.now())
    return monday_of(today)


def at(part: str, class_id: UUID, monday: date) -> str:
    """Return the address of a part of the desk in the week."""
    return f"{reverse(f'desk:{part}', args=[class_id])}?week={iso_week(monday)}"


def desk_parts(class_id: UUID, monday: date, current: str) -> tuple[DeskLink, ...]:
    parts = (("class", "Неделя"), ("weeks", "12 недель"), ("visits", "Заходы в дневник"))
    return tuple(
        DeskLink(label, at(part, class_id, monday), current=part == current)
        for part, label in parts
    )


def desk_links(
    class_id: UUID, *, has_behaviour: bool, reports: int | None = None
) -> tuple[DeskLink, ...]:
    """Return the rest of a class teacher's work; each area adds its own page here.

    `reports` of absence that wait; None: the user does not lead the class, to her they are not there.
    """
    named = [
        ("journal:class_day", "Кого нет сегодня"),
        ("journal:absence_notes", "Справки"),
        *([("journal:behaviour", "Поведение")] if has_behaviour else []),
        ("journal:class_forecast", "Прогноз класса"),
        ("journal:summary", "Сводная ведомость"),
        ("journal:class_report", "Отчёт за период"),
        ("desk:results_seen", "Кто видел итоговые оценки"),
        ("desk:portfolio", "Портфолио"),
    ]
    links = tuple(DeskLink(label, reverse(name, args=[class_id])) for name, label in named)
    if reports is None:
        return links
    address = reverse("desk:absence_reports", args=[class_id])
    return (DeskLink("Сообщения родителей", address, count=reports), *links)

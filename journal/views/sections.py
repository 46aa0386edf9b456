"""The parts of the journal that a user may open, as links: one list for the day and for the school."""

from dataclasses import dataclass

from django.urls import reverse

from journal import policy
from journal.queries import behaviour
from people.models import User
from people.roles import Permission, Role


@dataclass(frozen=True, slots=True)
class Link:
    """A link among others of its kind."""

    label: str
    url: str
    current: bool = False
    count: int = 0


def of_teacher(user: User) -> list[Link]:
    """Return the parts beside a teacher's day."""
    pages = [
        ("Журналы школы", "journal:school", policy.can_open_school(user)),
        ("Утро класса", "journal:morning", user.has_role(Role.CLASS_TEACHER)),
        ("Планы (КТП)", "journal:programmes", True),
        ("Статистика уроков", "journal:statistics", True),
        ("График контрольных", "journal:tests", True),
        ("Итоги периода", "journal:closing", True),
        ("Итоги года", "journal:results", True),
        ("Поведение", "journal:behaviours", behaviour.is_on(user)),
    ]
    return [Link(label, reverse(page)) for label, page, is_open in pages if is_open]


def of_school(user: User) -> list[Link]:
    """Return the parts that heads open for the whole school."""
    controls = bool(user.schools_with(Permission.JOURNAL_CONTROL))
    pages = [
        ("Утро школы", "journal:morning", True),
        ("Итоги периода", "journal:closing", True),
        ("Итоги года", "journal:results", True),
        ("Планы (КТП)", "journal:programmes", True),
        ("Статистика уроков", "journal:statistics", True),
        ("График контрольных", "journal:tests", True),
        ("Долги", "journal:debts", True),
        ("Открытие уроков", "journal:reopenings", controls),
        ("Необычные правки", "journal:unusual", controls),
        ("Индивидуальное обучение", "journal:individual", controls),
        ("Поведение", "journal:behaviours", behaviour.is_on(user)),
        ("Настройки журнала", "journal:settings", controls),
    ]
    return [Link(label, reverse(page)) for label, page, is_open in pages if is_open]

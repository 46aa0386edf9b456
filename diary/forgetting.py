"""What a family keeps in the diary for itself, and how it is destroyed when schooling ends."""

from django.db.models import Q

from access.destruction import Leaver, forgets
from diary.models import CalendarFeed, DoneTask


def register() -> None:
    """Importing this module registers the kinds; the call keeps the import honest."""


@forgets("Секретные адреса календарей", "diary.CalendarFeed")
def forget_calendars(leaver: Leaver) -> int:
    """Those of the child, and those of the account at this school."""
    mine = Q(pupil=leaver.person.pk)
    if leaver.login is not None:
        mine |= Q(user=leaver.login)
    feeds = CalendarFeed.objects.filter(mine, school=leaver.person.school_id)
    return feeds.delete()[0]


@forgets("Собственные пометки «сделано»", "diary.DoneTask")
def forget_ticks(leaver: Leaver) -> int:
    return DoneTask.objects.filter(pupil=leaver.person.pk).delete()[0]

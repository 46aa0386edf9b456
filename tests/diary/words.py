"""Announcements and recommendations for tests."""

from datetime import date, timedelta
from typing import Any

from diary.models import Announcement
from tests.cast import NOW, TODAY, Cast


def announcement(
    cast: Cast,
    title: str,
    *,
    of: str = "school",
    since: date = TODAY,
    days: int = 7,
    author: str = "nina",
    **more: Any,
) -> Announcement:
    """Make words to the whole school, to a class («7А») or to a pupil («olya»)."""
    return Announcement.objects.create(
        school=cast.school, school_class=cast.classes.get(of), pupil=cast.pupils.get(of), title=title, since=since,
        until=since + timedelta(days=days), author=cast.people[author], published_at=NOW, **more,
    )  # fmt: skip

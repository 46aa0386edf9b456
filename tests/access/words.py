"""What the school says to the family of a side's pupil: announcements, recommendations, hours, achievements."""

from datetime import timedelta
from typing import Any

from diary.models import Announcement
from tests.cast import NOW, TODAY, Cast


def words_of(cast: Cast, *, pupil: str, school_class: str, leader: str) -> dict[str, dict[str, Any]]:
    """Path parameters of the addresses about what is said to families."""
    child = {"pupil_id": cast.pupils[pupil].pk}
    told = Announcement.objects.create(
        school=cast.pupils[pupil].school, school_class=cast.classes[school_class], title="Собрание", since=TODAY,
        until=TODAY + timedelta(days=7), author=cast.people[leader], published_at=NOW,
    )  # fmt: skip
    return {
        "diary:announcements": child,
        "diary:announcement": child | {"announcement_id": told.pk},
    }

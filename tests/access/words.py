"""What the school says to the family of a side's pupil: announcements, recommendations, hours, achievements."""

from datetime import time, timedelta
from typing import Any

from diary.models import Announcement, Recommendation
from school.models import ContactHours
from tests.cast import NOW, TODAY, Cast, known


def words_of(
    cast: Cast, *, pupil: str, school_class: str, leader: str, teacher: str, course: str
) -> dict[str, dict[str, Any]]:
    """Path parameters of the addresses about what is said to families."""
    child = {"pupil_id": cast.pupils[pupil].pk}
    school = cast.pupils[pupil].school
    told = {"announcement_id": _announcement(cast, pupil, school_class, leader).pk}
    advice = Recommendation.objects.create(
        school=school, pupil=cast.pupils[pupil], subject=cast.courses[course].subject,
        batch=known(f"batch:{pupil}"), text="Повторите дроби", author=cast.people[teacher],
        given_by=cast.users[teacher], given_at=NOW,
    )  # fmt: skip
    hours = ContactHours.objects.create(
        school=school,
        person=cast.people[teacher],
        weekday=2,
        starts=time(15),
        ends=time(16),
        place="214",
    )
    batch = {"batch": advice.batch}
    return {
        "diary:announcements": child, "diary:announcement": child | told,
        "diary:recommendations": child, "diary:school": child,
        "diary:recommendation_read": child | {"recommendation_id": advice.pk},
        "desk:announcement": told, "desk:announcement_withdraw": told,
        "desk:recommend": {"course_id": cast.courses[course].pk},
        "desk:recommendation": batch, "desk:recommendation_take_back": batch,
        "desk:hours_remove": {"hours_id": hours.pk},
    }  # fmt: skip


def _announcement(cast: Cast, pupil: str, school_class: str, leader: str) -> Announcement:
    return Announcement.objects.create(
        school=cast.pupils[pupil].school, school_class=cast.classes[school_class], title="Собрание", since=TODAY,
        until=TODAY + timedelta(days=7), author=cast.people[leader], published_at=NOW,
    )  # fmt: skip


def words_sent(cast: Cast, *, pupil: str, school_class: str) -> dict[str, dict[str, Any]]:
    """What a browser sends to those addresses."""
    days = {"since": TODAY.isoformat(), "until": TODAY.isoformat()}
    return {
        "desk:announce": {
            "whom": "classes", "classes": [str(cast.classes[school_class].pk)], "title": "Собрание", **days,
        },
        "desk:announcement": {"title": "Собрание", **days},
        "desk:recommend": {"text": "Повторите дроби", "pupils": [str(cast.pupils[pupil].pk)]},
        "desk:hours": {"weekday": "3", "starts": "15:00", "ends": "16:00", "place": "кабинет 214"},
    }  # fmt: skip

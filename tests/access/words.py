"""What the school says to the family of a side's pupil: announcements, recommendations, hours, achievements."""

from datetime import time, timedelta
from typing import Any

from django.core.files.base import ContentFile

from diary.models import Achievement, Announcement, Recommendation
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
    waiting = {"achievement_id": _achievement(cast, pupil, "waiting", leader).pk}
    shown = {"achievement_id": _achievement(cast, pupil, "confirmed", leader).pk}
    return {
        "diary:announcements": child, "diary:announcement": child | told,
        "diary:recommendations": child, "diary:school": child,
        "diary:recommendation_read": child | {"recommendation_id": advice.pk},
        "desk:announcement": told, "desk:announcement_withdraw": told,
        "desk:recommend": {"course_id": cast.courses[course].pk},
        "desk:recommendation": batch, "desk:recommendation_take_back": batch,
        "desk:hours_remove": {"hours_id": hours.pk},
        **dict.fromkeys(("diary:portfolio", "diary:achievement_new", "printouts:portfolio"), child),
        **dict.fromkeys(
            ("diary:achievement", "diary:achievement_remove", "diary:achievement_audience"), child | waiting
        ),
        "diary:achievement_file": child | shown, "desk:achievement_file": shown,
        "desk:achievement": waiting, "desk:portfolio": {"class_id": cast.classes[school_class].pk},
    }  # fmt: skip


def _announcement(cast: Cast, pupil: str, school_class: str, leader: str) -> Announcement:
    return Announcement.objects.create(
        school=cast.pupils[pupil].school, school_class=cast.classes[school_class], title="Собрание", since=TODAY,
        until=TODAY + timedelta(days=7), author=cast.people[leader], published_at=NOW,
    )  # fmt: skip


def _achievement(cast: Cast, pupil: str, state: str, leader: str) -> Achievement:
    """One that waits is the class teacher's to see alone; a confirmed one is shown to the whole school."""
    checked = {"checked_by": cast.users[leader], "checked_at": NOW} if state == "confirmed" else {}
    return Achievement.objects.create(
        school=cast.pupils[pupil].school, pupil=cast.pupils[pupil], kind="sport", level="school", title="Кросс",
        day=TODAY, file_name="грамота.txt", file=ContentFile(b"text", "paper.txt"), audience="school",
        added_by=cast.users[pupil], added_at=NOW, state=state, **checked,
    )  # fmt: skip


def words_sent(cast: Cast, *, pupil: str, school_class: str) -> dict[str, dict[str, Any]]:
    """What a browser sends to those addresses."""
    won = {"kind": "sport", "level": "school", "title": "Кросс", "day": TODAY.isoformat()}
    days = {"since": TODAY.isoformat(), "until": TODAY.isoformat()}
    (waiting,) = Achievement.objects.filter(pupil=cast.pupils[pupil], state="waiting")
    return {
        "desk:announce": {
            "whom": "classes", "classes": [str(cast.classes[school_class].pk)], "title": "Собрание", **days,
        },
        "desk:announcement": {"title": "Собрание", **days},
        "desk:recommend": {"text": "Повторите дроби", "pupils": [str(cast.pupils[pupil].pk)]},
        "diary:achievement_new": won, "diary:achievement": won,
        "diary:achievement_audience": {"audience": "class"},
        "desk:achievement": {"do": "confirm", "seen": waiting.stamp},
        "desk:hours": {"weekday": "3", "starts": "15:00", "ends": "16:00", "place": "кабинет 214"},
    }  # fmt: skip

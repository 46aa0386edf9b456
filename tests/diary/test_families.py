"""Families as they are: a changed class, a restricted parent, who sees whose records."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from access.models import Visit
from diary import actions
from diary.models import Acknowledgement, Section
from people.models import Restriction
from school.models import Membership
from tests.cast import MONDAY, NOW, SEPTEMBER, TODAY, Cast
from tests.diary.test_acknowledgement import press
from tests.diary.test_pages import week_url
from tests.diary.test_week import give, read

Browser = Callable[[str], Client]


def test_child_who_changed_class_keeps_the_lessons_of_both(cast: Cast) -> None:
    Membership.objects.filter(pupil=cast.pupils["kolya"]).update(until=TODAY - timedelta(days=1))
    Membership.objects.create(
        school=cast.school, group=cast.extras["group:7А"], pupil=cast.pupils["kolya"], since=TODAY
    )
    give(cast, "kolya", cast.lesson("maths5", MONDAY), "5")
    week = read(cast, "kolya")
    assert week.pupil.class_name == "7А"
    assert [[lesson.subject for lesson in day.lessons] for day in week.days[1:3]] == [
        ["Математика"], ["Алгебра", "Физика", "Русский язык"],
    ]  # fmt: skip
    assert [mark.value for mark in week.marks] == ["5"]


def test_pupil_without_a_class_is_told_so(cast: Cast) -> None:
    Membership.objects.filter(pupil=cast.pupils["kolya"]).update(until=SEPTEMBER)
    emptiness = read(cast, "kolya").emptiness
    assert emptiness is not None
    assert emptiness.kind == "left"


def test_restricted_guardian_reads_nothing_and_is_not_told_of(
    cast: Cast, client_of: Browser
) -> None:
    Restriction.objects.create(
        school=cast.school, guardianship=cast.guardianships["olya_father", "olya"], act_number="2-17",
        act_date=TODAY, since=TODAY,
    )  # fmt: skip
    assert client_of("olya_father").get(week_url(cast)).status_code == 404
    guardians = read(cast, user="olya_mother").acknowledgement.guardians
    assert [guardian.name for guardian in guardians] == ["Ёлкина О. В."]


def test_records_are_seen_by_the_family_the_class_teacher_and_heads(cast: Cast) -> None:
    press(cast)
    actions.record_visit(
        by=cast.user("olya_mother"), pupil=cast.pupils["olya"], section=Section.TIMETABLE, now=NOW
    )
    seen = {
        name: (
            Acknowledgement.objects.visible_to(cast.user(name)).count(),
            Visit.objects.visible_to(cast.user(name)).count(),
        )
        for name in ("olya_father", "olya", "ivan", "nina", "svetlana", "petya_father", "stranger")
    }
    assert seen == {
        "olya_father": (1, 0), "olya": (1, 0), "ivan": (1, 1), "nina": (1, 1), "svetlana": (0, 0),
        "petya_father": (0, 0), "stranger": (0, 0),
    }  # fmt: skip

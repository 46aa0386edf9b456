"""Proposals read for many courses at once: to whom, by which table, in how many statements."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journal.closing import YEAR, Chosen, count
from journal.models import FinalRule, PeriodMark, Scale, Work
from journal.queries.proposals import closing
from people.models import Setting
from school.models import Course, CourseTeacher, Membership, StudyGroup
from tests.cast import NOW, SEPTEMBER, TODAY, Cast
from tests.cast import YEAR as YEAR_OF_CAST
from tests.journal.closing import marks, of_class, place, put, put_all, read, sign, table
from tests.journal.world import big_course


def proposed(cast: Cast, pupil: str = "olya", **more: Any) -> tuple[str, tuple[str, ...], str]:
    proposal = place(cast, pupil, **more).proposal
    return proposal.state, proposal.values, proposal.average


def test_a_result_is_proposed_by_the_table_and_the_weights(cast: Cast) -> None:
    table(cast)
    marks(cast, "olya", "55444")
    assert proposed(cast) == ("sure", ("4",), "4,40")
    Work.objects.update(weight=2)
    first = Work.objects.order_by("lesson__day").first()
    assert first
    first.weight = 10
    first.save()
    assert proposed(cast) == ("sure", ("5",), "4,67")  # (5·10 + 5·2 + 3·4·2) / 18


def test_uncounted_works_and_other_periods_are_left_out(cast: Cast) -> None:
    table(cast)
    marks(cast, "olya", "555222")
    late = Work.objects.order_by("-lesson__day")[:3]
    Work.objects.filter(pk__in=[work.pk for work in late]).update(counts=False)
    assert proposed(cast) == ("sure", ("5",), "5,00")
    first_quarter = str(cast.extras["Школа № 1:1"].pk)
    assert proposed(cast, period=first_quarter) == ("few", (), "")


def test_nothing_is_proposed_until_the_local_act_is_named(cast: Cast) -> None:
    rule = table(cast, act="")
    marks(cast, "olya", "5555")
    assert proposed(cast)[0] == "nothing"
    rule.act = "Приказ № 12"
    rule.save()
    assert proposed(cast)[0] == "sure"


def test_the_subjects_own_table_goes_before_the_schools_and_the_latest_before_the_older(
    cast: Cast,
) -> None:
    marks(cast, "olya", "5444")  # 4,25
    table(cast)
    assert proposed(cast)[1] == ("4",)
    table(cast, since=date(2026, 10, 1), bounds={"5": 4.2, "4": 3.2, "3": 2.2})
    assert proposed(cast)[1] == ("5",)
    own = table(cast, subject=cast.courses["algebra"].subject, bounds={"5": 4.9, "4": 4.3, "3": 3})
    assert proposed(cast)[1] == ("4", "3")  # 4,25 is in the zone under 4,3
    own.grade_from = own.grade_to = 5
    own.save()
    assert proposed(cast)[1] == ("5",)
    assert FinalRule.objects.count() == 3


def test_a_credit_is_proposed_by_the_part_of_works_passed(cast: Cast) -> None:
    words: dict[str, Any] = {"зач": None, "нзч": None}
    Scale.objects.create(school=cast.school, code="pass_fail", name="Зачёт", values=words, since=SEPTEMBER)  # fmt: skip
    Course.objects.filter(pk=cast.courses["algebra"].pk).update(scale_code="pass_fail")
    table(cast, scale_code="pass_fail", bounds={"зач": 0.5}, disputed=Decimal(0), minimum=[])
    marks(cast, "olya", "")
    assert proposed(cast)[0] == "few"
    assert put(cast, "maria", "зач").state == "reason"
    assert put(cast, "maria", "зач", reason="Сдан на консультации").state == "ok"


def test_the_year_is_proposed_by_its_periods_and_by_the_schools_choice(cast: Cast) -> None:
    table(cast)
    quarters = [cast.extras[f"Школа № 1:{number}"] for number in (1, 2, 3, 4)]
    for quarter, value in zip(quarters, "5454", strict=True):
        put(cast, "maria", value, period=str(quarter.pk), reason="так вышло")
    assert proposed(cast, period=YEAR) == ("sure", ("5",), "4,50")
    Setting.objects.create(school=cast.school, key="year_by_table", value=True, since=SEPTEMBER)
    assert proposed(cast, period=YEAR) == ("disputed", ("5", "4"), "4,50")
    PeriodMark.objects.filter(period=quarters[3]).delete()
    assert proposed(cast, period=YEAR)[0] == "few"


@pytest.mark.parametrize(
    ("who", "courses", "pupils"),
    [
        ("maria", 1, 4), ("ivan", 3, 4), ("svetlana", 1, 4), ("nina", 3, 4), ("head", 3, 4), ("admin", 0, 0),
        ("secretary", 0, 0), ("branch_head", 0, 0), ("stranger", 0, 0), ("olya_mother", 0, 0), ("olya", 0, 0),
    ],
)  # fmt: skip
def test_a_class_is_seen_by_who_leads_it_oversees_it_or_teaches_it(
    cast: Cast, who: str, courses: int, pupils: int
) -> None:
    found = read(cast, who, of_class(cast))
    assert (len(found.courses), len(found.pupils)) == (courses, pupils)
    teaches = {"maria": "Алгебра", "ivan": "Физика", "svetlana": "Русский язык"}
    mine = [course.subject_name for course in found.courses if course.teaches]
    assert mine == [teaches[who]] if who in teaches else not mine


def test_a_class_teacher_sees_his_own_pupils_of_a_stream(cast: Cast) -> None:
    stream = StudyGroup.objects.create(
        school=cast.school, year=YEAR_OF_CAST, kind="stream", name="Поток", grade_level=7
    )
    for name in ("olya", "kolya"):
        Membership.objects.create(
            school=cast.school, group=stream, pupil=cast.pupils[name], since=SEPTEMBER
        )
    course = Course.objects.create(
        school=cast.school, year=YEAR_OF_CAST, group=stream, subject=cast.courses["algebra"].subject,
        hours_per_week=2,
    )  # fmt: skip
    CourseTeacher.objects.create(
        school=cast.school, course=course, person=cast.people["maria"], since=SEPTEMBER
    )
    which = Chosen(course_id=course.pk, period=str(cast.quarter.pk))
    names = {who: [p.first for p in read(cast, who, which).pupils] for who in ("ivan", "maria", "nina")}  # fmt: skip
    assert names == {"ivan": ["Оля"], "maria": ["Николай", "Оля"], "nina": ["Николай", "Оля"]}


def test_a_substitute_reads_the_course_that_was_given_to_her(cast: Cast) -> None:
    lesson = cast.lesson("algebra")
    lesson.sitting.teacher = cast.people["svetlana"]
    lesson.sitting.save()
    found = read(cast, "svetlana")
    assert (len(found.pupils), found.courses[0].may_set) == (4, False)


def test_who_left_is_shown_with_a_result_only(cast: Cast) -> None:
    put(cast, "maria", "4", pupil="petya")
    gone = TODAY - timedelta(days=1)
    Membership.objects.filter(pupil__in=[cast.pupils["petya"], cast.pupils["timur"]]).update(until=gone)  # fmt: skip
    found = read(cast)
    assert {pupil.last for pupil in found.pupils} == {"Ёлкина", "Петров", "Сидоров"}
    assert not place(cast, "petya").stays
    assert count(found.of_course(str(cast.courses["algebra"].pk))).total == 2


def test_sign_offs_tell_who_and_when(cast: Cast) -> None:
    put_all(cast)
    assert read(cast).courses[0].signed is None
    sign(cast)
    signed = read(cast).courses[0].signed
    assert signed
    assert (signed.by, signed.at, signed.approved_at) == ("Кузнецова М. П.", NOW, None)
    assert not read(cast).courses[0].may_set
    assert read(cast, "nina").courses[0].may_set


@pytest.mark.parametrize("period", ["", YEAR])
@pytest.mark.parametrize("size", [(5, 12), (25, 30)])
def test_a_class_costs_three_statements_whatever_its_size(
    cast: Cast, period: str, size: tuple[int, int]
) -> None:
    table(cast)
    pupils, lessons = size
    big_course(cast, pupils=pupils, lessons=lessons)
    user = cast.user("nina")
    assert user.identities
    with CaptureQueriesContext(connection) as captured:
        found = closing(user, of_class(cast, period), today=TODAY)
    assert len(captured) == 3
    assert len(found.places) == 3 * pupils


def test_a_teachers_own_courses_stand_together(cast: Cast) -> None:
    CourseTeacher.objects.create(
        school=cast.school, course=cast.courses["physics"], person=cast.people["maria"], since=SEPTEMBER
    )  # fmt: skip
    found = closing(cast.user("maria"), Chosen(), today=TODAY)
    assert [course.title for course in found.courses] == ["Алгебра, 7А", "Математика, 5Б", "Физика, 7А"]  # fmt: skip

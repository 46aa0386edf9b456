"""Whose exam results a teacher enters: those of the pupils whom she teaches, not of the other subgroup."""

from datetime import timedelta

import pytest

from journal.actions.exams import Exam, ExamEntry, save_exam
from journal.errors_results import ExamRefused
from journal.models import ExamKind, ExamResult
from school.models import Course, Membership, StudyGroup
from tests.cast import NOW, SEPTEMBER, TODAY, YEAR, Cast


def test_a_teacher_enters_the_results_of_her_own_subgroup(cast: Cast) -> None:
    half = StudyGroup.objects.create(
        school=cast.school, year=YEAR, kind="subgroup", name="7А, 1-я группа", grade_level=7,
        school_class=cast.classes["7А"],
    )  # fmt: skip
    Membership.objects.create(
        school=cast.school, group=half, pupil=cast.pupils["olya"], since=SEPTEMBER
    )
    Course.objects.filter(pk=cast.courses["algebra"].pk).update(group=half)
    exam = Exam(cast.courses["algebra"].subject_id, ExamKind.INTERIM, TODAY - timedelta(days=1))

    def save(who: str, *pupils: str) -> int:
        return save_exam(
            by=cast.user(who), school_class=cast.classes["7А"], exam=exam, obtained_at=NOW, now=NOW,
            entries=[ExamEntry(cast.pupils[pupil].pk, "4") for pupil in pupils],
        )  # fmt: skip

    with pytest.raises(ExamRefused, match="другой группы"):
        save("maria", "olya", "petya")
    assert not ExamResult.objects.exists()
    assert save("maria", "olya") == 1
    assert save("nina", "olya", "petya") == 1
    assert save("maria", "olya", "petya") == 0  # what stands unchanged is nobody's to refuse

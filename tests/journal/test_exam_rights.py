"""Whose exam results a teacher enters: those of the pupils whom she teaches, not of the other subgroup."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from journal.actions.exams import Exam, ExamEntry, save_exam
from journal.errors_results import ExamRefused
from journal.models import ExamKind, ExamResult
from school.models import Course, Membership, StudyGroup
from tests.cast import NOW, SEPTEMBER, TODAY, YEAR, Cast


def split(cast: Cast) -> None:
    """Give Мария the algebra of half the class: of Оля alone."""
    half = StudyGroup.objects.create(
        school=cast.school, year=YEAR, kind="subgroup", name="7А, 1-я группа", grade_level=7,
        school_class=cast.classes["7А"],
    )  # fmt: skip
    Membership.objects.create(
        school=cast.school, group=half, pupil=cast.pupils["olya"], since=SEPTEMBER
    )
    Course.objects.filter(pk=cast.courses["algebra"].pk).update(group=half)


def test_a_teacher_enters_the_results_of_her_own_subgroup(cast: Cast) -> None:
    split(cast)
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


def test_the_list_of_an_exam_holds_the_pupils_of_her_own_subgroup(
    cast: Cast, client_of: Any
) -> None:
    split(cast)
    query = {
        "school_class": str(cast.classes["7А"].pk), "subject": str(cast.courses["algebra"].subject_id),
        "kind": "interim", "held_on": "2026-11-17", "scale": "five",
    }  # fmt: skip

    def listed(who: str) -> int:
        page = client_of(who).get("/journal/exams/entry/", query)
        return len(BeautifulSoup(page.content, "html.parser").select("table.exam tbody tr"))

    assert listed("maria") == 1
    assert listed("nina") == 4

"""A stream of two classes: what its pupils are and did is told to each class's teacher of her own alone."""

import pytest
from django.db.models import Model

from journal.models import (
    Absence,
    Criterion,
    CriterionPoints,
    Homework,
    HomeworkAnswer,
    HomeworkPupil,
    Mark,
    PeriodMark,
    Work,
    WorkKind,
    YearMark,
)
from tests.cast import NOW, TODAY, YEAR, Cast
from tests.journal.test_sheet import merged


@pytest.fixture
def rows(cast: Cast) -> Cast:
    """Оля of 7А, which Иван leads, and Коля of 5Б have the same of everything."""
    merged(cast)
    school, by = cast.school, cast.users["maria"]
    lesson, course = cast.lesson("algebra"), cast.courses["algebra"]
    kind = WorkKind.objects.get(school=school, letter="Р")
    work = Work.objects.create(school=school, lesson=lesson, number=1, kind=kind, weight=1)
    criterion = Criterion.objects.create(
        school=school, work=work, number=1, name="Вывод", maximum=3
    )
    homework = Homework.objects.create(
        school=school, year=YEAR, lesson=lesson, due_day=TODAY, text="№ 1", for_all=False,
        answer_wanted=True, set_by=by, set_at=NOW,
    )  # fmt: skip
    for name in ("olya", "kolya"):
        pupil = cast.pupils[name]
        own = {"school": school, "pupil": pupil}
        put = {**own, "set_by": by, "set_at": NOW}
        dated = {**put, "year": YEAR, "value": "4", "obtained_at": NOW, "visible_at": NOW}
        Mark.objects.create(**put, year=YEAR, lesson=lesson, work=work, value="4")
        Absence.objects.create(**put, year=YEAR, lesson=lesson, code="late")
        PeriodMark.objects.create(**dated, course=course, period=cast.quarter)
        YearMark.objects.create(**dated, course=course)
        CriterionPoints.objects.create(**put, criterion=criterion, points=2)
        HomeworkPupil.objects.create(**own, homework=homework)
        HomeworkAnswer.objects.create(
            **own, homework=homework, text="x = 4", sent_by=by, sent_at=NOW
        )
    return cast


OF_PUPILS = [Mark, Absence, PeriodMark, YearMark, CriterionPoints, HomeworkPupil, HomeworkAnswer]


@pytest.mark.parametrize("model", OF_PUPILS)
def test_the_class_teacher_fetches_nothing_of_another_class_s_pupil(
    rows: Cast, model: type[Model]
) -> None:
    def seen_by(who: str) -> set[object]:
        found = model.objects.visible_to(rows.user(who))  # type: ignore[attr-defined]
        return {row.pupil_id for row in found}

    olya, kolya = rows.pupils["olya"].pk, rows.pupils["kolya"].pk
    assert seen_by("ivan") == {olya}
    for who in ("maria", "nina", "head"):
        assert seen_by(who) == {olya, kolya}
    lesson = rows.lesson("algebra")
    lesson.sitting.teacher = rows.people["ivan"]
    lesson.sitting.save()
    assert seen_by("ivan") == {olya, kolya}  # a substitute reads the whole journal

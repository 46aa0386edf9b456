"""What the cast's families find in «Итоговые оценки» of the demo."""

from datetime import date

import pytest

from diary.models import ResultView
from ediary.seed import familys_results, former, schools, terms
from journal.models import AcademicDebt, Attempt, Deferral, ExamResult, PeriodMark


@pytest.mark.slow
def test_the_casts_families_have_every_kind_of_result_and_some_have_looked():
    heap, names = schools.fresh_heap("test", schools.STARTED)
    site = schools.new_site(schools.town(12, 96), heap, names, terms.Moment(date(2026, 11, 23)))
    schools.build(site, lambda _: None)
    former.remember(site)
    (changed,) = familys_results.show(site)
    olga, nikolai = (site.cast[name].id for name in ("Ольга", "Николай"))
    marks = {row["id"]: row for row in heap.of(PeriodMark)}
    put_off = [marks[row["period_mark_id"]] for row in heap.of(Deferral)]
    assert olga in {row["pupil_id"] for row in put_off}
    assert marks[changed.result_id]["value"] == str(int(changed.first) + 1)
    assert marks[changed.result_id]["set_at"] > changed.at
    interim = [row for row in heap.of(ExamResult) if row["pupil_id"] == olga]
    assert {(row["kind"], row["year"]) for row in interim} == {("interim", terms.YEAR - 1)}
    (debt,) = (row for row in heap.of(AcademicDebt) if row["pupil_id"] == nikolai)
    tries = [row["passed"] for row in heap.of(Attempt) if row["debt_id"] == debt["id"]]
    assert (tries, debt["settled_on"]) == ([False, True], date(2026, 10, 12))
    looks = heap.of(ResultView)
    assert {row["value"] for row in looks if row["result"] == changed.result_id} <= {changed.first}
    assert all(row["first_at"] >= marks[row["result"]]["visible_at"] for row in looks)
    assert looks

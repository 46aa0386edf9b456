"""The evaluation of forecasts: judged on made-up pupils here, on the real ones where they are at hand."""

import math
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from journal import forecast_evaluation as evaluation
from journal.forecast import CALIBRATED, Sums
from journal.forecast_evaluation import FORECAST, MARKS, Pupil, Said
from journal.management.commands.evaluate_forecast import PLACE

REAL = settings.BASE_DIR / PLACE


def made_up(count: int, *, noise: float, seed: int = 1) -> list[Pupil]:
    """Pupils whose grades wander around a level of their own."""
    random = Random(seed)  # noqa: S311
    pupils = []
    for number in range(count):
        level = random.gauss(11, 3.5)
        grades = [min(20, max(0, round(random.gauss(level, noise)))) for _ in range(3)]
        pupils.append(Pupil("AB"[number % 2], *grades))
    return pupils


def saying(truth: str, **chances: float) -> Said:
    given = {mark: chances.get(f"m{mark}", 0.0) for mark in MARKS}
    return Said("A", 1, given, truth)


def test_the_schools_table_cuts_grades_into_marks() -> None:
    marks = {grade: evaluation.mark(grade) for grade in (0, 9, 10, 13, 14, 16, 17, 20)}
    assert marks == {0: "2", 9: "2", 10: "3", 13: "3", 14: "4", 16: "4", 17: "5", 20: "5"}
    for grade in range(21):
        rule = evaluation.RULE.results(Sums.standing_for(evaluation.five_point(grade), 1))
        assert rule == (evaluation.mark(grade),)
    assert evaluation.five_point(0) == 1.0


def test_a_statement_counts_the_needed_part_of_its_last_mark() -> None:
    # 70 % + 20 %: the second mark counts by half, since half of its 20 % makes 80 %.
    first, second, third = (saying(truth, m4=0.7, m3=0.2, m5=0.1) for truth in "435")
    found = [evaluation.score([one]) for one in (first, second, third)]
    assert [one.came_true for one in found] == pytest.approx([1, 0.5, 0])
    assert [one.whole_sets for one in found] == [1, 1, 0]
    assert [(one.size, one.whole_said) for one in found] == [(2, pytest.approx(0.9))] * 3
    sure = evaluation.score([saying("4", m4=1.0)])
    assert (sure.came_true, sure.size, sure.log_loss) == (pytest.approx(0.8), 1, 0)


def test_honest_statements_come_true_as_often_as_they_say() -> None:
    """Finals drawn from the very chances that were said: 80 %, not more, whatever the marks."""
    random = Random(5)  # noqa: S311
    said = []
    for _ in range(4000):
        weights = [random.random() ** 3 for _ in MARKS]
        chances = dict(zip(MARKS, (one / sum(weights) for one in weights), strict=True))
        truth = random.choices(MARKS, list(chances.values()))[0]
        said.append(Said("A", 1, chances, truth))
    found = evaluation.score(said)
    assert found.came_true == pytest.approx(0.8, abs=0.02)
    assert found.whole_sets == pytest.approx(found.whole_said, abs=0.02)
    for one in evaluation.reliability(said):
        assert one.came_true == pytest.approx(one.said, abs=0.06)


def test_everybody_is_forecast_once_a_stage_from_the_other_folds() -> None:
    pupils = made_up(50, noise=1.5)
    seen: list[frozenset[int]] = []

    def train(training: list[Pupil]) -> evaluation.Predict:
        places = frozenset(id(one) for one in training)
        seen.append(places)

        def predict(one: Pupil, _stage: evaluation.Stage) -> evaluation.Chances:
            assert id(one) not in places
            return dict.fromkeys(MARKS, 0.25)

        return predict

    said = evaluation.cross_validated(pupils, train)
    assert len(said) == 100
    assert [one.truth for one in said[::2]] == [one.truth for one in pupils]
    assert len(seen) == 5
    assert evaluation.score(said).log_loss == pytest.approx(math.log(4))


def test_the_fit_tells_steady_pupils_from_unsteady_ones() -> None:
    steady, unsteady = (evaluation.fit(made_up(300, noise=noise)) for noise in (0.7, 3.0))
    assert steady.drift < unsteady.drift
    assert abs(steady.lift) < 0.2


def test_the_plain_rules_as_they_are_told() -> None:
    pupil = Pupil("A", 8, 11, 10)
    assert evaluation.last_mark(pupil, 2) == "3"
    assert evaluation.rounded_average(pupil, 2) == "3"  # 9,5 → 10
    assert evaluation.rounded_average(pupil, 1) == "2"
    training = [Pupil("A", 10, 10, 10)] * 7 + [Pupil("A", 10, 10, 14)]
    plain = evaluation.plain(evaluation.last_mark)(training)(Pupil("A", 10, 10, 0), 2)
    assert plain["3"] == pytest.approx(1 - 2 / 10)  # (1 miss + 1) / (8 + 2)
    smooth = evaluation.smoothed(evaluation.last_mark)(training)(Pupil("A", 10, 10, 0), 2)
    assert smooth == pytest.approx({"5": 1 / 12, "4": 2 / 12, "3": 8 / 12, "2": 1 / 12})


def test_another_table_is_refused() -> None:
    with pytest.raises(ValueError, match="columns"):
        evaluation.read(["a,b", "1,2"])


def test_the_command_says_that_the_data_are_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Нет файла с данными: .*нет\.csv"):
        call_command("evaluate_forecast", data=tmp_path / "нет.csv")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"wrong\.csv: not a table"):
        call_command("evaluate_forecast", data=wrong)


def test_the_command_fails_if_the_promise_is_not_kept(tmp_path: Path) -> None:
    """Finals that have nothing to do with the grades before: «beats all» cannot hold."""
    random = Random(3)  # noqa: S311
    lines = [
        f"A,{random.randrange(21)},{random.randrange(21)},{random.randrange(21)}" for _ in range(20)
    ]
    table = tmp_path / "chaos.csv"
    table.write_text("\n".join(["school,G1,G2,G3", *lines]), encoding="utf-8")
    out = StringIO()
    with pytest.raises(CommandError, match="не выполняет обещанного"):
        call_command("evaluate_forecast", data=table, stdout=out)
    assert "прогноз журнала" in out.getvalue()


@pytest.mark.slow
def test_on_real_pupils_the_forecast_keeps_its_promise() -> None:
    """The issue's two demands, on the real data; docs/forecast.md shows the same figures."""
    if not REAL.exists():
        pytest.skip(f"the real pupils are not in the project: put {PLACE} beside it")
    with REAL.open(encoding="utf-8", newline="") as file:
        pupils = evaluation.read(file)
    found = evaluation.evaluate(pupils)
    assert found.pupils == 395
    assert found.beats_all
    assert found.comes_true
    for stage in evaluation.STAGES:
        score = found.scores[FORECAST, stage]
        assert 0.75 <= score.came_true <= 0.85
        for name in evaluation.BASELINES:
            assert score.log_loss < found.scores[name, stage].log_loss
    assert evaluation.is_current(found.fitted), f"{found.fitted} is not {CALIBRATED}"
    page = (settings.BASE_DIR / "docs" / "forecast.md").read_text("utf-8")
    for stage in evaluation.STAGES:
        score = found.scores[FORECAST, stage]
        assert f"{score.log_loss:.3f}" in page
        assert f"{100 * score.came_true:.1f} %" in page

"""`manage.py evaluate_forecast`: whether the forecast comes true on real pupils."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from journal import forecast_evaluation as evaluation
from journal.queries.forecast_sanity import sanity
from people.scope import all_schools, scope

PLACE = Path("..") / "shared" / "data" / "grades" / "student-mat.csv"
HEADS = ("лог-потери", "верно", "«80 %»", "набор", "обещал", "сбылось")
MISSING = (
    "Нет файла с данными: {path}\n"
    "Это «Student Performance» (P. Cortez, A. Silva, UCI, CC BY 4.0), столбцы school, G1, G2, G3, "
    "через запятую; в проект он не входит. Назовите его: --data ПУТЬ."
)


class Command(BaseCommand):
    help = (
        "Judge the forecast on real pupils, out of sample, and print the table of docs/forecast.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", type=Path, help=f"the pupils; by default {PLACE}")
        parser.add_argument(
            "--sanity",
            action="store_true",
            help="also forecast the last finished period of this database's schools (their marks may be made up)",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        path: Path = options["data"] or settings.BASE_DIR / PLACE
        try:
            with path.open(encoding="utf-8", newline="") as file:
                pupils = evaluation.read(file)
        except FileNotFoundError as error:
            raise CommandError(MISSING.format(path=options["data"] or PLACE)) from error
        except ValueError as error:
            raise CommandError(f"{path.name}: {error}.") from error
        found = evaluation.evaluate(pupils)
        for line in told(found):
            self.stdout.write(line)
        if options["sanity"]:
            for line in _sane():
                self.stdout.write(line)
        if not (found.comes_true and found.beats_all):
            raise CommandError("Прогноз не выполняет обещанного: см. таблицу.")


def told(found: evaluation.Evaluation) -> Iterator[str]:
    """Yield the lines of the evaluation, as docs/forecast.md shows them."""
    fitted = found.fitted
    yield f"Учеников: {found.pupils}; {evaluation.FOLDS} частей, зерно {evaluation.SEED}; прогноз каждого — без него."
    yield (
        f"По всем: сдвиг ±{fitted.drift:.3f}, подъём {fitted.lift:+.3f}, разброс учеников {fitted.spread:.3f}; "
        + ("в программе те же." if evaluation.is_current(fitted) else "В ПРОГРАММЕ ДРУГИЕ.")
    )
    for stage in evaluation.STAGES:
        yield ""
        yield f"Известно периодов: {stage} из {evaluation.PERIODS}"
        yield _line("", *HEADS)
        for name in evaluation.CONTESTANTS:
            yield _scored(name, found.scores[name, stage])
        yield from _bins(found.bins[stage])
    yield ""
    yield "Прогноз журнала по школам"
    for (school, stage), score in found.by_school.items():
        yield _scored(f"{school}, периодов {stage}, учеников {score.pupils}", score)
    yield ""
    yield "Обе ступени вместе"
    yield from _bins(found.together)
    yield ""
    yield f"Утверждения на 80 % сбываются в 75–85 % случаев: {_yes(found.comes_true)}"
    yield f"Лог-потери меньше, чем у обоих простых правил: {_yes(found.beats_all)}"


def _sane() -> Iterator[str]:
    yield ""
    yield "ТОЛЬКО ПРОВЕРКА ЗДРАВОГО СМЫСЛА: в базе для показа отметки выдуманы, их прогноз ничего не доказывает"
    yield _line("середина периода → его отметка", *HEADS)
    try:
        schools = all_schools()
    except ProgrammingError as error:
        raise CommandError("Все школы видит роль рабочего процесса: PROCESS=worker.") from error
    with scope(schools):
        for one in sanity():
            name = f"{one.school_name}, {one.period_name} ({one.score.pupils})"
            yield _scored(name, one.score)


def _scored(name: str, score: evaluation.Score) -> str:
    return _line(
        name,
        f"{score.log_loss:.3f}",
        _percent(score.right),
        _percent(score.came_true),
        f"{score.size:.2f}",
        _percent(score.whole_said),
        _percent(score.whole_sets),
    )


def _bins(bins: tuple[evaluation.Bin, ...]) -> Iterator[str]:
    yield "  вероятнейшая отметка названа с вероятностью … и сбылась"
    for one in bins:
        yield (
            f"    {_percent(one.low):>6} – {_percent(one.high):<6} учеников {one.count:>3}"
            f"   в среднем {_percent(one.said):>6}   сбылось {_percent(one.came_true):>6}"
        )


def _line(name: str, *cells: str) -> str:
    return f"{name:42}" + "".join(f"{cell:>11}" for cell in cells)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _yes(holds: bool) -> str:
    return "да" if holds else "НЕТ"

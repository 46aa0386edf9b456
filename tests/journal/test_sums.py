"""The averages that a save answers with are those that the grid then shows."""

from datetime import timedelta

from journal import queries
from journal.models import Work, WorkKind
from journal.sheet import SaveAnswer
from tests.cast import TODAY, Cast
from tests.journal.test_saving import save

YESTERDAY = TODAY - timedelta(days=1)


def answered(answer: SaveAnswer) -> dict[object, tuple[str, str]]:
    return {a.pupil_id: (a.average, a.weighted) for a in answer.averages}


def shown(cast: Cast) -> dict[object, tuple[str, str]]:
    sheet = queries.sheet(cast.user("maria"), cast.courses["algebra"].pk, None, today=TODAY)
    return {row.pupil_id: (row.average, row.weighted) for row in sheet.rows}


def test_every_kind_of_change_answers_with_the_averages_of_the_grid(cast: Cast) -> None:
    heavy = WorkKind.objects.get(school=cast.school, letter="К")
    lesson = cast.lesson("algebra", YESTERDAY)
    Work.objects.create(school=cast.school, lesson=lesson, kind=heavy, weight=3)
    steps = (
        ({"olya": "5", "petya": "2"}, TODAY),
        ({"olya": "3", "petya": "4/5", "vitya": "н"}, YESTERDAY),
        ({"olya": "2"}, YESTERDAY),  # over another mark
        ({"olya": "2/5", "petya": "4"}, YESTERDAY),  # one more, one less
        ({"olya": "5"}, YESTERDAY),  # the second moves to the first place
        ({"petya": "", "vitya": "о 4"}, YESTERDAY),  # taken away; late, and a mark
        ({"petya": "н"}, YESTERDAY),  # an absence alone
        ({"vitya": "о 4"}, YESTERDAY),  # nothing new
    )
    stand: dict[tuple[str, object], int] = {}
    names = {cast.pupils[name].pk: name for name in ("olya", "petya", "vitya")}
    for cells, day in steps:
        sent = [(name, value, stand.get((name, day), 0)) for name, value in cells.items()]
        answer = save(cast, "maria", sent, day=day)
        assert [cell.state for cell in answer.cells] == ["ok"] * len(cells)
        stand |= {(names[cell.pupil_id], day): cell.rev for cell in answer.cells}
        grid = shown(cast)
        assert answered(answer) == {
            cast.pupils[name].pk: grid[cast.pupils[name].pk] for name in cells
        }, cells
    assert shown(cast)[cast.pupils["olya"].pk] == ("5,00", "5,00")

"""Plans as .xlsx: the sample to fill in, and a plan to take away. Both are read back by programme_file."""

from collections.abc import Iterator

from common.workbooks import Value, write_book
from journal.queries.programmes import ProgrammePage

HEAD = ("№", "Раздел", "Тема", "Часы", "Тип урока", "Контроль", "Домашнее задание")
WIDTHS = (6, 32, 60, 8, 24, 28, 40)
SAMPLE: tuple[tuple[Value, ...], ...] = (
    (1, "Обыкновенные дроби", "Основное свойство дроби", 2, "изучение нового", "", "§ 1, № 5-8"),
    (2, "", "Сложение и вычитание дробей", 3, "закрепление", "Самостоятельная работа", "§ 2, № 20"),
    (3, "", "Обобщение по разделу", 1, "обобщение", "", "повторить § 1-2"),
    (4, "", "Контрольная работа № 1", 1, "контроль", "Контрольная работа", ""),
    (5, "Уравнения", "Линейное уравнение", 2, "изучение нового", "", "§ 3"),
)


def template_book() -> bytes:
    return write_book("КТП", [HEAD, *SAMPLE], widths=WIDTHS)


def programme_book(page: ProgrammePage) -> bytes:
    return write_book("КТП", [HEAD, *_rows(page)], widths=WIDTHS)


def _rows(page: ProgrammePage) -> Iterator[tuple[Value, ...]]:
    for unit in page.units:
        for place, topic in enumerate(unit.topics):
            yield (
                topic.number, unit.title if place == 0 else "", topic.title, topic.hours, topic.kind, topic.work,
                topic.homework,
            )  # fmt: skip

"""The grid key by key (`ui.md` §Grid 2.3-2.9) as data: the same steps are played in both browsers.

Мария's algebra in 7А has four pupils: Ёлкина, Петров, Сидоров, Тихонов. Places are (row, columns
to the right of today's); far columns are the edges. Each case begins with an empty quarter, the
cursor in today's first cell. The verbs are the methods of `tests.e2e.play.Play`.
"""

from tests.e2e.play import Step

OLYA, PETYA, VITYA, TIMUR = range(4)
FIRST, LAST = -99, 99
STATUS = "[data-ed-status]"
POLITE = "[data-ed-polite]"
ASSERTIVE = "[data-ed-assertive]"
REPORT = "[data-ed-report]"
PROBLEMS = "[data-ed-problems]"
DIALOG = "dialog[open]"
LOCKED = "Запись закрыта: прошло больше 14 дней. Запросить правку у завуча"

# Keys that only move: from the cell before, the key, to the cell.
MOVES: list[tuple[str, int, int]] = [
    ("ArrowDown", PETYA, 0), ("ArrowUp", OLYA, 0), ("ArrowUp", OLYA, 0), ("ArrowLeft", OLYA, -1),
    ("ArrowRight", OLYA, 0), ("Home", OLYA, FIRST), ("ArrowLeft", OLYA, FIRST), ("End", OLYA, LAST),
    ("ArrowRight", OLYA, LAST), ("Control+Home", OLYA, FIRST), ("Control+End", TIMUR, LAST),
    ("ArrowDown", TIMUR, LAST), ("Control+ArrowUp", OLYA, LAST), ("Control+ArrowLeft", OLYA, FIRST),
    ("Control+ArrowDown", TIMUR, FIRST), ("Control+ArrowRight", TIMUR, LAST), ("PageUp", OLYA, LAST),
    ("PageDown", TIMUR, LAST), ("Enter", TIMUR, LAST), ("Control+Home", OLYA, FIRST), ("Shift+Enter", OLYA, FIRST),
    ("PageDown", TIMUR, FIRST), ("Shift+Enter", VITYA, FIRST), ("Enter", TIMUR, FIRST),
]  # fmt: skip

MOVEMENT: list[Step] = [
    ("at", OLYA, 0),
    ("count", "#grid [tabindex='0']", 1),
    *(step for key, row, offset in MOVES for step in (("press", key), ("at", row, offset))),
    ("go", PETYA, 0),
    ("go", TIMUR, -2), ("press", "Enter"), ("at", OLYA, -1),
    ("press", "Shift+Tab"), ("left",),
    ("press", "Tab"), ("at", OLYA, -1),
    ("press", "Tab"), ("left",),
]  # fmt: skip

WRITING: list[Step] = [
    ("press", "5"), ("texts", "5"), ("at", OLYA, 0),
    ("attribute", OLYA, 0, "aria-label", "Ёлкина Оля, 18 ноября, 1-й урок: 5"),
    ("press", "Enter", "4", "/", "5"), ("texts", "5", "4/5"), ("at", PETYA, 0),
    ("press", "Enter", "y"), ("texts", "5", "4/5", "н"),  # «н» on a Latin layout
    ("press", "Enter", "j"), ("texts", "5", "4/5", "н", "о"),
    ("press", "2"), ("texts", "5", "4/5", "н", "о 2"),  # late, and marked
    ("saved",),
    ("reload",), ("texts", "5", "4/5", "н", "о 2"),
    ("press", "Control+Home"),
    ("go", PETYA, 0), ("press", "Delete"), ("texts", "5", "", "н", "о 2"),
    ("go", VITYA, 0), ("press", "Backspace"), ("texts", "5", "", "", "о 2"),
    ("press", "3", "\\", "3"), ("texts", "5", "", "3/3", "о 2"),
    ("saved",), ("reload",), ("texts", "5", "", "3/3", "о 2"),
]  # fmt: skip

EDITING: list[Step] = [
    ("press", "4", "F2"), ("count", ".cell-input", 1),
    ("press", "/", "5", "Enter"), ("texts", "4/5", ""), ("at", PETYA, 0),
    ("press", "Shift+Enter", "F2", "Backspace", "Backspace", "Shift+Enter"), ("texts", "4", ""), ("at", OLYA, 0),
    ("press", "F2", "3", "Escape"), ("texts", "4", ""), ("at", OLYA, 0),
    ("go", PETYA, 0), ("press", "p"), ("count", ".cell-input", 1),  # «з» opens the field with it
    ("press", "f", "x", "Tab"), ("texts", "4", "зач"), ("at", PETYA, 1),
    ("go", PETYA, 0), ("press", "F2", "Shift+Tab"), ("at", PETYA, -1),
    ("go", VITYA, 0), ("press", "F2", "5", "ArrowDown"), ("texts", "4", "зач", "5", ""), ("at", TIMUR, 0),
    ("press", "F2", "3", "ArrowUp"), ("texts", "4", "зач", "5", "3"), ("at", VITYA, 0),
    ("press", "F2", "ArrowLeft", "4", "/", "Enter"), ("texts", "4", "зач", "4/5", "3"),
    ("double", OLYA, 0), ("count", ".cell-input", 1),
    ("press", "/", "2", "Enter"), ("texts", "4/2", "зач", "4/5", "3"),
    ("saved",), ("reload",), ("texts", "4/2", "зач", "4/5", "3"),
]  # fmt: skip

REFUSALS: list[Step] = [
    ("press", "5", "7"), ("texts", "5"), ("at", OLYA, 0),
    ("shown", STATUS, "«7» — нет такой отметки"),
    ("shown", ASSERTIVE, "нет такой отметки"),
    ("attribute", OLYA, 0, "aria-description", "„7“ — нет такой отметки"),
    ("saved",),
    ("press", "Escape"), ("attribute", OLYA, 0, "aria-description", None),
    ("press", "F2", "/", "4", "/", "3", "Enter"), ("texts", "5"),
    ("shown", STATUS, "«5/4/3» — отметок в клетке не больше 2"),
    ("press", "4"), ("texts", "4"), ("saved",),
    ("press", "Home", "5"), ("texts_at", FIRST, ""),
    ("shown", ASSERTIVE, LOCKED),
    ("attribute", OLYA, FIRST, "aria-readonly", "true"),
    ("press", "F2"), ("count", ".cell-input", 0),
    ("saved",), ("reload",), ("texts", "4"), ("texts_at", FIRST, ""),
]  # fmt: skip

RANGES: list[Step] = [
    ("press", "Shift+ArrowDown", "Shift+ArrowDown"), ("count", "td[aria-selected=true]", 3),
    ("shown", POLITE, "Выбрано 3 клетки"),
    ("press", "Escape"), ("count", "td[aria-selected=true]", 0),
    ("click", VITYA, -1, "Shift"), ("count", "td[aria-selected=true]", 6),
    ("drag", PETYA, -1, TIMUR, 0), ("count", "td[aria-selected=true]", 6), ("at", PETYA, -1),
    ("press", "5", "Control+Enter"), ("texts", "", "5", "5", "5"), ("texts_at", -1, "", "5", "5", "5"),
    ("press", "Delete"), ("texts", "", "", "", ""), ("texts_at", -1, "", "", "", ""),
    ("press", "Control+z"), ("texts", "", "5", "5", "5"), ("texts_at", -1, "", "5", "5", "5"),
    ("go", OLYA, 0), ("press", "Control+Space"), ("count", "td[aria-selected=true]", 4),
    ("press", "Shift+Space"), ("attribute", OLYA, FIRST, "aria-selected", "true"),
    ("press", "Escape", "Control+a"), ("count", "td[aria-selected=true]", 4),
    ("press", "Control+a"), ("attribute", TIMUR, FIRST, "aria-selected", "true"),
    ("go", PETYA, 0), ("press", "Control+Shift+ArrowDown"), ("count", "td[aria-selected=true]", 3),
    ("press", "Escape", "Shift+PageDown"), ("count", "td[aria-selected=true]", 3),
]  # fmt: skip

UNDOING: list[Step] = [
    ("press", "5", "Enter", "4", "Control+z"), ("texts", "5", "", "", ""),
    ("saved",),
    ("press", "Control+z"), ("texts", "", "", "", ""),
    ("press", "Control+y", "Control+Shift+z"), ("texts", "5", "4", "", ""),
    ("saved",),
    ("go", OLYA, 0), ("press", "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown", "Control+d"),
    ("texts", "5", "5", "5", "5"), ("saved",),
    ("press", "Delete"), ("texts", "", "", "", ""), ("saved",),
    ("press", "Control+z"), ("texts", "5", "5", "5", "5"),
    ("press", "Control+z"), ("texts", "5", "4", "", ""),
    ("go", VITYA, 0), ("press", "Control+d"), ("texts", "5", "4", "4", ""),  # one cell: from the one above
    ("press", "Control+z"), ("texts", "5", "4", "", ""),
    ("press", "Control+a"), ("copied", "5\n4\n\n"),
    ("cut", "5\n4\n\n"), ("texts", "", "", "", ""),
    ("press", "Control+z"), ("saved",), ("reload",), ("texts", "5", "4", "", ""),
]  # fmt: skip

PASTING: list[Step] = [
    ("go", PETYA, 0), ("paste", "5\r\n3,0\r\nх7\r\n4\r\n"), ("texts", "", "5", "3", ""),
    ("shown", REPORT, "Вставлено: 2, не распознано: 1, за пределами таблицы: 1"),
    ("shown", REPORT, "Тихонов Тимур, 18 ноября, 1-й урок: «х7» — нет такой отметки"),
    ("press", "Control+z"), ("texts", "", "", "", ""), ("count", f"{REPORT}:not([hidden])", 0),
    ("go", OLYA, 0), ("press", "5"), ("paste", "2\n2"),
    ("shown", DIALOG, "Вставка изменит записи: 1"),
    ("button", "Только в пустые клетки"), ("texts", "5", "2", "", ""),
    ("go", OLYA, FIRST), ("paste", "5"), ("shown", REPORT, "Вставлено: 0, закрыто: 1"),
    ("go", OLYA, -1), ("paste", "Сидоров Виктор\t4\nЕлкина О.\t3\nНикто Ничей\t5\n"),
    ("shown", DIALOG, "Найдено по фамилиям: 2 из 3"),
    ("button", "Вставить"), ("texts_at", -1, "3", "", "4", ""),
    ("shown", REPORT, "Никто Ничей: нет в списке группы"),
    ("go", VITYA, -1), ("paste", "4\t5\n3\t2"), ("shown", DIALOG, "Вставить несколько столбцов?"),
    ("button", "Вставить"), ("texts", "5", "2", "5", "2"), ("texts_at", -1, "3", "", "4", "3"),
    ("saved",), ("reload",), ("texts", "5", "2", "5", "2"), ("texts_at", -1, "3", "", "4", "3"),
]  # fmt: skip

CONFLICTS: list[Step] = [
    ("other", OLYA, 0, "4"), ("press", "2"),
    ("shown", PROBLEMS, "Расхождений: 1"), ("texts", "4"),
    ("button", "Расхождений: 1"),
    ("shown", DIALOG, "Ёлкина Оля, 18 ноября, 1-й урок: записано «4» (Кузнецова М. П."),
    ("shown", DIALOG, "Ваше: «2»."),
    ("button", "Записать 2"), ("texts", "2"), ("saved",), ("count", f"{PROBLEMS}:not([hidden])", 0),
    ("other", OLYA, 0, "3"), ("press", "5"), ("button", "Расхождений: 1"),
    ("button", "Оставить 3"), ("texts", "3"), ("count", f"{PROBLEMS}:not([hidden])", 0),
    ("press", "5"), ("saved",), ("press", "Control+z"), ("texts", "3"),
    ("saved",), ("press", "Control+z"), ("texts", "3"),  # an older step: another's mark stands there
    ("shown", STATUS, "Не изменено клеток: 1, там уже другая запись"),
    ("reload",), ("texts", "3"),
]  # fmt: skip

OFFLINE: list[Step] = [
    ("offline",), ("press", "5", "Enter", "4", "Enter", "3", "Enter", "2"),
    ("texts", "5", "4", "3", "2"), ("shown", STATUS, "Нет связи. Не отправлено: 4"), ("kept", 1),
    ("attribute", OLYA, 0, "aria-description", "не отправлено"),
    ("online",), ("saved",), ("reload",), ("texts", "5", "4", "3", "2"),
]  # fmt: skip

BULK: list[Step] = [
    ("press", "5", "Shift+F10"), ("button", "Заполнить пустые…"),
    ("choose", "dialog[open] select", "4"), ("button", "Далее"),
    ("shown", DIALOG, "Записать «4» 3 ученикам?"), ("shown", DIALOG, "1 клетка занята и не изменится"),
    ("button", "Записать"), ("texts", "5", "4", "4", "4"),
    ("press", "Control+z"), ("texts", "5", "", "", ""),
    ("go", PETYA, 0), ("press", "y", "Enter", "y", "Shift+F10"), ("button", "Все присутствуют"),
    ("shown", DIALOG, "Стереть пропуски: 2?"), ("button", "Стереть пропуски"), ("texts", "5", "", "", ""),
    ("press", "?"), ("shown", DIALOG, "Клавиши журнала"),
    ("choose", "[data-ed-go-down]"), ("press", "Escape"),
    ("go", OLYA, 0), ("press", "3", "2"), ("texts", "3", "2", "", ""), ("at", VITYA, 0),
    ("saved",), ("press", "Control+/"), ("shown", DIALOG, "Клавиши журнала"), ("press", "Escape"),
    ("go", OLYA, 0), ("press", "i"), ("shown", DIALOG, "Ёлкина Оля: 3"), ("press", "Escape"), ("at", OLYA, 0),
    ("press", "Alt+Enter"), ("shown", DIALOG, "Ёлкина Оля: 3"), ("press", "Escape"), ("at", OLYA, 0),
]  # fmt: skip

HEADS: list[Step] = [
    ("press", "5", "Enter", "y"), ("saved",), ("head", 0), ("shown", DIALOG, "Темы и ДЗ"),
    ("button", "Заполнить пустые…"), ("choose", "dialog[open] select", "4"), ("choose", "dialog[open] input[type=checkbox]"),
    ("button", "Далее"), ("shown", DIALOG, "Записать «4» 3 ученикам?"), ("shown", DIALOG, "1 запись изменится."),
    ("button", "Записать"), ("texts", "4", "н", "4", "4"),
    ("press", "Control+z"), ("texts", "5", "н", "", ""), ("saved",),
    ("head", 0), ("button", "Изменить тип работы"), ("shown", DIALOG, "Отметки останутся"),
    ("pick", "dialog[open] select", "Контрольная работа"), ("button", "Записать"),
    ("shown", "th.head.is-today small", "К"), ("texts", "5", "н", "", ""),
    ("head", 0), ("button", "Закрыть"),
]  # fmt: skip

RETAKES: list[Step] = [
    ("press", "2", ">", "4"), ("texts", "2→4"), ("at", OLYA, 0),
    ("attribute", OLYA, 0, "aria-label", "Ёлкина Оля, 18 ноября, 1-й урок: 2, пересдано на 4"),
    ("press", "Enter", "."), ("texts", "2→4", "•"),
    ("attribute", PETYA, 0, "aria-label", "Петров Пётр, 18 ноября, 1-й урок: •, отметка ещё должна быть"),
    ("press", "Enter", "j", "."), ("texts", "2→4", "•", "о •"),
    ("press", "Enter", "F2", "3", ">", "5", "/", "4", "Enter"), ("texts", "2→4", "•", "о •", "3→5/4"),
    ("saved",), ("reload",), ("texts", "2→4", "•", "о •", "3→5/4"),
    ("shown", "#grid tbody td.sum-1", "4,00 |  |  | 4,50"),  # a retake replaces
    ("shown", "#grid tfoot td.foot", "4,33"),
    ("go", PETYA, 0), ("press", "5"), ("texts", "2→4", "5"),
    ("go", VITYA, 0), ("press", "Delete", ".", ">"), ("press", "4"), ("texts", "2→4", "5", "•"),
    ("shown", STATUS, "вместо точки ставят отметку"), ("press", "Escape"),
    ("go", OLYA, -1), ("paste", "2>3\n2 -> 5\n.\n2→4→5"), ("texts_at", -1, "2→3", "2→5", "•", "2→4→5"),
    ("saved",), ("reload",), ("texts_at", -1, "2→3", "2→5", "•", "2→4→5"),
]  # fmt: skip

REASONS: list[Step] = [
    ("old", OLYA, -1, "4"), ("old", PETYA, -1, "5"), ("reload",),
    ("go", OLYA, -1), ("press", "2"),
    ("shown", DIALOG, "Отметка стоит больше"), ("shown", DIALOG, "Ёлкина Оля, 17 ноября, 1-й урок: «4» станет «2»"),
    ("button", "Записать с причиной"), ("shown", DIALOG, "Отметка стоит больше"),  # no reason: it stays open
    ("choose", "#reason-text", "Перепроверена работа"), ("button", "Записать с причиной"),
    ("texts_at", -1, "2", "5"), ("saved",), ("count", f"{PROBLEMS}:not([hidden])", 0),
    ("press", "i"), ("shown", DIALOG, "Перепроверена работа"), ("press", "Escape"),
    ("go", PETYA, -1), ("press", "Delete"), ("shown", DIALOG, "Отметка стоит больше"),
    ("button", "Оставить как было"), ("texts_at", -1, "2", "5"), ("count", f"{PROBLEMS}:not([hidden])", 0),
    ("press", "3"), ("shown", DIALOG, "Отметка стоит больше"), ("press", "Escape"), ("texts_at", -1, "2", "5"),
    ("shown", PROBLEMS, "Не записано: 1"), ("button", "Не записано: 1"), ("button", "Указать причину"),
    ("choose", "#reason-text", "Описка"), ("button", "Записать с причиной"), ("texts_at", -1, "2", "3"),
    ("saved",), ("press", ">", "4"), ("texts_at", -1, "2", "3→4"),  # adds to what stands: no reason asked
    ("saved",), ("reload",), ("texts_at", -1, "2", "3→4"),
]  # fmt: skip

CASES: dict[str, list[Step]] = {
    "movement": MOVEMENT,
    "writing": WRITING,
    "editing": EDITING,
    "refusals": REFUSALS,
    "ranges": RANGES,
    "undoing": UNDOING,
    "pasting": PASTING,
    "conflicts": CONFLICTS,
    "offline": OFFLINE,
    "bulk": BULK,
    "heads": HEADS,
    "retakes": RETAKES,
    "reasons": REASONS,
}

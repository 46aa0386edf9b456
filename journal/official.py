"""How a cell of the grid is written on paper: official letters, the school's separator. A leaf.

Teachers type н, о, б and у; the printed register knows «н» alone, and no lateness (domain.md §2.1).
"""

import re
from collections.abc import Mapping

CODES: Mapping[str, str] = {"н": "absent", "б": "ill", "у": "excused", "о": "late"}
OWED = "•"  # a mark still owed is nothing that a register holds
_BETWEEN = re.compile(r"[/→]")


def official(text: str, absences: Mapping[str, str], *, separator: str = "/") -> str:
    """Return what stands on paper for a cell's text: «о 5» → «5», «б» → «н», «4/5» → «4/5» or «45»."""
    letter, marks = "", text
    head, _, rest = text.partition(" ")
    if head in CODES:
        letter, marks = absences.get(CODES[head], head), rest
    shown = [mark for mark in _BETWEEN.split(marks) if mark and mark != OWED]
    return " ".join(part for part in (letter, separator.join(shown)) if part)

"""How a lesson differs from the timetable, in words."""

from datetime import date

from diary.pages import LessonState
from diary.queries.acknowledgement import short_name
from diary.queries.days import in_words
from diary.queries.rows import LessonRow


def change_of(row: LessonRow) -> tuple[LessonState, str]:
    """Return how the lesson differs from the timetable, in a word and in words."""
    if row.is_cancelled:
        return "cancelled", "отменён"
    for kind, last, first, middle, from_day, from_number in reversed(row.changes or ()):
        if kind == "moved":
            return "moved", _moved(row, from_day, from_number)
        if kind == "substituted":
            absent = short_name(last, first, middle) if last else ""
            return "substituted", f"замена; по расписанию {absent}" if absent else "замена"
    return "ordinary", ""


def _moved(row: LessonRow, from_day: str | None, from_number: int | None) -> str:
    parts = []
    if from_day and date.fromisoformat(from_day) != row.day:
        day = date.fromisoformat(from_day)
        parts.append(f"с {in_words(day)}")
    if from_number:
        parts.append(f"{from_number}-й урок" if parts else f"с {from_number}-го урока")
    return f"перенесён {', '.join(parts)}".strip()

"""How the results of years answer for the clauses: all years of a pupil (T3), the summary sheet (T5d)."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from common.prepared import rows_of
from common.templatetags.words import count_ru
from journal.yearbook import year_words
from people.models import School
from regulation.registry import Evidence, Finding, broken, clause, kept, listed, not_yet_due

# Who learns here now, in each former year that she finished here with marks.
_FORMER = """
SELECT n.id, n.last_name, n.first_name, g.year, k.grade_level, k.letter,
       EXISTS (SELECT 1 FROM journal_yearmark r WHERE r.pupil_id = m.pupil_id AND r.year = g.year)
  FROM school_membership m
  JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class' AND g.grade_level > 1
  JOIN school_schoolclass k ON k.id = g.school_class_id
  JOIN school_schoolyear y ON y.school_id = g.school_id AND y.year = g.year AND y.ends < %(today)s
  JOIN people_person n ON n.id = m.pupil_id
 WHERE g.school_id = %(school)s AND (m.until IS NULL OR m.until >= y.ends)
   AND EXISTS (SELECT 1 FROM school_enrolment e WHERE e.pupil_id = m.pupil_id
                AND (e.until IS NULL OR e.until >= %(today)s))
 ORDER BY n.sort_key COLLATE "C", n.id, g.year
"""
# Classes of the years with results: what their sheets show, and whom the council has not decided about.
_SHEETS = """
SELECT k.id, k.year, k.grade_level, k.letter, y.ends < %(today)s,
       (SELECT count(*) FROM journal_periodmark r JOIN school_membership i ON i.pupil_id = r.pupil_id AND i.group_id = g.id
         WHERE r.year = k.year)
       + (SELECT count(*) FROM journal_yearmark r JOIN school_membership i ON i.pupil_id = r.pupil_id AND i.group_id = g.id
         WHERE r.year = k.year),
       (SELECT count(*) FROM school_membership m WHERE m.group_id = g.id AND (m.until IS NULL OR m.until >= y.ends)
           AND NOT EXISTS (SELECT 1 FROM journal_councildecision d WHERE d.pupil_id = m.pupil_id AND d.year = k.year))
  FROM school_schoolclass k
  JOIN school_studygroup g ON g.school_class_id = k.id AND g.kind = 'class'
  JOIN school_schoolyear y ON y.school_id = k.school_id AND y.year = k.year
 WHERE k.school_id = %(school)s AND k.grade_level > 1
 ORDER BY k.year DESC, k.grade_level, k.sort_key, k.id
"""


def register() -> None:
    """Register the checks: importing this module does it; the call keeps the import honest."""


@clause("T3")
def all_years_stand_on_one_page(school: School, *, now: datetime) -> Finding:
    """Judge by former years: whoever finished a year here has its results on the page of years."""
    rows = _read(_FORMER, school, now)
    if not rows:
        return not_yet_due(
            "Ни одного законченного учебного года у нынешних учеников в журнале ещё нет."
        )
    lacking = [row for row in rows if not row[6]]
    pupils = len({row[0] for row in rows})
    if not lacking:
        return kept(
            f"Результаты прошлых лет есть у всех: {count_ru(pupils, 'ученик,ученика,учеников')}, "
            f"{count_ru(len(rows), 'законченный год,законченных года,законченных лет')}.",
            *listed(_years(row) for row in rows[:3]),
        )
    return broken(
        f"Нет годовых результатов за законченный год: {len(lacking)} из {len(rows)}.",
        *listed(_years(row) for row in lacking),
    )


def _years(row: Any) -> Evidence:
    pk, last, first, year, grade, letter, has = row
    detail = f"{grade}{letter}, {year_words(year)}" + ("" if has else ": годовых отметок нет")
    return Evidence(f"{last} {first}", reverse("journal:pupil_years", args=[pk]), detail)


@clause("T5d")
def results_stand_in_the_summary_sheet(school: School, *, now: datetime) -> Finding:
    """Judge the sheets, which show results by construction; of ended years, with the council's decisions."""
    rows = [row for row in _read(_SHEETS, school, now) if row[5]]
    if not rows:
        return not_yet_due("Итоговых результатов ещё нет.")
    lacking = [row for row in rows if row[4] and row[6]]
    if lacking:
        missing = sum(row[6] for row in lacking)
        return broken(
            f"Учебный год закончен, а решения педсовета нет: {count_ru(missing, 'ученик,ученика,учеников')}.",
            *listed(_sheet(row, f"нет решения: {row[6]}") for row in lacking),
        )
    results = sum(row[5] for row in rows)
    return kept(
        f"В сводных ведомостях {count_ru(len(rows), 'класса,классов,классов')} "
        f"{count_ru(results, 'результат,результата,результатов')}.",
        *listed(_sheet(row, count_ru(row[5], "результат,результата,результатов")) for row in rows),
    )


def _sheet(row: Any, detail: str) -> Evidence:
    pk, year, grade, letter, *_ = row
    name = f"Сводная ведомость {grade}{letter}, {year_words(year)}"
    return Evidence(name, reverse("journal:summary", args=[pk]), detail)


def _read(sql: str, school: School, now: datetime) -> list[Any]:
    return rows_of(sql, {"school": school.pk, "today": school.local_date(now)})

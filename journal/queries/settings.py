"""What the pages of the school's rules show: versions in force and before, and who made them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F

from common.templatetags.words import at_moment, day_month_year, decimal_comma
from journal import grading, norm_texts, norms
from journal.models import FinalRule, Scale, WorkKind
from journal.queries.facts import short_name
from people.models import School, Setting, User
from people.roles import Permission
from school.calendar import school_year
from school.models import Course, Subject

_MADE = """
SELECT DISTINCT ON (e.row_id) e.row_id, e.at, p.last_name, p.first_name, p.middle_name
  FROM audit_event e LEFT JOIN people_person p ON p.user_id = e.actor AND p.school_id = ANY (%(schools)s::uuid[])
 WHERE e.school_id = %(school)s AND e.table_name = %(table)s AND e.row_id = ANY (%(rows)s::uuid[])
   AND (e.action = 'I' OR (e.before - 'until') <> (e.after - 'until'))
 ORDER BY e.row_id, e.at DESC, e.id DESC
"""
_WORKS = """
SELECT count(*) FILTER (WHERE NOT EXISTS (
         SELECT 1 FROM journal_mark m WHERE m.year = l.year AND m.lesson_id = l.id AND m.work_id = w.id)), count(*)
  FROM journal_work w JOIN journal_workkind k ON k.id = w.kind_id JOIN school_lesson l ON l.id = w.lesson_id
 WHERE k.school_id = %(school)s AND k.code = %(code)s AND l.day >= %(day)s
"""
ALL_SUBJECTS = "все предметы"


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in a table of history."""

    text: str
    term: str  # «с 1 сентября 2026», «1 сентября – 22 ноября 2026»
    state: str  # «действует», «с 12 января», «раньше»
    tone: str
    made: str = ""  # «Соколова Н. Л., 23 ноября в 14:20»
    act: str = ""


@dataclass(frozen=True, slots=True)
class KindLine:
    kind_id: UUID
    name: str
    letter: str
    colour: str
    weight: str
    control: str
    counts: bool
    state: str
    tone: str
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True, slots=True)
class ScaleLine:
    scale_id: UUID
    name: str
    values: str
    by_points: str
    courses: int
    state: str
    tone: str
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True, slots=True)
class ScaleUse:
    """Where a scale is used this year: «Алгебра: 7, 8, 9»."""

    subject: str
    grades: str
    scale: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    rule_id: UUID
    name: str
    covers: str  # «1–9 классы, все предметы»
    bounds: tuple[str, ...]
    disputed: str
    average: str
    minimum: str
    act: str
    term: str
    state: str
    tone: str
    made: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class NormLine:
    label: str
    value: str
    help: str
    is_default: bool
    act: str
    term: str


@dataclass(frozen=True, slots=True)
class NormPart:
    code: str
    title: str
    about: str
    lines: tuple[NormLine, ...]
    versions: tuple[VersionLine, ...]


def schools_controlled(user: User) -> tuple[School, ...]:
    """Return the schools and branches whose journals the user answers for."""
    found = School.objects.filter(pk__in=user.schools_with(Permission.JOURNAL_CONTROL))
    return tuple(found.order_by(F("parent").asc(nulls_first=True), "short_name", "pk"))


def number(value: Any) -> str:
    """Write «1,5» and «2», without needless zeros."""
    text = decimal_comma(value)
    return text.rstrip("0").rstrip(",") if "," in text else text


def kinds_of(school_id: UUID, *, today: date) -> tuple[KindLine, ...]:
    """Read the kinds of work with their versions; two statements."""
    rows = list(WorkKind.objects.filter(school=school_id).order_by("since", "pk"))
    made = _made(school_id, "journal_workkind", [row.pk for row in rows])
    chains: dict[str, list[WorkKind]] = defaultdict(list)
    for row in rows:
        chains[row.code].append(row)
    lines = [_kind_line(chain, made, today) for chain in chains.values()]
    return tuple(sorted(lines, key=lambda one: (one.tone == "muted", one.name.lower())))


def _kind_line(chain: Sequence[WorkKind], made: dict[UUID, str], today: date) -> KindLine:
    shown = shown_version(chain, today)
    state, tone = _state(shown, today)
    return KindLine(
        kind_id=chain[-1].pk,
        name=shown.name,
        letter=shown.letter,
        colour=shown.colour,
        weight=number(shown.weight),
        control=_control_text(shown),
        counts=shown.counts,
        state=state,
        tone=tone,
        versions=tuple(_version(one, kind_text(one), made, today) for one in reversed(chain)),
    )


def _control_text(kind: WorkKind) -> str:
    """«тематический, контрольная, 40 мин»."""
    parts = [str(kind.get_control_display())]
    parts += ["контрольная"] if kind.is_control else []
    parts += [f"{kind.minutes} мин"] if kind.minutes else []
    return ", ".join(parts)


def kind_text(kind: WorkKind) -> str:
    parts = [
        f"{kind.letter} — {kind.name}",
        f"вес {number(kind.weight)}",
        f"{kind.get_control_display()} контроль",
    ]
    parts += ["контрольная"] if kind.is_control else []
    parts += [] if kind.counts else ["не входит в средний балл"]
    return ", ".join(parts)


def shown_version(chain: Sequence[Any], today: date) -> Any:
    """Return the version in force, else the coming one, else the last."""
    now = [one for one in chain if one.since <= today and (one.until is None or one.until >= today)]
    coming = [one for one in chain if one.since > today]
    return now[-1] if now else coming[0] if coming else chain[-1]


def _state(version: Any, today: date) -> tuple[str, str]:
    if version.since > today:
        return f"с {day_month_year(version.since)}", "info"
    if version.until is not None and version.until < today:
        return f"до {day_month_year(version.until)}", "muted"
    return "действует", "ok"


def _term(version: Any) -> str:
    if version.until is None:
        return f"с {day_month_year(version.since)}"
    return f"{day_month_year(version.since)} – {day_month_year(version.until)}"


def _version(
    version: Any, text: str, made: dict[UUID, str], today: date, act: str = ""
) -> VersionLine:
    state, tone = _state(version, today)
    return VersionLine(text, _term(version), state, tone, made.get(version.pk, ""), act)


def _made(school_id: UUID, table: str, rows: Sequence[UUID]) -> dict[UUID, str]:
    """Return who made each row as it is, and when, by the history."""
    with connection.cursor() as cursor:
        schools = School.objects.filter(pk=school_id).values_list("pk", "parent")
        known = [one for pair in schools for one in pair if one]
        cursor.execute(
            _MADE, {"school": school_id, "schools": known, "table": table, "rows": list(rows)}
        )
        found = cursor.fetchall()
    return {
        row_id: ", ".join(
            part for part in (short_name(*name) if name[0] else "", at_moment(at)) if part
        )
        for row_id, at, *name in found
    }


def works_from(school_id: UUID, code: str, day: date) -> tuple[int, int]:
    """Count the works of the kind from that day: without marks, and with."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKS, {"school": school_id, "code": code, "day": day})
        unmarked, total = cursor.fetchone() or (0, 0)
    return unmarked, total - unmarked


def scales_of(school_id: UUID, *, today: date) -> tuple[ScaleLine, ...]:
    rows = list(Scale.objects.filter(school=school_id).order_by("since", "pk"))
    made = _made(school_id, "journal_scale", [row.pk for row in rows])
    used: dict[str, int] = defaultdict(int)
    for code in _courses(school_id, today).values_list("scale_code", flat=True):
        used[code] += 1
    chains: dict[str, list[Scale]] = defaultdict(list)
    for row in rows:
        chains[row.code].append(row)
    lines = []
    for code, chain in chains.items():
        shown = shown_version(chain, today)
        state, tone = _state(shown, today)
        lines.append(
            ScaleLine(
                scale_id=chain[-1].pk,
                name=shown.name,
                values=values_text(shown.values),
                by_points="; ".join(
                    f"«{mark}» от {number(least)} %" for mark, least in descending(shown.by_points)
                ),
                courses=used[code],
                state=state,
                tone=tone,
                versions=tuple(
                    _version(one, f"{one.name}: {values_text(one.values)}", made, today)
                    for one in reversed(chain)
                ),
            )
        )
    return tuple(sorted(lines, key=lambda one: (-one.courses, one.name)))


def descending(bounds: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The highest bound first: the database keeps no order of its own."""
    return sorted(bounds.items(), key=lambda pair: -Decimal(str(pair[1])))


def values_text(values: dict[str, float | None]) -> str:
    """«5, 4, 3, 2; без числа: зач, нзч»; a hundred points in a row are «0–100»."""
    if not values:
        return "отметки не ставятся"
    ordered = grading.in_order(values)
    counted = [mark for mark in ordered if values[mark] is not None]
    words = [mark for mark in ordered if values[mark] is None]
    parts = [_runs(counted)] if counted else []
    return "; ".join(parts + ([f"в средний балл не входят: {', '.join(words)}"] if words else []))


def _runs(marks: Sequence[str]) -> str:
    whole = [int(mark) for mark in marks if mark.isdecimal()]
    if len(whole) == len(marks) > 12 and sorted(whole) == list(range(min(whole), max(whole) + 1)):
        return f"{min(whole)}–{max(whole)}"
    return ", ".join(marks)


def _courses(school_id: UUID, today: date) -> Any:
    year = school_year(today)
    return Course.objects.filter(school=school_id, year=year)


def scale_uses(school_id: UUID, *, today: date) -> tuple[ScaleUse, ...]:
    """Read which subjects are marked by which scale, grade by grade."""
    names = dict(
        Scale.objects.filter(school=school_id).order_by("since").values_list("code", "name")
    )
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    rows = _courses(school_id, today).order_by("subject__sort_key", "scale_code")
    for subject, code, grade in rows.values_list(
        "subject__name", "scale_code", "group__grade_level"
    ):
        found[subject, code].add(grade)
    return tuple(
        ScaleUse(subject, grades_text(grades), names.get(code, code))
        for (subject, code), grades in found.items()
    )


def grades_text(grades: Iterable[int]) -> str:
    """«5–9», «1, 3–4»."""
    runs: list[list[int]] = []
    for grade in sorted(grades):
        if runs and grade == runs[-1][-1] + 1:
            runs[-1].append(grade)
        else:
            runs.append([grade])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def subjects_of(school_id: UUID) -> list[tuple[str, str]]:
    found = Subject.objects.filter(school=school_id).order_by("sort_key", "pk")
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")]


def scale_names(school_id: UUID, *, today: date) -> list[tuple[str, str]]:
    """Return the scales in force, to choose from."""
    found = Scale.objects.filter(school=school_id).order_by("since")
    rows = {one.code: one.name for one in found if one.until is None or one.until >= today}
    return list(rows.items())


def final_rules_of(school_id: UUID, *, today: date) -> tuple[RuleLine, ...]:
    """Read the tables of results: in force first, then the coming, then the former."""
    rows = list(
        FinalRule.objects.filter(school=school_id)
        .select_related("subject")
        .order_by("-since", "pk")
    )
    made = _made(school_id, "journal_finalrule", [row.pk for row in rows])
    lines = [_rule_line(row, made, today) for row in rows]
    order = {"ok": 0, "info": 1, "muted": 2}
    return tuple(sorted(lines, key=lambda one: order[one.tone]))


def _rule_line(rule: FinalRule, made: dict[UUID, str], today: date) -> RuleLine:
    state, tone = _state(rule, today)
    grades = "все классы" if (rule.grade_from, rule.grade_to) == (1, 11) else (
        f"{grades_text(range(rule.grade_from, rule.grade_to + 1))} классы"
    )  # fmt: skip
    return RuleLine(
        rule_id=rule.pk,
        name=rule.name,
        covers=f"{grades}, {rule.subject.name if rule.subject else ALL_SUBJECTS}",
        bounds=tuple(f"«{mark}» от {number(least)}" for mark, least in descending(rule.bounds)),
        disputed=number(rule.disputed) if rule.disputed else "",
        average="средневзвешенный" if rule.weighted else "простой средний",
        minimum=minimum_text(rule.minimum),
        act=rule.act,
        term=_term(rule),
        state=state,
        tone=tone,
        made=made.get(rule.pk, ""),
        is_over=tone == "muted",
    )


def minimum_text(minimum: Sequence[Sequence[int]]) -> str:
    """«до 2 ч в неделю — 3, больше — 5»."""
    if len(minimum) == 1 and minimum[0][0] >= 99:
        return f"{minimum[0][1]} при любой нагрузке"
    return ", ".join(
        f"больше — {marks}" if hours >= 99 else f"до {hours} ч в неделю — {marks}"
        for hours, marks in minimum
    )


def norm_parts(school_id: UUID, *, today: date) -> tuple[NormPart, ...]:
    """Read the school's rules group by group, with all their versions; two statements."""
    rows = list(
        Setting.objects.filter(school=school_id, key__in=norms.KEYS).order_by("since", "key", "pk")
    )
    made = _made(school_id, "people_setting", [row.pk for row in rows])
    by_key: dict[str, list[Setting]] = defaultdict(list)
    for row in rows:
        by_key[row.key].append(row)
    return tuple(_norm_part(group, by_key, made, today) for group in norm_texts.GROUPS)


def _norm_part(
    group: norm_texts.NormGroup,
    by_key: dict[str, list[Setting]],
    made: dict[UUID, str],
    today: date,
) -> NormPart:
    lines, versions = [], []
    for key, text in group.texts.items():
        now = _in_force(by_key[key], today)
        value = norms.read(key, now.value) if now else getattr(norms.DEFAULTS, key)
        lines.append(
            NormLine(
                label=text.label,
                value=norm_texts.shown(key, value),
                help=text.help,
                is_default=now is None,
                act=now.act if now else "",
                term=_term(now) if now else "",
            )
        )
        for one in by_key[key]:
            words = f"{text.label}: {norm_texts.shown(key, norms.read(key, one.value))}"
            versions.append((one.since, _version(one, words, made, today, one.act)))
    versions.sort(key=lambda pair: pair[0], reverse=True)
    return NormPart(
        group.code, group.title, group.about, tuple(lines), tuple(v for _, v in versions)
    )


def _in_force(rows: Sequence[Setting], today: date) -> Setting | None:
    now = [one for one in rows if one.since <= today and (one.until is None or one.until >= today)]
    return now[-1] if now else None


def scales_in_force(school_id: UUID, *, today: date) -> dict[str, Scale]:
    """Return the scales that have marks: results are proposed by them."""
    found = Scale.objects.filter(school=school_id, since__lte=today).order_by("since")
    rows = {one.code: one for one in found if one.until is None or one.until >= today}
    return {code: one for code, one in rows.items() if one.values}

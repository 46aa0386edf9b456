"""Portfolios: of a child, of a class, of the school."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from common.prepared import rows_of
from diary.models import Achievement, AchievementKind, AchievementState
from diary.pages.portfolio import AUDIENCES, ClassRow, KindOfWon, Portfolio, PupilRow, Won
from people.models import Pupil, User
from school.calendar import school_year
from school.models import Membership, SchoolClass

MOST = 100  # of a list for the staff
OVERDUE = 7  # days that a class teacher may take
TONES = {
    AchievementState.WAITING: "info",
    AchievementState.CONFIRMED: "ok",
    AchievementState.DECLINED: "bad",
}
# By class: pupils of today, how many of them have an achievement, and how many achievements in which state.
_CLASSES = """
SELECT k.id, k.grade_level || k.letter, s.short_name, count(DISTINCT m.pupil_id),
       count(DISTINCT a.pupil_id), count(a.id) FILTER (WHERE a.state = 'confirmed'),
       count(a.id) FILTER (WHERE a.state = 'waiting'),
       count(a.id) FILTER (WHERE a.state = 'waiting' AND a.added_at < %(overdue)s),
       count(a.id) FILTER (WHERE a.state = 'declined')
  FROM school_schoolclass k
  JOIN people_school s ON s.id = k.school_id
  JOIN school_studygroup g ON g.school_class_id = k.id AND g.kind = 'class'
  JOIN school_membership m ON m.group_id = g.id AND m.since <= %(today)s AND (m.until IS NULL OR m.until >= %(today)s)
  LEFT JOIN diary_achievement a ON a.pupil_id = m.pupil_id
 WHERE k.id = ANY(%(classes)s)
 GROUP BY k.id, s.id ORDER BY s.parent_id IS NOT NULL, s.short_name, k.grade_level, k.sort_key, k.id
"""


def portfolio(
    pupil: Pupil, class_name: str, found: QuerySet[Achievement], *, confirmed_only: bool = False
) -> Portfolio:
    """Return the child's achievements by kind; `found` is what the reader may see."""
    rows = (
        found.filter(pupil=pupil)
        .select_related("pupil__person")
        .order_by("-day", "-added_at", "pk")
    )
    if confirmed_only:
        rows = rows.filter(state=AchievementState.CONFIRMED)
    by_kind: dict[str, list[Won]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(won(row))
    person = pupil.person
    return Portfolio(
        pupil=person.full_name,
        class_name=class_name,
        school_name=pupil.school.name,
        kinds=[
            KindOfWon(str(kind.label).capitalize(), by_kind[kind])
            for kind in AchievementKind
            if by_kind[kind]
        ],
    )


def won(row: Achievement) -> Won:
    """Return the achievement in words; its pupil is read already."""
    state, person = AchievementState(row.state), row.pupil.person
    return Won(
        achievement_id=row.pk,
        pupil_id=row.pupil_id,
        pupil=person.full_name,
        kind=row.get_kind_display(),
        level=row.get_level_display(),
        title=row.title,
        outcome=row.outcome,
        day=row.day,
        file_name=row.file_name,
        audience=AUDIENCES[row.audience],
        state=row.state,
        state_name=str(state.label),
        tone=TONES[state],
        remark=row.remark,
    )


def classes(user: User, *, now: datetime, today: date) -> list[ClassRow]:
    """Return the classes that the user leads or heads, counted over all their achievements."""
    seen = SchoolClass.objects.visible_to(user).filter(year=school_year(today))
    given = {
        "classes": list(seen.values_list("pk", flat=True)),
        "today": today,
        "overdue": overdue(now),
    }
    return [ClassRow(*row) for row in rows_of(_CLASSES, given)]


def overdue(now: datetime) -> datetime:
    """Return the moment before which a waiting achievement waits too long."""
    return now - timedelta(days=OVERDUE)


def of_class(user: User, school_class: SchoolClass, *, today: date) -> list[PupilRow]:
    """Return the pupils of the class with the achievements that the user may see."""
    seats = Membership.objects.filter(
        group__kind="class", group__school_class=school_class
    ).in_force(today)
    pupils = Pupil.objects.filter(pk__in=seats.values("pupil")).select_related("person")
    seen = Achievement.objects.visible_to(user).filter(pupil__in=seats.values("pupil"))
    counted = {
        row["pupil"]: row
        for row in seen.order_by()
        .values("pupil")
        .annotate(
            confirmed=Count("pk", filter=Q(state=AchievementState.CONFIRMED)),
            waiting=Count("pk", filter=Q(state=AchievementState.WAITING)),
        )
    }
    none = {"confirmed": 0, "waiting": 0}
    return [
        PupilRow(
            pupil.pk,
            pupil.person.full_name,
            confirmed=counted.get(pupil.pk, none)["confirmed"],
            waiting=counted.get(pupil.pk, none)["waiting"],
        )
        for pupil in pupils.order_by("person__sort_key", "pk")
    ]


def seen(user: User, *, classes: list[UUID] | None = None, waiting: bool = False) -> list[Won]:
    """Return the last achievements that the user may see, those of a class alone if it is given."""
    found = Achievement.objects.visible_to(user).select_related("pupil__person")
    if classes is not None:
        seats = Membership.objects.filter(
            group__kind="class", group__school_class__in=classes
        ).in_force(user.today)
        found = found.filter(pupil__in=seats.values("pupil"))
    if waiting:
        found = found.filter(state=AchievementState.WAITING)
    return [won(row) for row in found.order_by("-day", "-added_at", "pk")[:MOST]]

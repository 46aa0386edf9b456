"""The school's rules of marking and the morning: objects for the addresses of their pages, and what a browser sends."""

from typing import Any
from uuid import UUID

from journal.models import AbsenceNote, BehaviourMark, FinalRule, Scale, WorkKind
from people.models import Setting
from school.models import Period
from tests.cast import NOW, SEPTEMBER, TODAY, YEAR, Cast


def rules_of_marking(school_id: UUID) -> dict[str, dict[str, Any]]:
    kind = WorkKind.objects.get(school=school_id, code="control")
    scale = Scale.objects.get(school=school_id, code="five")
    rule, _ = FinalRule.objects.get_or_create(
        school_id=school_id, name="Отметка за четверть", since=SEPTEMBER,
        defaults={"bounds": {"5": "4.65", "4": "3.65", "3": "2.65"}},
    )  # fmt: skip
    return {
        "journal:kind": {"kind_id": kind.pk}, "journal:kind_end": {"kind_id": kind.pk},
        "journal:scale": {"scale_id": scale.pk},
        "journal:final_rule": {"rule_id": rule.pk}, "journal:final_rule_end": {"rule_id": rule.pk},
    }  # fmt: skip


def morning_of(
    cast: Cast, pupil: str, school_class: str, leader: str, teacher: str
) -> dict[str, dict[str, Any]]:
    """The day of a class, and a note of one of its pupils."""
    kid, of_class = cast.pupils[pupil], {"class_id": cast.classes[school_class].pk}
    note, _ = AbsenceNote.objects.get_or_create(
        school_id=kid.school_id, pupil=kid, year=YEAR, since=TODAY, until=TODAY, code="ill",
        defaults={"document": "Справка № 7", "set_by": cast.users[leader], "set_at": NOW},
    )  # fmt: skip
    of_note = {"note_id": note.pk}
    Setting.objects.get_or_create(
        school_id=kid.school_id,
        key="behaviour_scale",
        since=SEPTEMBER,
        defaults={"value": "levels"},
    )
    period = Period.objects.get(school=kid.school_id, year=YEAR, number=2)
    case, _ = BehaviourMark.objects.get_or_create(
        school_id=kid.school_id, pupil=kid, year=YEAR, period=period, day=TODAY,
        defaults={"value": "образцовое", "set_by": cast.users[teacher], "set_at": NOW},
    )  # fmt: skip
    return {
        "journal:class_day": of_class, "journal:absence_notes": of_class,
        "journal:absence_note": of_note, "journal:absence_note_remove": of_note,
        "journal:behaviour": of_class, "journal:behaviour_note": of_class,
        "journal:behaviour_note_remove": {"mark_id": case.pk},
    }  # fmt: skip


def morning_sent(cast: Cast, pupil: str) -> dict[str, dict[str, Any]]:
    kid = str(cast.pupils[pupil].pk)
    note = {"pupil": kid, "reason": "ill", "document": "Справка № 8"}
    return {
        "journal:class_day": {"eaters": "1"},
        "journal:behaviour_note": {
            "pupil": kid,
            "day": TODAY.isoformat(),
            "value": "образцовое",
            "comment": "помог",
        },
        "journal:absence_notes": note | {"since": "2026-12-01", "until": "2026-12-02"},
        "journal:absence_note": note | {"since": TODAY.isoformat(), "until": TODAY.isoformat()},
    }


def settings_sent(school_id: UUID) -> dict[str, dict[str, Any]]:
    day = TODAY.isoformat()
    kind = {
        "name": "Диктант", "letter": "Дк", "weight": "1,5", "counts": "on", "control": "current",
        "colour": "green", "since": day,
        "seen": str(WorkKind.objects.get(school=school_id, code="control").pk),
    }  # fmt: skip
    scale = {
        "name": "Четыре ступени", "values": "5 = 5\n4 = 4\n3 = 3\n2 = 2\n1 = 1\nзач\nнзч\nосв", "since": day,
        "seen": str(Scale.objects.get(school=school_id, code="five").pk),
    }  # fmt: skip
    rule = {
        "name": "За четверть", "grade_from": "5", "grade_to": "9", "scale": "five", "bounds": "5 = 4,5",
        "disputed": "0", "weighted": "yes", "since": day,
    }  # fmt: skip
    return {
        "journal:kind": kind, "journal:kind_new": kind, "journal:kind_end": {"last": day},
        "journal:scale": scale, "journal:scale_new": scale,
        "journal:scales": {"scale": "none", "grade_from": "1", "grade_to": "11"},
        "journal:final_rule": rule, "journal:final_rule_new": rule, "journal:final_rule_end": {"last": day},
        "journal:norm_group": {
            "edit_window_days": "10", "reason_after_days": "3", "debt_days": "14",
            "marks_overdue_days": "7", "since": day,
        },
    }  # fmt: skip

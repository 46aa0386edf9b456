"""The school's rules of marking: objects for the addresses of their pages, and what a browser sends."""

from typing import Any
from uuid import UUID

from journal.models import FinalRule, Scale, WorkKind
from tests.cast import SEPTEMBER, TODAY


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

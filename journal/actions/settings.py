"""The school's own rules of marking: kinds of work, tables of results, norms. Versions, never rewritten."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q

from common.errors import require
from journal import norms
from journal.actions.versions import place, require_date
from journal.errors import BadSetting, SettingChanged
from journal.models import FinalRule, WorkKind
from people.models import Setting, User
from people.roles import Permission

# Works that nobody is marked for yet follow the kind: what was set by hand at the work stays.
_MOVE_WORKS = """
UPDATE journal_work w
   SET kind_id = %(new)s,
       weight = CASE WHEN w.weight = k.weight THEN %(weight)s ELSE w.weight END,
       counts = CASE WHEN w.counts = k.counts THEN %(counts)s ELSE w.counts END,
       minutes = CASE WHEN w.minutes IS NOT DISTINCT FROM k.minutes THEN %(minutes)s ELSE w.minutes END
  FROM journal_workkind k, school_lesson l
 WHERE k.id = w.kind_id AND l.id = w.lesson_id
   AND k.school_id = %(school)s AND k.code = %(code)s
   AND l.day BETWEEN %(since)s AND coalesce(%(until)s::date, 'infinity')
   AND NOT EXISTS (SELECT 1 FROM journal_mark m WHERE m.year = l.year AND m.lesson_id = l.id AND m.work_id = w.id)
"""


@dataclass(frozen=True, slots=True)
class KindFields:
    name: str
    letter: str
    weight: Decimal
    is_control: bool
    control: str
    colour: str
    counts: bool
    minutes: int | None


@dataclass(frozen=True, slots=True)
class KindChange:
    kind: WorkKind
    moved: int  # works without marks that took the new version


@transaction.atomic
def set_kind(
    *,
    by: User,
    school_id: UUID,
    code: str,
    wanted: KindFields,
    since: date,
    today: date,
    seen: UUID | None = None,
) -> KindChange:
    """Open a new version of a kind of work; an empty `code` adds a kind.

    A work with marks keeps the weight it was marked with, so no average of the past moves; a work of
    the coming lessons takes the new one. `seen` is the version that stood in the form. Raises
    Forbidden, BadSetting, SettingChanged.
    """
    require(by.may(Permission.JOURNAL_CONTROL, school_id))
    require_date(school_id, since, today=today)
    code = code or uuid4().hex[:10]
    known = list(
        WorkKind.objects.select_for_update().filter(school=school_id, code=code).order_by("since")
    )
    if known and seen != known[-1].pk:
        raise SettingChanged
    _require_own_letter(school_id, code, wanted, since)
    new = place(known, WorkKind(school_id=school_id, code=code, since=since, **asdict(wanted)))
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "new": new.new.pk, "weight": wanted.weight, "counts": wanted.counts, "minutes": wanted.minutes,
            "school": school_id, "code": code, "since": since, "until": new.new.until,
        }  # fmt: skip
        cursor.execute(_MOVE_WORKS, values)
        moved = cursor.rowcount
    return KindChange(new.write(), moved)


def _require_own_letter(school_id: UUID, code: str, wanted: KindFields, since: date) -> None:
    others = WorkKind.objects.filter(
        Q(until__isnull=True) | Q(until__gte=since), school=school_id
    ).exclude(code=code)
    for other in others.order_by("since", "pk"):
        if other.letter.lower() == wanted.letter.lower():
            raise BadSetting(
                f"Буква «{wanted.letter}» уже занята: «{other.name}». Выберите другую.",
                field="letter",
            )
        if other.name.lower() == wanted.name.lower():
            raise BadSetting("Вид работы с таким названием уже есть.", field="name")


@transaction.atomic
def end_kind(*, by: User, kind: WorkKind, last: date, today: date) -> WorkKind:
    """Offer the kind no more after its last day; its works and their marks stay. Raises BadSetting."""
    require(by.may(Permission.JOURNAL_CONTROL, kind.school_id))
    known = WorkKind.objects.select_for_update().filter(school=kind.school_id)
    versions = list(known.order_by("since", "pk"))
    own = [one for one in versions if one.code == kind.code]
    if last < max(today, own[-1].since):
        first = max(today, own[-1].since)
        raise BadSetting(f"Последний день — не раньше {first:%d.%m.%Y}.", field="last")
    if not any(one.code != kind.code and (one.until or last) >= last for one in versions):
        raise BadSetting("Это единственный вид работы: без него нельзя поставить отметку.")
    own[-1].until = last
    own[-1].save(update_fields=["until"])
    return own[-1]


@dataclass(frozen=True, slots=True)
class RuleFields:
    name: str
    subject_id: UUID | None
    grade_from: int
    grade_to: int
    scale_code: str
    bounds: Mapping[str, str]
    disputed: Decimal
    weighted: bool
    minimum: list[list[int]]
    act: str


@transaction.atomic
def set_final_rule(
    *,
    by: User,
    school_id: UUID,
    rule: FinalRule | None,
    wanted: RuleFields,
    since: date,
    today: date,
) -> FinalRule:
    """Open a new version of a table of results; without `rule` a new table.

    Results that stand are not touched: the table only proposes. Raises Forbidden, BadSetting,
    SettingChanged.
    """
    require(by.may(Permission.JOURNAL_CONTROL, school_id))
    require_date(school_id, since, today=today)
    known = []
    if rule is not None:
        known = list(FinalRule.objects.select_for_update().filter(pk=rule.pk, school=school_id))
        if not known or known[0].until != rule.until:
            raise SettingChanged
        if since < rule.since:
            raise BadSetting(
                f"Таблица действует с {rule.since:%d.%m.%Y}: новая редакция не раньше.",
                field="since",
            )
    return place(known, FinalRule(school_id=school_id, since=since, **asdict(wanted))).write()


@transaction.atomic
def end_final_rule(*, by: User, rule: FinalRule, last: date, today: date) -> FinalRule:
    """Propose nothing by the table after its last day. Raises Forbidden, BadSetting."""
    require(by.may(Permission.JOURNAL_CONTROL, rule.school_id))
    rule = FinalRule.objects.select_for_update().get(pk=rule.pk)
    first = max(today, rule.since)
    if last < first:
        raise BadSetting(f"Последний день — не раньше {first:%d.%m.%Y}.", field="last")
    rule.until = last
    rule.save(update_fields=["until"])
    return rule


@transaction.atomic
def set_norms(
    *, by: User, school_id: UUID, values: Mapping[str, Any], act: str, since: date, today: date
) -> tuple[str, ...]:
    """Open a new version of every rule that changes from that day; return their keys.

    `values` are as they are stored. Raises Forbidden, BadSetting.
    """
    require(by.may(Permission.JOURNAL_CONTROL, school_id))
    require_date(school_id, since, today=today)
    found = Setting.objects.select_for_update().filter(school=school_id, key__in=values)
    known: dict[str, list[Setting]] = {key: [] for key in values}
    for setting in found.order_by("since", "pk"):
        known[setting.key].append(setting)
    changed = []
    for key, value in values.items():
        new = place(
            known[key], Setting(school_id=school_id, key=key, value=value, since=since, act=act)
        )
        before = new.corrected or new.previous
        stands = norms.read(key, before.value) if before else getattr(norms.DEFAULTS, key)
        same_act = before is None or act in {before.act, ""}
        if norms.read(key, value) == stands and same_act:
            continue
        new.write()
        changed.append(key)
    return tuple(changed)

"""Results of exams and contests, and the final marks of the certificate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from common.errors import Invalid, require
from common.sorting import sort_key
from journal import policy
from journal.actions.held import hold_pupils
from journal.certificate import Proposal, agrees
from journal.errors import OutsideScale, YearClosed
from journal.errors_results import ExamChanged, ExamRefused, NotInClass, ResultReasonRequired
from journal.events import final_published
from journal.models import ExamKind, ExamResult, FinalMark, ResultStatus
from people.models import User
from people.scope import because
from school.models import Course, Membership, SchoolClass, SchoolYear, Subject

OFFICIAL = frozenset({ExamKind.OGE, ExamKind.EGE})  # entered by the administration
# The scales of exams: ЕГЭ has points only, the others a mark or a pass, with or without points.
SCALES: Mapping[str, Mapping[str, int | None]] = {
    "five": {"5": 5, "4": 4, "3": 3, "2": 2},
    "pass_fail": {"зач": None, "нзч": None},
    "hundred": {str(points): None for points in range(101)},
}
MOST_POINTS = Decimal(100)
STATUSES = {"н/а": ResultStatus.NOT_ASSESSED, "осв": ResultStatus.EXEMPT}
WRITTEN = ("status", "value", "score", "points", "chosen", "scale_code", "set_by", "set_at", "rev")


@dataclass(frozen=True, slots=True)
class Exam:
    """Which exam: a subject, a kind, a day, and the scale of its results."""

    subject_id: UUID
    kind: str
    held_on: date
    scale: str = "five"


@dataclass(frozen=True, slots=True)
class ExamEntry:
    """One pupil's result; without value and points there is none yet. `rev`: what it was typed over."""

    pupil_id: UUID
    value: str = ""
    points: Decimal | None = None
    chosen: bool = False
    rev: int | None = None

    @property
    def is_empty(self) -> bool:
        return not self.value and self.points is None


def may_enter(user: User, school_class: SchoolClass, subject_id: UUID, kind: str) -> bool:
    """Say whether the user enters the results: official ones the administration, others the teacher too."""
    if policy.may_control(user, school_class.school_id):
        return True
    of_class = _taught(user, school_class, subject_id)
    return kind not in OFFICIAL and policy.has_day(user) and of_class.exists()


def _taught(user: User, school_class: SchoolClass, subject_id: UUID) -> QuerySet[Membership]:
    """Return the class's pupils in the groups that the user teaches the subject to."""
    courses = Course.objects.visible_to(user).filter(
        subject=subject_id, year=school_class.year, teachers__person__in=user.person_ids
    )
    members = Membership.objects.filter(group__school_class=school_class, group__kind="class")
    return Membership.objects.filter(
        group__courses__in=courses.values("pk"), pupil__in=members.values("pupil")
    )


@transaction.atomic
def save_exam(
    *,
    by: User,
    school_class: SchoolClass,
    exam: Exam,
    entries: Sequence[ExamEntry],
    obtained_at: datetime,
    now: datetime,
    reason: str = "",
) -> int:
    """Write the results of an exam and return how many changed; families see them at once.

    `obtained_at`: when the school got them, which the regulation's 24 or 72 hours count from. A
    changed result keeps its first moments and asks for a reason. Raises Forbidden, Invalid,
    YearClosed, NotInClass, OutsideScale, ExamRefused, ResultReasonRequired, ExamChanged where another
    person changed a result that this one changes too.
    """
    require(may_enter(by, school_class, exam.subject_id, exam.kind))
    _refuse(school_class, exam, obtained_at, now)
    given = [one for one in entries if not one.is_empty]
    _members(school_class, {one.pupil_id for one in given})
    pupils = {one.pupil_id for one in entries}
    hold_pupils(pupils)
    results = ExamResult.objects.filter(
        subject=exam.subject_id, kind=exam.kind, held_on=exam.held_on, pupil__in=pupils
    )
    stand = {one.pupil_id: one for one in results}
    if any(one.is_empty and one.pupil_id in stand and one.rev for one in entries):
        raise ExamRefused(
            "Результат, который уже стоит, не стирают: исправьте его и укажите причину."
        )
    made: list[ExamResult] = []
    changed: list[ExamResult] = []
    for entry in given:
        old = stand.get(entry.pupil_id)
        result = old or ExamResult(
            school_id=school_class.school_id, year=school_class.year, pupil_id=entry.pupil_id,
            subject_id=exam.subject_id, kind=exam.kind, held_on=exam.held_on, rev=0,
            obtained_at=obtained_at, visible_at=now,
        )  # fmt: skip
        before = _told(result)
        _fill(result, entry, exam.scale)
        if old is None or _told(result) != before:
            if entry.rev is not None and entry.rev != result.rev:
                raise ExamChanged
            result.set_by, result.set_at, result.rev = by, now, result.rev + 1
            (changed if old else made).append(result)
    _require_own(by, school_class, exam, {one.pupil_id for one in (*made, *changed)})
    if changed and not reason.strip():
        raise ResultReasonRequired
    with because(reason.strip()):
        ExamResult.objects.bulk_create(made)
        ExamResult.objects.bulk_update(changed, fields=WRITTEN)
    return _publish(ExamResult, [*made, *changed], by, now)


def _require_own(by: User, school_class: SchoolClass, exam: Exam, pupils: set[UUID]) -> None:
    """Raise unless the results are of pupils whom the user teaches; the administration enters all."""
    own = own_pupils(by, school_class, exam.subject_id)
    if own is not None and pupils - own:
        raise ExamRefused("Результаты учеников другой группы вносит её учитель.")


def own_pupils(user: User, school_class: SchoolClass, subject_id: UUID) -> frozenset[UUID] | None:
    """Return the class's pupils whose results the user enters: None for all of them."""
    if policy.may_control(user, school_class.school_id):
        return None
    taught = _taught(user, school_class, subject_id)
    return frozenset(taught.values_list("pupil", flat=True))


def _told(result: ExamResult) -> tuple[object, ...]:
    return (result.status, result.value, result.points, result.chosen, result.scale_code)


def _fill(result: ExamResult, entry: ExamEntry, scale: str) -> None:
    """Put the entry into the result. Raises OutsideScale, ExamRefused."""
    points = entry.points
    value = entry.value
    if scale == "hundred" and points is not None and not value:
        value = f"{points.normalize():f}"
    result.status = STATUSES.get(value, ResultStatus.MARK)
    if result.status == ResultStatus.MARK:
        if not value:
            raise ExamRefused("К баллам нужна отметка.")
        if value not in SCALES[scale]:
            raise OutsideScale(value)
    if points is not None and not 0 <= points <= MOST_POINTS:
        raise ExamRefused("Баллы — от 0 до 100.")
    score = SCALES[scale].get(value)
    result.value = value if result.status == ResultStatus.MARK else ""
    result.score = None if score is None else Decimal(score)
    result.points = Decimal(value) if scale == "hundred" and result.value else points
    result.chosen, result.scale_code = entry.chosen, scale


def _refuse(school_class: SchoolClass, exam: Exam, obtained_at: datetime, now: datetime) -> None:
    today = school_class.school.local_date(now)
    if exam.held_on > today:
        raise Invalid("Экзамен ещё не прошёл.")
    if obtained_at > now:
        raise Invalid("Момент получения результатов ещё не наступил.")
    if school_class.school.local_date(obtained_at) < exam.held_on:
        raise Invalid("Результаты получены раньше экзамена: проверьте даты.")
    if exam.kind == ExamKind.EGE and exam.scale != "hundred":
        raise Invalid("ЕГЭ оценивают по стобалльной шкале.")
    if not Subject.objects.filter(pk=exam.subject_id, school=school_class.school_id).exists():
        raise Invalid("Такого предмета в школе нет.")
    _open_year(school_class)


def _open_year(school_class: SchoolClass) -> None:
    closed = SchoolYear.objects.filter(
        school=school_class.school_id, year=school_class.year, closed_at__isnull=False
    )
    if closed.exists():
        raise YearClosed("Учебный год закрыт.")


def _members(school_class: SchoolClass, pupils: set[UUID]) -> None:
    there = Membership.objects.filter(
        group__school_class=school_class, group__kind="class", pupil__in=pupils
    )
    if pupils - set(there.values_list("pupil", flat=True)):
        raise NotInClass


def _publish(
    model: type[ExamResult] | type[FinalMark],
    results: Sequence[ExamResult | FinalMark],
    by: User,
    now: datetime,
) -> int:
    if results:
        ids = tuple(one.pk for one in results)
        transaction.on_commit(
            lambda: final_published.send(sender=model, results=ids, by=by, now=now)
        )
    return len(results)


@transaction.atomic
def set_finals(
    *,
    by: User,
    school_class: SchoolClass,
    marks: Mapping[tuple[UUID, str], str],
    proposals: Mapping[tuple[UUID, str], Proposal],
    now: datetime,
    reason: str = "",
) -> int:
    """Write final marks by pupil and subject of the certificate; families see them at once.

    A mark that differs from the proposal, or a changed one, asks for a reason. Raises Forbidden,
    YearClosed, NotInClass, OutsideScale, ResultReasonRequired.
    """
    require(policy.may_control(by, school_class.school_id))
    _open_year(school_class)
    _members(school_class, {pupil for pupil, _ in marks})
    pupils = {pupil for pupil, _ in marks}
    hold_pupils(pupils)
    subjects = {
        name: _subject(school_class.school_id, name) for name in {name for _, name in marks}
    }
    known = {
        (one.pupil_id, one.subject_id): one
        for one in FinalMark.objects.filter(year=school_class.year, pupil__in=pupils)
    }
    changed = []
    for (pupil_id, name), value in marks.items():
        if value not in SCALES["five"] and value not in SCALES["pass_fail"] and value != "осв":
            raise OutsideScale(value)
        old = known.get((pupil_id, subjects[name]))
        if old is not None and str(old) == value:
            continue
        if (old is not None or not agrees(value, proposals[pupil_id, name])) and not reason.strip():
            raise ResultReasonRequired
        changed.append(
            _final(
                old,
                school_class,
                pupil_id=pupil_id,
                subject_id=subjects[name],
                value=value,
                now=now,
            )
        )
    with because(reason.strip()):
        for one in changed:
            one.set_by, one.set_at, one.rev = by, now, one.rev + 1
            one.save()
    return _publish(FinalMark, changed, by, now)


def _final(
    old: FinalMark | None,
    school_class: SchoolClass,
    *,
    pupil_id: UUID,
    subject_id: UUID,
    value: str,
    now: datetime,
) -> FinalMark:
    one = old or FinalMark(
        school_id=school_class.school_id, year=school_class.year, pupil_id=pupil_id,
        subject_id=subject_id, rev=0, obtained_at=now, visible_at=now,
    )  # fmt: skip
    one.status = STATUSES.get(value, ResultStatus.MARK)
    one.value = value if one.status == ResultStatus.MARK else ""
    score = SCALES["five"].get(value)
    one.score = None if score is None else Decimal(score)
    return one


def _subject(school_id: UUID, name: str) -> UUID:
    """Return the subject of the certificate; «Математика» is made where only its courses are taught."""
    found, _ = Subject.objects.get_or_create(
        school_id=school_id,
        name=name,
        defaults={"short_name": name[:30], "sort_key": sort_key(name)},
    )
    return found.pk

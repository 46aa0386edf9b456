"""Pages of closing: pupils by subjects with the disputed and the missing in view, and who is how far."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache

from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from common.templatetags.words import day_digits
from journal import grading
from journal.closing import (
    Chosen,
    Closing,
    ClosingCourse,
    Counted,
    Place,
    ResultAnswer,
    Span,
    count,
)
from journal.models import Operation
from journal.proposals import DEFERRED, EXEMPT, NOT_ASSESSED
from journal.queries.proposals import closing
from people.models import User
from people.naming import told_apart


@dataclass(frozen=True, slots=True)
class Head:
    """A course of the page: its teacher, how far it is, what the user may do with it."""

    course_id: str
    title: str
    subject: str
    group: str
    teacher: str
    url: str
    counted: Counted
    state: str  # open, ready, signed, approved
    word: str
    tone: str
    note: str
    can_sign: bool
    can_approve: bool
    can_send_back: bool

    @property
    def sums(self) -> str:
        """Return «Выставлено 24 из 28, спорных 4, отложено 1.»."""
        counted = self.counted
        more = (("спорных", counted.disputed), ("отложено", counted.deferred))
        rest = "".join(f", {word} {number}" for word, number in more if number)
        return f"Выставлено {counted.there} из {counted.total}{rest}."


@dataclass(frozen=True, slots=True)
class Column:
    subject: str
    short: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands at a pupil and a subject; `options` where the user may choose."""

    name: str = ""
    label: str = ""
    subject: str = ""
    word: str = ""
    still: str = ""  # what is read where nothing is chosen
    offer: str = ""
    facts: str = ""
    tone: str = ""
    note: str = ""
    url: str = ""
    options: SafeString | None = None
    fits: str | None = None  # values that need no reason; None: any value needs none
    reason_name: str = ""
    reason: str = ""
    message: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    pupil_id: str
    name: str
    short: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class PeriodChip:
    period_id: str
    name: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Fill:
    """A fill in one press, by the user herself."""

    op: str
    count: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """One screen: of a class or of a course."""

    title: str
    back_url: str
    url: str
    span: Span
    periods: tuple[PeriodChip, ...]
    act: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    heads: tuple[Head, ...]
    counted: Counted
    hidden: int  # cells that need nobody's choice and are not in view
    shows_all: bool
    can_set: bool
    can_fill: bool  # some columns here are the user's own and open
    fill_count: int
    fill_from: date | None  # filling begins on that day; None: it has
    has_refused: bool
    today: date
    fill: "Fill | None" = None  # the last one, while it can be taken back

    @property
    def to_approve(self) -> int:
        return sum(head.can_approve for head in self.heads)

    @property
    def is_signed(self) -> bool:
        """All courses of the page are signed: nothing is left to do for their teachers."""
        return all(head.state in {"signed", "approved"} for head in self.heads)


def closing_page(
    user: User,
    chosen: Chosen,
    *,
    today: date,
    shows_all: bool = False,
    answers: Sequence[ResultAnswer] = (),
) -> ClosingPage:
    """Read a class or a course in a period. Raises Http404 where the user sees none of it."""
    found = closing(user, chosen, today=today)
    if not found.courses or not found.places:
        raise Http404
    builder = _Builder(found, chosen, shows_all, {_key(a.entry.course_id, a.entry.pupil_id): a for a in answers if a.state != "ok"}, today)  # fmt: skip
    page = builder.page()
    return replace(page, fill=_last_fill(user, found)) if page.can_fill else page


def _last_fill(user: User, found: Closing) -> Fill | None:
    """Return the user's last fill of these courses, unless it was taken back or all is signed."""
    open_now = {
        (c.course_id, c.span.period_id): c for c in found.courses if c.teaches and c.may_set
    }
    made = Operation.objects.filter(
        user=user, request="closing", rolled_back_at__isnull=True, year=found.courses[0].year
    ).order_by("-made_at", "pk")[:5]
    for operation in made:
        filled = [(course, period) for course, period, _ in operation.answer["filled"]]
        mine = [key for key in filled if key in open_now]
        if mine:
            at = operation.made_at.astimezone(open_now[mine[0]].zone)
            return Fill(str(operation.pk), len(mine), at)
    return None


def _key(course_id: str, pupil_id: str) -> str:
    return f"{course_id}:{pupil_id}"


@dataclass(slots=True)
class _Builder:
    """Shapes what was read into a page."""

    found: Closing
    chosen: Chosen
    shows_all: bool
    refused: Mapping[str, ResultAnswer]
    today: date
    subjects: dict[str, list[ClosingCourse]] = field(default_factory=dict)

    def page(self) -> ClosingPage:
        courses, first = self.found.courses, self.found.courses[0]
        for course in courses:
            self.subjects.setdefault(course.subject_id, []).append(course)
        rows, columns, hidden = self._in_view(tuple(self._rows()))
        mine = [course for course in courses if course.teaches and course.may_set]
        begins = min((course.fill_since for course in mine), default=None)
        sure = sum(
            place.is_sure for course in mine for place in self.found.of_course(course.course_id)
        )
        return ClosingPage(
            title=self._title(first), back_url=reverse("journal:closing"), url=self._url(),
            span=first.span, periods=chips(first), act=first.act, columns=columns, rows=rows,
            heads=tuple(head(course, count(self.found.of_course(course.course_id))) for course in courses),
            counted=count(tuple(self.found.places.values())), hidden=hidden, shows_all=self.shows_all,
            can_set=any(cell.options is not None for row in rows for cell in row.cells),
            can_fill=bool(mine), fill_count=sure, fill_from=begins if begins and self.today < begins else None,
            has_refused=bool(self.refused), today=self.today,
        )  # fmt: skip

    def _title(self, first: ClosingCourse) -> str:
        return first.class_name if self.chosen.class_id else first.title

    def _url(self) -> str:
        if self.chosen.class_id:
            return reverse("journal:closing_class", args=[self.chosen.class_id])
        return reverse("journal:closing_course", args=[self.chosen.course_id])

    def _rows(self) -> Iterator[Row]:
        pupils = self.found.pupils
        names = told_apart([(p.last, p.first, p.middle) for p in pupils])
        prefixes = {
            course.course_id: reverse("journal:closing_course", args=[course.course_id])
            for course in self.found.courses
        }
        for pupil, (name, short) in zip(pupils, names, strict=True):
            cells = []
            for courses in self.subjects.values():
                places = [
                    (course, self.found.places.get((course.course_id, pupil.pupil_id)))
                    for course in courses
                ]
                there = [(course, place) for course, place in places if place is not None]
                there.sort(key=lambda pair: not pair[1].stays)
                cells.append(self._cell(*there[0], short, prefixes) if there else Cell())
            yield Row(pupil.pupil_id, name, short, tuple(cells))

    def _cell(
        self, course: ClosingCourse, place: Place, short: str, prefixes: Mapping[str, str]
    ) -> Cell:
        key = _key(place.course_id, place.pupil_id)
        refused = self.refused.get(key)
        wanted = refused.entry.value if refused else place.value
        # What is signed the heads correct one by one, on its own page.
        may = course.teaches and (not course.signed or place.status == "deferred")
        return Cell(
            name=f"m:{key}:{place.rev}:{place.value}",
            label=f"{course.short_name}, {short}",
            subject=course.short_name,
            word=place.value,
            offer=offer(place),
            still=place.value or _proposed(place),
            facts=facts(place),
            tone=tone(place),
            note=f"до {day_digits(place.until)}" if place.until else "",
            url=f"{prefixes[course.course_id]}{place.pupil_id}/?period={course.span.period_id}",
            options=options(values_of(course), wanted)
            if may and place.stays and not course.year_closed
            else None,
            fits=fits(course, place),
            reason_name=f"w:{key}",
            reason=refused.entry.reason if refused else "",
            message=refused.message if refused else "",
            is_open=refused is not None or (place.is_missing and not place.is_sure),
        )

    def _in_view(self, rows: tuple[Row, ...]) -> tuple[tuple[Row, ...], tuple[Column, ...], int]:
        """Leave out pupils and subjects where nothing is to be chosen, unless all are asked for."""
        columns = tuple(
            Column(courses[0].subject_name, courses[0].short_name)
            for courses in self.subjects.values()
        )
        if self.shows_all:
            return rows, columns, 0
        there = sum(bool(cell.name) for row in rows for cell in row.cells)
        shown = [n for n in range(len(columns)) if any(row.cells[n].is_open for row in rows)]
        kept = tuple(
            Row(row.pupil_id, row.name, row.short, tuple(row.cells[n] for n in shown))
            for row in rows
            if any(cell.is_open for cell in row.cells)
        )
        in_view = sum(cell.is_open for row in kept for cell in row.cells)
        return kept, tuple(columns[n] for n in shown), there - in_view


def chips(course: ClosingCourse) -> tuple[PeriodChip, ...]:
    return tuple(
        PeriodChip(span.period_id, span.name, span == course.span) for span in course.spans
    )


def values_of(course: ClosingCourse) -> tuple[str, ...]:
    return _ordered(tuple(course.scale.items()))


@cache
def _ordered(scale: tuple[tuple[str, float | None], ...]) -> tuple[str, ...]:
    """Return what may be chosen: the scale's marks, the best first, then «н/а» and «осв»."""
    marks = [value for value in grading.in_order(dict(scale)) if value not in {NOT_ASSESSED, EXEMPT}]  # fmt: skip
    return (*marks, NOT_ASSESSED, EXEMPT)


@cache
def options(values: tuple[str, ...], chosen: str) -> SafeString:
    """Write the choices of a cell: a few different texts for the whole page."""
    known = (chosen,) if chosen == DEFERRED or (chosen and chosen not in values) else ()
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected") if value == chosen else "", value or "—")
            for value in ("", *known, *values)
        ),
    )


def offer(place: Place) -> str:
    proposal = place.proposal
    if proposal.state == "few":
        return "мало отметок" if proposal.count else "нет отметок"
    return " или ".join(proposal.values)


def _proposed(place: Place) -> str:
    """Return what is read where nothing stands: a proposal is not a mark."""
    values = place.proposal.values
    return f"предл. {' или '.join(values)}" if values else offer(place) or "нет отметки"


def facts(place: Place) -> str:
    """Return «4,38 · 8 отм.»."""
    proposal = place.proposal
    if proposal.state == "nothing":
        return ""
    if proposal.state == "few":
        return f"{proposal.average + ' · ' if proposal.average else ''}{proposal.count} из {proposal.fewest}"  # fmt: skip
    return f"{proposal.average} · {proposal.count} отм." if proposal.average else ""


def tone(place: Place) -> str:
    """Name the look of a cell."""
    if place.status == "deferred":
        return "deferred"
    if place.is_missing:
        return {"disputed": "disputed", "few": "few", "sure": "sure"}.get(place.proposal.state, "empty")  # fmt: skip
    return "departs" if place.departs else ""


def fits(course: ClosingCourse, place: Place) -> str | None:
    """Return what may be chosen without a reason; None: anything."""
    if course.signed and place.status != "deferred":
        return place.value
    if place.proposal.state == "nothing":
        return None
    free = (NOT_ASSESSED,) if place.proposal.state == "few" else place.proposal.values
    return " ".join((place.value, *free, EXEMPT)).strip()


def head(course: ClosingCourse, counted: Counted) -> Head:
    state = _state(course, counted)
    word, colour = {
        "open": ("заполняется", ""), "ready": ("можно подписать", "info"),
        "signed": ("ждёт утверждения", "warn"), "approved": ("утверждено", "ok"),
    }[state]  # fmt: skip
    signed, is_open = course.signed, not course.year_closed
    approved = bool(signed and signed.approved_at)
    return Head(
        course_id=course.course_id, title=course.title, subject=course.subject_name,
        group=course.group_name, teacher=course.teacher_name,
        url=f"{reverse('journal:closing_course', args=[course.course_id])}?period={course.span.period_id}",
        counted=counted, state=state, word=word, tone=colour, note=_signatures(course),
        can_sign=state == "ready" and course.teaches and is_open,
        can_approve=bool(signed) and not approved and course.corrects and is_open,
        can_send_back=bool(signed) and is_open and (course.corrects or (course.teaches and not approved)),
    )  # fmt: skip


def _state(course: ClosingCourse, counted: Counted) -> str:
    if course.signed:
        return "approved" if course.signed.approved_at else "signed"
    return "ready" if counted.total and not counted.missing else "open"


def _signatures(course: ClosingCourse) -> str:
    signed = course.signed
    if not signed:
        return ""
    told = [f"Подписано {_day(signed.at, course)}, {signed.by}"]
    if signed.approved_at:
        told.append(f"утверждено {_day(signed.approved_at, course)}, {signed.approved_by}")
    return "; ".join(told)


def _day(at: datetime, course: ClosingCourse) -> str:
    return day_digits(at.astimezone(course.zone).date())

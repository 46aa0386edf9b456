"""A pupil's week, and the weeks of a class: the page, the extract, the digest and the API read these."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from common.templatetags.words import day_month
from diary.pages import (
    AbsenceView,
    Day,
    FileLink,
    LessonView,
    MarkView,
    Note,
    PupilHead,
    Seen,
    Task,
    WebLink,
    Week,
)
from diary.queries import acknowledgement
from diary.queries.acknowledgement import corrections
from diary.queries.changes import change_of
from diary.queries.days import Calendar, Hours, opening_day
from diary.queries.rows import Fact, LessonRow, Rows, read
from journal import grading
from people.models import Pupil, User
from school.models import CourseKind


def week(pupil: Pupil, monday: date, *, user: User | None, now: datetime) -> Week:
    """Return one pupil's week as `user` reads it (None: nobody in particular, as on paper)."""
    return weeks([pupil], monday, user=user, now=now)[0]


def weeks(pupils: Sequence[Pupil], monday: date, *, user: User | None, now: datetime) -> list[Week]:
    """Return the weeks of `pupils` in their order: two statements for any number of them."""
    schools, ids = {pupil.school_id for pupil in pupils}, [pupil.pk for pupil in pupils]
    return weeks_by_id(ids, monday, schools=schools, user=user, now=now)


def weeks_by_id(
    ids: Sequence[UUID],
    monday: date,
    *,
    schools: Collection[UUID],
    user: User | None,
    now: datetime,
) -> list[Week]:
    """Return the weeks of those `ids` that are pupils of the schools in scope."""
    readers = user.person_ids if user else ()
    rows = read(ids, monday, schools=[*schools], section="timetable", readers=readers, now=now)
    return [
        _Assembly.of(rows, pupil, monday, readers=readers, now=now).week()
        for pupil in ids
        if rows.of("pupil", pupil)
    ]


@dataclass(frozen=True, slots=True)
class _Assembly:
    """Builds one pupil's week of the rows that were read for all."""

    rows: Rows
    head: PupilHead
    monday: date
    now: datetime
    zone: ZoneInfo
    calendar: Calendar
    readers: Collection[UUID]
    known: Mapping[str, Sequence[str]] | None  # what the reader acknowledged
    visited: datetime | None
    is_family: bool  # the reader: only then is told what is done

    @classmethod
    def of(
        cls, rows: Rows, pupil: UUID, monday: date, *, readers: Collection[UUID], now: datetime
    ) -> "_Assembly":
        fact = rows.of("pupil", pupil)[0]
        head = acknowledgement.pupil_head(pupil, fact)
        zone = ZoneInfo(head.time_zone)
        own = [g for g in rows.of("guardian", pupil) if UUID(g[0]) in readers and g[7]]
        visit = rows.of("visit", pupil)
        return cls(
            rows=rows,
            head=head,
            monday=monday,
            now=now.astimezone(zone),
            zone=zone,
            calendar=Calendar.of(rows, head, shift=fact[9], monday=monday),
            readers=readers,
            known=acknowledgement.seen_then(own[0]) if own else None,
            visited=acknowledgement.moment(visit[0][0], zone) if visit and visit[0][0] else None,
            is_family=pupil in readers
            or any(UUID(g[0]) in readers and g[5] for g in rows.of("guardian", pupil)),
        )

    def week(self) -> Week:
        own = {row.lesson_id: row for row in self.rows.lessons.get(self.head.pupil_id, ())}
        homework = self.homework(own)
        lessons = self.without_homework(self.lessons(own, homework))
        days = self.days(lessons, homework.loose)
        seen = _seen(lessons)
        notes = [[str(note.note_id), note.text] for day in days for note in day.notes]
        version = acknowledgement.digest([*(_shown(lesson) for lesson in lessons), *notes])
        is_owed = any(lesson.state != "cancelled" for lesson in lessons)
        return Week(
            pupil=self.head,
            monday=self.monday,
            now=self.now,
            days=days,
            version=version,
            seen=seen,
            acknowledgement=acknowledgement.state(
                self.rows.of("guardian", self.head.pupil_id),
                section="timetable",
                monday=self.monday,
                version=version,
                seen=seen,
                now=self.now,
                readers=self.readers,
                duty=acknowledgement.Duty.of(
                    self.rows.of("duty", self.head.pupil_id), is_owed=is_owed
                ),
            ),
            emptiness=None if lessons else self.calendar.emptiness(),
            first_day=next((day.day for day in days if day.is_first), None),
        )

    def lessons(self, own: Mapping[UUID, LessonRow], homework: "_Homework") -> list[LessonView]:
        marks = self.marks(own)
        removed = self.removed(marks)
        absences = self.absences(own)
        return [
            self.lesson(
                row,
                marks=marks.get(lesson_id, ()),
                removed=removed.get(lesson_id, ()),
                absence=absences.get(lesson_id),
                homework=homework.due.get(lesson_id, ()),
                given=homework.given.get(lesson_id, ()),
            )
            for lesson_id, row in own.items()
        ]

    def lesson(
        self,
        row: LessonRow,
        *,
        marks: Sequence[MarkView],
        removed: tuple[str, ...],
        absence: AbsenceView | None,
        homework: Sequence[Task],
        given: Sequence[Task],
    ) -> LessonView:
        state, words = change_of(row)
        starts = datetime.combine(row.day, row.starts, tzinfo=self.zone)
        ends = datetime.combine(row.day, row.ends, tzinfo=self.zone)
        return LessonView(
            lesson_id=row.lesson_id,
            course_id=row.course_id,
            day=row.day,
            number=row.number,
            starts=row.starts,
            ends=row.ends,
            subject=row.subject,
            teacher=acknowledgement.short_name(row.last_name, row.first_name, row.middle_name),
            room=row.room,
            group=row.group,
            course_kind="" if row.course_kind == "lesson" else CourseKind(row.course_kind).label,
            state=state,
            change=words,
            is_distance=row.is_distance,
            topic=row.topic,
            homework=tuple(homework),
            given=tuple(given),
            marks=tuple(marks),
            removed=removed,
            absence=absence,
            is_over=ends <= self.now,
            is_now=starts <= self.now < ends and state != "cancelled",
        )

    def marks(self, own: Mapping[UUID, LessonRow]) -> dict[UUID, list[MarkView]]:
        found: dict[UUID, list[MarkView]] = {}
        facts = sorted(
            self.rows.of("mark", self.head.pupil_id), key=lambda fact: (fact[0], fact[1])
        )
        corrected = corrections(self.rows.of("corrected", self.head.pupil_id), self.zone)
        for fact in facts:
            lesson, position, value, score, work, title, weight, counts, comment, at, rev = fact[
                :11
            ]
            row = own.get(UUID(lesson))
            if row is None:
                continue
            key, set_at = f"{lesson}:{position}", acknowledgement.moment(at, self.zone)
            was, corrected_on = corrected.get(key, ("", None))
            before = found.get(row.lesson_id, ())
            view = MarkView(
                key=key,
                value=grading.seen(value),
                score=Decimal(score) if score is not None else None,
                work=work[:1].lower() + work[1:],
                work_title=title,
                weight=Decimal(weight),
                counts=counts,
                comment=comment,
                set_at=set_at,
                lesson_id=row.lesson_id,
                day=row.day,
                subject=row.subject,
                topic=row.topic,
                rev=rev,
                is_new=self.is_new(key, set_at),
                retakes=before[-1].value if fact[11] and before else "",
                owed_until=date.fromisoformat(fact[12]) if fact[12] else None,
                was=was,
                corrected_on=corrected_on if was != value else None,
            )
            found.setdefault(row.lesson_id, []).append(view)
        return found

    def removed(self, marks: Mapping[UUID, Sequence[MarkView]]) -> dict[UUID, tuple[str, ...]]:
        """Return what is said of marks that stood in a lesson and were taken back."""
        stand = {mark.key for own in marks.values() for mark in own}
        found: dict[UUID, tuple[str, ...]] = {}
        corrected = corrections(self.rows.of("corrected", self.head.pupil_id), self.zone)
        for key, (was, day) in corrected.items():
            if key not in stand and day is not None:
                lesson = UUID(key.partition(":")[0])
                words = f"отметка «{was}» снята {day_month(day)}"
                found[lesson] = (*found.get(lesson, ()), words)
        return found

    def absences(self, own: Mapping[UUID, LessonRow]) -> dict[UUID, AbsenceView]:
        found = {}
        for lesson, kind, reason, at, rev in self.rows.of("absence", self.head.pupil_id):
            row = own.get(UUID(lesson))
            if row is None:
                continue
            set_at = acknowledgement.moment(at, self.zone)
            found[row.lesson_id] = AbsenceView(
                kind=kind,
                reason=reason,
                lesson_id=row.lesson_id,
                day=row.day,
                number=row.number,
                subject=row.subject,
                set_at=set_at,
                rev=rev,
                is_new=self.is_new(f"{lesson}:a", set_at),
            )
        return found

    def is_new(self, key: str, set_at: datetime) -> bool:
        """Came after the reader's acknowledgement, or, before there is one, after her last visit."""
        if self.known is not None:
            return key not in self.known
        return self.visited is not None and set_at > self.visited

    def homework(self, own: Mapping[UUID, LessonRow]) -> "_Homework":
        found = _Homework()
        lessons = {str(lesson_id): row for lesson_id, row in own.items()}
        courses = {str(row.course_id): row for row in own.values()}
        places = {(row.course_id, row.day): row.lesson_id for row in reversed(list(own.values()))}
        for fact in self.rows.of("homework"):
            row = courses.get(fact[2])
            if row is None or not _is_for(fact, self.head.pupil_id):
                continue
            task = _task(fact, row, self.head.pupil_id, is_family=self.is_family)
            given = lessons.get(fact[1])
            if given:
                found.given.setdefault(given.lesson_id, []).append(task)
            place = task.due_lesson_id or places.get((row.course_id, task.due_on))
            if place and place in own:
                found.due.setdefault(place, []).append(task)
            elif place is None:
                found.loose.setdefault(task.due_on, []).append(task)
        return found

    def without_homework(self, lessons: list[LessonView]) -> list[LessonView]:
        """Say of the current week's last lesson of each course that nothing was set yet."""
        if not self.monday <= self.now.date() <= self.monday + timedelta(days=6):
            return lessons
        last = {lesson.course_id: lesson.lesson_id for lesson in lessons if lesson.is_over}
        return [
            replace(lesson, homework_missing=True)
            if last.get(lesson.course_id) == lesson.lesson_id
            and not (lesson.given or lesson.course_kind or lesson.state == "cancelled")
            else lesson
            for lesson in lessons
        ]

    def days(
        self, lessons: list[LessonView], loose: Mapping[date, Sequence[Task]]
    ) -> tuple[Day, ...]:
        by_day: dict[date, list[LessonView]] = {}
        for lesson in lessons:
            by_day.setdefault(lesson.day, []).append(lesson)
        today, notes = self.now.date(), self.notes()
        first, label = opening_day(self.now, dict(filter(None, map(_hours, by_day.values()))))
        return tuple(
            Day(
                day=day,
                lessons=tuple(by_day.get(day, ())),
                note=self.calendar.note(day, has_lessons=day in by_day),
                homework=tuple(loose.get(day, ())),
                is_today=day == today,
                is_past=day < today,
                is_first=day == first,
                label=label if day == first else "сегодня" if day == today else "",
                notes=tuple(notes.get(day, ())),
                entered=self.calendar.entered.get(day, ""),
            )
            for day in self.calendar.days({*by_day, *loose, *notes})
        )

    def notes(self) -> dict[date, list[Note]]:
        """Return what the class teacher wrote, by its day, in the order of writing."""
        found: dict[date, list[Note]] = {}
        for fact in sorted(
            self.rows.of("note", self.head.pupil_id), key=lambda fact: (fact[8], fact[0])
        ):
            note, day, title, text, last, first, middle, is_personal, at = fact
            published = acknowledgement.moment(at, self.zone)
            made = Note(
                note_id=UUID(note),
                title=title,
                text=text,
                author=acknowledgement.short_name(last, first, middle),
                is_personal=is_personal,
                is_new=self.visited is not None and published > self.visited,
            )
            found.setdefault(date.fromisoformat(day), []).append(made)
        return found


@dataclass(frozen=True, slots=True)
class _Homework:
    """Tasks by the lesson they are due at, by the lesson they were given at, else by the day."""

    due: dict[UUID, list[Task]] = field(default_factory=dict)
    given: dict[UUID, list[Task]] = field(default_factory=dict)
    loose: dict[date, list[Task]] = field(default_factory=dict)


def _hours(lessons: Sequence[LessonView]) -> tuple[date, Hours] | None:
    """Return the day with its first bell and its last, unless every lesson is cancelled."""
    held = [lesson for lesson in lessons if lesson.state != "cancelled"]
    if not held:
        return None
    return held[0].day, (min(x.starts for x in held), max(x.ends for x in held))


def _is_for(fact: Fact, pupil: UUID) -> bool:
    return fact[9] or str(pupil) in (fact[10] or ())


def _task(fact: Fact, row: LessonRow, pupil: UUID, *, is_family: bool) -> Task:
    (
        homework,
        _,
        _,
        given_on,
        due_lesson,
        due_on,
        text,
        minutes,
        distance,
        for_all,
        _,
        files,
        links,
        answer_wanted,
        answers,
        done,
    ) = fact
    return Task(
        homework_id=UUID(homework),
        course_id=row.course_id,
        subject=row.subject,
        text=text,
        given_on=date.fromisoformat(given_on),
        due_on=date.fromisoformat(due_on),
        due_lesson_id=UUID(due_lesson) if due_lesson else None,
        minutes=minutes,
        is_distance=distance,
        for_all=for_all,
        files=tuple(FileLink(UUID(f[0]), name=f[1], size=f[2]) for f in files or ()),
        links=tuple(WebLink(*link) for link in links or ()),
        answer_wanted=answer_wanted,
        answers=(answers or {}).get(str(pupil), 0),
        is_done=is_family and str(pupil) in (done or ()),
    )


def _seen(lessons: list[LessonView]) -> Seen:
    seen: dict[str, tuple[str, str]] = {}
    for lesson in lessons:
        subject = lesson.subject[:1].lower() + lesson.subject[1:]
        for mark in lesson.marks:
            seen[mark.key] = (subject, mark.value)
        if lesson.absence:
            seen[f"{lesson.lesson_id}:a"] = (subject, lesson.absence.letter)
    return seen


def _shown(lesson: LessonView) -> list[object]:
    """Return what the version depends on: all that is shown, but the clock. Revisions never return."""
    return [
        lesson.lesson_id, lesson.day, lesson.number, lesson.starts, lesson.subject, lesson.teacher,
        lesson.room, lesson.state, lesson.change, lesson.is_distance, lesson.topic,
        [[task.homework_id, task.text, task.minutes, [f.file_id for f in task.files],
          *[link.url for link in task.links]]
         for task in lesson.homework],
        [[mark.key, mark.rev, mark.value, mark.work, mark.work_title, mark.weight, mark.comment]
         for mark in lesson.marks],
        [lesson.absence.rev, lesson.absence.kind, lesson.absence.reason] if lesson.absence else [],
    ]  # fmt: skip

"""The days of a week as HTML, built from escaped strings: a week draws thirty lessons.

The second of the two templates that are written in Python (the first is journal/cells.py): the
engine of templates takes longer for a week than the page may. static/css/diary.css has the looks.
"""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe  # noqa: TID251 - see safe

from common.addresses import address_of
from common.escaping import escape
from common.templatetags.ui import icon
from common.templatetags.words import (
    day_month,
    file_size,
    mark_tone,
    weekday_short,
    weekday_title,
)
from diary.pages import AbsenceView, Day, FileLink, LessonView, MarkView, Note, Task, WebLink

NEW = ' <span class="new">новое</span>'


def render_chips(days: Iterable[Day]) -> SafeString:
    """Return the links to the days, for a phone."""
    return safe("".join(map(_chip_of_day, days)))


def render_days(days: Iterable[Day], *, pupil_id: UUID) -> SafeString:
    """Return the cards of the days."""
    return safe("".join([_day(day, pupil_id) for day in days]))


def safe(html: str) -> SafeString:
    # format_html for each of a few hundred texts costs more than the page's budget. Every text
    # below passes escape(); numbers are ints, classes and tones are literals.
    return mark_safe(html)  # noqa: S308


def _chip_of_day(day: Day) -> str:
    current = ' aria-current="date"' if day.is_first else ""
    new = '<span class="dot"></span><span class="hidden"> новое</span>' if day.has_new else ""
    return (
        f'<a class="day-chip" href="#day-{day.day.isoformat()}"{current}>'
        f"<span>{weekday_short(day.day)}</span> <small>{day.day.day}</small>{new}</a>\n"
    )


def _day(day: Day, pupil_id: UUID) -> str:
    key = day.day.isoformat()
    classes = (" card-now" if day.is_first else "") + (" is-past" if day.is_past else "")
    first = " data-ed-first" if day.is_first else ""
    tone = "solid" if day.is_first else "info"
    label = (
        f'<span class="push"><span class="badge" data-tone="{tone}">{escape(day.label)}</span></span>'
        if day.label
        else ""
    )
    said = [text for text in (day.entered, day.note) if text]
    note = "".join([f'<p class="day-note">{escape(text)}</p>' for text in said])
    note += "".join(map(_note, day.notes))
    lessons = "".join([_lesson(lesson, day, pupil_id) for lesson in day.lessons])
    held = f'<ol class="lessons">{lessons}</ol>' if lessons else ""
    loose = "".join([_loose(task, pupil_id) for task in day.homework])
    return (
        f'<section class="card day{classes}" id="day-{key}" aria-labelledby="head-{key}"{first}>'
        f'<div class="card-head"><h2 id="head-{key}">{weekday_title(day.day)}</h2>'
        f' <span class="card-note">{day_month(day.day)}</span>{label}</div>'
        f"{note}{held}{loose}</section>\n"
    )


def _note(note: Note) -> str:
    """What the class teacher wrote, with who it is from."""
    text = f'<span class="pre">{escape(note.text)}</span>' if note.text else ""
    author = f"{note.author}, {'лично вам' if note.is_personal else 'всему классу'}"
    return (
        f'<div class="teacher-note"><h3>{escape(note.title)}{NEW if note.is_new else ""}</h3>'
        f"{text} {meta(author)}</div>"
    )


def _lesson(lesson: LessonView, day: Day, pupil_id: UUID) -> str:
    classes = (" is-cancelled" if lesson.state == "cancelled" else "") + (
        " is-now" if lesson.is_now else ""
    )
    kind = f" {meta(f'({lesson.course_kind})')}" if lesson.course_kind else ""
    change = f'<span class="lesson-change">{escape(lesson.change)}</span> ' if lesson.change else ""
    topic = meta(f"Тема: {lesson.topic}") if lesson.topic else ""
    return (
        f'<li class="lesson{classes}"><span class="lesson-number">{lesson.number}</span>'
        f' <div class="lesson-body"><span class="lesson-subject">{escape(lesson.subject)}{kind}</span> '
        f"{change}{meta(lesson.meta)} {topic}{_homework(lesson, day, pupil_id)}{_said(lesson)}</div>"
        f"{_marks(lesson)}</li>"
    )


def meta(text: str) -> str:
    return f'<span class="lesson-meta">{escape(text)}</span>'


def _homework(lesson: LessonView, day: Day, pupil_id: UUID) -> str:
    """Tasks due at the lesson, then whether something was set at it."""
    abbr = '<abbr title="Домашнее задание">ДЗ</abbr> '
    html = "".join([_task(task, pupil_id, before=abbr) for task in lesson.homework])
    if lesson.homework_missing:
        return html + meta(f"{'Новое задание' if lesson.homework else 'Задание'} ещё не внесено")
    if day.is_today and lesson.is_over:
        html += "".join([
            meta(f"Задано к {day_month(task.due_on)}: {task.text}") for task in lesson.given
        ])  # fmt: skip
    return html


def _task(task: Task, pupil_id: UUID, *, before: str = "") -> str:
    told = ", ".join(filter(None, (task.remarks, "сделано" if task.is_done else "")))
    remarks = f" {meta(told)}" if told else ""
    files = "".join(map(partial(draw_file, pupil_id), task.files))
    text = f'<span class="pre">{escape(task.text)}</span>'
    links = "".join(map(draw_link, task.links))
    return f'<span class="lesson-homework">{before}{text}{remarks}</span>{links}{files} '


def draw_link(link: WebLink) -> str:
    return (
        f'<a class="lesson-file" href="{escape(link.url)}" rel="noopener noreferrer" target="_blank">'
        f"{icon('external-link', 's')}<span>{escape(link.words)}</span></a>"
    )


def draw_file(pupil_id: UUID, file: FileLink) -> str:
    address = address_of("diary:file", pupil_id, file.file_id)
    return (
        f'<a class="lesson-file" href="{escape(address)}">{icon("paperclip", "s")}'
        f"<span>{escape(file.name)}, {file_size(file.size)}</span></a>"
    )


def _loose(task: Task, pupil_id: UUID) -> str:
    return f'<div class="day-note"><b>{escape(task.subject)}</b> {_task(task, pupil_id)}</div>'


def _said(lesson: LessonView) -> str:
    """What each mark was given for, and the absence with its reason."""
    said = [*map(_given_for, lesson.marks), *map(meta, lesson.removed)]
    return "".join(said) + (_missed(lesson.absence) if lesson.absence else "")


def _given_for(mark: MarkView) -> str:
    comment = f'<span class="lesson-comment">{escape(mark.comment)}</span>' if mark.comment else ""
    return (
        f'<span class="lesson-meta"><b>{escape(mark.value)}</b> — {escape(mark.given_for)}'
        f"{NEW if mark.is_new else ''}</span>{_corrected(mark)}{comment}"
    )


def _corrected(mark: MarkView) -> str:
    return meta(mark.correction) if mark.correction else ""


def _missed(absence: AbsenceView) -> str:
    words = absence.words[:1].upper() + absence.words[1:]
    reason = f": {escape(absence.reason)}" if absence.reason else ""
    return f'<span class="lesson-meta">{words}{reason}{NEW if absence.is_new else ""}</span>'


def _marks(lesson: LessonView) -> str:
    absence = lesson.absence
    chips = [_chip(absence.letter, absence.words, is_new=absence.is_new)] if absence else []
    chips += [_chip(mark.value, mark.given_for, is_new=mark.is_new) for mark in lesson.marks]
    return f'<div class="marks">{"".join(chips)}</div>' if chips else ""


def _chip(text: str, words: str, *, is_new: bool) -> str:
    return (
        f'<span class="mark{" is-new" if is_new else ""}" data-tone="{mark_tone(text)}">'
        f'{escape(text)}<span class="hidden">, {escape(words)}</span></span>'
    )

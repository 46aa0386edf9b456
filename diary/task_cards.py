"""The days of «Задания» as HTML, built from escaped strings as the week's are: see cards.py."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.utils.safestring import SafeString

from common.addresses import address_of
from common.escaping import escape
from common.templatetags.ui import icon
from common.templatetags.words import at_moment, day_month, weekday_title
from diary.cards import draw_file, draw_link, meta, safe
from diary.pages import ControlWork, Task, TaskDay

NOTHING = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Draws days of one reader; `token` is of her forms, empty for whoever may not tick."""

    pupil_id: UUID
    token: str
    subject: str
    done: str  # the address of a tick, and of an answer, with nobody's id in it
    answer: str

    @classmethod
    def of(cls, pupil_id: UUID, *, token: str, subject: str) -> "Sheet":
        done, answer = (
            address_of(f"diary:{name}", pupil_id, NOTHING) for name in ("task_done", "answer")
        )
        return cls(pupil_id, token, subject, done, answer)

    def days(self, days: tuple[TaskDay, ...]) -> SafeString:
        return safe("".join(map(self.day, days)))

    def day(self, day: TaskDay) -> str:
        key = day.day.isoformat()
        controls = "".join(map(_control, day.controls))
        tasks = "".join(map(self.task, day.tasks))
        progress = day.progress if self.token else day.length
        return (
            f'<section class="card" id="due-{key}" aria-labelledby="head-{key}"><div class="card-head">'
            f'<h2 id="head-{key}">{day.label or weekday_title(day.day)}'
            f'<span class="card-note">, {day_month(day.day)}</span></h2>'
            f'<span class="push card-note">{progress}</span></div>'
            f'<ul class="list">{controls}{tasks}</ul></section>\n'
        )

    def task(self, task: Task) -> str:
        links = "".join(map(draw_link, task.links))
        files = "".join(map(partial(draw_file, self.pupil_id), task.files))
        given = f"задано {day_month(task.given_on)}"
        told = filter(None, (task.remarks, given, "дистанционно" if task.is_distance else ""))
        return (
            f'<li class="task" id="task-{task.homework_id}"><div class="lesson-body grow">'
            f'<h3 class="lesson-subject">{escape(task.subject)}</h3>{_text(task)}{links}{files}'
            f"{self.answered(task)}{meta(' · '.join(told))}</div>{self.tick(task)}</li>"
        )

    def answered(self, task: Task) -> str:
        if not task.answer_wanted:
            return ""
        words = "Ответ отправлен" if task.answers else "Отправить ответ"
        seen = ", учитель посмотрел" if task.is_seen else ""
        at = (
            f'<span class="small">{at_moment(task.answered_at)}{seen}</span>'
            if task.answered_at
            else ""
        )
        address = self.answer.replace(str(NOTHING), str(task.homework_id))
        return (
            f'<span class="row"><a href="{address}">{words}'
            f'<span class="hidden">: {escape(task.subject)}</span></a>{at}</span>'
        )

    def tick(self, task: Task) -> str:
        """A plain form; with htmx it brings the day anew."""
        if not self.token:
            return ""
        address = self.done.replace(str(NOTHING), str(task.homework_id))
        said = f"{escape(task.subject)}, задано {day_month(task.given_on)}"
        return (
            f'<form method="post" action="{address}" hx-post="{address}" hx-target="closest section"'
            f' hx-swap="outerHTML"><input type="hidden" name="csrfmiddlewaretoken" value="{self.token}">'
            f'<input type="hidden" name="done" value="{0 if task.is_done else 1}">'
            f'<input type="hidden" name="subject" value="{escape(self.subject)}">'
            f'<button class="tick" id="tick-{task.homework_id}"'
            f' aria-pressed="{"true" if task.is_done else "false"}" aria-label="Сделано: {said}">'
            f'<span class="tick-box">{icon("check", "s")}</span>'
            f'<span class="tick-word">Сделано</span></button></form>'
        )


def _control(control: ControlWork) -> str:
    title = f" · {control.title}" if control.title else ""
    return (
        f'<li><div class="lesson-body grow"><span class="lesson-subject">{escape(control.subject)}'
        f' <span class="badge" data-tone="warn">{escape(control.work)}</span></span>'
        f" {meta(f'{control.number}-й урок{title}')}</div></li>"
    )


def _text(task: Task) -> str:
    """Four lines of a long text; the rest under a summary, without a script."""
    opening, rest = task.opening, task.rest
    html = f'<span class="lesson-homework"><span class="pre">{escape(opening)}</span></span>'
    if not rest:
        return html
    return (
        f'{html}<details class="rest"><summary><span class="more">Показать полностью</span>'
        f'<span class="less">Дальше</span><span class="hidden">: {escape(task.subject)}</span></summary>'
        f'<span class="pre">{escape(rest)}</span></details>'
    )

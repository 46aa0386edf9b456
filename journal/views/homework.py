"""Homework of a lesson beyond its one line; its answers; the report of individual teaching."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Refusal, require
from journal import actions, queries
from journal.forms_homework import HomeworkForm, LessonFormForm
from journal.homework import Card, Load
from journal.models import Homework, HomeworkAnswer
from journal.queries import CourseFacts, LessonFacts
from journal.sheet import LessonSheet
from journal.views.asked import asked_minutes, asked_moment, asked_uuid
from people.http import Request, staff_only
from people.roles import Permission
from school.models import LessonForm


@dataclass(frozen=True, slots=True)
class _Opened:
    """A lesson with its homeworks, as the user may open it."""

    course: CourseFacts
    facts: LessonFacts
    page: LessonSheet
    cards: tuple[Card, ...]
    form: str

    @property
    def has_all(self) -> bool:
        return any(card.for_all for card in self.cards)

    def card(self, homework_id: UUID | None) -> Card | None:
        return next((card for card in self.cards if card.homework_id == homework_id), None)


def _open(request: Request, course_id: UUID, lesson_id: UUID) -> _Opened:
    today = request.user.today
    course = queries.course_facts(request.user, course_id, today=today)
    facts = queries.lesson_facts(course, lesson_id)
    page = queries.lesson_page(course, facts, today=today)
    return _Opened(course, facts, page, queries.homeworks(page), queries.lesson_form(page))


@require_http_methods(["GET", "POST"])
def homework(request: Request, course_id: UUID, lesson_id: UUID) -> HttpResponse:
    """Everything set at a lesson, and the form of one homework."""
    opened = _open(request, course_id, lesson_id)
    if request.method == "GET":
        card = opened.card(asked_uuid(request.GET.get("homework")))
        form = HomeworkForm(lesson=opened.page, card=card, has_all=opened.has_all)
        is_asked = card is not None or "new" in request.GET
        return _page(request, opened, form, is_asked=is_asked)
    card = opened.card(asked_uuid(request.POST.get("homework")))
    form = HomeworkForm(request.POST, request.FILES, lesson=opened.page, card=card)
    if not form.is_valid():
        return _page(request, opened, form, status=422)
    try:
        _save(request, opened, form)
    except Refusal as refusal:
        return _page(request, opened, form, refusal=refusal, status=refusal.status)
    messages.success(request, "Задание записано.")
    return redirect(request.path)


def _save(request: Request, opened: _Opened, form: HomeworkForm) -> Homework:
    sent = form.cleaned_data
    return actions.save_homework(
        by=request.user,
        course=opened.course,
        lesson_id=opened.page.lesson_id,
        homework_id=sent["homework"],
        draft=form.draft(),
        seen_at=asked_moment(str(form.data.get("seen_at", ""))),
        files=form.uploads(),
        removed=[UUID(one) for one in sent["removed_files"]],
        now=timezone.now(),
    )


def _page(
    request: Request,
    opened: _Opened,
    form: HomeworkForm,
    *,
    refusal: Refusal | None = None,
    is_asked: bool = True,
    status: int = 200,
) -> HttpResponse:
    context = {
        "lesson": opened.page,
        "cards": opened.cards,
        "form": form,
        "refusal": refusal.message if refusal else "",
        "is_asked": is_asked or not opened.cards,
        "load": _load(opened, form),
        "lesson_form": opened.form,
        "lesson_forms": LessonForm.choices,
    }
    return render(request, "journal/homework.html", context, status=status)


def _load(opened: _Opened, form: HomeworkForm) -> Load | None:
    return queries.homework_load(
        opened.course,
        opened.facts,
        due_id=str(form["homework_due"].value() or ""),
        own=asked_minutes(str(form["homework_minutes"].value() or "")),
        skip=form.card.homework_id if form.card else None,
        now=timezone.now(),
    )


@require_GET
def homework_load(request: Request, course_id: UUID, lesson_id: UUID) -> HttpResponse:
    """The sentence about the day's homework, anew when the lesson or the minutes change."""
    course = queries.course_facts(request.user, course_id, today=request.user.today)
    facts = queries.lesson_facts(course, lesson_id)
    asked = request.GET.get("homework_due") or (facts.coming[0][0] if facts.coming else "")
    skip = asked_uuid(request.GET.get("homework"))
    if skip is None and facts.homework and "list" in request.GET:
        skip = UUID(facts.homework[0])
    load = queries.homework_load(
        course,
        facts,
        due_id=asked,
        own=asked_minutes(request.GET.get("homework_minutes", "")),
        skip=skip,
        now=timezone.now(),
    )
    return render(request, "journal/homework_load.html", {"load": load})


@require_POST
def homework_remove(
    request: Request, course_id: UUID, lesson_id: UUID, homework_id: UUID
) -> HttpResponse:
    opened = _open(request, course_id, lesson_id)
    card = opened.card(homework_id)
    if card is None:
        raise Http404
    actions.remove_homework(
        by=request.user,
        course=opened.course,
        lesson_id=lesson_id,
        homework_id=homework_id,
        now=timezone.now(),
    )
    messages.success(request, "Задание убрано.")
    return redirect("journal:homework", course_id, lesson_id)


@require_POST
def lesson_form(request: Request, course_id: UUID, lesson_id: UUID) -> HttpResponse:
    """Write whether the lesson is held in class or at a distance."""
    course = queries.course_facts(request.user, course_id, today=request.user.today)
    queries.lesson_facts(course, lesson_id)
    form = LessonFormForm(request.POST)
    if form.is_valid():
        chosen = LessonForm(form.cleaned_data["form"])
        actions.choose_lesson_form(course=course, lesson_id=lesson_id, form=chosen)
        messages.success(request, f"Форма урока: {chosen.label}.")
    return redirect("journal:homework", course_id, lesson_id)


@require_http_methods(["GET", "POST"])
def answers(request: Request, course_id: UUID, homework_id: UUID) -> HttpResponse:
    """Who sent an answer and when; a POST marks the new ones as looked at."""
    today, now = request.user.today, timezone.now()
    course = queries.course_facts(request.user, course_id, today=today)
    found = Homework.objects.visible_to(request.user).filter(lesson__course=course_id)
    found = found.select_related("lesson__sitting", "due_lesson__sitting")
    homework = get_object_or_404(found, pk=homework_id)
    facts = queries.lesson_facts(course, homework.lesson_id)
    if request.method == "POST":
        upto = asked_moment(request.POST.get("upto")) or now
        actions.note_seen(course=course, homework=homework, upto=upto, now=now)
        return redirect(request.path)
    page = queries.lesson_page(course, facts, today=today)
    context = {"page": queries.homework_answers(course, homework, page), "upto": now.isoformat()}
    return render(request, "journal/answers.html", context)


@require_GET
def answer_file(request: Request, answer_id: UUID) -> FileResponse:
    """Give a pupil's file to whoever sees the answer: always as a download."""
    sent = HomeworkAnswer.objects.visible_to(request.user).exclude(stored="")
    answer = get_object_or_404(sent, pk=answer_id)
    return FileResponse(
        answer.stored.open("rb"),
        as_attachment=True,
        filename=answer.name,
        content_type=answer.content_type,
    )


@require_GET
@staff_only
def individual(request: Request) -> HttpResponse:
    """How individual, differentiated and distance teaching goes (G3.1a)."""
    require(bool(request.user.schools_with(Permission.JOURNAL_CONTROL)))
    page = queries.individual(
        request.user,
        by=request.GET.get("by", ""),
        period_id=asked_uuid(request.GET.get("period")),
        today=request.user.today,
    )
    return render(request, "journal/individual.html", {"page": page})

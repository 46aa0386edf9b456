"""One lesson as a list, and the files of homework."""

from dataclasses import replace
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from access import devices
from common.errors import Refusal
from journal import actions, forms, queries, seen
from journal.models import HomeworkFile
from journal.sheet import LessonSheet, SaveAnswer
from journal.views.asked import asked_minutes
from people.http import Request


@require_http_methods(["GET", "POST"])
def lesson(request: Request, course_id: UUID, lesson_id: UUID) -> HttpResponse:
    """One lesson as a list: a plain form that needs no JavaScript."""
    today = request.user.today
    course = queries.course_facts(request.user, course_id, today=today)
    facts = queries.lesson_facts(course, lesson_id)
    page = queries.lesson_page(course, facts, today=today)
    if request.method == "GET":
        page = replace(page, saved=_saved(request.GET.get("saved", "")))
        return _shown(request, course, facts, page)
    form = forms.LessonForm(request.POST, request.FILES, course=course, lesson=page)
    if not form.is_valid():
        return _again(request, facts, form)
    try:
        answer = _save(request, course, form)
    except Refusal as refusal:
        return _again(request, facts, form, refusal)
    return redirect(f"{request.path}?saved={len(answer.cells)}")


def _saved(count: str) -> str:
    if not count.isdecimal():
        return ""
    return "Записано." if int(count) == 0 else f"Записано. Клеток: {int(count)}."


def _save(request: Request, course: queries.CourseFacts, form: forms.LessonForm) -> SaveAnswer:
    upload = form.cleaned_data["homework_file"]
    return actions.save_list(
        by=request.user,
        course=course,
        lesson_id=form.lesson.lesson_id,
        op=form.op_id,
        sent=actions.ListEntry(
            entries=tuple(form.entries()),
            comments=tuple(form.comments()),
            record=form.record() if form.has_record else None,
            seen=form.seen.record(),
            files=(upload,) if upload else (),
            removed=tuple(UUID(one) for one in form.cleaned_data["removed_files"]),
            reason=form.cleaned_data["reason"].strip(),
            new_device=bool(request.session.get(devices.NEW)),
        ),
        now=timezone.now(),
    )


def _again(
    request: Request,
    facts: queries.LessonFacts,
    form: forms.LessonForm,
    refusal: Refusal | None = None,
) -> HttpResponse:
    status = refusal.status if refusal else 422
    return _shown(request, form.course, facts, form.again(refusal), status=status)


def _shown(
    request: Request,
    course: queries.CourseFacts,
    facts: queries.LessonFacts,
    page: LessonSheet,
    *,
    status: int = 200,
) -> HttpResponse:
    """Show the list, to its teacher with the day's homework as it would be."""
    load = None
    if page.can_record:
        load = queries.homework_load(
            course,
            facts,
            due_id=seen.chosen(page.homework_due).value,
            own=asked_minutes(page.homework_minutes),
            skip=UUID(facts.homework[0]) if facts.homework else None,
            now=timezone.now(),
        )
    context = {"lesson": page, "load": load}
    return render(request, "journal/lesson.html", context, status=status)


@require_GET
def homework_file(request: Request, file_id: UUID) -> FileResponse:
    """Give a file of homework to whoever sees the homework: always as a download."""
    file = get_object_or_404(HomeworkFile.objects.visible_to(request.user), pk=file_id)
    response = FileResponse(
        file.stored.open("rb"),
        as_attachment=True,
        filename=file.name,
        content_type=file.content_type,
    )
    response["Cache-Control"] = "private, no-store"
    return response

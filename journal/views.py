"""Pages of the journal: a teacher's day, the grid, one lesson, one cell."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Forbidden, Refusal, require
from journal import actions, forms, policy, queries
from journal.cells import render_table
from journal.models import HomeworkFile
from journal.sheet import SaveAnswer
from people.http import Request, staff_only


@require_GET
@staff_only
def day(request: Request) -> HttpResponse:
    require(policy.can_open_day(request.user))
    if not policy.has_day(request.user):
        return redirect("journal:school")
    shown = _date(request.GET.get("day")) or request.user.today
    found = queries.teacher_day(request.user, shown, now=timezone.now())
    context = {"day": found, "has_school": policy.can_open_school(request.user)}
    return render(request, "journal/day.html", context)


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@require_GET
@staff_only
def school(request: Request) -> HttpResponse:
    """The journals of the school, class by class."""
    require(policy.can_open_school(request.user))
    chosen = _uuid(request.GET.get("class"))
    found = queries.school_journals(request.user, chosen, today=request.user.today)
    return render(request, "journal/school.html", {"journals": found})


@require_GET
def sheet(request: Request, course_id: UUID) -> HttpResponse:
    period = _uuid(request.GET.get("period"))
    found = queries.sheet(request.user, course_id, period, today=request.user.today)
    return render(request, "journal/sheet.html", {"sheet": found, "table": render_table(found)})


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


@require_POST
def cells(request: Request, course_id: UUID) -> HttpResponse:
    """Save cells: the answer names what became of each."""
    course = queries.course_facts(request.user, course_id, today=request.user.today)
    sent = forms.read_cells(request.body, user=request.user)
    answer = actions.save_cells(
        by=request.user, course=course, op=sent.op, entries=sent.entries, now=timezone.now()
    )
    return JsonResponse(answer.as_json())


@require_http_methods(["GET", "POST"])
def lesson(request: Request, course_id: UUID, lesson_id: UUID) -> HttpResponse:
    """One lesson as a list: a plain form that needs no JavaScript."""
    today = request.user.today
    course = queries.course_facts(request.user, course_id, today=today)
    page = queries.lesson_page(course, queries.lesson_facts(course, lesson_id), today=today)
    if request.method == "GET":
        page = replace(page, saved=_saved(request.GET.get("saved", "")))
        return render(request, "journal/lesson.html", {"lesson": page})
    form = forms.LessonForm(request.POST, request.FILES, course=course, lesson=page)
    if not form.is_valid():
        return _again(request, form)
    try:
        answer = _save(request, course, form)
    except Refusal as refusal:
        return _again(request, form, refusal)
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
        ),
        now=timezone.now(),
    )


def _again(
    request: Request, form: forms.LessonForm, refusal: Refusal | None = None
) -> HttpResponse:
    status = refusal.status if refusal else 422
    return render(request, "journal/lesson.html", {"lesson": form.again(refusal)}, status=status)


@require_http_methods(["GET", "POST"])
def cell(request: Request, course_id: UUID) -> HttpResponse:
    """Show the panel of one cell; a POST writes its comment."""
    if request.method == "POST":
        return _comment(request, course_id)
    form = forms.CellForm(request.GET)
    if not form.is_valid():
        raise Http404
    return _panel(request, course_id, form)


def _comment(request: Request, course_id: UUID) -> HttpResponse:
    form = forms.CommentForm(request.POST)
    if not form.is_valid():
        return _panel(request, course_id, form, error=form.words())
    course = queries.course_facts(request.user, course_id, today=request.user.today)
    sent = form.cleaned_data
    try:
        actions.set_comment(
            by=request.user,
            course=course,
            lesson_id=sent["lesson"],
            pupil_id=sent["pupil"],
            comment=sent["comment"],
            rev=sent["rev"],
            now=timezone.now(),
        )
    except Forbidden:
        raise
    except Refusal as refusal:
        return _panel(request, course_id, form, error=refusal.message)
    return _panel(request, course_id, form, saved="Комментарий записан.")


def _panel(
    request: Request, course_id: UUID, form: forms.CellForm, *, error: str = "", saved: str = ""
) -> HttpResponse:
    which = getattr(form, "cleaned_data", {})
    if "lesson" not in which or "pupil" not in which:
        raise Http404
    found = queries.cell_details(
        request.user,
        course_id,
        lesson_id=which["lesson"],
        pupil_id=which["pupil"],
        today=request.user.today,
    )
    comment = form.data.get("comment", "") if error else found.comment
    context = {"cell": replace(found, error=error, saved=saved, comment=comment)}
    return render(request, "journal/cell.html", context, status=422 if error else 200)


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

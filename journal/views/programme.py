"""Plans: the library, one plan, a file brought in, the plan and the topics of a course."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from common.errors import Forbidden, Refusal, require
from common.templatetags.words import count_ru
from common.workbooks import XLSX
from journal import actions, policy, queries
from journal.forms_programme import (
    FileForm,
    OrderForm,
    ProgrammeForm,
    ReadPlanForm,
    TitleForm,
    TopicForm,
    lesson_entries,
    sent_back,
)
from journal.models import Programme
from journal.programme_book import programme_book, template_book
from journal.queries import programmes as plans
from journal.queries.programmes import ProgrammePage
from journal.queries.topics import (
    TopicsPage,
    chosen_lessons,
    copy_page,
    topics_page,
    typed_again,
)
from journal.views.asked import asked_uuid
from people.http import Request, staff_only
from school.calendar import school_year


def _book(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return HttpResponse(content, content_type=XLSX, headers=headers)


def _open_library(request: Request) -> None:
    """Let in whoever has to do with journals; a subject of another school is not there."""
    require(policy.can_open_day(request.user))
    subject = request.POST.get("subject")
    if subject and subject not in dict(plans.offered_subjects(request.user)):
        raise Http404


@require_http_methods(["GET", "POST"])
@staff_only
def programmes(request: Request) -> HttpResponse:
    """The library of plans; a POST makes an empty one."""
    _open_library(request)
    form = ProgrammeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        made = _make(request, form)
        return redirect("journal:programme", made.pk)
    found = plans.library(request.user, today=request.user.today)
    context = {"library": found, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "journal/programmes.html", context, status=status)


def _make(request: Request, form: ProgrammeForm, **more: Any) -> Programme:
    sent = form.cleaned_data
    return actions.make_programme(
        by=request.user, subject=sent["subject"], grade_level=sent["grade_level"], name=sent["name"],
        year=school_year(request.user.today), now=timezone.now(), **more,
    )  # fmt: skip


@require_GET
@staff_only
def programme_template(request: Request) -> HttpResponse:
    _open_library(request)
    return _book(template_book(), "ktp-template.xlsx")


@require_http_methods(["GET", "POST"])
@staff_only
def programme_import(request: Request) -> HttpResponse:
    """Read a table, show what was understood, and write it when it comes back."""
    _open_library(request)
    require(policy.may_make_programmes(request.user))
    if "plan" in request.POST:
        form = ReadPlanForm(request.POST, user=request.user)
        if form.is_valid():
            made = _make(request, form, units=form.cleaned_data["plan"])
            messages.success(request, "План перенесён. Проверьте его и выберите для курса.")
            return redirect("journal:programme", made.pk)
    sent = FileForm(request.POST or None, request.FILES or None, user=request.user)
    context: dict[str, Any] = {"form": sent, "read": None}
    if request.method == "POST" and sent.is_valid():
        read = sent.cleaned_data["file"]
        context |= {
            "read": read,
            "plan": json.dumps(sent_back(read), ensure_ascii=False),
            "sent": request.POST,
        }
        return render(request, "journal/programme_import.html", context)
    status = 422 if request.method == "POST" else 200
    return render(request, "journal/programme_import.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_only
def programme(request: Request, programme_id: UUID) -> HttpResponse:
    """One plan; a POST changes it."""
    page = plans.programme_page(request.user, programme_id)
    forms = _forms(request, page)
    if request.method == "GET":
        return _programme(request, page, forms)
    try:
        done = _change(request, page, forms)
    except Forbidden:
        raise
    except Refusal as refusal:
        return _programme(request, page, forms, refusal=refusal)
    if not done:
        return _programme(request, page, forms, status=422)
    if done == "gone":
        return redirect("journal:programmes")
    return redirect(f"{request.path}{done}")


def _forms(request: Request, page: ProgrammePage) -> dict[str, Any]:
    """Return the forms of the page: of a topic, of a unit, of the plan's name."""
    data = request.POST if request.method == "POST" else None
    do = request.POST.get("do", "")
    works = plans.offered_works(page.programme.school_id, today=request.user.today)
    units = [(str(unit.unit_id), unit.title) for unit in page.units]
    at = asked_uuid(request.GET.get("topic") or request.POST.get("topic"))
    topic = page.programme.topics.filter(pk=at).first() if at else None
    initial: dict[str, Any] = {"unit": request.GET.get("unit", "")}
    if topic is not None:
        initial = {
            "title": topic.title, "hours": topic.hours, "lesson_kind": topic.lesson_kind, "homework": topic.homework,
            "work_kind": str(topic.work_kind_id or ""), "unit": str(topic.unit_id), "topic": str(topic.pk),
        }  # fmt: skip
    at_unit = asked_uuid(request.GET.get("unit") or request.POST.get("unit"))
    unit = next((one for one in page.units if one.unit_id == at_unit), None)
    renamed = {"title": unit.title, "unit": str(unit.unit_id)} if unit else {}
    return {
        "topic_form": TopicForm(data if do == "topic" else None, initial=initial, works=works, units=units),
        "unit_form": TitleForm(data if do == "unit" else None, initial=renamed),
        "name_form": TitleForm(data if do == "name" else None, initial={"title": page.programme.name}),
        "order_form": OrderForm(data),
        "edited": topic,
        "edited_unit": unit if "rename" in request.GET or (do == "unit" and unit) else None,
        "asked": do or ("topic" if topic or "add" in request.GET else ""),
    }  # fmt: skip


def _change(request: Request, page: ProgrammePage, forms: dict[str, Any]) -> str:
    """Do what was asked; return where to go on the page, or nothing for a form that is wrong."""
    do = request.POST.get("do", "")
    if do == "delete":
        actions.delete_programme(by=request.user, programme=page.programme)
        return "gone"
    if do == "copy":
        return _copied(request, page.programme)
    name = {"topic": "topic_form", "unit": "unit_form", "name": "name_form"}.get(do, "order_form")
    form = forms[name]
    return _saved(request, page.programme, do, form) if form.is_valid() else ""


def _saved(request: Request, programme: Programme, do: str, form: Any) -> str:
    own: dict[str, Any] = {"by": request.user, "programme": programme}
    sent = form.cleaned_data
    if do == "topic":
        topic = actions.save_topic(**own, entry=form.entry(), topic_id=sent["topic"])
        return f"#topic-{topic.pk}"
    if do == "unit":
        return f"#unit-{actions.save_unit(**own, title=sent['title'], unit_id=sent['unit']).pk}"
    if do == "name":
        actions.rename_programme(**own, name=sent["title"])
        return "#main"
    what, row_id = sent["change"]
    actions.change_order(**own, what=what, row_id=row_id)
    return f"#{what.partition('_')[0]}-{row_id}"


def _copied(request: Request, programme: Programme) -> str:
    """Copy the plan into an own one and say so."""
    made = actions.copy_programme(
        by=request.user, programme=programme, grade_level=programme.grade_level,
        year=school_year(request.user.today), now=timezone.now(),
    )  # fmt: skip
    messages.success(request, f"Скопирован в ваши планы: «{made.name}».")
    return "gone"


def _programme(
    request: Request,
    page: ProgrammePage,
    forms: dict[str, Any],
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"page": page, "error": refusal.message if refusal else "", **forms}
    return render(
        request, "journal/programme.html", context, status=refusal.status if refusal else status
    )


@require_GET
@staff_only
def programme_export(request: Request, programme_id: UUID) -> HttpResponse:
    page = plans.programme_page(request.user, programme_id)
    return _book(programme_book(page), "ktp.xlsx")


@require_http_methods(["GET", "POST"])
def course_programme(request: Request, course_id: UUID) -> HttpResponse:
    """The plan of a course laid on its lessons; a POST chooses, copies, makes or fills."""
    page = plans.course_programme(request.user, course_id, today=request.user.today)
    error, status = "", 200
    if request.method == "POST":
        try:
            place = _course_change(request, page)
        except Forbidden:
            raise
        except Refusal as refusal:
            error, status = refusal.message, refusal.status
        else:
            return redirect(place)
    context = {"page": page, "error": error}
    return render(request, "journal/course_programme.html", context, status=status)


def _course_change(request: Request, page: plans.CourseProgrammePage) -> str:
    now, do = timezone.now(), request.POST.get("do", "")
    here = reverse("journal:course_programme", args=[page.course.course_id])
    if do == "fill":
        done = actions.fill_topics(by=request.user, course=page.course, now=now)
        messages.success(request, f"Записаны темы: {count_ru(done.done, 'урок,урока,уроков')}.")
        return here
    if do == "tests":
        tests = actions.schedule_tests(by=request.user, course=page.course, now=now)
        messages.success(request, f"В графике: {count_ru(tests.done, 'работа,работы,работ')}.")
        for refused in tests.refused:
            messages.warning(request, refused)
        return here
    if do == "leave":
        actions.follow_programme(by=request.user, course=page.course, programme=None, now=now)
        return here
    made = _chosen(request, page, do)
    actions.follow_programme(by=request.user, course=page.course, programme=made, now=now)
    return reverse("journal:programme", args=[made.pk]) if do == "make" else here


def _chosen(request: Request, page: plans.CourseProgrammePage, do: str) -> Programme:
    """Return the plan for the course: an existing one, its copy, or an empty one."""
    require(policy.may_plan(request.user, page.course.who, page.course.school_id))
    now = timezone.now()
    if do == "make":
        return actions.make_programme(
            by=request.user, subject=page.subject, year=page.course.year,
            grade_level=page.grade_level, name=f"{page.course.subject_name}, {page.grade_level} класс", now=now,
        )  # fmt: skip
    found = Programme.objects.visible_to(request.user)
    row = get_object_or_404(found, pk=asked_uuid(request.POST.get("programme")))
    if do == "copy":
        return actions.copy_programme(
            by=request.user, programme=row, year=page.course.year, grade_level=page.grade_level, now=now
        )  # fmt: skip
    return row


@require_http_methods(["GET", "POST"])
def course_topics(request: Request, course_id: UUID) -> HttpResponse:
    """Topics and homework of a period in one form."""
    period = asked_uuid(request.GET.get("period"))
    page = topics_page(request.user, course_id, period, today=request.user.today)
    error, status = "", 200
    if request.method == "POST":
        entries = [actions.LessonEntry(*entry) for entry in lesson_entries(request.POST)]
        try:
            done = actions.record_many(
                by=request.user, course=page.course, entries=entries, now=timezone.now()
            )
        except Forbidden:
            raise
        except Refusal as refusal:
            error, status = refusal.message, refusal.status
            page = _typed_again(page, entries)
        else:
            messages.success(request, f"Записано: {count_ru(done, 'урок,урока,уроков')}.")
            return redirect(request.get_full_path())
    context = {"page": page, "error": error}
    return render(request, "journal/course_topics.html", context, status=status)


def _typed_again(page: TopicsPage, entries: list[actions.LessonEntry]) -> TopicsPage:
    """Return the page with what was typed and refused."""
    typed = {entry.lesson_id: entry for entry in entries}
    return replace(
        page,
        lines=tuple(
            typed_again(line, typed[line.lesson_id].typed, typed[line.lesson_id].seen)
            if line.lesson_id in typed
            else line
            for line in page.lines
        ),
    )


@require_http_methods(["GET", "POST"])
def copy_homework(request: Request, course_id: UUID) -> HttpResponse:
    """Copy a lesson's homework to parallel groups: which lessons is said first."""
    today = request.user.today
    asked = request.POST.get("lesson") or request.GET.get("lesson")
    page = copy_page(request.user, course_id, asked_uuid(asked), today=today)
    if request.method == "GET":
        return render(request, "journal/copy_homework.html", {"page": page, "error": ""})
    to = [
        (queries.course_facts(request.user, course, today=today), lesson)
        for course, lesson in chosen_lessons(page, request.POST)
    ]
    try:
        done = actions.copy_homework(
            by=request.user, course=page.course, homework=page.homework, to=to, now=timezone.now()
        )
    except Forbidden:
        raise
    except Refusal as refusal:
        context = {"page": page, "error": refusal.message}
        return render(request, "journal/copy_homework.html", context, status=refusal.status)
    messages.success(request, f"Задание скопировано: {count_ru(done, 'группа,группы,групп')}.")
    return redirect("journal:course_topics", course_id)

"""What an open grid asks for by the way: what others write, a lesson's kind of work."""

from uuid import UUID

from django import forms
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from journal import actions, queries
from journal.errors import BrokenRecord
from journal.queries.changes import changes as changes_since
from journal.sheet import Record
from journal.views.asked import asked_uuid
from people.http import Request


@require_GET
def changes(request: Request, course_id: UUID) -> HttpResponse:
    """Tell an open grid what is new since its token, and who else has the journal open."""
    found = changes_since(
        request.user,
        course_id,
        asked_uuid(request.GET.get("period")),
        since=request.GET.get("since", ""),
        now=timezone.now(),
    )
    return JsonResponse(found.as_json())


class KindForm(forms.Form):
    """A kind of work, and the one that the chooser showed."""

    kind = forms.UUIDField()
    before = forms.UUIDField(required=False)


@require_http_methods(["GET", "POST"])
def work_kind(request: Request, course_id: UUID, lesson_id: UUID) -> HttpResponse:
    """Tell the kinds of work that a lesson may have; a POST chooses one."""
    course = queries.course_facts(request.user, course_id, today=request.user.today)
    lesson = queries.lesson_facts(course, lesson_id)
    if request.method == "GET":
        page = queries.lesson_page(course, lesson, today=request.user.today)
        kinds = [{"value": k.value, "label": k.label, "chosen": k.chosen} for k in page.work_kinds]
        return JsonResponse({"kinds": kinds})
    form = KindForm(request.POST)
    if not form.is_valid():
        raise BrokenRecord("Выберите вид работы из списка.", field="work_kind")
    actions.record_lesson(
        by=request.user,
        course=course,
        lesson_id=lesson_id,
        record=Record(topic="", kind_id=form.cleaned_data["kind"]),
        seen=Record(topic="", kind_id=form.cleaned_data["before"]),
        now=timezone.now(),
    )
    return JsonResponse({"kind": str(form.cleaned_data["kind"])})

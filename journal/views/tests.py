"""The schedule of tests: of a class or the school, and a teacher's planned works of a course."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Refusal, require
from journal import actions, policy, queries
from journal.errors import PlanRefused
from journal.forms_tests import PlanForm
from journal.queries import CourseFacts
from journal.schedule import CoursePlan, WorkRow
from journal.views.asked import asked_uuid
from people.http import Request, staff_only


@require_GET
@staff_only
def tests(request: Request) -> HttpResponse:
    """Planned works of a class or of all classes in a period, by week."""
    require(policy.can_open_day(request.user))
    found = queries.tests_schedule(
        request.user,
        class_id=asked_uuid(request.GET.get("class")),
        period_id=asked_uuid(request.GET.get("period")),
        today=request.user.today,
    )
    name = "journal/tests_print.html" if "print" in request.GET else "journal/tests.html"
    context = {"schedule": found, "today": request.user.today}
    return render(request, name, context)


@require_http_methods(["GET", "POST"])
def course_tests(request: Request, course_id: UUID) -> HttpResponse:
    """The works that a course plans, and the form of one of them."""
    today = request.user.today
    course = queries.course_facts(request.user, course_id, today=today)
    plan = queries.course_plan(course, today=today)
    asked = request.POST if request.method == "POST" else request.GET
    row = _row(plan, asked_uuid(asked.get("work")))
    form = PlanForm(request.POST or None, plan=plan, row=row)
    if request.method == "GET":
        return _page(request, plan, form)
    if not form.is_valid():
        return _page(request, plan, form, status=422)
    try:
        _save(request, course, form, row)
    except PlanRefused as refusal:
        return _page(request, plan, form, refused=refusal, status=refusal.status)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _page(request, plan, form, status=refusal.status)
    messages.success(request, "Работа запланирована." if row is None else "Работа изменена.")
    return redirect(request.path)


def _row(plan: CoursePlan, work_id: UUID | None) -> WorkRow | None:
    return next((row for row in plan.rows if row.work_id == work_id), None)


def _save(request: Request, course: CourseFacts, form: PlanForm, row: WorkRow | None) -> None:
    sent = form.cleaned_data
    if row is None:
        actions.plan_test(
            course=course, lesson_id=UUID(sent["lesson"]), kind_id=UUID(sent["kind"]), title=sent["title"],
            minutes=sent["minutes"], reason=sent["reason"], now=timezone.now(),
        )  # fmt: skip
        return
    actions.move_test(
        course=course, work_id=row.work_id, lesson_id=UUID(sent["lesson"]), title=sent["title"],
        minutes=sent["minutes"], reason=sent["reason"], now=timezone.now(),
    )  # fmt: skip


def _page(
    request: Request,
    plan: CoursePlan,
    form: PlanForm,
    *,
    refused: PlanRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "breaches": refused.breaches if refused else (),
        "may_overrule": refused is not None and refused.may_overrule,
        "today": request.user.today,
    }
    return render(request, "journal/course_tests.html", context, status=status)


@require_POST
def test_remove(request: Request, course_id: UUID, work_id: UUID) -> HttpResponse:
    course = queries.course_facts(request.user, course_id, today=request.user.today)
    actions.remove_test(course=course, work_id=work_id)
    messages.success(request, "Работа убрана из графика.")
    return redirect("journal:course_tests", course_id)

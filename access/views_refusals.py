"""The register of refusals of the service."""

from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from access import policy
from access.actions import refusals as actions
from access.forms import RefusalForm
from access.models import ServiceRefusal
from common.errors import Forbidden, require
from people.http import Request, staff_only
from people.models import School
from people.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def refusals(request: Request) -> HttpResponse:
    """Show whom the service was refused, and write a refusal down."""
    require(policy.can_view_people(request.user))
    form = RefusalForm(request.POST or None, initial={"applied_on": request.user.today})
    school = _school(request)
    if form.is_valid():
        if school is None:
            raise Forbidden
        actions.refuse_service(
            by=request.user, school=school, now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, "Отказ записан. Дайте заявителю ответ и отметьте это.")
        return redirect("access:refusals")
    rows = ServiceRefusal.objects.visible_to(request.user).order_by("-applied_on", "-pk")[:200]
    context = {"refusals": rows, "form": form if school else None}
    return render(request, "access/refusals.html", context, status=422 if form.errors else 200)


@require_POST
@staff_only
def answered(request: Request, refusal_id: UUID) -> HttpResponse:
    """Write down that the applicant got the answer."""
    refusal = get_object_or_404(ServiceRefusal.objects.visible_to(request.user), pk=refusal_id)
    actions.answer(by=request.user, refusal=refusal, now=timezone.now())
    messages.success(request, "Ответ записан.")
    return redirect("access:refusals")


def _school(request: Request) -> School | None:
    """The school for which the user may refuse; its branches write their own."""
    granting = request.user.schools_with(Permission.ROLES_GRANT)
    schools = School.objects.visible_to(request.user).filter(pk__in=granting)
    return schools.order_by(F("parent").asc(nulls_first=True), "pk").first()

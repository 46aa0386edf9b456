"""Documents to print, jobs and their files; whether a printed document is genuine."""

from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from common.errors import require
from people.http import Request, staff_only
from printouts import actions, policy, queries, tasks
from printouts.codes import read_code
from printouts.forms import CodeForm, ExtractsForm
from printouts.models import PrintJob
from school.models import SchoolClass


@require_safe
@staff_only
def index(request: Request) -> HttpResponse:
    require(policy.can_open(request.user))
    form = _form(request)
    return _page(request, form, HTTPStatus.OK)


@require_POST
@staff_only
def order_extracts(request: Request) -> HttpResponse:
    form = _form(request)
    if not form.is_valid():
        require(policy.can_open(request.user))
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    asked = form.cleaned_data
    classes = SchoolClass.objects.visible_to(request.user).select_related("school")
    school_class = get_object_or_404(classes, pk=asked["school_class"])
    job = actions.order_extracts(
        by=request.user,
        school_class=school_class,
        week=asked["week"],
        who=asked["who"],
        now=timezone.now(),
    )
    tasks.start(job)
    return redirect("printouts:job", job.pk)


@never_cache
@require_safe
def job(request: Request, job_id: UUID) -> HttpResponse:
    found = _job(request, job_id)
    template = "printouts/job.html#progress" if request.htmx else "printouts/job.html"
    return render(request, template, {"job": queries.job_page(found, now=timezone.now())})


@require_POST
def cancel(request: Request, job_id: UUID) -> HttpResponse:
    found = actions.cancel(by=request.user, job=_job(request, job_id), now=timezone.now())
    return redirect("printouts:job", found.pk)


@require_POST
def repeat(request: Request, job_id: UUID) -> HttpResponse:
    found = actions.repeat(by=request.user, job=_job(request, job_id), now=timezone.now())
    tasks.start(found)
    return redirect("printouts:job", found.pk)


@never_cache
@require_GET
def download(request: Request, job_id: UUID) -> HttpResponseBase:
    found = _job(request, job_id)
    if not found.stored:
        raise Http404
    actions.record_download(by=request.user, job=found, now=timezone.now())
    return FileResponse(
        found.stored.open("rb"), filename=f"{found.title}.pdf", content_type="application/pdf"
    )


@login_not_required
@require_http_methods(["GET", "HEAD"])
def verify_form(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.GET or None)
    if form.is_valid():
        return redirect("verify:extract", form.cleaned_data["code"])
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "printouts/verify_form.html", {"form": form}, status=status)


@login_not_required
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    read = read_code(code)
    genuine = queries.genuine(read)
    if genuine is None:
        form = CodeForm(initial={"code": code[:40]})
        return render(
            request, "printouts/verify_unknown.html", {"form": form}, status=HTTPStatus.NOT_FOUND
        )
    slip = queries.slip_of(request.user, read) if request.user.is_authenticated else None
    if slip is not None:
        # The class teacher holds the returned slip: its row is where she records it.
        return redirect(slip)
    return render(request, "printouts/verify.html", {"genuine": genuine})


def _job(request: Request, job_id: UUID) -> PrintJob:
    jobs = PrintJob.objects.visible_to(request.user).select_related("school", "school_class")
    return get_object_or_404(jobs, pk=job_id)


def _form(request: Request) -> ExtractsForm:
    classes = queries.classes_to_print(request.user)
    return ExtractsForm(request.POST or None, classes=classes, today=request.user.today)


def _page(request: Request, form: ExtractsForm, status: HTTPStatus) -> HttpResponse:
    context = {
        "form": form,
        "has_classes": bool(queries.classes_to_print(request.user)),
        "jobs": queries.recent_jobs(request.user, now=timezone.now()),
    }
    return render(request, "printouts/index.html", context, status=status)

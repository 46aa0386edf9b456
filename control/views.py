"""How the regulation is kept, and the regulation itself."""

from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.errors import require
from control import policy, queries
from control.forms import AcquaintForm, AdoptForm, PublishForm
from control.queries import RegulationPage
from people.http import Request, staff_only
from people.models import Person, School
from regulation import actions
from regulation.catalogue import clauses as catalogue
from regulation.models import RegulationVersion
from regulation.policy import can_edit, can_register_acquaintance


@require_safe
@staff_only
def clauses(request: Request) -> HttpResponse:
    """List every clause with its state."""
    school = _school(request)
    state = request.GET.get("state", "")
    board = queries.board(school, now=timezone.now(), state=state)
    chips = [("", "Все", sum(board.counts.values()))]
    chips += [(code, name, board.counts[code]) for code, (name, _tone) in queries.STATES.items()]
    context = {
        "board": board,
        "schools": queries.schools_of(request.user),
        "chips": [
            {"label": label.capitalize(), "count": count, "current": code == state,
             "url": "?" + urlencode({"school": school.pk, "state": code})}
            for code, label, count in chips
        ],
    }  # fmt: skip
    return render(request, "control/clauses.html", context)


@require_safe
@staff_only
def clause(request: Request, clause_id: str) -> HttpResponse:
    """Show one clause with the facts that its state rests on."""
    if clause_id not in catalogue():
        raise Http404
    page = queries.clause_page(
        catalogue()[clause_id], _school(request), request.user, now=timezone.now()
    )
    return render(request, "control/clause.html", {"page": page})


@require_safe
@staff_only
def regulation(request: Request) -> HttpResponse:
    """Show the regulation in force with its parameters."""
    return _regulation_page(request, _school(request))


@require_POST
@staff_only
def adopt(request: Request) -> HttpResponse:
    """Put a new version of the regulation in force."""
    school = _school(request)
    form = AdoptForm(request.POST)
    if not form.is_valid():
        return _regulation_page(request, school, adopt_form=form)
    version = actions.adopt(by=request.user, school=school, **form.document())
    messages.success(request, f"Новая редакция действует с {version.since:%d.%m.%Y}.")
    return redirect(_address(school))


@require_POST
@staff_only
def publish(request: Request) -> HttpResponse:
    """Record that the version in force was published."""
    school = _school(request)
    version = _version(request, school)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _regulation_page(request, school, publish_form=form)
    actions.publish(
        by=request.user, version=version, due_on=version.publish_by, **form.cleaned_data
    )
    messages.success(request, "Размещение записано.")
    return redirect(_address(school))


@require_POST
@staff_only
def acquaint(request: Request) -> HttpResponse:
    """Record who was acquainted with the version in force."""
    school = _school(request)
    version = _version(request, school)
    form = AcquaintForm(
        request.POST, offered=_offered(queries.regulation_page(school, now=timezone.now()))
    )
    if not form.is_valid():
        return _regulation_page(request, school, acquaint_form=form)
    persons = Person.objects.visible_to(request.user).filter(pk__in=form.cleaned_data["persons"])
    for person in persons.order_by("pk"):
        actions.acquaint(
            by=request.user, version=version, person=person, on=form.cleaned_data["on"]
        )
    messages.success(request, "Ознакомление записано.")
    return redirect(_address(school))


def _regulation_page(request: Request, school: School, **refused: Form) -> HttpResponse:
    """Show the page; a form that was refused stands in the place of its empty one."""
    page = queries.regulation_page(school, now=timezone.now())
    context = {"page": page, "schools": queries.schools_of(request.user)}
    forms = _forms(request, school, page) | refused
    return render(
        request, "control/regulation.html", context | forms, status=422 if refused else 200
    )


def _forms(request: Request, school: School, page: RegulationPage) -> dict[str, Form | None]:
    """Return the forms that the user may send; a branch's own version alone is published there."""
    forms: dict[str, Form | None] = {
        "adopt_form": None,
        "publish_form": None,
        "acquaint_form": None,
    }
    today, is_own = request.user.today, page.regulation.school == school.pk
    if can_edit(request.user, school.pk):
        forms["adopt_form"] = AdoptForm(initial={"since": today})
        forms["publish_form"] = PublishForm(initial={"published_on": today}) if is_own else None
    if is_own and page.to_acquaint and can_register_acquaintance(request.user, school.pk):
        forms["acquaint_form"] = AcquaintForm(offered=_offered(page), initial={"on": today})
    return forms


def _offered(page: RegulationPage) -> list[tuple[str, str]]:
    return [(str(person.pk), person.full_name) for person in page.to_acquaint]


def _school(request: Request) -> School:
    """The school of the address, or the first that the user answers for."""
    require(policy.can_view(request.user))
    schools = queries.schools_of(request.user)
    wanted = request.GET.get("school", "")
    found = next((school for school in schools if str(school.pk) == wanted), None)
    if wanted and found is None:
        raise Http404
    return found or schools[0]


def _version(request: Request, school: School) -> RegulationVersion:
    versions = RegulationVersion.objects.visible_to(request.user).filter(school=school)
    return get_object_or_404(versions.in_force(request.user.today))


def _address(school: School) -> str:
    return f"{reverse('control:regulation')}?{urlencode({'school': school.pk})}"

"""People, their roles and accounts: the administrator's pages."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from access import policy, queries
from access.actions import accounts, roles
from access.forms import RoleForm, SearchForm
from access.queries import Search
from common.errors import require
from people.http import Request, staff_only
from people.models import Person, RoleAssignment
from people.roles import Role

PAGE = 50


@require_safe
@staff_only
def people(request: Request) -> HttpResponse:
    """Find a person."""
    require(policy.can_view_people(request.user))
    form = SearchForm(
        request.GET,
        schools=[(str(each.pk), each.short_name) for each in queries.schools(request.user)],
        classes=[(str(each.pk), each.name) for each in queries.classes(request.user)],
    )
    search = Search()
    if form.is_valid():
        search = Search(**form.cleaned_data)
    page = Paginator(queries.people(request.user, search), PAGE).get_page(request.GET.get("page"))
    kept = {key: value for key, value in form.cleaned_data.items() if value}
    context = {
        "form": form,
        "page": page,
        "rows": queries.rows(page.object_list, day=request.user.today),
        "query": "&" + urlencode(kept) if kept else "",
    }
    return render(request, "access/people.html", context)


@require_safe
@staff_only
def person(request: Request, person_id: UUID) -> HttpResponse:
    """Show a person's account, roles and their history."""
    return _person_page(request, _person(request, person_id), None)


@require_POST
@staff_only
def give_role(request: Request, person_id: UUID) -> HttpResponse:
    """Give the person a role."""
    found = _person(request, person_id)
    offered = _offered(request, found)
    require(bool(offered))
    form = RoleForm(request.POST, offered=offered)
    if not form.is_valid():
        return _person_page(request, found, form)
    given = roles.give_role(by=request.user, person=found, now=timezone.now(), **form.cleaned_data)
    messages.success(request, f"Роль дана: {given.get_role_display()}.")
    return redirect("access:person", found.pk)


@require_POST
@staff_only
def take_role(request: Request, assignment_id: UUID) -> HttpResponse:
    """Take a role away, at once."""
    held = RoleAssignment.objects.visible_to(request.user).select_related("person__school")
    assignment = get_object_or_404(held, pk=assignment_id)
    roles.take_role(by=request.user, assignment=assignment, now=timezone.now())
    messages.success(request, f"Роль снята: {assignment.get_role_display()}.")
    return redirect("access:person", assignment.person_id)


@require_POST
@never_cache
@staff_only
def issue_code(request: Request, person_id: UUID) -> HttpResponse:
    """Issue a one-time code and show the slip to print: the only time that the code is seen."""
    found = _person(request, person_id)
    slip = accounts.issue_code(by=request.user, person=found, now=timezone.now())
    return render(request, "access/slip.html", {"slip": slip, "person": found})


@require_POST
@staff_only
def block(request: Request, person_id: UUID) -> HttpResponse:
    """Block the person's account."""
    found = _person(request, person_id)
    accounts.block(by=request.user, person=found, now=timezone.now())
    messages.success(request, "Учётная запись заблокирована, сеансы завершены.")
    return redirect("access:person", found.pk)


@require_POST
@staff_only
def unblock(request: Request, person_id: UUID) -> HttpResponse:
    """Unblock the person's account."""
    found = _person(request, person_id)
    accounts.unblock(by=request.user, person=found)
    messages.success(request, "Учётная запись разблокирована.")
    return redirect("access:person", found.pk)


def _person(request: Request, person_id: UUID) -> Person:
    persons = Person.objects.visible_to(request.user).select_related("user", "school")
    found = get_object_or_404(persons, pk=person_id)
    require(policy.can_view(request.user, found))
    return found


def _offered(request: Request, person: Person) -> list[tuple[str, str]]:
    school = person.school_id
    return [
        (code, name) for code, name in Role.choices if policy.can_grant(request.user, school, code)
    ]


def _person_page(request: Request, found: Person, form: RoleForm | None) -> HttpResponse:
    offered = _offered(request, found)
    context = {
        "page": queries.person_page(found, by=request.user, now=timezone.now()),
        "form": form or (RoleForm(offered=offered) if offered else None),
        "can_issue": policy.can_issue(request.user, found),
        "can_block": policy.can_block(request.user, found) and found.user_id != request.user.pk,
    }
    return render(request, "access/person.html", context, status=422 if form else 200)

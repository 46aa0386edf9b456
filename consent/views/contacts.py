"""A person's agreed contacts as the school keeps them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import Forbidden, Refusal, require
from consent import actions, policy, queries
from consent.forms_contacts import ApplicationForm, ContactForm, kind_of
from consent.models import Application, Contact
from people.http import Request, staff_only
from people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def contacts(request: Request, person_id: UUID) -> HttpResponse:
    """Show a person's agreed contacts and add one."""
    person = _person(request, person_id)
    form = _contact_form(request, request.POST or None)
    if form.is_valid():
        try:
            actions.add_contact(by=request.user, person=person, **form.cleaned_data)
        except Forbidden:
            raise
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return _page(request, person, form=form, status=refusal.status)
        messages.success(request, "Контакт записан.")
        return redirect("consent:contacts", person.pk)
    return _page(request, person, form=form, status=422 if form.errors else 200)


@require_POST
@staff_only
def sms_applied(request: Request, person_id: UUID) -> HttpResponse:
    """Register a paper application for SMS."""
    person = _person(request, person_id)
    form = ApplicationForm(request.POST)
    if not form.is_valid():
        return _page(request, person, application=form, status=422)
    try:
        actions.register_application(
            by=request.user, person=person, now=timezone.now(), **form.cleaned_data
        )
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _page(request, person, application=form, status=refusal.status)
    messages.success(request, "Заявление на SMS записано.")
    return redirect("consent:contacts", person.pk)


@require_POST
@staff_only
def sms_ended(request: Request, application_id: UUID) -> HttpResponse:
    """End an application for SMS."""
    found = Application.objects.visible_to(request.user)
    application = get_object_or_404(found, pk=application_id)
    actions.end_application(by=request.user, application=application, today=request.user.today)
    messages.success(request, "Заявление прекращено, SMS на телефоны отключены.")
    return redirect("consent:contacts", application.person_id)


@require_POST
@staff_only
def contact_verified(request: Request, contact_id: UUID) -> HttpResponse:
    """Write down that a contact works."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=contact_id)
    actions.verify_contact(by=request.user, contact=contact, now=timezone.now())
    messages.success(request, "Контакт отмечен как проверенный.")
    return redirect("consent:contacts", contact.person_id)


@require_safe
@staff_only
def same_contacts(request: Request) -> HttpResponse:
    """List the contacts that several families gave."""
    require(policy.can_open_register(request.user))
    found = queries.same_contacts(request.user, day=request.user.today)
    return render(request, "consent/contacts_same.html", {"found": found})


def _person(request: Request, person_id: UUID) -> Person:
    people = Person.objects.visible_to(request.user).select_related("school")
    person = get_object_or_404(people, pk=person_id)
    require(policy.can_keep_contacts(request.user, person))
    return person


def _contact_form(request: Request, data: Any = None) -> ContactForm:
    kind = kind_of((data or request.GET).get("kind"))
    return ContactForm(data, kind=kind, initial={"given_on": request.user.today})


def _page(
    request: Request,
    person: Person,
    *,
    form: ContactForm | None = None,
    application: ApplicationForm | None = None,
    status: int,
) -> HttpResponse:
    today = request.user.today
    shown = form or _contact_form(request)
    context = {
        "contacts": queries.page_of_contacts(person, day=today, reader=request.user),
        "history": queries.contact_history(person),
        "form": shown,
        "kind": kind_of(shown["kind"].value()),
        "application": application or ApplicationForm(initial={"applied_on": today}),
    }
    return render(request, "consent/contacts.html", context, status=status)

"""A person's agreed contacts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import require
from consent import actions, policy, queries
from consent.forms_contacts import ContactForm
from consent.models import Contact
from people.http import Request, staff_only
from people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def contacts(request: Request, person_id: UUID) -> HttpResponse:
    """Show a person's agreed contacts and add one."""
    person = _person(request, person_id)
    form = ContactForm(request.POST or None, initial={"given_on": request.user.today})
    if form.is_valid():
        actions.add_contact(by=request.user, person=person, **form.cleaned_data)
        messages.success(request, "Контакт записан.")
        return redirect("consent:contacts", person.pk)
    context = {"person": person, "contacts": queries.contacts_of(person), "form": form}
    return render(request, "consent/contacts.html", context, status=422 if form.errors else 200)


@require_POST
@staff_only
def contact_verified(request: Request, contact_id: UUID) -> HttpResponse:
    """Write down that a contact works."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=contact_id)
    actions.verify_contact(by=request.user, contact=contact, now=timezone.now())
    messages.success(request, "Контакт отмечен как проверенный.")
    return redirect("consent:contacts", contact.person_id)


@require_POST
@staff_only
def contact_ended(request: Request, contact_id: UUID) -> HttpResponse:
    """Stop using a contact."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=contact_id)
    actions.end_contact(by=request.user, contact=contact, today=request.user.today)
    messages.success(request, "Контакт больше не используется.")
    return redirect("consent:contacts", contact.person_id)


def _person(request: Request, person_id: UUID) -> Person:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_id)
    require(policy.can_keep_contacts(request.user, person))
    return person

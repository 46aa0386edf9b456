"""A representative's own contacts, and what she and the school both do with a contact."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import Forbidden, Refusal, require
from consent import actions, policy, queries
from consent.errors import CodeOver, WrongContactCode
from consent.forms_contacts import CodeForm, OwnContactForm, UsesForm, kind_of
from consent.models import Contact, ContactKind, ContactOrigin
from people.http import Request
from people.models import Person


@require_safe
def mine(request: Request) -> HttpResponse:
    """Show a representative her contacts."""
    if not policy.has_own_contacts(request.user):
        raise Http404
    return render(request, "consent/contacts_own.html", {"all": queries.own_contacts(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, person_id: UUID) -> HttpResponse:
    """Let a representative write down a contact of her own."""
    person = _own_person(request, person_id)
    kind = kind_of((request.POST or request.GET).get("kind"))
    sent = request.POST if request.method == "POST" else None
    form = OwnContactForm(sent, kind=kind)
    today = request.user.today
    status = _tried(
        form, actions.add_contact, by=request.user, person=person, origin=ContactOrigin.SELF, given_on=today
    )  # fmt: skip
    if sent is not None and status == 200:
        messages.success(request, "Контакт записан, осталось его подтвердить.")
        return redirect("contacts:mine")
    context = {"person": person, "form": form, "kind": kind}
    return render(request, "consent/contact_add.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Request, contact_id: UUID) -> HttpResponse:
    """Ask for the code of the letter. A wrong one leads back here, for an error would undo its count."""
    contact = _own_contact(request, contact_id)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            actions.confirm_contact_code(
                by=request.user, contact=contact, code=form.cleaned_data["code"], now=timezone.now()
            )
        except (WrongContactCode, CodeOver) as refusal:
            messages.error(request, refusal.message)
            return redirect("contacts:code", contact.pk)
        messages.success(request, "Контакт подтверждён.")
        return redirect("contacts:mine")
    context = {
        "contact": contact,
        "form": form,
        "is_email": contact.kind == ContactKind.EMAIL,
        "live": queries.live_code(contact, timezone.now()),
    }
    return render(request, "consent/contact_code.html", context, status=422 if form.errors else 200)


@require_POST
def send_code(request: Request, contact_id: UUID) -> HttpResponse:
    """Send a letter with a code to the contact."""
    contact = _own_contact(request, contact_id)
    try:
        actions.send_contact_code(by=request.user, contact=contact, now=timezone.now())
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Письмо с кодом отправлено.")
    return redirect("contacts:code", contact.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def uses(request: Request, contact_id: UUID) -> HttpResponse:
    """Choose what a contact serves for."""
    contact = _contact(request, contact_id)
    require(policy.can_manage_contact(request.user, contact))
    sent = request.POST if request.method == "POST" else None
    form = UsesForm(sent, kind=ContactKind(contact.kind), initial={"uses": contact.uses})
    status = _tried(form, actions.choose_uses, by=request.user, contact=contact)
    if sent is not None and status == 200:
        messages.success(request, "Сохранено.")
        return _back(request, contact)
    context = {"contact": contact, "form": form, "own": _is_own(request, contact)}
    return render(request, "consent/contact_uses.html", context, status=status)


@require_POST
def move(request: Request, contact_id: UUID) -> HttpResponse:
    """Move a contact up or down in its holder's order."""
    contact = _contact(request, contact_id)
    actions.move_contact(by=request.user, contact=contact, up=request.POST.get("to") == "up")
    return _back(request, contact)


@require_POST
def end(request: Request, contact_id: UUID) -> HttpResponse:
    """Stop using a contact."""
    contact = _contact(request, contact_id)
    actions.end_contact(by=request.user, contact=contact, today=request.user.today)
    messages.success(request, "Контакт больше не используется.")
    return _back(request, contact)


def _tried(form: Form, verb: Callable[..., object], **given: object) -> int:
    """Do what a sent form says and return the answer's status; a refusal becomes the form's error."""
    if not form.is_valid():
        return 422 if form.is_bound else 200
    try:
        verb(**given, **form.cleaned_data)
    except Forbidden:
        raise
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return refusal.status
    return 200


def _own_person(request: Request, person_id: UUID) -> Person:
    people = Person.objects.visible_to(request.user).select_related("school")
    person = get_object_or_404(people, pk=person_id)
    if not policy.can_keep_own_contacts(request.user, person):
        raise Http404
    return person


def _contact(request: Request, contact_id: UUID) -> Contact:
    contacts = Contact.objects.visible_to(request.user).select_related("person__school")
    return get_object_or_404(contacts, pk=contact_id)


def _own_contact(request: Request, contact_id: UUID) -> Contact:
    contact = _contact(request, contact_id)
    if not policy.can_keep_own_contacts(request.user, contact.person):
        raise Http404
    return contact


def _is_own(request: Request, contact: Contact) -> bool:
    return policy.can_keep_own_contacts(request.user, contact.person)


def _back(request: Request, contact: Contact) -> HttpResponse:
    if _is_own(request, contact):
        return redirect("contacts:mine")
    return redirect("consent:contacts", contact.person_id)

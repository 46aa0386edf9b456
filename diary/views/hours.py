"""Contact hours: a teacher's own, and everybody's for the heads."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import require
from diary import policy_words as policy
from diary.actions import hours as actions
from diary.errors_words import BrokenWords
from diary.forms_hours import HoursForm
from diary.queries import hours as queries
from diary.views.desk_words import tell
from diary.views.families import family_parts
from people.http import Request, staff_only
from people.models import Person
from people.roles import Permission
from school.models import ContactHours


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def hours(request: Request) -> HttpResponse:
    """One person's hours with the form; for the heads whoever of the staff they choose."""
    require(policy.can_open_recommendations(request.user))
    staff = queries.staff(request.user)
    person = _person(request, staff)
    form = HoursForm(request.POST or None, initial={"weekday": 1})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_hours(by=request.user, person=person, hours=form.hours())
        except BrokenWords as refusal:
            tell(form, refusal)
        else:
            messages.success(request, "Часы приёма записаны: их видят семьи.")
            return redirect(_address(person))
    context = {
        "person": person,
        "rows": queries.of_people([person.pk]).get(person.pk, []),
        "staff": staff if request.user.schools_with(Permission.DIARY_VIEW_SCHOOL) else (),
        "form": form,
        "parts": family_parts(request.user, "hours"),
    }
    return render(request, "diary/hours.html", context, status=422 if form.errors else 200)


@require_POST
@staff_only
def remove_hours(request: Request, hours_id: UUID) -> HttpResponse:
    row = get_object_or_404(
        ContactHours.objects.visible_to(request.user).select_related("person"), pk=hours_id
    )
    actions.remove_hours(by=request.user, hours=row)
    messages.success(request, "Часы приёма убраны.")
    return redirect(_address(row.person))


def _person(request: Request, staff: Sequence[Person]) -> Person:
    """Return the person of the address, or the user's own."""
    asked = request.GET.get("person", "")
    if asked:
        found = next((one for one in staff if str(one.pk) == asked), None)
        if found is None:
            raise Http404
        return found
    own = next((one for one in staff if one.pk in request.user.person_ids), None)
    if own or staff:
        return own or staff[0]
    raise Http404


def _address(person: Person) -> str:
    return f"{reverse('desk:hours')}?person={person.pk}"

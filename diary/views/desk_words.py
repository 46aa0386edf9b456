"""The staff write to families: announcements, notes, and who has read them."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import Refusal, require
from diary import policy_words as policy
from diary.actions import words as actions
from diary.errors_words import BrokenWords
from diary.forms_words import AnnouncementForm, WordsForm
from diary.models import Announcement
from diary.queries import desk_words as queries
from diary.rules import announcements_followed
from diary.views.families import family_parts
from people.http import Request, staff_only
from people.models import Pupil


@require_safe
@staff_only
def announcements(request: Request) -> HttpResponse:
    """Announcements that the user wrote, or all that she may see."""
    require(policy.can_open_words(request.user))
    only_own = request.GET.get("show") == "own"
    context = {
        "rows": queries.written(request.user, only_own=only_own),
        "only_own": only_own,
        "parts": family_parts(request.user, "announcements"),
    }
    return render(request, "diary/desk_announcements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def announce(request: Request) -> HttpResponse:
    require(policy.can_open_words(request.user))
    form = AnnouncementForm(request.POST or None, user=request.user, initial=_asked(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.announce(
                by=request.user, to=form.addressees(), words=form.words(), now=timezone.now()
            )
        except BrokenWords as refusal:
            tell(form, refusal)
        else:
            messages.success(request, "Объявление опубликовано.")
            return redirect("desk:announcement", made[0].pk)
    status = 422 if form.errors else 200
    return render(request, "diary/desk_announce.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def announcement(request: Request, announcement_id: UUID) -> HttpResponse:
    """One announcement: its form for the author, and who has read it."""
    row = _row(request, announcement_id)
    may_change = policy.can_change(request.user, row) and not row.withdrawn_at
    form = WordsForm(request.POST or None, initial=WordsForm.of(row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise(
                by=request.user, announcement=row, words=form.words(), now=timezone.now()
            )
        except BrokenWords as refusal:
            tell(form, refusal)
        else:
            messages.success(request, "Изменения сохранены.")
            return redirect(request.path)
    context = {
        "page": queries.announcement_page(row, today=row.school.local_date(timezone.now())),
        "form": form if may_change else None,
        "may_withdraw": policy.can_withdraw(request.user, row) and not row.withdrawn_at,
    }
    status = 422 if form.errors else 200
    return render(request, "diary/desk_announcement.html", context, status=status)


@require_POST
@staff_only
def withdraw(request: Request, announcement_id: UUID) -> HttpResponse:
    row = _row(request, announcement_id)
    actions.withdraw(by=request.user, announcement=row, now=timezone.now())
    messages.success(request, "Объявление снято: в дневниках его больше нет.")
    return redirect("desk:announcement", row.pk)


def _row(request: Request, announcement_id: UUID) -> Announcement:
    """To whoever sees it as a member of a family, the staff's page is not there."""
    seen = Announcement.objects.visible_to(request.user).filter(
        announcements_followed(request.user)
    )
    wanted = seen.select_related("school", "school_class", "author", "pupil__person")
    return get_object_or_404(wanted, pk=announcement_id)


def _asked(request: Request) -> dict[str, str]:
    """Return whom the link that led here is about: `?pupil=`."""
    asked = request.GET.get("pupil", "")
    known = Pupil.objects.visible_to(request.user).values_list("pk", flat=True)
    if asked and asked in {str(pupil) for pupil in known.filter(pk__in=_uuids(asked))}:
        return {"whom": "pupil", "pupil": asked}
    return {}


def _uuids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


def tell(form: Form, refusal: Refusal) -> None:
    """Write the refusal beside the field that it is about."""
    field = getattr(refusal, "field", "")
    form.add_error(field if field in form.fields else None, refusal.message)

"""«Настройки» of a family: the digest, quiet hours, the size of the text, and the ways to the rest."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from common.looks import KEPT_FOR, TEXT_SIZE
from consent.policy import has_own_contacts
from diary.queries import children
from notifications import policy, queries
from notifications.forms import TextSizeForm, WishForm
from notifications.preferences import set_wish
from notifications.wishes import wishes_of
from people.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: Request) -> HttpResponse:
    """Show the settings; save the wish."""
    user = request.user
    if not policy.may_set_wish(user):
        raise Http404
    if request.method == "POST":
        form = WishForm(request.POST)
        if form.is_valid():
            set_wish(by=user, wish=form.wish(), now=timezone.now())
            messages.success(request, "Настройки сохранены.")
            return redirect("settings:mine")
    else:
        form = WishForm.showing(wishes_of(user.person_ids)[user.person_ids[0]])
    size = TextSizeForm(initial={"size": request.COOKIES.get(TEXT_SIZE, "")})
    context = {
        "form": form,
        "size": size,
        "children": children(user),
        "has_contacts": has_own_contacts(user),
        "addresses": queries.addresses_of(user.person_ids, use=queries.DIGEST_USE),
    }
    return render(
        request, "notifications/settings.html", context, status=422 if form.errors else 200
    )


@require_POST
def text_size(request: Request) -> HttpResponse:
    """Keep the size of the text on this device: a phone and a computer differ."""
    form = TextSizeForm(request.POST)
    response = redirect("settings:mine")
    if form.is_valid():
        response.set_cookie(TEXT_SIZE, form.cleaned_data["size"], max_age=KEPT_FOR, samesite="Lax")
    return response

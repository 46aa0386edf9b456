"""The first entry by a printed code: open pages, for those who have no password yet."""

from uuid import UUID

from django.contrib.auth import login as sign_in
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from access import devices
from access.actions import accounts
from access.errors import LoginTaken, TooManyTries, WrongCode
from access.forms import CodeForm, PasswordForm
from access.models import EntryCode

KEY = "entry_code"
NOBODY = UUID(int=0)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_entry(request: HttpRequest) -> HttpResponse:
    """Ask for the login and the code of the slip."""
    if request.user.is_authenticated:
        return redirect("home")
    form = CodeForm(request.POST or None)
    status = 200
    if form.is_valid():
        source = request.META.get("REMOTE_ADDR", "")
        try:
            entry = accounts.check_code(**form.cleaned_data, source=source, now=timezone.now())
        except (WrongCode, TooManyTries) as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
        else:
            request.session[KEY] = str(entry.pk)
            return redirect("access_entry:choose_password")
    elif form.is_bound:
        status = 422
    return render(request, "access/first_entry.html", {"form": form}, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """Let the holder of a live code choose a password, and sign her in."""
    entry = (
        EntryCode.objects.select_related("user").filter(pk=request.session.get(KEY, NOBODY)).first()
    )
    if entry is None or request.user.is_authenticated:
        return redirect("access_entry:first_entry")
    form = PasswordForm(request.POST or None, user=entry.user, initial={"login": entry.user.login})
    if form.is_valid():
        chosen = {key: form.cleaned_data[key] for key in ("login", "password")}
        try:
            user = accounts.use_code(entry=entry, now=timezone.now(), **chosen)
        except LoginTaken as refusal:
            form.add_error("login", refusal.message)
        else:
            del request.session[KEY]
            sign_in(request, user, backend=BACKEND)
            return devices.met(redirect("home"), request, user)
    return render(
        request, "access/password.html", {"form": form}, status=422 if form.errors else 200
    )

"""A form that came after its session had ended: what was typed is handed back, to be sent once more."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SECRETS = ("password", "code")  # never written into a page


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of a posted form; nothing if there is a secret among them."""
    fields = [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    has_secrets = any(word in name for name, _ in fields for word in SECRETS)
    return [] if has_secrets else fields


def is_own(request: HttpRequest) -> bool:
    """Say whether the form stood in a page of ours: only then is it offered again."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def hand_back(
    request: HttpRequest, *, signed_out: bool, user_name: str = ""
) -> HttpResponse | None:
    """Return the page from which the form can be sent again, or None if it carried nothing.

    `user_name` is whose name it will be written under, if somebody is signed in.
    """
    fields = typed(request)
    if not fields:
        return None
    context = {
        "address": request.get_full_path(),
        "fields": fields,
        "has_files": bool(request.FILES),
        "signed_out": signed_out,
        "user_name": user_name,
    }
    return render(request, "errors/send_again.html", context, status=401 if signed_out else 403)

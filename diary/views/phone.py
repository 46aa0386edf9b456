"""The diary on a family's own phone: installed like a program, its last pages readable without network."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from common.workers import worker_for
from people.http import Request

COLOUR = "#1d4e89"


@require_GET
def worker(_request: Request) -> HttpResponse:
    return worker_for(reverse("diary:home"))


@require_safe
def manifest(_request: Request) -> HttpResponse:
    """What a phone asks to put the diary among its programs."""
    home = reverse("diary:home")
    icon = {"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    told = {
        "name": "Дневник школьника",
        "short_name": "Дневник",
        "lang": "ru",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": COLOUR,
        "icons": [icon],
    }
    return JsonResponse(
        told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )


@require_safe
def not_kept(request: Request) -> HttpResponse:
    """The page in place of one that this phone has not kept."""
    return render(request, "diary/not_kept.html")

"""/dev/outbox/: what was sent, where a demo or a developer looks."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from notifications.mailbox import kept_letters


@login_not_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    letters = kept_letters(settings.DEMO_MAIL_DIR, ZoneInfo(settings.CELERY_TIMEZONE))
    return render(request, "notifications/outbox.html", {"letters": letters})

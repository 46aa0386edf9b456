"""Work without network: the script that keeps a teacher's day on her own device."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from common.workers import worker_for
from people.http import Request, staff_only


@require_GET
@staff_only
def worker(_request: Request) -> HttpResponse:
    return worker_for("/journal/")

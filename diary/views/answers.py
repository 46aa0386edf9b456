"""A pupil's answers to homework: sent by the family, seen by whoever reads the diary."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import Refusal
from diary import actions, policy, queries
from diary.forms import AnswerForm
from diary.views.frame import opened, show_page
from journal.models import Homework, HomeworkAnswer
from people.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, pupil_id: UUID, homework_id: UUID) -> HttpResponse:
    """The homework with what was sent, and the form «Отправить ответ»."""
    found, now = opened(request, pupil_id), timezone.now()
    wanted = Homework.objects.visible_to(request.user).filter(queries.asked(found.pupil))
    wanted = wanted.select_related("lesson__course__subject", "due_lesson__sitting")
    homework = get_object_or_404(wanted, pk=homework_id, answer_wanted=True)
    form, status = AnswerForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        if _send(request, found, homework, form):
            return redirect(request.path)
        status = 422
    context = {
        "page": queries.answers(found.pupil, homework, now=now),
        "form": form,
        "may_answer": policy.can_answer(request.user, found.pupil),
    }
    return show_page(request, found, "tasks", now, "diary/answer.html", context, status=status)


def _send(request: Request, found: queries.Opened, homework: Homework, form: AnswerForm) -> bool:
    """Keep the answer, or write into the form what is wrong with it."""
    if not form.is_valid():
        return False
    try:
        actions.send_answer(
            by=request.user,
            pupil=found.pupil,
            homework=homework,
            text=form.cleaned_data["text"],
            upload=form.cleaned_data["file"],
            now=timezone.now(),
        )
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        form.add_error(None, refusal.message)
        return False
    messages.success(request, "Ответ отправлен учителю.")
    return True


@require_safe
def answer_file(request: Request, pupil_id: UUID, answer_id: UUID) -> HttpResponseBase:
    """Give the family its own file back."""
    opened(request, pupil_id)
    sent = HomeworkAnswer.objects.visible_to(request.user).filter(pupil=pupil_id).exclude(stored="")
    found = get_object_or_404(sent, pk=answer_id)
    return FileResponse(found.stored.open("rb"), as_attachment=True, filename=found.name)

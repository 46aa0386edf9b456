"""The register of consents and refusals."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import require
from consent import actions, policy, queries
from consent.forms import DecisionPaper, DeclarationForm
from consent.models import Decision, DecisionForm
from consent.register import NONE, OVERDUE, RESTRICTED
from people.http import Request, staff_only
from people.models import Guardianship
from regulation.queries import parameter

PAGE = 50


STATES = (
    ("", "Все", "all"),
    ("consent", "Согласие", "consent"),
    ("refusal", "Отказ", "refusal"),
    (NONE, "Нет решения", "none"),
    (OVERDUE, "Просрочено", "overdue"),
    (RESTRICTED, "Ограничены судом", "limited"),
)


@require_safe
@staff_only
def register(request: Request) -> HttpResponse:
    """Show the representatives of a class, or of the whole school, with what they decided."""
    require(policy.can_open_register(request.user))
    today = request.user.today
    classes = queries.classes_for(request.user)
    wanted = request.GET.get("class", "")
    shown = [each for each in classes if str(each.id) == wanted] or classes
    state = request.GET.get("state", "")
    totals = queries.totals(shown, day=today)
    page = Paginator(queries.register_rows(shown, day=today, state=state), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "classes": classes,
        "wanted": wanted,
        "state": state,
        "page": page,
        "entries": queries.entries(page.object_list, day=today, restricted=state == RESTRICTED),
        "totals": totals,
        "states": [_chip(wanted, *row, getattr(totals, row[2])) for row in STATES],
        "query": "&" + urlencode({"class": wanted, "state": state}),
    }
    return render(request, "consent/register.html", context)


def _chip(wanted: str, code: str, label: str, _field: str, count: int) -> dict[str, Any]:
    query = urlencode({"class": wanted, "state": code})
    return {"code": code, "label": label, "count": count, "url": f"?{query}"}


def _written(decision: Decision) -> str:
    """Say what was written, and when a later decision stands above it."""
    stands = actions.standing(decision)
    if stands == decision:
        return f"Записано: {decision.get_kind_display()}."
    return (
        f"Записано в историю: {decision.get_kind_display()} от {decision.decided_on:%d.%m.%Y}. Действует"
        f" более позднее решение: {stands.get_kind_display()} от {stands.decided_on:%d.%m.%Y}."
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def decide(request: Request, guardianship_id: UUID) -> HttpResponse:
    """Register a representative's consent, refusal or withdrawal from the signed paper."""
    tie = _tie(request, guardianship_id)
    form = DecisionPaper(
        request.POST or None, initial={"decided_on": request.user.today, "form": DecisionForm.PAPER}
    )
    if form.is_valid():
        decision = actions.register_decision(
            by=request.user,
            signer=tie.guardian,
            subject=tie.pupil,
            now=timezone.now(),
            **form.cleaned_data,
        )
        messages.success(request, _written(decision))
        return redirect("consent:decide", tie.pk)
    return _family_page(request, tie, form=form, declaration=_declaration_form(request, tie))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def declare(request: Request, guardianship_id: UUID) -> HttpResponse:
    """Register in which form the representative wants the information."""
    tie = _tie(request, guardianship_id)
    form = _declaration_form(request, tie, request.POST or None)
    if form.is_valid():
        actions.declare_delivery(
            by=request.user,
            guardian=tie.guardian,
            pupil=tie.pupil,
            now=timezone.now(),
            **form.cleaned_data,
        )
        messages.success(request, "Заявление записано.")
        return redirect("consent:decide", tie.pk)
    paper = DecisionPaper(initial={"decided_on": request.user.today, "form": DecisionForm.PAPER})
    return _family_page(request, tie, form=paper, declaration=form)


def _tie(request: Request, guardianship_id: UUID) -> Guardianship:
    ties = Guardianship.objects.visible_to(request.user).select_related("guardian", "pupil__person")
    tie = get_object_or_404(ties, pk=guardianship_id)
    require(policy.can_register(request.user, tie.school_id, tie.pupil_id))
    return tie


def _declaration_form(request: Request, tie: Guardianship, data: Any = None) -> DeclarationForm:
    today = request.user.today
    substitutes = parameter(tie.school_id, "paper_substitutes", day=today).options
    return DeclarationForm(data, substitutes=substitutes, initial={"declared_on": today})


def _family_page(
    request: Request, tie: Guardianship, *, form: DecisionPaper, declaration: DeclarationForm
) -> HttpResponse:
    context = {
        "family": queries.family(tie, day=request.user.today),
        "today": request.user.today,
        "form": form,
        "declaration": declaration,
    }
    status = 422 if form.errors or declaration.errors else 200
    return render(request, "consent/family.html", context, status=status)

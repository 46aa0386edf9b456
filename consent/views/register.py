"""The register of consents and refusals."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import require
from consent import actions, policy, queries
from consent.enums import PurposeCode
from consent.forms import GUARDIAN, PUPIL, DecisionPaper, DeclarationForm, ScanForm
from consent.models import Decision, DecisionForm
from consent.register import HANGING, NONE, OVERDUE, RESTRICTED, UNSIGNED, ClassChoice, Totals
from consent.views.stack import chosen_purpose
from people.http import Request, staff_only
from people.models import Guardianship
from regulation.queries import parameter

PAGE = 50


STATES: tuple[tuple[str, str, str], ...] = (
    ("", "Все", "all"),
    ("consent", "Согласие", "consent"),
    ("refusal", "Отказ", "refusal"),
    (NONE, "Нет решения", "none"),
    (OVERDUE, "Просрочено", "overdue"),
    (UNSIGNED, "Нет подписи ученика", "unsigned"),
    (HANGING, "Доступ без решения ученика", "hanging"),
    (RESTRICTED, "Ограничены судом", "limited"),
)
ALWAYS = ("", "consent", "refusal", NONE, OVERDUE, RESTRICTED)  # the rest when there is somebody
DIARYS = (OVERDUE, HANGING)


@require_safe
@staff_only
def register(request: Request) -> HttpResponse:
    """Show the representatives of a class, or of the whole school, with what they decided."""
    require(policy.can_open_register(request.user))
    today = request.user.today
    classes = queries.classes_for(request.user)
    wanted, purpose = request.GET.get("class", ""), chosen_purpose(request)
    shown = [each for each in classes if str(each.id) == wanted] or classes
    state = request.GET.get("state", "")
    totals = queries.totals(shown, day=today, purpose=purpose)
    search = {"class": wanted, "purpose": purpose.value}
    context = {
        "classes": classes,
        "purposes": PurposeCode,
        "purpose": purpose,
        "is_diary": purpose == PurposeCode.DIARY,
        "to_destroy": queries.standing_destructions(request.user).count(),
        "wanted": wanted,
        "state": state,
        **_page(request, shown, state, purpose),
        "totals": totals,
        "states": list(_chips(search, state, totals)),
        "query": "&" + urlencode(search | {"state": state}),
    }
    return render(request, "consent/register.html", context)


def _page(
    request: Request, shown: Sequence[ClassChoice], state: str, purpose: PurposeCode
) -> dict[str, Any]:
    today, restricted = request.user.today, state == RESTRICTED
    rows = queries.register_rows(shown, day=today, state=state, purpose=purpose)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    entries = queries.entries(page.object_list, day=today, restricted=restricted, purpose=purpose)
    return {"page": page, "entries": entries}


def _chips(search: dict[str, str], state: str, totals: Totals) -> Iterator[dict[str, Any]]:
    """Name the states; those of few schools only where there is somebody, terms only of the diary."""
    for code, label, field in STATES:
        count = getattr(totals, field)
        if code in DIARYS and search["purpose"] != PurposeCode.DIARY:
            continue
        if code in ALWAYS or count or code == state:
            url = f"?{urlencode(search | {'state': code})}"
            yield {"code": code, "label": label, "count": count, "url": url}


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
    form = _paper(request, tie, request.POST or None, request.FILES or None)
    if form.is_valid():
        sent = form.cleaned_data
        is_own = sent.pop("signer", GUARDIAN) == PUPIL
        decision = actions.register_decision(
            by=request.user,
            signer=tie.pupil.person if is_own else tie.guardian,
            subject=tie.pupil,
            now=timezone.now(),
            **sent,
        )
        messages.success(request, _written(decision))
        return redirect("consent:decide", tie.pk)
    return _family_page(request, tie, form=form)


def _paper(
    request: Request, tie: Guardianship, data: Any = None, files: Any = None
) -> DecisionPaper:
    today = request.user.today
    initial = {
        "decided_on": today,
        "form": DecisionForm.PAPER,
        "purpose": chosen_purpose(request),
    }
    signature = queries.pupils_signature(tie, day=today)
    return DecisionPaper(data, files, signature=signature, initial=initial)


@require_POST
@staff_only
def attach(request: Request, guardianship_id: UUID, decision_id: UUID) -> HttpResponse:
    """Attach a photo or scan to a decision of the family that is registered already."""
    tie = _tie(request, guardianship_id)
    made = Decision.objects.visible_to(request.user).filter(
        subject=tie.pupil_id, signer__in=[tie.guardian_id, tie.pupil_id]
    )
    decision = get_object_or_404(made, pk=decision_id)
    form = ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return _family_page(request, tie, scan=form, refused=decision.pk)
    actions.add_scan(by=request.user, decision=decision, now=timezone.now(), **form.cleaned_data)
    messages.success(request, "Файл приложен.")
    return redirect("consent:decide", tie.pk)


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
    return _family_page(request, tie, declaration=form)


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
    request: Request,
    tie: Guardianship,
    *,
    form: DecisionPaper | None = None,
    declaration: DeclarationForm | None = None,
    scan: ScanForm | None = None,
    refused: UUID | None = None,
) -> HttpResponse:
    context = {
        "family": queries.family(tie, day=request.user.today),
        "today": request.user.today,
        "form": form or _paper(request, tie),
        "declaration": declaration or _declaration_form(request, tie),
        "scan": scan or ScanForm(),
        "refused": refused,
        "lost_file": bool(request.FILES),
    }
    has_errors = any(each and each.errors for each in (form, declaration, scan))
    return render(request, "consent/family.html", context, status=422 if has_errors else 200)

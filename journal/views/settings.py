"""The school's own rules of marking: lists with their history, and the forms that open a new version."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Forbidden, Refusal, require
from common.templatetags.words import count_ru, day_month_year
from journal import forms_norms, forms_settings, norm_texts
from journal.actions import scales as scale_actions
from journal.actions import settings as actions
from journal.models import FinalRule, Scale, WorkKind
from journal.queries import norms_on
from journal.queries import settings as queries
from people.http import Request, staff_only
from people.models import School

PARTS = (
    ("journal:kinds", "Виды работ"),
    ("journal:scales", "Шкалы"),
    ("journal:final_rules", "Отметки за период"),
    ("journal:norms", "Правила школы"),
)


def _school(request: Request, school_id: UUID | None = None) -> School:
    """Return the school of the object or of the address, or the first that the user answers for."""
    schools = queries.schools_controlled(request.user)
    require(bool(schools))
    if school_id is None and not request.GET.get("school"):
        return schools[0]
    wanted = str(school_id or request.GET["school"])
    found = next((school for school in schools if str(school.pk) == wanted), None)
    if found is not None:
        return found
    require(school_id is None)
    raise Http404


def _frame(request: Request, school: School, part: str) -> dict[str, Any]:
    """Return what every page of the settings shows: the school, its parts."""
    query = urlencode({"school": school.pk})
    tabs = [
        {"label": label, "url": f"{reverse(name)}?{query}", "current": name == part, "count": 0}
        for name, label in PARTS
    ]
    return {
        "school": school, "schools": queries.schools_controlled(request.user), "tabs": tabs,
        "query": query, "today": request.user.today,
    }  # fmt: skip


def _sent(
    request: Request,
    form: forms.Form,
    save: Callable[[dict[str, Any]], str],
    back: str,
    school: School,
) -> HttpResponse | None:
    """Save a sent form and lead on; None shows it again with what stands in the way."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        messages.success(request, save(form.cleaned_data))
    except Forbidden:
        raise
    except Refusal as refusal:
        field = str(refusal.details.get("field", ""))
        form.add_error(field if field in form.fields else None, refusal.message)
        return None
    return redirect(f"{reverse(back)}?{urlencode({'school': school.pk})}")


def _page(request: Request, template: str, frame: dict[str, Any], form: forms.Form) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, f"journal/{template}", frame | {"form": form}, status=status)


@require_GET
@staff_only
def index(request: Request) -> HttpResponse:
    """What may be set, and how it is set now."""
    school = _school(request)
    today = request.user.today
    context = _frame(request, school, "") | {
        "kinds": queries.kinds_of(school.pk, today=today),
        "scales": queries.scales_of(school.pk, today=today),
        "rules": queries.final_rules_of(school.pk, today=today),
        "parts": queries.norm_parts(school.pk, today=today),
    }
    return render(request, "journal/settings.html", context)


@require_GET
@staff_only
def kinds(request: Request) -> HttpResponse:
    school = _school(request)
    found = queries.kinds_of(school.pk, today=request.user.today)
    context = _frame(request, school, "journal:kinds") | {"kinds": found}
    return render(request, "journal/settings_kinds.html", context)


@require_http_methods(["GET", "POST"])
@staff_only
def new_kind(request: Request) -> HttpResponse:
    """Add a kind of work."""
    initial = {"weight": "1", "counts": True, "control": "current", "colour": "none"}
    return _kind_page(request, _school(request), None, initial)


@require_http_methods(["GET", "POST"])
@staff_only
def kind(request: Request, kind_id: UUID) -> HttpResponse:
    """Change a kind of work from a day: a new version."""
    found = get_object_or_404(WorkKind.objects.visible_to(request.user), pk=kind_id)
    school = _school(request, found.school_id)
    return _kind_page(request, school, found, forms_settings.kind_values(found))


def _kind_page(
    request: Request, school: School, found: WorkKind | None, initial: dict[str, Any]
) -> HttpResponse:
    today = request.user.today
    form = forms_settings.KindForm(request.POST or None, initial=initial | {"since": today})
    save = partial(_save_kind, request, school, found)
    if answer := _sent(request, form, save, "journal:kinds", school):
        return answer
    unmarked, marked = queries.works_from(school.pk, found.code, today) if found else (0, 0)
    end_form = forms_settings.EndForm(initial={"last": today}) if found else None
    more = {"kind": found, "unmarked": unmarked, "marked": marked, "end_form": end_form}
    frame = _frame(request, school, "journal:kinds")
    return _page(request, "settings_kind.html", frame | more, form)


def _save_kind(
    request: Request, school: School, found: WorkKind | None, sent: dict[str, Any]
) -> str:
    since, seen = sent.pop("since"), sent.pop("seen")
    done = actions.set_kind(
        by=request.user, school_id=school.pk, code=found.code if found else "", since=since,
        wanted=actions.KindFields(**sent), today=request.user.today, seen=seen,
    )  # fmt: skip
    moved = count_ru(done.moved, "работа,работы,работ")
    also = f" Новые значения взяли запланированные без отметок: {moved}." if done.moved else ""
    return f"«{done.kind.name}» действует с {day_month_year(since)}.{also}"


@require_POST
@staff_only
def end_kind(request: Request, kind_id: UUID) -> HttpResponse:
    """Offer a kind of work no more after a day."""
    found = get_object_or_404(WorkKind.objects.visible_to(request.user), pk=kind_id)
    school = _school(request, found.school_id)
    form = forms_settings.EndForm(request.POST)

    def save(sent: dict[str, Any]) -> str:
        actions.end_kind(by=request.user, kind=found, last=sent["last"], today=request.user.today)
        return f"«{found.name}»: последний день {day_month_year(sent['last'])}."

    if answer := _sent(request, form, save, "journal:kinds", school):
        return answer
    frame = _frame(request, school, "journal:kinds") | {"name": found.name, "back": "journal:kinds"}
    return _page(request, "settings_end.html", frame, form)


@require_http_methods(["GET", "POST"])
@staff_only
def scales(request: Request) -> HttpResponse:
    """The scales, and the choice of a scale for a subject."""
    school, today = _school(request), request.user.today
    form = forms_settings.ChoiceOfScaleForm(
        request.POST or None, subjects=queries.subjects_of(school.pk),
        scales=queries.scale_names(school.pk, today=today),
    )  # fmt: skip
    save = partial(_save_choice, request, school)
    if answer := _sent(request, form, save, "journal:scales", school):
        return answer
    frame = _frame(request, school, "journal:scales") | {
        "scales": queries.scales_of(school.pk, today=today),
        "uses": queries.scale_uses(school.pk, today=today),
    }
    return _page(request, "settings_scales.html", frame, form)


def _save_choice(request: Request, school: School, sent: dict[str, Any]) -> str:
    done = scale_actions.choose_scale(
        by=request.user, school_id=school.pk, code=sent["scale"], today=request.user.today,
        subject_id=UUID(sent["subject"]) if sent["subject"] else None,
        grade_from=sent["grade_from"], grade_to=sent["grade_to"],
    )  # fmt: skip
    left = f" Уже стоят отметки, шкала прежняя: {'; '.join(done.refused)}."
    return f"Шкала выбрана, журналов: {len(done.changed)}.{left if done.refused else ''}"


@require_http_methods(["GET", "POST"])
@staff_only
def new_scale(request: Request) -> HttpResponse:
    """Add a scale."""
    return _scale_page(request, _school(request), None)


@require_http_methods(["GET", "POST"])
@staff_only
def scale(request: Request, scale_id: UUID) -> HttpResponse:
    """Change a scale from a day: a new version."""
    found = get_object_or_404(Scale.objects.visible_to(request.user), pk=scale_id)
    return _scale_page(request, _school(request, found.school_id), found)


def _scale_page(request: Request, school: School, found: Scale | None) -> HttpResponse:
    initial = forms_settings.scale_values(found) if found else {}
    today = request.user.today
    form = forms_settings.ScaleForm(request.POST or None, initial=initial | {"since": today})
    save = partial(_save_scale, request, school, found)
    if answer := _sent(request, form, save, "journal:scales", school):
        return answer
    frame = _frame(request, school, "journal:scales") | {"scale": found}
    return _page(request, "settings_scale.html", frame, form)


def _save_scale(request: Request, school: School, found: Scale | None, sent: dict[str, Any]) -> str:
    since, seen = sent.pop("since"), sent.pop("seen")
    done = scale_actions.set_scale(
        by=request.user, school_id=school.pk, code=found.code if found else "", since=since,
        wanted=scale_actions.ScaleFields(**sent), today=request.user.today, seen=seen,
    )  # fmt: skip
    return f"Шкала «{done.name}» действует с {day_month_year(since)}."


@require_GET
@staff_only
def final_rules(request: Request) -> HttpResponse:
    school = _school(request)
    found = queries.final_rules_of(school.pk, today=request.user.today)
    context = _frame(request, school, "journal:final_rules") | {"rules": found}
    return render(request, "journal/settings_finals.html", context)


@require_http_methods(["GET", "POST"])
@staff_only
def new_final_rule(request: Request) -> HttpResponse:
    """Add a table of results, from a preset if one is chosen."""
    preset = request.GET.get("preset", "strict")
    chosen = forms_settings.PRESETS.get(preset, forms_settings.PRESETS["strict"])[1]
    return _rule_page(request, _school(request), None, {**forms_settings.NEW_RULE, **chosen})


@require_http_methods(["GET", "POST"])
@staff_only
def final_rule(request: Request, rule_id: UUID) -> HttpResponse:
    """Change a table of results from a day: a new version."""
    found = get_object_or_404(FinalRule.objects.visible_to(request.user), pk=rule_id)
    school = _school(request, found.school_id)
    return _rule_page(request, school, found, forms_settings.rule_values(found))


def _rule_page(
    request: Request, school: School, found: FinalRule | None, initial: dict[str, Any]
) -> HttpResponse:
    today = request.user.today
    since = max(today, found.since) if found else today
    form = forms_settings.FinalRuleForm(
        request.POST or None, initial=initial | {"since": since}, subjects=queries.subjects_of(school.pk),
        scales=queries.scales_in_force(school.pk, today=today),
    )  # fmt: skip
    save = partial(_save_rule, request, school, found)
    if answer := _sent(request, form, save, "journal:final_rules", school):
        return answer
    end_form = forms_settings.EndForm(initial={"last": today}) if found else None
    presets = [(code, name) for code, (name, _) in forms_settings.PRESETS.items()]
    more = {"rule": found, "presets": presets, "end_form": end_form}
    frame = _frame(request, school, "journal:final_rules")
    return _page(request, "settings_final.html", frame | more, form)


def _save_rule(
    request: Request, school: School, found: FinalRule | None, sent: dict[str, Any]
) -> str:
    since, scale, subject = sent.pop("since"), sent.pop("scale"), sent.pop("subject")
    wanted = actions.RuleFields(
        **sent | {"weighted": sent["weighted"] == "yes"}, scale_code=scale,
        subject_id=UUID(subject) if subject else None,
    )  # fmt: skip
    done = actions.set_final_rule(
        by=request.user, school_id=school.pk, rule=found, wanted=wanted, since=since,
        today=request.user.today,
    )  # fmt: skip
    hidden = "" if done.act else " Отметки не предлагаются, пока нет номера локального акта."
    return f"«{done.name}» действует с {day_month_year(since)}.{hidden}"


@require_POST
@staff_only
def end_final_rule(request: Request, rule_id: UUID) -> HttpResponse:
    """Propose nothing by a table after a day."""
    found = get_object_or_404(FinalRule.objects.visible_to(request.user), pk=rule_id)
    school = _school(request, found.school_id)
    form = forms_settings.EndForm(request.POST)

    def save(sent: dict[str, Any]) -> str:
        today = request.user.today
        actions.end_final_rule(by=request.user, rule=found, last=sent["last"], today=today)
        return f"«{found.name}»: последний день {day_month_year(sent['last'])}."

    if answer := _sent(request, form, save, "journal:final_rules", school):
        return answer
    frame = _frame(request, school, "journal:final_rules")
    frame |= {"name": found.name, "back": "journal:final_rules"}
    return _page(request, "settings_end.html", frame, form)


@require_GET
@staff_only
def norms(request: Request) -> HttpResponse:
    school = _school(request)
    found = queries.norm_parts(school.pk, today=request.user.today)
    context = _frame(request, school, "journal:norms") | {"parts": found}
    return render(request, "journal/settings_norms.html", context)


@require_http_methods(["GET", "POST"])
@staff_only
def norm_group(request: Request, code: str) -> HttpResponse:
    """Change the rules of a group from a day."""
    group = next((one for one in norm_texts.GROUPS if one.code == code), None)
    school, today = _school(request), request.user.today
    if group is None:
        raise Http404
    form = forms_norms.NormsForm(
        request.POST or None, group=group, now=norms_on(school.pk, today), initial={"since": today}
    )
    save = partial(_save_norms, request, school, form)
    if answer := _sent(request, form, save, "journal:norms", school):
        return answer
    parts = queries.norm_parts(school.pk, today=today)
    part = next(one for one in parts if one.code == code)
    frame = _frame(request, school, "journal:norms") | {"part": part}
    return _page(request, "settings_norm.html", frame, form)


def _save_norms(
    request: Request, school: School, form: forms_norms.NormsForm, sent: dict[str, Any]
) -> str:
    changed = actions.set_norms(
        by=request.user, school_id=school.pk, values=form.stored(), act=sent["act"],
        since=sent["since"], today=request.user.today,
    )  # fmt: skip
    if not changed:
        return "Изменений нет."
    return f"«{form.group.title}»: действует с {day_month_year(sent['since'])}."

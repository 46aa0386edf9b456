"""The gallery shows every component with data that nobody owns."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

KINDS = (("quarter", "Четверть"), ("year", "Год"))


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the example's page."""

    label: str
    url: str
    current: bool = False
    count: int = 0
    icon: str = ""
    short: str = ""


class ExampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label="Фамилия и имя", help_text="Как в личном деле.")
    kind = forms.ChoiceField(label="Период", choices=KINDS)
    form_of = forms.ChoiceField(label="Форма выписки", choices=KINDS, widget=forms.RadioSelect)
    reason = forms.CharField(label="Причина", widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="Заявление получено")
    file = forms.FileField(label="Скан заявления", required=False)


@require_safe
@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Show the components, where the installation is a demo or a developer's."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    context = {
        "empty_form": ExampleForm(),
        "bad_form": ExampleForm({"name": "", "kind": "quarter"}, prefix="bad"),
        "page": Paginator(range(400), 20).page(7),
        "tabs": (
            Tab("По ученикам", "#a", current=True, count=25),
            Tab("По датам", "#b"),
            Tab("Замены", "#c"),
        ),
        "marks": ("5", "4", "3", "2", "н", "б", "о", "зач"),
        "rows": (
            ("Абдуллина Амина", 3.642),
            ("Гончаренко Дарья", 4.06),
            ("Осипова Виктория", None),
        ),
        "day": date(2026, 11, 16),
        "moment": datetime(2026, 11, 18, 16, 42, tzinfo=UTC),
        "counts": (1, 2, 5, 11, 21, 112),
    }
    return render(request, "ui/gallery.html", context)

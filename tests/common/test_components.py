import pytest
from bs4 import BeautifulSoup
from django import forms
from django.template import Context, Template, TemplateSyntaxError


def render(source, **context):
    return Template(source).render(Context(context))


def soup(source, **context):
    return BeautifulSoup(render(source, **context), "html.parser")


def test_a_component_without_its_words_is_refused():
    with pytest.raises(TemplateSyntaxError, match="nobody gave text"):
        render('{% include "ui/badge.html" with tone="ok" only %}')


def test_a_component_refuses_a_name_it_does_not_know():
    with pytest.raises(TemplateSyntaxError, match="unknown colour"):
        render('{% include "ui/badge.html" with text="замена" colour="ok" only %}')


def test_a_component_without_only_is_refused():
    with pytest.raises(TemplateSyntaxError, match="unknown secret"):
        render('{% include "ui/badge.html" with text="замена" %}', secret="x")


def test_a_mark_is_read_with_its_work():
    chip = soup(
        '{% include "ui/mark.html" with text="5" tone="5" label="контрольная" only %}'
    ).find(class_="mark")
    assert chip["data-tone"] == "5"
    assert chip.get_text(" ", strip=True) == "5 контрольная"


class LeaveForm(forms.Form):
    reason = forms.CharField(label="Причина", help_text="Кратко.")
    agree = forms.BooleanField(label="Согласен")


def test_a_field_has_a_label_its_help_and_its_error():
    form = LeaveForm({"reason": ""})
    page = soup('{% include "ui/field.html" with field=form.reason only %}', form=form)
    field = page.find("input")
    described = field["aria-describedby"].split()
    assert page.find("label")["for"] == field["id"]
    assert [page.find(id=name).get_text(strip=True) for name in described] == [
        "Кратко.",
        "Обязательное поле.",
    ]
    assert field["aria-invalid"] == "true"


def test_help_of_the_page_replaces_help_of_the_form():
    page = soup(
        '{% include "ui/field.html" with field=form.reason help="Где & когда" only %}',
        form=LeaveForm(),
    )
    field = page.find("input")
    assert page.find(id=field["aria-describedby"]).get_text(strip=True) == "Где & когда"


def test_the_summary_leads_to_the_fields():
    form = LeaveForm({})
    page = soup('{% include "ui/form_errors.html" with form=form only %}', form=form)
    assert [link["href"] for link in page.find_all("a")] == ["#id_reason", "#id_agree"]


def test_text_in_a_component_is_escaped():
    html = render('{% include "ui/alert.html" with text=text only %}', text="<script>")
    assert "<script>" not in html

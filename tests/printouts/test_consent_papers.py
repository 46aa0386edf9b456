"""Forms of consents on paper: whole by law, a page each, for those who may sign."""

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from consent.actions import register_decision
from consent.enums import PurposeCode
from consent.models import ConsentText, DecisionKind
from consent.norms import age_on
from consent.queries.texts import version_of
from consent.wording import LIMITS
from people.models import Guardianship, Person, Restriction
from printouts import making, pdf
from printouts.codes import qr_svg
from printouts.consents import LONG, ConsentForm, Signer
from printouts.models import PrintJob
from printouts.queries_consents import years_before
from school.models import SchoolClass
from tests.cast import NOW, SEPTEMBER, TODAY, YEAR, Cast, known
from tests.consent.texts import ADDRESS, OPERATOR, text_of, words
from tests.printouts.papers import codes_on, errors_of_accessibility, is_sound
from tests.printouts.papers import text_of as read

INDEX, ORDER = reverse("printouts:consents"), reverse("printouts:order_consents")
PAGE = "http://127.0.0.1:8000/consent/019a1b2c-1111-7aaa-8bbb-123456789012/?purpose=achievements"


def filled(
    cast: Cast, text: ConsentText, guardian: str = "petya_father", pupil: str = "petya"
) -> str:
    return reverse(
        "printouts:consent_filled", args=[text.pk, cast.guardianships[guardian, pupil].pk]
    )


def limit(cast: Cast, guardian: str, pupil: str) -> None:
    Restriction.objects.create(
        school=cast.school, guardianship=cast.guardianships[guardian, pupil], act_number="2-100/2026",
        act_date=SEPTEMBER, since=SEPTEMBER,
    )  # fmt: skip


def order(client: Any, cast: Cast, text: ConsentText, who: str, school_class: str = "7А") -> Any:
    sent = {"text": text.pk, "school_class": cast.classes[school_class].pk, "who": who}
    return client.post(ORDER, sent)


def pages_of(cast: Cast, job: PrintJob) -> list[str]:
    assert making.make(job_id=job.pk, school_id=cast.school.pk, now=NOW) == "done"
    job.refresh_from_db()
    with job.stored.open("rb") as stored:
        content = stored.read()
    return [read(content, page) for page in range(job.pages)]


# What the law asks (152-ФЗ, ст. 9 ч. 4)


@pytest.mark.clause("T1")
def test_a_filled_form_says_all_nine_things_and_fills_only_what_the_program_keeps(
    cast: Cast, client_of: Any, tmp_path: Path
) -> None:
    text = text_of(cast, processors="ООО «Шлюз», г. Зареченск, ул. Почтовая, д. 7")
    answer = client_of("secretary").get(filled(cast, text))
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    said = " ".join(read(answer.content).split())
    for item in (
        # 1: the subject: name, address, identity document
        "Петров Пётр Степанович, 7А класс", "свидетельство о рождении или паспорт (серия, номер, когда и кем выдано)",
        # 2: the representative: the same and the document of powers
        "Петров Степан Ильич", "документ, удостоверяющий личность (серия, номер, когда и кем выдан)",
        "как родитель на основании: Свидетельство о рождении", "реквизиты этого документа (номер, дата, кем выдан)",
        f"1. Оператор. {OPERATOR}, {ADDRESS}",  # 3
        "2. Цель обработки. Отправка представителю срочных сообщений",  # 4
        "3. Перечень персональных данных. Ребёнка: фамилия",  # 5
        "5. Обработка по поручению оператора. ООО «Шлюз», г. Зареченск, ул. Почтовая, д. 7",  # 6
        "4. Действия с данными и способы обработки. Сбор, запись",  # 7
        "6. Срок действия согласия. Со дня подписания", "7. Способ отзыва. Письменное заявление",  # 8
        "Согласие даю: подпись фамилия, инициалы дата",  # 9
    ):  # fmt: skip
        assert item in said, item
    assert said.count("адрес") >= 3  # of each person, and the operator's words
    assert "Если вы не согласны: отказываюсь" in said
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1
    file = tmp_path / "consent.pdf"
    file.write_bytes(answer.content)
    assert errors_of_accessibility(file) == []
    assert is_sound(file)
    tie = cast.guardianships["petya_father", "petya"]
    page = reverse("consent:decide", args=[tie.pk])
    assert codes_on(file) == [f"http://127.0.0.1:8000{page}?purpose=sms"]


@pytest.mark.clause("T1")
def test_a_blank_form_has_the_same_text_and_nobodys_name(
    cast: Cast, client_of: Any, tmp_path: Path
) -> None:
    text = text_of(cast)
    answer = client_of("ivan").get(reverse("printouts:consent_blank", args=[text.pk]))
    said = read(answer.content)
    assert OPERATOR in said
    assert "кем прихожусь ребёнку, документ о полномочиях" in said
    assert "Петров" not in said
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1
    file = tmp_path / "blank.pdf"
    file.write_bytes(answer.content)
    assert errors_of_accessibility(file) == []
    assert codes_on(file) == []


@pytest.mark.parametrize("share", ["usual", "all"])
def test_the_longest_text_still_fits_on_a_page(cast: Cast, share: str) -> None:
    most = sum(LIMITS.values())
    signer = Signer(
        "Гончаренко-Ковалевская Александра Константиновна", "иной законный представитель", "Ж" * 300,
        known("p"), "Гончаренко-Ковалевский Константин Константинович", "11А", PAGE, qr_svg(PAGE, title="Код"), pupil_signs=True,
    )  # fmt: skip
    room = 1.0 if share == "all" else (LONG - 300) / most
    long = {
        name: ("обработка данных " * 60)[: int(limit * room) - 3] for name, limit in LIMITS.items()
    }
    version = version_of(text_of(cast), day=TODAY)
    for whom in (signer, replace(signer, ground=""), None):
        paper = ConsentForm(replace(version, wording=words(**long)), "Школа", TODAY, whom)
        made = pdf.render(
            "printouts/paper/consent.html",
            {"paper": paper, "title": "Согласие"},
            style="consent.css",
        )
        assert made.pages == 1


# Who is given one


@pytest.mark.clause("U8")
def test_whom_a_court_limits_gets_no_form(cast: Cast, client_of: Any) -> None:
    text = text_of(cast)
    limit(cast, "olya_father", "olya")
    refused = client_of("secretary").get(filled(cast, text, "olya_father", "olya"))
    assert refused.status_code == 409
    assert "ограничено судом" in refused.content.decode()
    page = reverse(
        "printouts:consents_of_family", args=[cast.guardianships["olya_father", "olya"].pk]
    )
    html = client_of("secretary").get(page).content.decode()
    assert "Бланков нет" in html
    order(client_of("secretary"), cast, text, "all")
    pages = pages_of(cast, PrintJob.objects.get())
    assert len(pages) == 4
    assert not any("Ёлкин Виктор" in page for page in pages)


@pytest.mark.clause("T1")
def test_a_class_gets_a_page_for_every_representative_in_the_classes_order(
    cast: Cast, client_of: Any
) -> None:
    text = text_of(cast)
    answer = order(client_of("ivan"), cast, text, "all")
    job = PrintJob.objects.get()
    assert answer["Location"] == reverse("printouts:job", args=[job.pk])
    assert job.total == 5
    pages = pages_of(cast, job)
    names = ("Ёлкин Виктор", "Ёлкина Ольга", "Петров Степан", "Сидорова Раиса", "Тихонова Вера")
    assert len(pages) == 5
    assert all(name in page for name, page in zip(names, pages, strict=True))
    assert all("стр. 1 из 1" in page for page in pages)
    html = client_of("ivan").get(answer["Location"]).content.decode()
    assert "Готово: 5\xa0бланков" in html.replace("&nbsp;", "\xa0")
    assert reverse("printouts:consents") in html


def test_whose_decision_is_registered_needs_no_form(cast: Cast, client_of: Any) -> None:
    text = text_of(cast)
    for guardian, pupil, kind in (
        ("petya_father", "petya", "consent"), ("vitya_mother", "vitya", "refusal"),
        ("olya_mother", "olya", "consent"),
    ):  # fmt: skip
        register_decision(
            by=cast.user("secretary"), signer=cast.people[guardian], subject=cast.pupils[pupil],
            kind=DecisionKind(kind), purpose=PurposeCode.SMS, decided_on=TODAY, now=NOW,
        )  # fmt: skip
    order(client_of("secretary"), cast, text, "undecided")
    pages = pages_of(cast, PrintJob.objects.get())
    assert [("Ёлкин Виктор" in page, "Тихонова" in page) for page in pages] == [
        (True, False),
        (False, True),
    ]


def test_a_class_where_everybody_decided_is_told_so(cast: Cast, client_of: Any) -> None:
    text = text_of(cast, PurposeCode.DIARY)
    answer = order(client_of("secretary"), cast, text, "undecided", "5Б")
    assert answer.status_code == 422
    assert "дать некому" in answer.content.decode()
    assert PrintJob.objects.count() == 0


def test_a_second_press_finds_the_first_order(cast: Cast, client_of: Any) -> None:
    text = text_of(cast)
    client = client_of("secretary")
    assert (
        order(client, cast, text, "all")["Location"] == order(client, cast, text, "all")["Location"]
    )
    assert PrintJob.objects.count() == 1


def test_past_wordings_are_shown_and_not_signed(cast: Cast, client_of: Any) -> None:
    past = text_of(cast)
    now = text_of(cast, number=2, since=TODAY)
    planned = text_of(cast, number=3, since=TODAY + timedelta(days=9))
    client = client_of("secretary")
    assert client.get(filled(cast, past)).status_code == 409
    assert client.get(reverse("printouts:consent_blank", args=[past.pk])).status_code == 200
    assert order(client, cast, past, "all").status_code == 409
    html = client.get(INDEX).content.decode()
    assert str(past.pk) not in html
    assert str(now.pk) in html
    assert str(planned.pk) in html
    assert client.get(filled(cast, planned)).status_code == 200


def test_an_ended_representation_gets_no_form(cast: Cast, client_of: Any) -> None:
    text = text_of(cast)
    ended = Guardianship.objects.filter(pk=cast.guardianships["petya_father", "petya"].pk)
    ended.update(until=TODAY - timedelta(days=1))
    assert client_of("secretary").get(filled(cast, text)).status_code == 409


def test_the_pupils_age_decides_whose_signature_there_is_room_for(
    cast: Cast, client_of: Any
) -> None:
    text = text_of(cast)
    client = client_of("secretary")
    petya = Person.objects.filter(pk=cast.people["petya"].pk)
    for born, pupil_signs in ((date(2012, 11, 19), False), (date(2012, 11, 18), True)):
        petya.update(birth_date=born)
        said = read(client.get(filled(cast, text)).content)
        assert ("Ученик, если по возрасту подписывает" in said) is pupil_signs
    petya.update(birth_date=date(2008, 11, 18))
    assert client.get(filled(cast, text)).status_code == 409
    order(client, cast, text, "all")
    assert not any("Петров" in page for page in pages_of(cast, PrintJob.objects.get()))


@pytest.mark.parametrize(
    ("day", "years", "before"),
    [(date(2026, 11, 18), 18, date(2008, 11, 18)), (date(2028, 2, 29), 18, date(2010, 2, 28))],
)
def test_years_before_a_day(day: date, years: int, before: date) -> None:
    assert years_before(day, years) == before
    assert age_on(before, day) == years
    assert age_on(before + timedelta(days=1), day) == years - 1


# Whose paper it is


@pytest.mark.parametrize(
    ("name", "status"),
    [("nina", 200), ("ivan", 200), ("maria", 404), ("admin", 403), ("petya_father", 404),
     ("stranger", 404), ("other_head", 404)],
)  # fmt: skip
def test_who_prints_for_a_family(cast: Cast, client_of: Any, name: str, status: int) -> None:
    text = text_of(cast)
    assert client_of(name).get(filled(cast, text)).status_code == status


def test_another_schools_papers_are_not_found(cast: Cast, client_of: Any) -> None:
    theirs = text_of(cast, school="other_school")
    assert client_of("secretary").get(filled(cast, theirs)).status_code == 404
    blank = reverse("printouts:consent_blank", args=[theirs.pk])
    assert client_of("secretary").get(blank).status_code == 404
    assert client_of("other_head").get(blank).status_code == 200
    assert order(client_of("secretary"), cast, theirs, "all").status_code == 404
    ours = text_of(cast)
    assert order(client_of("secretary"), cast, ours, "all", "other 7А").status_code == 404
    assert order(client_of("ivan"), cast, ours, "all", "5Б").status_code == 404


def test_an_unfinished_order_is_answered_with_a_sentence(cast: Cast, client_of: Any) -> None:
    text_of(cast)
    client = client_of("secretary")
    for sent in ({}, {"text": "x", "school_class": "\0", "who": "nobody"}):
        answer = client.post(ORDER, sent)
        assert answer.status_code == 422
        assert "Выберите класс." in answer.content.decode()
    assert client.get(INDEX, {"class": "x", "text": "\0"}).status_code == 200


def test_a_branchs_class_gets_the_branchs_text(cast: Cast, client_of: Any) -> None:
    fifth = SchoolClass.objects.create(
        school=cast.branch, year=YEAR, grade_level=5, letter="", sort_key=""
    )
    branchs, ours = text_of(cast, school="branch"), text_of(cast)
    client = client_of("head")
    for text, school_class in ((branchs, cast.classes["7А"]), (ours, fifth)):
        sent = {"text": text.pk, "school_class": school_class.pk, "who": "all"}
        answer = client.post(ORDER, sent)
        assert answer.status_code == 422
        assert "согласие другой школы" in answer.content.decode()


def test_the_office_sees_its_forms_and_no_diaries(cast: Cast, client_of: Any) -> None:
    text = text_of(cast)
    order(client_of("secretary"), cast, text, "all")
    job = PrintJob.objects.get()
    pages_of(cast, job)
    file = reverse("printouts:download", args=[job.pk])
    for name, status in (("secretary", 200), ("ivan", 200), ("maria", 404), ("other_head", 404)):
        answer = client_of(name).get(file)
        assert answer.status_code == status
        assert status == 404 or b"".join(answer.streaming_content).startswith(b"%PDF")
    assert job.title in client_of("secretary").get(INDEX).content.decode()
    PrintJob.objects.filter(pk=job.pk).update(kind="week_extract")
    assert client_of("secretary").get(file).status_code == 404


def test_the_pages_lead_to_the_forms(cast: Cast, client_of: Any) -> None:
    text = text_of(cast)
    client = client_of("ivan")
    tie = cast.guardianships["petya_father", "petya"]
    family = client.get(reverse("consent:decide", args=[tie.pk])).content.decode()
    forms = reverse("printouts:consents_of_family", args=[tie.pk])
    assert forms in family
    assert filled(cast, text) in client.get(forms).content.decode()
    seven = str(cast.classes["7А"].pk)
    register = client.get(reverse("consent:register"), {"class": seven}).content.decode()
    assert f"{INDEX}?class={seven}" in register
    assert (
        f'<option value="{seven}" selected>' in client.get(INDEX, {"class": seven}).content.decode()
    )


def test_a_representative_without_a_recorded_document_writes_it_in(
    cast: Cast, client_of: Any
) -> None:
    text = text_of(cast)
    ties = Guardianship.objects.filter(pk=cast.guardianships["petya_father", "petya"].pk)
    ties.update(ground="", kind="guardian")
    Person.objects.filter(pk=cast.people["petya_father"].pk).update(last_name="O'Нил <b>")
    said = read(client_of("secretary").get(filled(cast, text)).content)
    assert "как опекун на основании документа" in said
    assert "реквизиты этого документа" not in said
    assert "O'Нил <b> Степан Ильич" in said

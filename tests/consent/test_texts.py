"""The texts of consents: whole by law, by version, never edited."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from common.errors import Forbidden
from consent.actions import register_decision
from consent.actions.texts import add_text, cancel_text
from consent.enums import PurposeCode
from consent.errors_texts import (
    TextIncomplete,
    TextInPast,
    TextNotLater,
    TextStands,
    TextTooFar,
    TextTooLong,
)
from consent.models import ConsentText, DecisionKind
from consent.models.purposes import REQUIRED
from consent.queries.texts import texts_of_purpose
from consent.samples import sample
from consent.wording import LIMITS, Part
from tests.cast import NOW, SEPTEMBER, TODAY, Cast
from tests.consent.texts import ADDRESS, OPERATOR, text_of, words

TEXTS = reverse("consent:texts")
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
FAR = date(2099, 1, 1)  # the database reads its own clock
SMS = PurposeCode.SMS


def add(cast: Cast, since: date = TODAY, by: str = "nina", **changed: str) -> ConsentText:
    return add_text(
        by=cast.user(by),
        school=cast.school,
        code=SMS,
        wording=words(**changed),
        since=since,
        now=NOW,
    )


def address(cast: Cast, name: str = "consent:text", code: str = "sms") -> str:
    return reverse(name, args=[cast.school.pk, code])


def form(**changed: str) -> dict[str, str]:
    said = words()
    fields = {name: getattr(said, name) for name in LIMITS}
    return fields | {"since": TODAY.isoformat()} | changed


# The rules


@pytest.mark.clause("T1")
def test_versions_follow_one_another_and_the_day_chooses(cast: Cast) -> None:
    first = add(cast, since=SEPTEMBER)  # a school brings the text it has
    second = add(cast, since=TOMORROW, processors="ООО «Другие», г. Н")
    assert (first.number, second.number) == (1, 2)
    shown = texts_of_purpose(cast.user("nina"), cast.school, SMS, day=TODAY).versions
    assert [(v.number, v.state, v.until) for v in shown] == [
        (2, "planned", None),
        (1, "in_force", TODAY),
    ]
    later = texts_of_purpose(cast.user("nina"), cast.school, SMS, day=TOMORROW).versions
    assert [(v.number, v.state) for v in later] == [(2, "in_force"), (1, "past")]


@pytest.mark.clause("T1")
def test_a_decision_refers_to_the_version_of_its_day(cast: Cast) -> None:
    first = add(cast, since=SEPTEMBER)
    second = add(cast, since=TODAY, term="Год.")
    for day, text in ((YESTERDAY, first), (TODAY, second)):
        decision = register_decision(
            by=cast.user("secretary"), signer=cast.people["petya_father"], subject=cast.pupils["petya"],
            kind=DecisionKind.CONSENT, purpose=SMS, decided_on=day, now=NOW,
        )  # fmt: skip
        assert decision.text == text


@pytest.mark.parametrize(
    ("since", "refusal"), [(SEPTEMBER, TextNotLater), (date(2026, 8, 1), TextNotLater), (YESTERDAY, TextInPast),
     (date(2029, 9, 1), TextTooFar)]
)  # fmt: skip
def test_a_version_begins_after_the_last_and_not_in_the_past(
    cast: Cast, since: date, refusal: type[Exception]
) -> None:
    add(cast, since=SEPTEMBER)
    with pytest.raises(refusal):
        add(cast, since=since)
    assert ConsentText.objects.filter(purpose__code=SMS).count() == 1


@pytest.mark.clause("T1")
@pytest.mark.parametrize("field", REQUIRED)
def test_a_consent_without_what_the_law_asks_is_refused(cast: Cast, field: str) -> None:
    with pytest.raises(TextIncomplete):
        add(cast, **{field: "  "})
    with pytest.raises(DatabaseError), transaction.atomic():
        text_of(cast, **{field: ""})


def test_a_text_that_no_page_holds_is_refused(cast: Cast) -> None:
    with pytest.raises(TextTooLong):
        add(cast, categories="х" * (LIMITS["categories"] + 1))


@pytest.mark.parametrize("by", ["secretary", "ivan", "admin", "branch_head", "other_head", "maria"])
def test_only_who_keeps_the_regulation_writes(cast: Cast, by: str) -> None:
    with pytest.raises(Forbidden):
        add(cast, by=by)
    text = text_of(cast, since=FAR)
    with pytest.raises(Forbidden):
        cancel_text(by=cast.user(by), text=text, now=NOW)


@pytest.mark.clause("T1")
def test_the_database_keeps_a_version_as_it_was(cast: Cast) -> None:
    stood = text_of(cast, since=date(2020, 1, 1))
    planned = text_of(cast, number=2, since=FAR)
    for change in (
        lambda: ConsentText.objects.filter(pk=planned.pk).update(term="Вечно"),
        lambda: ConsentText.objects.filter(pk=stood.pk).update(term="Вечно"),
        lambda: ConsentText.objects.filter(pk=stood.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert ConsentText.objects.filter(term="Вечно").count() == 0


def test_a_version_that_has_not_begun_is_taken_back_and_remembered(cast: Cast) -> None:
    text = text_of(cast, since=FAR)
    key = text.pk
    cancel_text(by=cast.user("nina"), text=text, now=NOW)
    assert not ConsentText.objects.filter(pk=key).exists()
    told = AuditEvent.objects.filter(row_id=key).order_by("id")
    assert [event.action for event in told] == ["I", "D"]


def test_a_version_that_began_or_was_signed_stands(cast: Cast) -> None:
    begun = text_of(cast, since=TODAY)
    with pytest.raises(TextStands):
        cancel_text(by=cast.user("nina"), text=begun, now=NOW)
    register_decision(
        by=cast.user("secretary"), signer=cast.people["petya_father"], subject=cast.pupils["petya"],
        kind=DecisionKind.CONSENT, purpose=SMS, decided_on=TODAY, now=NOW,
    )  # fmt: skip
    with pytest.raises(TextStands):
        cancel_text(by=cast.user("nina"), text=begun, now=NOW - timedelta(days=9))


def test_every_purpose_has_a_sample_that_fits() -> None:
    for code in PurposeCode:
        said = sample(code)
        assert all(len(getattr(said, name)) <= most for name, most in LIMITS.items())
        assert all(getattr(said, name) for name in REQUIRED if not name.startswith("operator"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("имя", "имя"),
        ("имя;\nкласс\n\n отметки", "имя; класс; отметки"),
        ("Ребёнка:\nимя\nкласс.", "Ребёнка: имя; класс."),
    ],
)
def test_a_list_by_lines_becomes_a_sentence(text: str, line: str) -> None:
    assert Part("Перечень", text).line == line


# The pages


@pytest.mark.parametrize(
    ("name", "status"),
    [("nina", 200), ("head", 200), ("secretary", 200), ("ivan", 200), ("maria", 403), ("admin", 403),
     ("olya_mother", 404), ("olya", 404)],
)  # fmt: skip
def test_who_reads_the_texts(cast: Cast, client_of: Any, name: str, status: int) -> None:
    text_of(cast)
    assert client_of(name).get(TEXTS).status_code == status
    assert client_of(name).get(address(cast)).status_code == status


def test_the_list_tells_what_is_in_force_and_what_comes(cast: Cast, client_of: Any) -> None:
    text_of(cast)
    text_of(cast, number=2, since=TOMORROW)
    html = client_of("secretary").get(TEXTS).content.decode()
    assert "с 01.09.2026" in html
    assert "с 19.11.2026" in html
    assert html.count("текста нет") == 2 * (len(PurposeCode) - 1) + 1  # the branch has none
    assert "Записать текст" not in html


def test_a_purpose_shows_its_text_whole(cast: Cast, client_of: Any) -> None:
    text_of(cast, withdrawal="Заявлением директору.")
    html = client_of("ivan").get(address(cast)).content.decode()
    for said in (OPERATOR, ADDRESS, "Заявлением директору.", "Перечень персональных данных"):
        assert said in html
    assert "Новая редакция" not in html


@pytest.mark.clause("T1")
def test_a_new_version_begins_with_the_last_one(cast: Cast, client_of: Any) -> None:
    client = client_of("nina")
    page = client.get(address(cast, "consent:text_new")).content.decode()
    assert "Это образец" in page
    assert "Средняя школа № 1" in page
    assert client.post(address(cast, "consent:text_new"), form(goal="Моя цель.")).status_code == 302
    again = client.get(address(cast, "consent:text_new")).content.decode()
    assert "Моя цель." in again
    assert f'value="{TOMORROW.isoformat()}"' in again
    assert ConsentText.objects.get(purpose__code="sms").goal == "Моя цель."


def test_a_branchs_text_names_the_school_above_as_operator(cast: Cast, client_of: Any) -> None:
    page = client_of("head").get(reverse("consent:text_new", args=[cast.branch.pk, "diary"]))
    assert "Средняя школа № 1" in page.content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"term": ""}, "без этого согласие недействительно"),
        ({"since": ""}, "с какого дня"),
        ({"since": "вчера"}, "Запишите дату"),
        ({"since": "2026-08-01"}, "позже этого дня"),
        ({"since": "9999-12-31"}, "в двух следующих"),
        ({"since": "2026-11-17"}, "начинается сегодня или позже"),
        ({"text": "х" * 501}, "сократите текст"),
        ({"goal": "a\0b"}, "Проверьте введённое"),
    ],
)
def test_a_wrong_version_is_answered_with_a_sentence_and_nothing_is_lost(
    cast: Cast, client_of: Any, changed: dict[str, str], sentence: str
) -> None:
    text_of(cast)
    sent = form(processing="Только чтение.") | changed
    answer = client_of("nina").post(address(cast, "consent:text_new"), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Только чтение." in answer.content.decode()
    assert ConsentText.objects.filter(purpose__code="sms").count() == 1


def test_a_text_at_its_longest_is_written_whatever_ends_its_lines(
    cast: Cast, client_of: Any
) -> None:
    lines = "\n".join(["имя"] * 125)
    assert len(lines) == LIMITS["text"] - 1
    sent = form(text=lines.replace("\n", "\r\n"))
    assert client_of("nina").post(address(cast, "consent:text_new"), sent).status_code == 302


def test_a_planned_version_is_cancelled_on_its_page(cast: Cast, client_of: Any) -> None:
    text = text_of(cast, since=FAR)
    client = client_of("head")
    assert "Отменить редакцию" in client.get(address(cast)).content.decode()
    client.post(reverse("consent:text_cancel", args=[text.pk]))
    assert not ConsentText.objects.filter(pk=text.pk).exists()


def test_strangers_and_unknown_purposes_are_not_found(cast: Cast, client_of: Any) -> None:
    text = text_of(cast, since=FAR)
    for name in ("other_head", "stranger", "branch_head"):
        assert client_of(name).get(address(cast)).status_code == 404
        assert client_of(name).get(address(cast, "consent:text_new")).status_code == 404
        cancelled = client_of(name).post(reverse("consent:text_cancel", args=[text.pk]))
        assert cancelled.status_code == 404
    assert client_of("nina").get(address(cast, code="nothing")).status_code == 404


def test_the_list_costs_the_same_whatever_the_versions(cast: Cast, client_of: Any) -> None:
    client = client_of("secretary")
    counts = []
    for number in (1, 2, 3):
        text_of(cast, number=number, since=SEPTEMBER + timedelta(days=number))
        with CaptureQueriesContext(connection) as captured:
            client.get(TEXTS)
        counts.append(len(captured))
    assert len(set(counts[1:])) == 1

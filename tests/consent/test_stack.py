"""A returned stack of papers: a row for every signer of the class, all written at once or none."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import urlencode

from common.errors import Forbidden
from consent import actions
from consent.enums import PurposeCode
from consent.errors import DecisionChanged, StackRefused
from consent.models import Decision, DecisionKind, Scan
from people.models import Person, Pupil, Restriction, RoleAssignment
from people.scope import scope
from printouts.policy import can_print_consents
from school.models import Enrolment
from tests.cast import ALL_SCHOOLS, NOW, SEPTEMBER, TODAY, Cast
from tests.consent.test_scans import pdf, photo, stored
from tests.consent.texts import text_of

TOMORROW = TODAY + timedelta(days=1)


def stack_of(cast: Cast, name: str = "7А", **query: str) -> str:
    return f"{reverse('consent:stack', args=[cast.classes[name].pk])}?{urlencode(query)}"


def key(cast: Cast, pupil: str, signer: str) -> str:
    return f"{cast.pupils[pupil].pk}:{cast.people[signer].pk}"


def rows(html: str) -> list[str]:
    found = BeautifulSoup(html, "html.parser").select(".stack-rows tbody tr")
    return [" ".join(row.select("th, td")[0].text.split() + row.select("td")[0].text.split()) for row in found]  # fmt: skip


def last(cast: Cast, pupil: str, signer: str, purpose: str = "diary") -> Decision | None:
    made = Decision.objects.filter(subject=cast.pupils[pupil], signer=cast.people[signer])
    return made.filter(purpose__code=purpose).latest_first().first()


def filled(html: str) -> dict[str, str]:
    """What a browser sends when nobody touches the form."""
    form = BeautifulSoup(html, "html.parser").select("form[method=post]")[-1]
    sent = {each["name"]: each.get("value", "") for each in form.select("input[name]") if each.get("type") not in {"radio", "file"}}  # fmt: skip
    return sent | marked(html)


def marked(html: str) -> dict[str, str]:
    soup = BeautifulSoup(html, "html.parser")
    return {each["name"]: each["value"] for each in soup.select("input[type=radio][checked]")}


@pytest.mark.clause("T1")
def test_the_class_list_with_what_is_decided_marked(cast: Cast, client_of: Any) -> None:
    html = client_of("ivan").get(stack_of(cast)).content.decode()
    assert rows(html) == [
        "1. Ёлкина Оля Ёлкин Виктор Павлович родитель",
        "1. Ёлкина Оля Ёлкина Ольга Викторовна родитель",
        "2. Петров Пётр Петров Степан Ильич родитель",
        "3. Сидоров Виктор Сидорова Раиса Захаровна родитель",
        "4. Тихонов Тимур Тихонова Вера Олеговна родитель",
    ]
    assert sorted(marked(html).values()) == ["", "consent", "consent", "consent", "refusal"]


@pytest.mark.clause("T1", "G2.2b")
def test_a_stack_is_registered_with_its_scans_and_what_stands_is_left(
    cast: Cast, client_of: Any
) -> None:
    timur, vitya = key(cast, "timur", "no_consent"), key(cast, "vitya", "vitya_mother")
    petya = key(cast, "petya", "petya_father")
    browser = client_of("ivan")
    sent = filled(browser.get(stack_of(cast)).content.decode()) | {
        "decided_on": "2026-11-17", f"{timur}-kind": "consent", f"{timur}-upload": photo(),
        f"{timur}-note": "принёс сам", f"{vitya}-kind": "refusal", f"{petya}-kind": "consent",
    }  # fmt: skip
    before = Decision.objects.count()
    answer = browser.post(stack_of(cast), sent, follow=True)
    assert "Записано: 1 решение" in answer.content.decode().replace("\xa0", " ")
    assert Decision.objects.count() == before + 1
    made = Decision.objects.get(signer=cast.people["no_consent"])
    assert (made.kind, str(made.decided_on), made.note, made.registered_by_id) == (
        "consent", "2026-11-17", "принёс сам", cast.users["ivan"].pk,
    )  # fmt: skip
    assert [each.name for each in made.scans.all()] == ["IMG_1.jpg"]
    tie = cast.guardianships["no_consent", "timur"]
    tie.refresh_from_db()
    assert tie.open_from == TODAY


def test_a_changed_mark_is_a_new_decision_and_a_file_alone_joins_the_old(
    cast: Cast, client_of: Any
) -> None:
    petya, olya = key(cast, "petya", "petya_father"), key(cast, "olya", "olya_mother")
    browser = client_of("secretary")
    sent = filled(browser.get(stack_of(cast)).content.decode()) | {
        "decided_on": TODAY.isoformat(), f"{petya}-kind": "refusal", f"{olya}-kind": "consent",
        f"{olya}-upload": pdf(),
    }  # fmt: skip
    before = Decision.objects.count()
    answer = browser.post(stack_of(cast), sent, follow=True)
    assert answer.redirect_chain
    assert "Файл приложен к решению от 01.09.2026" in answer.content.decode()
    assert Decision.objects.count() == before + 1
    scan = Scan.objects.get()
    assert (scan.decision.signer_id, scan.decision.decided_on) == (
        cast.people["olya_mother"].pk,
        SEPTEMBER,
    )


@pytest.mark.clause("T1")
def test_a_row_that_cannot_be_written_is_named_and_nothing_is_lost(
    cast: Cast, client_of: Any
) -> None:
    Enrolment.objects.filter(pupil=cast.pupils["timur"]).update(until=TODAY - timedelta(days=1))
    timur, vitya = key(cast, "timur", "no_consent"), key(cast, "vitya", "vitya_mother")
    browser = client_of("ivan")
    sent = filled(browser.get(stack_of(cast)).content.decode()) | {
        "decided_on": "2026-11-17", f"{timur}-kind": "consent", f"{timur}-note": "принёс сам",
        f"{vitya}-kind": "consent", f"{vitya}-upload": photo(),
    }  # fmt: skip
    before, files = Decision.objects.count(), stored()
    answer = browser.post(stack_of(cast), sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert (Decision.objects.count(), Scan.objects.count(), stored()) == (before, 0, files)
    wrong = BeautifulSoup(html, "html.parser").select("tr.has-errors")
    assert len(wrong) == 1
    assert "Тихонов" in wrong[0].text
    assert "Обучение закончено" in wrong[0].text
    assert marked(html)[f"{vitya}-kind"] == "consent"
    assert 'value="принёс сам"' in html
    assert 'value="2026-11-17"' in html
    assert "Файлы выберите ещё раз" in html


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"decided_on": "2027-01-01", "kind": "consent"}, "ещё не наступила"),
        ({"decided_on": "вчера", "kind": "consent"}, "Введите правильную дату"),
        ({"decided_on": "", "kind": "consent"}, "Обязательное поле"),
        ({"decided_on": "2026-11-17"}, "Ничего не отмечено"),
        ({"decided_on": "2026-11-17", "kind": "maybe"}, "Выберите корректный вариант"),
        ({"decided_on": "2026-11-17", "note": "без решения"}, "отметьте его"),
        ({"decided_on": "2026-11-17", "upload": "pdf"}, "К чему приложить файл"),
        ({"decided_on": "2026-11-17", "kind": "consent", "note": "я" * 301}, "300"),
        ({"decided_on": "2026-11-17", "kind": "consent", "note": "a\x00b"}, "Данные содержат запрещённый символ"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_with_a_sentence(
    cast: Cast, client_of: Any, part: dict[str, Any], words: str
) -> None:
    prefix = key(cast, "timur", "no_consent")
    sent = {
        (name if name == "decided_on" else f"{prefix}-{name}"): pdf() if name == "upload" else value
        for name, value in part.items()
    }
    before = Decision.objects.count()
    answer = client_of("ivan").post(stack_of(cast), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Decision.objects.count() == before


@pytest.mark.clause("T1")
def test_another_purpose_has_a_stack_of_its_own(cast: Cast, client_of: Any) -> None:
    url = stack_of(cast, purpose="sms")
    teacher = client_of("ivan")
    assert set(marked(teacher.get(url).content.decode()).values()) == {""}
    timur = key(cast, "timur", "no_consent")
    teacher.post(url, {"decided_on": TODAY.isoformat(), f"{timur}-kind": "consent"})
    made = Decision.objects.get(signer=cast.people["no_consent"])
    assert made.purpose.code == "sms"
    tie = cast.guardianships["no_consent", "timur"]
    tie.refresh_from_db()
    assert tie.open_from is None


@pytest.mark.clause("T1")
@pytest.mark.parametrize(("years", "place"), [(13, None), (14, 1), (18, 0)])
def test_the_pupils_own_row_is_there_by_age(
    cast: Cast, client_of: Any, years: int, place: int | None
) -> None:
    Person.objects.filter(pk=cast.people["timur"].pk).update(
        birth_date=TODAY.replace(year=TODAY.year - years)
    )
    found = [
        row for row in rows(client_of("ivan").get(stack_of(cast)).content.decode()) if "4." in row
    ]
    own = [at for at, row in enumerate(found) if "сам ученик" in row]
    assert own == ([] if place is None else [place])


def test_whom_a_court_limits_has_no_row(cast: Cast, client_of: Any) -> None:
    Restriction.objects.create(
        school=cast.school, guardianship=cast.guardianships["no_consent", "timur"],
        act_number="2-1", act_date=SEPTEMBER, since=SEPTEMBER,
    )  # fmt: skip
    assert len(rows(client_of("ivan").get(stack_of(cast)).content.decode())) == 4


def test_rows_that_are_not_of_the_class_are_not_read(cast: Cast, client_of: Any) -> None:
    kolya = key(cast, "kolya", "olya_mother")
    sent = {"decided_on": TODAY.isoformat(), f"{kolya}-kind": "refusal"}
    before = Decision.objects.count()
    assert client_of("ivan").post(stack_of(cast), sent).status_code == 422
    assert Decision.objects.count() == before


@pytest.mark.parametrize(
    ("name", "status"),
    [("secretary", 200), ("head", 200), ("nina", 200), ("ivan", 200), ("maria", 404), ("svetlana", 404), ("admin", 404),
     ("petya_father", 404), ("olya", 404), ("stranger", 404), ("other_head", 404)],
)  # fmt: skip
def test_who_opens_the_stack(cast: Cast, client_of: Any, name: str, status: int) -> None:
    assert client_of(name).get(stack_of(cast)).status_code == status


def test_to_lead_a_class_without_the_role_opens_no_stack_and_prints_no_forms(
    cast: Cast, client_of: Any
) -> None:
    where = stack_of(cast, "5Б")
    assert client_of("svetlana").get(where).status_code == 404
    assert not can_print_consents(cast.user("svetlana"), cast.classes["5Б"])
    person = cast.people["svetlana"]
    RoleAssignment.objects.create(
        school=cast.school, person=person, role="class_teacher", since=SEPTEMBER
    )
    assert client_of("svetlana").get(where).status_code == 200
    assert can_print_consents(cast.user("svetlana"), cast.classes["5Б"])


def withdraw(cast: Cast) -> Decision:
    return actions.register_decision(
        by=cast.user("secretary"), signer=cast.people["petya_father"], subject=cast.pupils["petya"],
        kind=DecisionKind.WITHDRAWAL, decided_on=TODAY, now=NOW,
    )  # fmt: skip


@pytest.mark.clause("T1")
def test_a_page_opened_before_a_withdrawal_gives_no_consent_anew(
    cast: Cast, client_of: Any
) -> None:
    browser, url = client_of("ivan"), stack_of(cast)
    petya, timur = key(cast, "petya", "petya_father"), key(cast, "timur", "no_consent")
    sent = filled(browser.get(url).content.decode())
    assert sent[f"{petya}-kind"] == "consent"
    withdrawal = withdraw(cast)
    again = browser.post(url, sent | {f"{timur}-note": "без решения"})
    assert again.status_code == 422
    now = filled(again.content.decode())
    assert (now[f"{petya}-kind"], now[f"{petya}-last"]) == ("", str(withdrawal.pk))
    assert browser.post(url, sent | {f"{timur}-kind": "consent"}).status_code == 302
    assert last(cast, "petya", "petya_father") == withdrawal
    assert last(cast, "timur", "no_consent") is not None


@pytest.mark.parametrize("part", [{"kind": "refusal"}, {"upload": "pdf"}])
def test_a_row_that_would_write_over_a_decision_unseen_is_refused(
    cast: Cast, client_of: Any, part: dict[str, str]
) -> None:
    browser, url, petya = client_of("ivan"), stack_of(cast), key(cast, "petya", "petya_father")
    sent: dict[str, Any] = filled(browser.get(url).content.decode())
    withdrawal = withdraw(cast)
    sent |= {
        f"{petya}-{name}": pdf() if name == "upload" else value for name, value in part.items()
    }
    answer = browser.post(url, sent)
    assert answer.status_code == 422
    assert "Решение изменилось, пока вы работали" in answer.content.decode()
    assert last(cast, "petya", "petya_father") == withdrawal
    assert not Scan.objects.exists()


def test_the_action_itself_refuses_a_paper_laid_over_another_decision(cast: Cast) -> None:
    (sheet,) = sheets(cast, ("petya", "petya_father"))
    withdrawal = withdraw(cast)
    with pytest.raises(StackRefused) as refused:
        register(cast, [sheet])
    assert refused.value.rows == {sheet.key: DecisionChanged.message}
    assert last(cast, "petya", "petya_father") == withdrawal


@pytest.mark.parametrize(("since", "is_new"), [(TODAY, True), (SEPTEMBER, True), (TOMORROW, False)])
def test_a_file_of_a_paper_signed_by_another_text_is_a_new_decision(
    cast: Cast, client_of: Any, since: date, is_new: bool
) -> None:
    text = text_of(cast, PurposeCode.DIARY, since=since)
    browser, url, olya = client_of("ivan"), stack_of(cast), key(cast, "olya", "olya_mother")
    before = last(cast, "olya", "olya_mother")
    sent = filled(browser.get(url).content.decode())
    browser.post(url, sent | {"decided_on": TODAY.isoformat(), f"{olya}-upload": pdf()})
    now = last(cast, "olya", "olya_mother")
    assert now is not None
    assert (now != before, now.kind) == (is_new, "consent")
    assert now.text == (text if is_new else None)
    assert Scan.objects.get().decision == now


def test_a_class_of_many_signers_sends_many_empty_files(cast: Cast, client_of: Any) -> None:
    timur = key(cast, "timur", "no_consent")
    parts = [("decided_on", TODAY.isoformat()), (f"{timur}-kind", "consent"), (f"{timur}-last", "")]
    lines = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in parts]  # fmt: skip
    lines += [
        f'--x\r\nContent-Disposition: form-data; name="{number}-upload"; filename=""\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
        for number in range(101)
    ]
    body = "\r\n".join([*lines, "--x--\r\n"]).encode()
    answer = client_of("ivan").generic(
        "POST", stack_of(cast), body, "multipart/form-data; boundary=x"
    )
    assert answer.status_code == 302
    assert last(cast, "timur", "no_consent") is not None


def sheets(cast: Cast, *names: tuple[str, str]) -> list[actions.Sheet]:
    return [
        actions.Sheet(
            key=f"{pupil}:{signer}",
            signer=cast.people[signer],
            subject=Pupil.objects.get(pk=cast.pupils[pupil].pk),
            kind=DecisionKind.CONSENT,
            seen=getattr(last(cast, pupil, signer), "pk", None),
        )
        for pupil, signer in names
    ]


def register(cast: Cast, found: list[actions.Sheet], by: str = "secretary") -> list[Decision]:
    return actions.register_stack(
        by=cast.user(by), sheets=found, purpose=PurposeCode.DIARY, decided_on=TODAY, now=NOW
    ).made


def test_the_action_itself_refuses_another_teachers_rows(cast: Cast) -> None:
    with pytest.raises(StackRefused) as refused:
        register(cast, sheets(cast, ("kolya", "olya_mother"), ("timur", "no_consent")), by="ivan")
    assert refused.value.rows == {"kolya:olya_mother": Forbidden.message}
    assert not Decision.objects.filter(signer=cast.people["no_consent"]).exists()


def test_a_refused_file_takes_the_others_along(cast: Cast) -> None:
    files = stored()
    good, bad = sheets(cast, ("timur", "no_consent"), ("vitya", "vitya_mother"))
    mixed = [
        actions.Sheet(good.key, good.signer, good.subject, good.kind, good.seen, upload=pdf()),
        actions.Sheet(bad.key, bad.signer, bad.subject, bad.kind, bad.seen, upload=pdf("a.txt")),
    ]
    with pytest.raises(StackRefused) as refused:
        register(cast, mixed)
    assert list(refused.value.rows) == [bad.key]
    assert stored() == files
    assert not Scan.objects.exists()
    assert not Decision.objects.filter(signer=cast.people["no_consent"]).exists()


def test_the_page_costs_the_same_whatever_the_class(cast: Cast, client_of: Any) -> None:
    counted = []
    for name in ("5Б", "7А"):
        browser = client_of("secretary")
        browser.get(stack_of(cast, name))
        with CaptureQueriesContext(connection) as captured:
            browser.get(stack_of(cast, name))
        counted.append(len(captured))
    assert counted[0] == counted[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_posts_of_one_stack_the_second_adds_nothing(committed_cast: Cast) -> None:
    cast = committed_cast

    def post(_: int) -> int:
        try:
            with scope(ALL_SCHOOLS):
                return len(register(cast, sheets(cast, ("timur", "no_consent"))))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(post, range(2))) == [0, 1]
    with scope(ALL_SCHOOLS):
        assert Decision.objects.filter(signer=cast.people["no_consent"]).count() == 1

"""Exams by their scales and moments, final marks by the rules, academic debt by its two attempts."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup

from audit.models import AuditEvent
from common.errors import Forbidden, Invalid, Stale
from journal.actions.debts import appoint_attempt, open_debts, record_attempt
from journal.actions.exams import Exam, ExamEntry, save_exam, set_finals
from journal.certificate import Proposal
from journal.clauses import results_are_open_in_time
from journal.errors import OutsideScale, YearClosed
from journal.errors_results import (
    AttemptRefused,
    DebtSettled,
    ExamRefused,
    NotInClass,
    ResultReasonRequired,
)
from journal.models import AcademicDebt, ExamResult, FinalMark, YearMark
from journal.queries.exams import FinalsSheet, debts, finals_sheet
from regulation.registry import State
from school.models import Period, SchoolClass, SchoolYear, StudyGroup
from tests.cast import NOW, TODAY, Cast
from tests.journal.test_summary import result

YESTERDAY = TODAY - timedelta(days=1)


def save(cast: Cast, who: str = "nina", **more: Any) -> int:
    pupil = cast.pupils[more.pop("pupil", "olya")]
    exam = Exam(cast.courses[more.pop("course", "algebra")].subject_id, more.pop("kind", "interim"),
                more.pop("held_on", YESTERDAY), more.pop("scale", "five"))  # fmt: skip
    entry = ExamEntry(
        pupil.pk, more.pop("value", "4"), more.pop("points", None), more.pop("chosen", False),
        more.pop("rev", None),
    )  # fmt: skip
    values = {"obtained_at": NOW - timedelta(hours=2), "now": NOW} | more
    return save_exam(
        by=cast.user(who), school_class=cast.classes["7А"], exam=exam, entries=[entry], **values
    )


@pytest.mark.clause("T6", "S7", "G2.8")
def test_an_exams_result_is_open_to_the_family_when_it_is_written(cast: Cast) -> None:
    assert save(cast, points=Decimal(17), chosen=True) == 1
    row = ExamResult.objects.get()
    assert (row.value, row.score, row.points, row.chosen) == ("4", 4, 17, True)
    assert (row.obtained_at, row.visible_at) == (NOW - timedelta(hours=2), NOW)
    assert ExamResult.objects.visible_to(cast.user("olya_mother")).get() == row
    assert not ExamResult.objects.visible_to(cast.user("petya_father")).exists()
    assert results_are_open_in_time(cast.school, now=NOW).state is State.KEPT


@pytest.mark.clause("T6", "S7", "G2.8")
def test_an_exam_that_the_school_got_too_long_ago_is_named_late(client_of: Any, cast: Cast) -> None:
    late = NOW - timedelta(hours=30)
    save(cast, obtained_at=late, kind="oge")
    found = results_are_open_in_time(cast.school, now=NOW)
    assert (found.state, found.evidence[0].label) == (State.BROKEN, "Ёлкина Оля")
    page = BeautifulSoup(client_of("nina").get("/journal/exams/").content, "html.parser")
    row = page.select_one("main table tbody tr")
    assert row is not None
    words = " ".join(row.get_text(" ").split())
    assert "позже срока" in words
    assert "через 30 ч" in words
    assert row.select_one("a[href*='exams/entry']") is not None
    # An official exam is the administration's to enter: its teacher sees it and has no dead link.
    page = BeautifulSoup(client_of("maria").get("/journal/exams/").content, "html.parser")
    row = page.select_one("main table tbody tr")
    assert row is not None
    assert row.select_one("a") is None


@pytest.mark.parametrize(
    ("scale", "value", "points", "stands"),
    [("five", "5", Decimal(28), ("5", 5, 28)), ("pass_fail", "зач", None, ("зач", None, None)),
     ("hundred", "", Decimal(78), ("78", None, 78)), ("five", "н/а", None, ("", None, None))],
)  # fmt: skip
def test_each_exam_has_its_scale(
    cast: Cast, scale: str, value: str, points: Decimal | None, stands: tuple[object, ...]
) -> None:
    save(cast, scale=scale, value=value, points=points)
    row = ExamResult.objects.get()
    assert (row.value, row.score, row.points) == stands


def test_what_does_not_fit_the_exam_is_refused(cast: Cast) -> None:
    with pytest.raises(OutsideScale):
        save(cast, value="6")
    with pytest.raises(ExamRefused):
        save(cast, value="", points=Decimal(12))
    with pytest.raises(ExamRefused):
        save(cast, points=Decimal(101))
    with pytest.raises(Invalid, match="стобалльной"):
        save(cast, kind="ege")
    with pytest.raises(Invalid, match="не прошёл"):
        save(cast, held_on=TODAY + timedelta(days=1))
    with pytest.raises(Invalid, match="не наступил"):
        save(cast, obtained_at=NOW + timedelta(hours=1))
    with pytest.raises(Invalid, match="раньше экзамена"):
        save(cast, obtained_at=NOW - timedelta(days=3))
    with pytest.raises(NotInClass):
        save(cast, pupil="kolya")
    SchoolYear.objects.filter(school=cast.school).update(
        closed_at=NOW, closed_by=cast.users["head"]
    )
    with pytest.raises(YearClosed):
        save(cast)


def test_the_teacher_enters_her_own_exam_but_not_the_states(cast: Cast) -> None:
    assert save(cast, "maria") == 1
    for who, kind in (("maria", "oge"), ("svetlana", "interim"), ("ivan", "interim")):
        with pytest.raises(Forbidden):
            save(cast, who, kind=kind)


def test_a_changed_result_asks_for_a_reason_and_keeps_its_first_moments(cast: Cast) -> None:
    save(cast)
    assert save(cast) == 0
    with pytest.raises(ResultReasonRequired):
        save(cast, value="5")
    assert save(cast, value="5", reason="апелляция", now=NOW + timedelta(days=2)) == 1
    row = ExamResult.objects.get()
    assert (row.value, row.rev, row.visible_at) == ("5", 2, NOW)
    assert AuditEvent.objects.filter(row_id=row.pk).latest("id").reason == "апелляция"


def ninth(cast: Cast) -> SchoolClass:
    """Make 7А a ninth grade: its certificate's rules are asked."""
    SchoolClass.objects.filter(pk=cast.classes["7А"].pk).update(grade_level=9)
    StudyGroup.objects.filter(pk=cast.extras["group:7А"].pk).update(grade_level=9)
    Period.objects.filter(school=cast.school).update(grade_to=11)
    return SchoolClass.objects.select_related("school").get(pk=cast.classes["7А"].pk)


def cells(sheet: FinalsSheet, name: str = "Ёлкина Оля") -> dict[str, tuple[str, str]]:
    (mine,) = [cells for member, cells in sheet.rows if member.name == name]
    return {cell.name: (cell.value, cell.proposal.value) for cell in mine}


def test_the_ninth_grades_final_marks_follow_from_the_year_and_the_exams(cast: Cast) -> None:
    school_class = ninth(cast)
    for course, value in (("algebra", "4"), ("russian", "4"), ("physics", "3")):
        result(cast, "olya", value, course, model=YearMark)
    assert cells(finals_sheet(school_class, today=TODAY)) == {
        "Математика": ("", ""), "Русский язык": ("", ""), "Физика": ("", "3"),
    }  # fmt: skip
    for course, value, chosen in (
        ("algebra", "3", False),
        ("russian", "5", False),
        ("physics", "4", True),
    ):
        save(cast, course=course, kind="oge", value=value, chosen=chosen)
    sheet = finals_sheet(school_class, today=TODAY)
    # 3,5; 4,5; 3,5: a half goes up
    assert cells(sheet) == {
        "Математика": ("", "4"), "Русский язык": ("", "5"), "Физика": ("", "4"),
    }  # fmt: skip
    assert set(sheet.undisputed.values()) == {"4", "5"}
    assert len(sheet.undisputed) == 3


def put(cast: Cast, value: str, who: str = "nina", reason: str = "") -> int:
    key = (cast.pupils["olya"].pk, "Физика")
    return set_finals(by=cast.user(who), school_class=cast.classes["7А"], marks={key: value},
                      proposals={key: Proposal("4", "годовая отметка")}, now=NOW, reason=reason)  # fmt: skip


@pytest.mark.clause("T6", "S7", "G2.8")
def test_a_final_mark_that_differs_from_the_rule_or_changes_asks_for_a_reason(cast: Cast) -> None:
    with pytest.raises(ResultReasonRequired):
        put(cast, "5")
    assert put(cast, "4") == 1
    assert FinalMark.objects.visible_to(cast.user("olya_mother")).get().visible_at == NOW
    with pytest.raises(ResultReasonRequired):
        put(cast, "5")
    assert put(cast, "5", reason="решение комиссии") == 1
    assert FinalMark.objects.get().rev == 2
    with pytest.raises(OutsideScale):
        put(cast, "7")
    with pytest.raises(Forbidden):
        put(cast, "4", "ivan")


def test_the_undisputed_are_filled_in_one_click(client_of: Any, cast: Cast) -> None:
    school_class = ninth(cast)
    result(cast, "olya", "3", "physics", model=YearMark)
    result(cast, "petya", "5", "physics", model=YearMark)
    address = f"/journal/finals/{school_class.pk}/"
    assert client_of("ivan").post(address, {"fill": "all"}).status_code == 403
    assert client_of("nina").post(address, {"fill": "all"}).status_code == 302
    assert sorted(FinalMark.objects.values_list("value", flat=True)) == ["3", "5"]
    one = {"pupil": cast.pupils["olya"].pk, "subject": "Физика", "value": "4"}
    assert client_of("nina").post(address, one).status_code == 422
    assert client_of("nina").post(address, one | {"reason": "комиссия"}).status_code == 302
    page = BeautifulSoup(client_of("ivan").get(address).content, "html.parser")
    row = page.select_one("table.finals-sheet tbody tr")
    assert row is not None
    assert "4 (по правилу 3)" in row.get_text(" ", strip=True)


def test_a_class_that_finishes_nothing_has_no_certificate(client_of: Any, cast: Cast) -> None:
    assert client_of("nina").get(f"/journal/finals/{cast.classes['7А'].pk}/").status_code == 404


def debt(cast: Cast) -> AcademicDebt:
    result(cast, "olya", "2", model=YearMark)
    opened = open_debts(by=cast.user("nina"), school_class=cast.classes["7А"],
                        due_day=TODAY + timedelta(days=300), now=NOW)  # fmt: skip
    assert opened == 1
    return AcademicDebt.objects.get()


def test_debts_arise_from_a_bad_year_and_a_failed_interim_exam_once(cast: Cast) -> None:
    assert debt(cast).pupil_id == cast.pupils["olya"].pk
    save(cast, pupil="petya", value="2", course="physics")
    save(cast, pupil="vitya", value="2", kind="contest", course="physics")
    result(cast, "timur", "", "russian", model=YearMark, status="not_assessed")
    again: dict[str, Any] = {
        "by": cast.user("nina"),
        "school_class": cast.classes["7А"],
        "now": NOW,
    }
    assert open_debts(**again, due_day=TODAY + timedelta(days=300)) == 2
    assert open_debts(**again, due_day=TODAY + timedelta(days=300)) == 0
    with pytest.raises(Invalid):
        open_debts(**again, due_day=TODAY)
    with pytest.raises(Forbidden):
        open_debts(**again | {"by": cast.user("ivan")}, due_day=TODAY + timedelta(days=1))


def test_a_debt_has_two_attempts_and_a_passed_one_settles_it(cast: Cast) -> None:
    one, by = debt(cast), cast.user("nina")
    later = NOW + timedelta(days=20)
    appoint_attempt(by=by, debt=one, held_on=TODAY + timedelta(days=5), now=NOW)
    with pytest.raises(AttemptRefused, match="результат первой"):
        appoint_attempt(by=by, debt=one, held_on=TODAY + timedelta(days=9), now=NOW)
    with pytest.raises(AttemptRefused, match="не наступил"):
        record_attempt(by=by, debt=one, number=1, value="3", now=NOW)
    assert record_attempt(by=by, debt=one, number=1, value="2", now=later).passed is False
    assert (
        appoint_attempt(by=by, debt=one, held_on=TODAY + timedelta(days=10), now=later).number == 2
    )
    assert record_attempt(by=by, debt=one, number=2, value="3", now=later).passed is True
    one.refresh_from_db()
    assert one.settled_on == TODAY + timedelta(days=10)
    with pytest.raises(DebtSettled):
        appoint_attempt(by=by, debt=one, held_on=TODAY + timedelta(days=11), now=later)


def test_after_two_failed_attempts_there_is_no_third(cast: Cast) -> None:
    one, by, later = debt(cast), cast.user("nina"), NOW + timedelta(days=20)
    for number in (1, 2):
        appoint_attempt(by=by, debt=one, held_on=TODAY + timedelta(days=number), now=NOW)
        record_attempt(by=by, debt=one, number=number, value="2", now=later)
    with pytest.raises(AttemptRefused, match="Обе попытки"):
        appoint_attempt(by=by, debt=one, held_on=TODAY + timedelta(days=3), now=later)
    one.attempts.all().delete()
    with pytest.raises(AttemptRefused, match="позже срока"):
        appoint_attempt(by=by, debt=one, held_on=one.due_day + timedelta(days=1), now=later)


def test_debts_are_seen_by_the_class_teacher_the_heads_and_the_family_of_the_pupil(
    client_of: Any, cast: Cast
) -> None:
    one = debt(cast)
    for who in ("ivan", "nina"):
        page = BeautifulSoup(client_of(who).get("/journal/academic-debts/").content, "html.parser")
        assert "Ёлкина Оля Викторовна" in page.main.get_text(" ", strip=True)  # type: ignore[union-attr]
    assert not debts(cast.user("svetlana"), today=TODAY)
    assert AcademicDebt.objects.visible_to(cast.user("olya_mother")).get() == one
    assert not AcademicDebt.objects.visible_to(cast.user("petya_father")).exists()
    address = f"/journal/academic-debts/{one.pk}/"
    assert client_of("ivan").post(address, {"held_on": "2026-12-01"}).status_code == 403
    assert client_of("svetlana").post(address, {"held_on": "2026-12-01"}).status_code == 404
    assert client_of("nina").post(address, {"held_on": "2026-12-01"}).status_code == 302
    assert [a.number for a in one.attempts.all()] == [1]
    # Before its day the attempt has no result: none is asked for, and one that is sent is told why.
    assert (
        "Записать результат"
        not in client_of("nina").get("/journal/academic-debts/").content.decode()
    )
    told = client_of("nina").post(address, {"number": 1, "value": "3"}, follow=True)
    assert "День попытки ещё не наступил." in told.content.decode()
    one.attempts.update(held_on=TODAY)
    assert (
        "Записать результат" in client_of("nina").get("/journal/academic-debts/").content.decode()
    )


def test_a_class_is_offered_the_exams_of_its_own_subjects_and_grade(
    client_of: Any, cast: Cast
) -> None:
    nina = client_of("nina")

    def offered(name: str, field: str) -> list[str]:
        query = {"school_class": str(cast.classes[name].pk)}
        page = BeautifulSoup(nina.get("/journal/exams/", query).content, "html.parser")
        assert f"Внести результаты: {name}" in page.get_text(" ", strip=True)
        return [str(one.text) for one in page.select(f"#id_{field} option")]

    assert offered("5Б", "subject") == ["Математика"]
    assert "Алгебра" in offered("7А", "subject")
    assert "Математика" not in offered("7А", "subject")
    assert offered("7А", "kind") == ["промежуточная аттестация", "конкурсное испытание"]
    group = StudyGroup.objects.get(school_class=cast.classes["7А"], kind="class")
    for grade, state in ((9, "ОГЭ"), (11, "ЕГЭ")):
        SchoolClass.objects.filter(pk=cast.classes["7А"].pk).update(grade_level=grade)
        StudyGroup.objects.filter(pk=group.pk).update(grade_level=grade)
        page = nina.get("/journal/exams/", {"school_class": str(cast.classes["7А"].pk)})
        kinds = BeautifulSoup(page.content, "html.parser").select("#id_kind option")
        assert state in [one.text for one in kinds]
        assert len(kinds) == 3
    query = {"school_class": str(cast.classes["5Б"].pk), "subject": str(cast.courses["algebra"].subject_id),
             "kind": "interim", "held_on": "2026-11-17", "scale": "five"}  # fmt: skip
    assert nina.get("/journal/exams/entry/", query).status_code == 404


def test_an_exam_is_entered_from_the_page(client_of: Any, cast: Cast) -> None:
    client = client_of("maria")
    page = BeautifulSoup(client.get("/journal/exams/").content, "html.parser")
    assert [o.text for o in page.select("#id_school_class option")] == ["5Б", "7А"]
    query = {"school_class": str(cast.classes["7А"].pk), "subject": str(cast.courses["algebra"].subject_id),
             "kind": "interim", "held_on": "2026-11-17", "scale": "five"}  # fmt: skip
    assert (
        client.get("/journal/exams/entry/", query | {"kind": "oge", "scale": "five"}).status_code
        == 403
    )
    assert client.get("/journal/exams/entry/", query | {"held_on": "когда-то"}).status_code == 422
    listed = client.get("/journal/exams/entry/", query)
    assert listed.status_code == 200
    pupil = cast.pupils["olya"].pk
    address = f"/journal/exams/entry/?{listed.request['QUERY_STRING']}"
    sent = {"obtained_at": "2026-11-18T10:00", f"value_{pupil}": "4", f"points_{pupil}": "17"}
    assert client.post(address, sent).status_code == 302
    row = ExamResult.objects.get()
    assert (row.value, row.points, row.obtained_at.hour) == ("4", 17, 7)  # ten o'clock in Moscow
    wrong = client.post(address, sent | {f"value_{pupil}": "5"})
    assert wrong.status_code == 422
    assert "Укажите причину" in wrong.content.decode()


def test_the_family_reads_the_debt_and_its_attempts_in_the_final_results(
    client_of: Any, cast: Cast
) -> None:
    one, by = debt(cast), cast.user("nina")
    address = f"/diary/{cast.pupils['olya'].pk}/finals/"
    appoint_attempt(by=by, debt=one, held_on=TODAY, now=NOW)
    record_attempt(by=by, debt=one, number=1, value="2", now=NOW)
    appoint_attempt(by=by, debt=one, held_on=TODAY + timedelta(days=9), now=NOW)
    page = BeautifulSoup(client_of("olya_mother").get(address).content, "html.parser")
    said = page.select_one("section[aria-labelledby=debts] li")
    assert said is not None
    assert " ".join(said.text.split()) == (
        "Алгебра: ликвидировать до 14.09.2027; 1-я попытка 18 ноября не сдана, отметка «2»; 2-я попытка 27 ноября."
    )
    AcademicDebt.objects.update(settled_on=TODAY)
    page = BeautifulSoup(client_of("olya_mother").get(address).content, "html.parser")
    said = page.select_one("section[aria-labelledby=debts] li")
    assert said is not None
    assert "ликвидирована 18 ноября" in said.text


def test_a_result_that_another_changed_meanwhile_is_not_overwritten(cast: Cast) -> None:
    save(cast, value="4")
    save(cast, value="5", reason="апелляция")
    with pytest.raises(Stale):
        save(cast, value="3", reason="опечатка", rev=1)
    assert ExamResult.objects.get().value == "5"
    assert save(cast, value="3", reason="опечатка", rev=2) == 1


def test_a_result_that_stands_is_not_emptied_silently(cast: Cast) -> None:
    save(cast, value="4")
    with pytest.raises(ExamRefused):
        save(cast, value="", rev=1, reason="стереть")
    assert ExamResult.objects.get().value == "4"


def test_the_page_says_that_the_results_were_changed_by_another(client_of: Any, cast: Cast) -> None:
    olya, class_id = cast.pupils["olya"].pk, cast.classes["7А"].pk
    subject = cast.courses["algebra"].subject_id
    page = (
        f"/journal/exams/entry/?school_class={class_id}&subject={subject}&kind=interim"
        f"&held_on={YESTERDAY}&scale=five"
    )
    save(cast, value="4")
    assert f'name="rev_{olya}" value="1"' in client_of("nina").get(page).content.decode()
    save(cast, value="5", reason="апелляция")
    sent = {
        "obtained_at": "2026-11-18T10:00", "reason": "опечатка", f"value_{olya}": "3", f"rev_{olya}": "1",
    }  # fmt: skip
    answer = client_of("nina").post(page, sent)
    assert answer.status_code == 409
    shown = BeautifulSoup(answer.content, "html.parser")
    assert "результаты изменили" in shown.get_text(" ", strip=True)
    assert "записано: 5" in shown.get_text(" ", strip=True)
    typed = shown.select_one(f"#id_value_{olya} option[selected]")
    assert typed is not None
    assert typed["value"] == "3"
    assert ExamResult.objects.get().value == "5"
    rev = shown.select_one(f"input[name=rev_{olya}]")
    assert rev is not None
    assert client_of("nina").post(page, sent | {f"rev_{olya}": rev["value"]}).status_code == 302
    assert ExamResult.objects.get().value == "3"


def test_the_list_of_an_entered_exam_shows_when_its_results_were_obtained(
    client_of: Any, cast: Cast
) -> None:
    class_id, subject = cast.classes["7А"].pk, cast.courses["algebra"].subject_id
    page = (
        f"/journal/exams/entry/?school_class={class_id}&subject={subject}&kind=interim"
        f"&held_on={YESTERDAY}&scale=five"
    )

    def shown() -> str:
        found = BeautifulSoup(client_of("nina").get(page).content, "html.parser")
        field = found.select_one("input[name=obtained_at]")
        assert field is not None
        return str(field["value"])

    assert shown() == "2026-11-18T12:30"
    save(cast, value="4", obtained_at=NOW - timedelta(hours=3))
    assert shown() == "2026-11-18T09:30"

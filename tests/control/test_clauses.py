"""Each check tells kept from broken by the school's own rows."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from access.models import Removal, ServiceRefusal
from consent.models import Contact, Decision, DeliveryDeclaration
from people.models import Employee, Guardianship, Person, Pupil, Restriction, RoleAssignment, School
from regulation.actions import acquaint, adopt, publish
from regulation.catalogue import clauses
from regulation.registry import Evidence, Finding, State, check_of, listed
from school.models import Enrolment, Leaving
from tests.cast import NOW, SEPTEMBER, TODAY, Cast

YESTERDAY = TODAY - timedelta(days=1)


def judge(cast: Cast, clause: str, school: School | None = None) -> Finding:
    check = check_of(clause)
    assert check is not None
    return check(school or cast.school, now=NOW)


def decide(cast: Cast, guardian: str, pupil: str, kind: str, day: date = TODAY) -> None:
    purpose = Decision.objects.filter(school=cast.school).order_by("pk")[0].purpose
    Decision.objects.create(
        school=cast.school, subject=cast.pupils[pupil], signer=cast.people[guardian], purpose=purpose,
        kind=kind, decided_on=day, form="paper", registered_at=NOW,
    )  # fmt: skip


def named(cast: Cast, person: str, pupil: str = "", what: str = "") -> Evidence:
    """Make the row that names somebody, with her own page."""
    found = cast.people[person]
    child = f"ученик: {cast.people[pupil].full_name}" if pupil else ""
    detail = "; ".join(filter(None, (child, what)))
    return Evidence(found.full_name, f"/access/{found.pk}/", detail)


@pytest.mark.clause("T1")
def test_t1_asks_for_consent_or_refusal_of_everybody(cast: Cast) -> None:
    found = judge(cast, "T1")
    assert found.state == State.BROKEN
    assert [(fact.label, fact.detail) for fact in found.evidence] == [
        ("Класс 7А", "без решения 1, из них просрочено 1")
    ]
    decide(cast, "no_consent", "timur", "refusal")
    assert judge(cast, "T1").state == State.KEPT


@pytest.mark.clause("T1")
def test_t1_is_not_yet_due_within_the_term(cast: Cast) -> None:
    Enrolment.objects.filter(pupil=cast.pupils["timur"]).update(since=TODAY - timedelta(days=3))
    assert judge(cast, "T1").state == State.NOT_YET_DUE


@pytest.mark.clause("T1", "U8")
def test_t1_waits_for_nobody_whom_a_court_limits(cast: Cast) -> None:
    tie = cast.guardianships["no_consent", "timur"]
    Restriction.objects.create(
        school=cast.school, guardianship=tie, act_number="2-1187/2026", act_date=SEPTEMBER, since=SEPTEMBER
    )  # fmt: skip
    assert judge(cast, "T1").state == State.KEPT
    assert judge(cast, "U8").evidence[1:] == (
        named(cast, "no_consent", "timur", "ограничено судом"),
    )
    Restriction.objects.update(until=YESTERDAY)
    assert judge(cast, "T1").state == State.BROKEN
    assert judge(cast, "U8").evidence[1:] == ()


@pytest.mark.clause("K1a", "G2.6a", "S5a")
def test_a_declaration_without_ground_breaks_the_clause(cast: Cast) -> None:
    assert judge(cast, "K1a").state == State.KEPT
    DeliveryDeclaration.objects.create(
        school=cast.school, guardian=cast.people["petya_father"], pupil=cast.pupils["petya"], form="paper",
        declared_on=TODAY, registered_at=NOW,
    )  # fmt: skip
    for clause in ("K1a", "G2.6a", "S5a"):
        found = judge(cast, clause)
        assert found.state == State.BROKEN
        assert found.evidence[1:] == (named(cast, "petya_father", "petya"),)


@pytest.mark.clause("G2.2b")
def test_a_consent_without_access_breaks_the_term(cast: Cast) -> None:
    assert judge(cast, "G2.2b").state == State.KEPT
    decide(cast, "no_consent", "timur", "consent", SEPTEMBER)
    found = judge(cast, "G2.2b")
    assert found.state == State.BROKEN
    assert found.evidence == (named(cast, "no_consent", "timur", "согласие есть, доступа нет"),)
    tie = Guardianship.objects.filter(pk=cast.guardianships["no_consent", "timur"].pk)
    tie.update(open_from=TODAY)
    assert judge(cast, "G2.2b").state == State.KEPT, (
        "the paper came after the term: no fault of the school"
    )


@pytest.mark.clause("G2.2b")
def test_access_opened_after_the_term_breaks_it(cast: Cast) -> None:
    ties = Guardianship.objects.filter(pk=cast.guardianships["petya_father", "petya"].pk)
    ties.update(open_from=TODAY)
    found = judge(cast, "G2.2b")
    assert found.state == State.BROKEN
    assert found.evidence == (named(cast, "petya_father", "petya", "доступ открыт позже срока"),)


@pytest.mark.clause("G2.10.2")
def test_a_pupil_whom_nobody_informs_breaks_the_clause(cast: Cast) -> None:
    assert judge(cast, "G2.10.2").state == State.KEPT
    Guardianship.objects.filter(pupil=cast.pupils["petya"]).update(until=YESTERDAY)
    assert judge(cast, "G2.10.2").state == State.BROKEN
    assert judge(cast, "G2.10.2").evidence[1:] == (named(cast, "petya"),)


@pytest.mark.clause("U8")
def test_a_representation_without_a_document_breaks_the_clause(cast: Cast) -> None:
    assert judge(cast, "U8").state == State.KEPT
    Guardianship.objects.filter(pupil=cast.pupils["petya"]).update(ground="")
    found = judge(cast, "U8")
    assert found.state == State.BROKEN
    assert found.evidence[1:] == (named(cast, "petya_father", "petya", "документ не записан"),)


@pytest.mark.clause("T7", "K3", "G2.9", "S8")
def test_an_electronic_family_without_a_contact_breaks_the_clause(cast: Cast) -> None:
    for clause in ("T7", "K3", "G2.9", "S8"):
        assert judge(cast, clause).state == State.KEPT
    Contact.objects.filter(person=cast.people["petya_father"]).update(until=TODAY)
    assert judge(cast, "T7").state == State.BROKEN
    assert named(cast, "petya_father") in judge(cast, "T7").evidence


@pytest.mark.clause("G2.2a")
def test_an_open_diary_after_schooling_breaks_the_clause(cast: Cast) -> None:
    assert judge(cast, "G2.2a").state == State.KEPT
    Enrolment.objects.filter(pupil=cast.pupils["petya"]).update(until=YESTERDAY)
    found = judge(cast, "G2.2a")
    assert found.state == State.BROKEN
    assert found.evidence[1:] == (named(cast, "petya"),)
    Pupil.objects.filter(pk=cast.pupils["petya"].pk).update(open_until=YESTERDAY)
    assert judge(cast, "G2.2a").state == State.KEPT


@pytest.mark.clause("G2.4a")
def test_schooling_that_ended_without_a_ground_breaks_the_clause(cast: Cast) -> None:
    assert judge(cast, "G2.4a").state == State.KEPT
    enrolment = Enrolment.objects.get(pupil=cast.pupils["petya"])
    Enrolment.objects.filter(pk=enrolment.pk).update(until=YESTERDAY)
    assert judge(cast, "G2.4a").state == State.BROKEN
    assert judge(cast, "G2.4a").evidence == (named(cast, "petya"),)
    Leaving.objects.create(school=cast.school, enrolment=enrolment, kind="expulsion", day=YESTERDAY)
    found = judge(cast, "G2.4a")
    assert found.state == State.KEPT
    assert [(fact.label, fact.detail) for fact in found.evidence] == [("Отчисление", "1")]


@pytest.mark.clause("G2.4b")
@pytest.mark.parametrize(
    ("due", "state"), [(timedelta(days=1), State.NOT_YET_DUE), (-timedelta(hours=1), State.BROKEN)]
)
def test_a_removal_past_its_term_breaks_the_clause(
    cast: Cast, due: timedelta, state: State
) -> None:
    assert judge(cast, "G2.4b").state == State.KEPT
    Removal.objects.create(
        school=cast.school, person=cast.people["petya"], pupil=cast.pupils["petya"],
        schooling_ended_on=YESTERDAY, due_at=NOW + due, state="closed",
    )  # fmt: skip
    found = judge(cast, "G2.4b")
    assert found.state == state
    assert (named(cast, "petya") in found.evidence) is (state == State.BROKEN)


@pytest.mark.clause("G2.4b")
def test_a_leaving_that_nobody_closed_in_time_breaks_the_clause(cast: Cast) -> None:
    enrolment = Enrolment.objects.get(pupil=cast.pupils["petya"])
    day = TODAY - timedelta(days=5)
    Enrolment.objects.filter(pk=enrolment.pk).update(until=day)
    Leaving.objects.create(school=cast.school, enrolment=enrolment, kind="transfer", day=day)
    assert judge(cast, "G2.4b").state == State.BROKEN


@pytest.mark.clause("G2.10")
def test_a_school_without_an_administrator_breaks_the_clause(cast: Cast) -> None:
    assert judge(cast, "G2.10").state == State.KEPT
    RoleAssignment.objects.filter(person=cast.people["admin"]).update(until=YESTERDAY)
    assert judge(cast, "G2.10").state == State.BROKEN


@pytest.mark.clause("G2.10.1a")
def test_a_pupil_without_an_account_breaks_the_clause(cast: Cast) -> None:
    assert judge(cast, "G2.10.1a").state == State.KEPT
    Person.objects.filter(pk=cast.people["petya"].pk).update(user=None)
    found = judge(cast, "G2.10.1a")
    assert found.state == State.BROKEN
    assert found.evidence[1:] == (named(cast, "petya"),)


@pytest.mark.clause("G2.10.1b")
def test_a_session_that_outlives_the_browser_breaks_the_clause(cast: Cast, settings: Any) -> None:
    assert judge(cast, "G2.10.1b").state == State.KEPT
    settings.SESSION_EXPIRE_AT_BROWSER_CLOSE = False
    assert judge(cast, "G2.10.1b").state == State.BROKEN


@pytest.mark.clause("G2.10.1b")
def test_pages_that_stay_in_the_browser_break_the_clause(cast: Cast, settings: Any) -> None:
    settings.MIDDLEWARE = [
        each for each in settings.MIDDLEWARE if each != "ediary.middleware.PageHeadersMiddleware"
    ]
    found = judge(cast, "G2.10.1b")
    assert found.state == State.BROKEN
    assert Evidence("Браузер не хранит страниц", None, "нет") in found.evidence


@pytest.mark.clause("G2.10.1b")
def test_staff_who_may_stay_signed_in_break_the_clause(cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_FORMS = {}
    assert judge(cast, "G2.10.1b").state == State.BROKEN


@pytest.mark.clause("G2.10", "U7")
@pytest.mark.parametrize("clause", ["G2.10", "U7"])
def test_a_counted_role_leads_to_exactly_its_holders(
    cast: Cast, client_of: Any, clause: str
) -> None:
    """The branch's people, whom the head sees too, are not among the school's."""
    branch_pupil = Person.objects.create(school=cast.branch, last_name="Дальний", first_name="Ян")
    for role in ("pupil", "guardian", "teacher", "head", "admin"):
        RoleAssignment.objects.create(
            school=cast.branch, person=branch_pupil, role=role, since=SEPTEMBER
        )
    facts = judge(cast, clause).evidence
    assert len(facts) >= 2
    for fact in facts:
        assert fact.url is not None
        html = client_of("head").get(fact.url).content.decode()
        number = fact.detail.split()[0].split("\xa0")[0]
        assert f"Найдено: {number} " in html.replace("\xa0", " "), fact


@pytest.mark.clause("G2.3")
def test_an_unanswered_applicant_is_named(cast: Cast) -> None:
    assert judge(cast, "G2.3").state == State.KEPT
    for days, state in ((1, State.NOT_YET_DUE), (60, State.BROKEN)):
        ServiceRefusal.objects.create(
            school=cast.school, applicant=f"Посторонний {days}", ground="не представитель",
            applied_on=TODAY - timedelta(days=days),
        )  # fmt: skip
        found = judge(cast, "G2.3")
        assert found.state == state
        assert [fact.label for fact in found.evidence[1:]] == [f"Посторонний {days}"]


def test_a_long_list_names_twenty_and_counts_the_rest() -> None:
    rows = [Evidence(str(number)) for number in range(25)]
    assert listed(rows[:20]) == tuple(rows[:20])
    assert listed(rows) == (*rows[:20], Evidence("и ещё 5"))


def _staff_role_of_a_pupil(cast: Cast) -> None:
    RoleAssignment.objects.create(
        school=cast.school, person=cast.people["petya"], role="teacher", since=SEPTEMBER
    )


def _guardian_of_nobody(cast: Cast) -> None:
    RoleAssignment.objects.create(
        school=cast.school, person=cast.people["maria"], role="guardian", since=SEPTEMBER
    )


def _staff_role_of_a_guardian(cast: Cast) -> None:
    RoleAssignment.objects.create(
        school=cast.school, person=cast.people["olya_mother"], role="teacher", since=SEPTEMBER
    )


def _teacher_who_left(cast: Cast) -> None:
    Employee.objects.filter(person=cast.people["maria"]).update(until=YESTERDAY)


@pytest.mark.clause("U6", "U7")
@pytest.mark.parametrize(
    ("clause", "spoil", "name"),
    [
        ("U6", _staff_role_of_a_pupil, "petya"),
        ("U6", _staff_role_of_a_guardian, "olya_mother"),
        ("U6", _teacher_who_left, "maria"),
        ("U7", _guardian_of_nobody, "maria"),
    ],
)
def test_a_role_that_facts_forbid_breaks_the_clause(
    cast: Cast, clause: str, spoil: Callable[[Cast], None], name: str
) -> None:
    assert judge(cast, clause).state == State.KEPT
    spoil(cast)
    found = judge(cast, clause)
    assert found.state == State.BROKEN
    person = cast.people[name]
    assert (person.full_name, f"/access/{person.pk}/") in [
        (fact.label, fact.url) for fact in found.evidence
    ]


@pytest.mark.clause("U10")
def test_a_branch_without_a_head_breaks_the_clause(cast: Cast) -> None:
    for school in (cast.school, cast.branch, cast.other_school):
        assert judge(cast, "U10", school).state == State.KEPT
    RoleAssignment.objects.filter(role="branch_head").update(until=YESTERDAY)
    assert judge(cast, "U10").state == State.BROKEN
    assert judge(cast, "U10", cast.branch).state == State.BROKEN
    assert judge(cast, "U10", cast.other_school).state == State.KEPT


@pytest.mark.clause("G2.5")
def test_no_table_knows_of_money(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert judge(cast, "G2.5").state == State.KEPT
    monkeypatch.setattr("access.clauses.MONEY", ("given_on",))
    assert judge(cast, "G2.5").state == State.BROKEN


@pytest.mark.clause("G3.2b")
def test_a_school_without_a_version_in_force_breaks_the_clause(cast: Cast) -> None:
    assert judge(cast, "G3.2b").state == State.BROKEN
    adopt(by=None, school=cast.school, profile="g", since=SEPTEMBER)
    adopt(by=None, school=cast.school, profile="g", since=TODAY)
    assert judge(cast, "G3.2b").state == State.KEPT


@pytest.mark.clause("U12", "K-order 3")
def test_publication_in_time(cast: Cast) -> None:
    for clause in ("U12", "K-order 3"):
        assert judge(cast, clause).state == State.BROKEN
    version = adopt(
        by=None,
        school=cast.school,
        profile="k",
        since=SEPTEMBER,
        publish_by=TODAY + timedelta(days=1),
    )
    assert judge(cast, "K-order 3").state == State.NOT_YET_DUE
    version.publish_by = YESTERDAY
    version.save()
    assert judge(cast, "K-order 3").state == State.BROKEN
    publish(by=None, version=version, address="https://school.example/r", published_on=YESTERDAY)
    assert judge(cast, "K-order 3").state == State.KEPT
    assert judge(cast, "U12").state == State.BROKEN, "nobody says where to ask"
    cast.school.email = "office@school.example"
    assert judge(cast, "U12").state == State.KEPT


@pytest.mark.clause("K-order 3")
def test_publication_after_the_term_stays_broken(cast: Cast) -> None:
    version = adopt(by=None, school=cast.school, profile="k", since=SEPTEMBER, publish_by=SEPTEMBER)
    publish(by=None, version=version, address="https://school.example/r", published_on=TODAY)
    assert judge(cast, "K-order 3").state == State.BROKEN


@pytest.mark.clause("K-order 2")
def test_every_class_teacher_is_acquainted_by_the_term(cast: Cast) -> None:
    assert judge(cast, "K-order 2").state == State.BROKEN
    version = adopt(by=None, school=cast.school, profile="k", since=SEPTEMBER, acquaint_by=TODAY)
    acquaint(by=None, version=version, person=cast.people["ivan"], on=TODAY)
    found = judge(cast, "K-order 2")
    assert found.state == State.NOT_YET_DUE
    assert found.evidence[1].label == "Не ознакомлен: Белова С. Ю."
    version.acquaint_by = YESTERDAY
    version.save()
    assert judge(cast, "K-order 2").state == State.BROKEN
    acquaint(by=None, version=version, person=cast.people["svetlana"], on=TODAY)
    assert judge(cast, "K-order 2").state == State.KEPT


def test_every_check_answers_for_a_school_with_and_without_anybody(cast: Cast) -> None:
    for school in (cast.school, cast.branch, cast.other_school):
        for clause in clauses():
            if check := check_of(clause):
                assert check(school, now=NOW).state in State, clause

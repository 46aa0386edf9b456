"""The regulation is data: five profiles, versions with dates, defaults that say so."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import Forbidden
from people.scope import scope
from regulation.actions import acquaint, adopt, publish
from regulation.catalogue import Force, clauses
from regulation.errors import AcquaintedAlready, AlreadyInForce, BadParameter, UnknownProfile
from regulation.models import RegulationVersion
from regulation.parameters import DEFINITIONS, checked
from regulation.profile import OWN, profiles
from regulation.queries import in_force, parameter, parameters
from tests.cast import BRANCH_ID, SEPTEMBER, TODAY, Cast

# requirements.md, «Parameters of a profile»: what each of the five texts says; None where it is silent.
TABLE = {
    "final_results_deadline_hours": (24, None, 72, 24, None),
    "forecast_interval_days": (31, 31, 31, 31, None),
    "paper_interval_days": (None, 7, 7, 7, None),
    "paper_substitutes": (
        None,
        ("sferum", "sms", "email"),
        ("paper_diary",),
        ("paper_diary",),
        None,
    ),
    "acknowledgement_interval_days": (None, 7, None, None, None),
    "acknowledgement_sections": (None, ("timetable", "finals"), None, None, None),
    "consent_deadline_days": (None, None, 10, None, None),
    "account_removal_days": (None, None, 3, None, None),
    "reminder_lead_days": (None, None, None, None, None),
    "reminder_interval_days": (None, None, None, None, None),
    "complaint_response_days": (None, None, None, None, None),
}
DEFAULTS = {
    "final_results_deadline_hours": 24, "forecast_interval_days": 31, "paper_interval_days": 7,
    "paper_substitutes": (), "acknowledgement_interval_days": 7,
    "acknowledgement_sections": ("timetable", "finals"), "consent_deadline_days": 10,
    "reminder_lead_days": 2, "reminder_interval_days": 3,
    "account_removal_days": 3, "complaint_response_days": 15, "contact_transfer_forms": ("written",),
    "reporting_periods": ("quarter:1-9", "half_year:10-11"), "source_system": "",
}  # fmt: skip


@pytest.mark.parametrize("profile", ["t", "k", "g", "s", "u"])
def test_each_profile_says_what_its_text_says_and_defaults_say_so(cast: Cast, profile: str) -> None:
    adopt(by=None, school=cast.school, profile=profile, since=SEPTEMBER)
    values = parameters(cast.school, day=TODAY)
    for key, row in TABLE.items():
        said = row["tkgsu".index(profile)]
        expected = (DEFAULTS[key], False) if said is None else (said, True)
        assert (values[key].value, values[key].from_regulation) == expected, key


def test_without_a_regulation_every_parameter_has_its_default(cast: Cast) -> None:
    values = parameters(cast.school, day=TODAY)
    assert {key: value.value for key, value in values.items()} == DEFAULTS
    assert not any(value.from_regulation for value in values.values())
    assert set(values) == set(DEFINITIONS)


def test_the_strictest_profile_is_as_strict_as_every_other() -> None:
    strictest = profiles()["strictest"].parameters
    for code in "tkgsu":
        for key, value in profiles()[code].parameters.items():
            if isinstance(value, int):
                assert strictest[key] <= value
    assert profiles()["strictest"].letters == frozenset("tkgsu")


def test_a_term_without_a_number_is_told_apart(cast: Cast) -> None:
    adopt(by=None, school=cast.school, profile="k", since=SEPTEMBER)
    value = parameter(cast.school, "forecast_interval_days", day=TODAY)
    assert (value.number, value.from_regulation) == (31, True)
    assert "регулярно" in value.note


def test_reading_costs_one_statement(cast: Cast) -> None:
    adopt(by=None, school=cast.school, profile="strictest", since=SEPTEMBER)
    with CaptureQueriesContext(connection) as captured:
        parameters(cast.school, day=TODAY)
    assert len(captured) == 1


@pytest.mark.clause("G3.2b")
def test_a_new_version_ends_the_one_before_and_the_past_keeps_its_own(cast: Cast) -> None:
    adopt(by=cast.user("head"), school=cast.school, profile="g", since=SEPTEMBER, order_number="12")
    adopt(
        by=cast.user("nina"), school=cast.school, profile="g", since=TODAY, order_number="30",
        parameters={"account_removal_days": 1},
    )  # fmt: skip
    assert parameter(cast.school, "account_removal_days", day=TODAY - timedelta(days=1)).number == 3
    assert parameter(cast.school, "account_removal_days", day=TODAY).number == 1
    first = RegulationVersion.objects.get(order_number="12")
    assert (first.until, first.made_by_id) == (TODAY - timedelta(days=1), cast.users["head"].pk)


def test_a_version_is_not_put_under_one_in_force(cast: Cast) -> None:
    adopt(by=None, school=cast.school, profile="g", since=TODAY)
    for day in (TODAY, SEPTEMBER):
        with pytest.raises(AlreadyInForce):
            adopt(by=None, school=cast.school, profile="s", since=day)


@pytest.mark.parametrize(
    ("profile", "values", "refusal"),
    [
        ("x", None, UnknownProfile),
        ("g", {"unknown": 1}, BadParameter),
        ("g", {"account_removal_days": "three"}, BadParameter),
        ("g", {"account_removal_days": 0}, BadParameter),
        ("g", {"paper_substitutes": ["pigeon"]}, BadParameter),
        ("g", {"reporting_periods": ["decade:1-9"]}, BadParameter),
        ("g", {"reporting_periods": ["quarter:x"]}, BadParameter),
    ],
)
def test_what_is_refused(
    cast: Cast, profile: str, values: dict[str, object] | None, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        adopt(by=None, school=cast.school, profile=profile, since=SEPTEMBER, parameters=values)
    assert RegulationVersion.objects.count() == 0


@pytest.mark.parametrize(
    "by", ["admin", "secretary", "maria", "olya_mother", "other_head", "branch_head"]
)
def test_only_the_head_and_the_deputies_adopt(cast: Cast, by: str) -> None:
    with pytest.raises(Forbidden):
        adopt(by=cast.user(by), school=cast.school, profile="g", since=SEPTEMBER)


def test_a_school_may_write_its_own(cast: Cast) -> None:
    adopt(
        by=None, school=cast.school, profile=OWN, since=SEPTEMBER, title="Наш регламент",
        parameters={"consent_deadline_days": 5},
    )  # fmt: skip
    found = in_force(cast.school, day=TODAY)
    assert (found.title, found.values["consent_deadline_days"].number) == ("Наш регламент", 5)
    assert not found.values["account_removal_days"].from_regulation


def test_a_branch_without_a_regulation_follows_its_school_even_for_its_own_staff(
    cast: Cast,
) -> None:
    adopt(by=None, school=cast.school, profile="g", since=SEPTEMBER)
    with scope([BRANCH_ID]):
        assert parameter(cast.branch, "consent_deadline_days", day=TODAY).from_regulation
        assert in_force(cast.school, day=TODAY).version is None, "another school's is out of sight"
    adopt(by=None, school=cast.branch, profile="u", since=SEPTEMBER)
    assert in_force(cast.branch, day=TODAY).profile == "u"
    assert in_force(cast.school, day=TODAY).profile == "g"


def test_other_schools_regulations_are_out_of_sight(cast: Cast) -> None:
    adopt(by=None, school=cast.other_school, profile="g", since=SEPTEMBER)
    with scope([cast.school.pk]):
        assert in_force(cast.other_school, day=TODAY).version is None


@pytest.mark.clause("U12", "K-order 3")
def test_publication_is_recorded_with_its_term(cast: Cast) -> None:
    version = adopt(by=None, school=cast.school, profile="k", since=SEPTEMBER)
    made = publish(
        by=cast.user("nina"), version=version, address="https://school.example/reg",
        published_on=date(2026, 9, 3), due_on=date(2026, 9, 5),
    )  # fmt: skip
    assert (made.registered_by_id, made.due_on) == (cast.users["nina"].pk, date(2026, 9, 5))
    with pytest.raises(Forbidden):
        publish(
            by=cast.user("secretary"),
            version=version,
            address="https://x.example",
            published_on=TODAY,
        )


@pytest.mark.clause("K-order 2")
def test_the_office_records_each_acquaintance_once(cast: Cast) -> None:
    version = adopt(by=None, school=cast.school, profile="k", since=SEPTEMBER)
    ivan = cast.people["ivan"]
    made = acquaint(by=cast.user("secretary"), version=version, person=ivan, on=TODAY)
    assert (made.person_id, made.acquainted_on) == (ivan.pk, TODAY)
    with pytest.raises(AcquaintedAlready):
        acquaint(by=cast.user("nina"), version=version, person=ivan, on=TODAY)
    with pytest.raises(Forbidden):
        acquaint(by=cast.user("maria"), version=version, person=cast.people["maria"], on=TODAY)


def test_the_catalogue_knows_every_clause_once_with_force_and_responsible() -> None:
    found = clauses()
    assert len(found) == 65
    assert {"T1", "K1a", "G2.6a", "S5a", "K-order 2", "K-order 3", "U12", "G3.2b"} <= set(found)
    assert {clause.force for clause in found.values()} == set(Force)
    assert (found["T4"].force, found["T5c"].force, found["K4a"].force) == (
        "recommended",
        "may",
        "must",
    )
    assert (found["K-order 2"].responsible, found["U12"].responsible) == (
        "secretary",
        "branch_head",
    )
    assert all(clause.profiles == {clause.id[0].lower()} for clause in found.values())


def test_the_profiles_name_no_person_and_no_telephone() -> None:
    for profile in profiles().values():
        text = f"{profile.name} {profile.title} {profile.legal_basis} {profile.document}"
        assert "+7" not in text
        assert not any(word in text for word in ("директор", "Директор", "тел"))


@pytest.mark.parametrize("key", DEFINITIONS)
def test_defaults_are_values_that_the_parameter_can_take(key: str) -> None:
    default = DEFINITIONS[key].default
    assert checked(key, default) == default

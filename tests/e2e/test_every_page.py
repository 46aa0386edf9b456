"""Every page of the product, as a person who may open it: axe finds nothing, nothing sticks out.

The table names each address that answers with a page; an address without a row fails the test.
PICTURES_DIR=folder keeps a picture of each page for whoever wants to look.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.urls import get_resolver, reverse
from playwright.sync_api import Page

from people.models import User
from people.scope import scope
from tests.access.visitors import names
from tests.access.world import PARAMETERS, query_of, things
from tests.cast import ALL_SCHOOLS, Cast
from tests.e2e import ways
from tests.e2e.conftest import DESKTOP, PHONE, scrolls_sideways, violations, with_axe
from tests.e2e.test_diary import fill

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True},
}
NARROW = {"width": 320, "height": 640}
PICTURES = os.environ.get("PICTURES_DIR", "")
Way = Callable[..., ways.Answer]


@dataclass(frozen=True, slots=True)
class Row:
    """A page: the name of its address, who looks, in which state, and how she comes there."""

    name: str
    who: str = ""
    query: str = ""
    status: int = 200
    of: str = ""  # the address whose object it shows, if not its own
    start: str = ""  # the address where the way begins, if anywhere
    way: Way | None = None

    @property
    def label(self) -> str:
        way = self.way.__name__ if self.way else ""
        return " ".join(part for part in (self.name, self.query, self.who, self.of, way) if part)


PAGES = (
    # Open to everybody
    Row("account_login"),
    Row("account_login", way=ways.fails_to_sign_in),
    Row("account_signup"),
    Row("account_inactive"),
    Row("access_entry:first_entry"),
    Row("access_entry:first_entry", status=403, way=ways.forgets_the_token),
    Row("verify:form"),
    Row("verify:form", query="?code=1", status=422),
    Row("verify:extract"),
    Row("verify:extract", of="unknown code", status=404),
    Row("exchange:docs"),
    Row("outbox:list"),
    Row("ui:gallery"),
    Row("home", of="nowhere", status=404),
    # The family
    Row("diary:children", "olya_mother"),
    Row("diary:week", "olya_mother"),
    Row("diary:week", "olya_mother", of="vacation"),
    Row("diary:tasks", "olya_mother"),
    Row("diary:tasks", "olya", query="?past=1"),
    Row("diary:answer", "olya_mother"),
    Row("diary:marks", "olya_mother"),
    Row("diary:marks", "olya_mother", query="?view=dates"),
    Row("diary:marks", "olya", query="?view=lowest"),
    Row("diary:subject", "olya_mother", query="?n5=2"),
    Row("diary:subject", "olya"),
    Row("diary:years", "olya_mother"),
    Row("diary:absences", "olya_mother"),
    Row("diary:absences", "olya"),
    Row("diary:absence_report", "olya_mother"),
    Row("desk:absence_reports", "ivan"),
    Row("diary:finals", "olya_mother"),
    Row("diary:calendar", "olya_mother"),
    Row("settings:mine", "olya_mother"),
    Row("contacts:mine", "olya_mother"),
    Row("contacts:add", "olya_mother", query="?kind=phone"),
    Row("contacts:code", "olya_mother"),
    Row("contacts:uses", "olya_mother"),
    Row("diary:not_kept", "olya_mother"),
    Row("diary:announcements", "olya_mother"),
    Row("diary:announcement", "olya_mother"),
    Row("diary:announcements", "head"),
    Row("diary:recommendations", "olya_mother"),
    Row("diary:school", "olya_mother"),
    Row("diary:portfolio", "olya_mother"),
    Row("diary:portfolio", "head"),
    Row("diary:achievement_new", "olya"),
    Row("diary:achievement", "olya_mother"),
    Row("diary:week", "olya"),
    Row("diary:children", "no_consent"),
    # Teachers
    Row("journal:day", "maria"),
    Row("journal:day", "maria", query="?day=2026-11-15"),
    Row("journal:sheet", "maria"),
    Row("journal:cell", "maria", start="journal:sheet", way=ways.opens_the_panel_of_a_cell),
    Row("journal:closing", "maria"),
    Row("journal:closing", "nina"),
    Row("journal:closing_class", "ivan"),
    Row("journal:closing_class", "nina", query="?show=all"),
    Row("journal:closing_course", "maria"),
    Row("journal:closing_course", "maria", query="?show=all&period=year"),
    Row("journal:closing_cell", "maria"),
    Row("journal:lesson", "maria"),
    Row("journal:homework", "maria"),
    Row("journal:homework", "maria", query="?new=1"),
    Row("journal:answers", "maria"),
    Row("journal:tests", "maria"),
    Row("journal:tests", "maria", query="?print=1"),
    Row("journal:course_tests", "maria"),
    Row("journal:programmes", "maria"),
    Row("journal:programme", "maria"),
    Row("journal:programme", "svetlana"),
    Row("journal:programme_import", "maria"),
    Row("journal:course_programme", "maria"),
    Row("journal:course_topics", "maria"),
    Row("journal:copy_homework", "maria"),
    Row("journal:statistics", "maria"),
    Row("journal:statistics", "head", query="?by=class&view=kinds"),
    Row("journal:statistics", "head", query="?by=teacher&view=results"),
    Row("journal:debts", "maria"),
    Row("journal:debts", "nina"),
    Row("journal:criteria", "maria"),
    Row("journal:operations", "maria"),
    Row("journal:operations", "nina"),
    Row("journal:reopenings", "maria"),
    Row("journal:reopenings", "nina"),
    Row("journal:open_lesson", "nina"),
    Row("journal:unusual", "maria"),
    Row("journal:unusual", "nina"),
    Row("access:people", "maria", status=403),
    Row("account_change_password", "maria"),
    Row("account_logout", "maria"),
    Row("usersessions_list", "maria"),
    # The class teacher
    Row("journal:day", "ivan"),
    Row("desk:class", "ivan"),
    Row("desk:class", "ivan", query="?week=2026-W50"),
    Row("desk:results_seen", "ivan"),
    Row("desk:results_seen_pupil", "nina"),
    Row("printouts:order_extracts", "ivan", start="desk:class", query="?week=2026-W48", status=422,
        way=ways.orders_a_week_ahead),
    Row("desk:paper_acknowledgement", "ivan"),
    Row("desk:weeks", "ivan"),
    Row("desk:visits", "ivan"),
    Row("desk:slips", "ivan"),
    Row("desk:slips", "ivan", query="?who=all", status=422, start="desk:slips", way=ways.forgets_the_evidence),
    Row("desk:remind", "ivan"),
    Row("desk:remind", "ivan", query="?week=2026-W50"),
    Row("desk:school", "head"),
    Row("desk:announcements", "ivan"),
    Row("desk:announce", "ivan"),
    Row("desk:announce", "nina"),
    Row("desk:announcement", "ivan"),
    Row("desk:recommendations", "maria"),
    Row("desk:recommend", "maria"),
    Row("desk:recommendation", "maria"),
    Row("desk:hours", "maria"),
    Row("desk:portfolios", "maria"),
    Row("desk:portfolios", "nina"),
    Row("desk:portfolio", "ivan"),
    Row("desk:achievement", "ivan"),
    Row("desk:hours", "nina"),
    Row("printouts:index", "ivan"),
    Row("printouts:job", "ivan"),
    Row("printouts:job", "ivan", of="printouts:cancel"),
    Row("printouts:job", "ivan", of="printouts:repeat"),
    Row("printouts:job", "ivan", start="printouts:job", of="printouts:repeat",
        status=409, way=ways.cancels_what_is_over),
    # The results of years
    Row("journal:results", "ivan"),
    Row("journal:results", "maria"),
    Row("journal:summary", "ivan"),
    Row("journal:summary", "nina", query="?show=1"),
    Row("journal:summary", "ivan", query="?view=attendance"),
    Row("journal:summary", "ivan", query="?view=council"),
    Row("journal:summary", "nina", query="?view=council"),
    Row("journal:pupil_years", "ivan"),
    Row("journal:indicators", "nina"),
    Row("journal:indicators", "maria", query="?by=teacher"),
    Row("journal:course_comparison", "maria"),
    Row("journal:class_report", "ivan"),
    Row("journal:exams", "nina"),
    Row("journal:exam", "maria"),
    Row("journal:finals", "nina"),
    Row("journal:academic_debts", "nina"),
    Row("journal:academic_debts", "ivan"),
    Row("journal:forecast", "maria"),
    Row("journal:class_forecast", "ivan"),
    Row("journal:pupil_forecast", "ivan"),
    # The heads and the office
    Row("journal:school", "head"),
    Row("help:index", "nina"),
    Row("help:chapter", "maria"),
    Row("help:chapter", "olya_mother", of="guardian"),
    Row("help:chapter", "olya", of="pupil"),
    Row("help:chapter", "ivan", of="class"),
    Row("journal:board", "nina"),
    Row("journal:board", "nina", query="?by=class&reach=year"),
    Row("journal:gaps", "nina"),
    Row("journal:remarks", "nina"),
    Row("journal:own_remarks", "maria"),
    Row("journal:risk", "nina"),
    Row("journal:comparison", "nina"),
    Row("journal:load", "nina"),
    Row("journal:substitutions", "nina"),
    Row("journal:history", "maria"),
    Row("journal:morning", "nina"),
    Row("journal:morning", "secretary"),
    Row("journal:morning", "ivan"),
    Row("journal:class_day", "ivan"),
    Row("journal:class_day", "nina"),
    Row("journal:absence_notes", "ivan"),
    Row("journal:absence_note", "ivan"),
    Row("journal:behaviour", "ivan"),
    Row("journal:behaviours", "maria"),
    Row("journal:behaviour", "maria"),
    Row("journal:settings", "nina"),
    Row("journal:kinds", "nina"),
    Row("journal:kind", "nina"),
    Row("journal:kind_new", "nina"),
    Row("journal:scales", "nina"),
    Row("journal:scale", "nina"),
    Row("journal:scale_new", "nina"),
    Row("journal:final_rules", "nina"),
    Row("journal:final_rule", "nina"),
    Row("journal:final_rule_new", "nina", query="?preset=rounding"),
    Row("journal:norms", "nina"),
    Row("journal:norm_group", "nina"),
    Row("journal:individual", "nina"),
    Row("journal:sheet", "head"),
    Row("journal:lesson", "head"),
    Row("desk:home", "head"),
    Row("access:refusals", "head"),
    Row("access:removals", "head"),
    Row("access:removals", "admin", query="?part=cancelled"),
    Row("access:removal", "head"),
    Row("control:clauses", "head"),
    Row("control:clause", "head"),
    Row("control:regulation", "head"),
    Row("consent:register", "secretary"),
    Row("consent:decide", "secretary"),
    Row("consent:stack", "secretary"),
    Row("consent:overdue", "secretary"),
    Row("consent:destructions", "secretary"),
    Row("consent:declare", "secretary"),
    Row("consent:contacts", "secretary"),
    Row("consent:contacts", "secretary", query="?kind=messenger"),
    Row("consent:same_contacts", "secretary"),
    Row("contacts:uses", "secretary"),
    Row("consent:texts", "secretary"),
    Row("consent:text", "nina"),
    Row("consent:text", "nina", of="consent:planned"),
    Row("consent:text_new", "nina"),
    Row("printouts:consents", "secretary"),
    Row("printouts:order_consents", "secretary", start="printouts:consents", status=422,
        way=ways.orders_forms_for_no_class),
    Row("printouts:consents_of_family", "secretary"),
    # The administrator, and who comes by her slip
    Row("access:people", "admin"),
    Row("access:people", "admin", query="?q=nobody"),
    Row("access:people", "admin", status=500, way=ways.breaks_the_server),
    Row("access:person", "admin"),
    Row("access:person", "admin", of="access:unblock"),
    Row("access:issue_code", "admin", start="access:person", way=ways.issues_a_code),
    Row("access_entry:choose_password", way=ways.comes_with_the_slip),
    Row("home", "idle"),
    # The second step of the sign-in
    Row("mfa_index", "svetlana"),
    Row("account_reauthenticate", "svetlana"),
    Row("mfa_activate_totp", "svetlana", way=ways.confirms_the_password),
    Row("mfa_index", "svetlana", way=ways.switches_the_second_step_on),
    Row("mfa_generate_recovery_codes", "svetlana"),
    Row("mfa_view_recovery_codes", "svetlana"),
    Row("mfa_reauthenticate", "svetlana"),
    Row("mfa_deactivate_totp", "svetlana"),
    Row("mfa_authenticate", way=ways.signs_in_by_password),
)  # fmt: skip

NOT_PAGES = {
    "a form is sent there, and the answer leads to a page": {
        "access:block", "access:give_role", "access:refusal_answered", "access:take_role", "access:unblock",
        "access:keep_for_results", "access:remove_now",
        "consent:attach", "consent:destroyed", "consent:contact_verified", "consent:sms_applied", "consent:sms_ended", "contacts:end", "contacts:move", "contacts:send_code", "consent:text_cancel", "control:acquaint", "control:adopt", "control:publish",
        "journal:final_rule_end", "journal:kind_end", "journal:absence_note_remove",
        "diary:absence_withdraw", "desk:absence_accept", "desk:absence_decline",
        "journal:behaviour_note", "journal:behaviour_note_remove",
        "journal:homework_remove", "journal:lesson_form", "journal:test_remove",
        "journal:debt_attempt",
        "desk:announcement_withdraw", "desk:hours_remove", "diary:achievement_audience", "diary:achievement_remove", "desk:recommendation_take_back",
        "diary:recommendation_read",
        "desk:reminded_in_person", "diary:task_done", "diary:acknowledge", "diary:make_calendar", "diary:revoke_calendar", "settings:text_size", "printouts:cancel", "printouts:repeat",
        "journal:answer_remark", "journal:answer_unusual", "journal:ask_reopening", "journal:close_remark",
        "journal:close_reopening", "journal:decide_reopening",
    },
    "leads on at once": {
        "account_set_password", "desk:families", "diary:current_week", "diary:home",
    },
    "a file": {
        "consent:scan",
        "desk:achievement_file", "diary:achievement_file", "printouts:portfolio",
        "desk:evidence", "printouts:report_card", "diary:absence_file", "desk:absence_file", "diary:answer_file", "diary:file", "journal:answer_file", "journal:homework_file", "journal:programme_export",
        "journal:programme_template", "journal:statistics_export", "mfa_download_recovery_codes", "printouts:day_sheet",
        "printouts:consent_blank", "printouts:consent_filled", "printouts:download", "printouts:register", "printouts:summary", "printouts:takeout",
        "access:act_log", "printouts:act", "printouts:family_copy",
    },
    "a part of a page": {
        "journal:homework_load",
    },
    "for programs": {
        "calendar:feed", "diary:manifest", "diary:worker", "exchange:acknowledge", "exchange:cells", "exchange:children", "exchange:finals", "exchange:lessons",
        "exchange:marks", "exchange:schema", "exchange:sheet", "exchange:token", "exchange:week", "healthz",
        "journal:cells", "journal:changes", "journal:work_kind", "journal:worker", "metrics", "readyz",
    },
}  # fmt: skip


@dataclass
class Walk:
    """People with browsers of one size, who go through the pages one after another."""

    page_of: Callable[..., Page]
    screen: str
    objects: Mapping[str, Mapping[str, Any]]
    pages: dict[str, Page] = field(default_factory=dict)
    found: dict[str, list[str]] = field(default_factory=dict)

    def page(self, who: str) -> Page:
        if who not in self.pages:
            self.pages[who] = with_axe(self.page_of(who or None, **SCREENS[self.screen]))
        return self.pages[who]

    def visit(self, number: int, row: Row) -> None:
        page = self.page(row.who)
        answer = self.go(page, row)
        faults = list(faults_of(page, self.screen))
        if answer is not None and answer.status != row.status:
            faults.append(f"answers {answer.status}")
        if faults:
            self.found[row.label] = faults
        if PICTURES:
            name = row.label.translate(str.maketrans(" :?=&/", "______"))
            page.screenshot(
                path=Path(PICTURES, f"{self.screen}-{number:02}-{name}.png"), full_page=True
            )

    def go(self, page: Page, row: Row) -> ways.Answer:
        if row.way is None:
            return page.goto(self.address(row))
        if row.way is ways.comes_with_the_slip:
            return row.way(page, self.page("admin"))
        if row.start:
            page.goto(self.address(row))
        return row.way(page)

    def address(self, row: Row) -> str:
        known = ADDRESSES.get((row.name, row.of))
        if known:
            return known
        name = row.start or row.name
        of = row.of or name
        parameters = self.objects.get(of) or PARAMETERS.get(of)
        asked = self.objects.get(f"?{name}", {}).get("query", "")
        return reverse(name, kwargs=parameters) + (row.query or asked)


ADDRESSES = {
    ("verify:extract", "unknown code"): "/verify/ABCDE-ABCDE",
    ("home", "nowhere"): "/nowhere/",
}


@pytest.fixture
def objects(committed_cast: Cast) -> Mapping[str, Mapping[str, Any]]:
    """A school with something of everything, and an account without a role."""
    committed_cast.users["idle"] = User.objects.create(login="idle", password="!")
    fill(committed_cast)
    with scope(ALL_SCHOOLS):
        made = things(committed_cast)
        for name in ("journal:exam", "journal:copy_homework"):
            made[f"?{name}"] = {"query": query_of(name, committed_cast)}
    vacation = made["diary:week"] | {"monday": "2026-W44"}
    chapters = {slug: {"slug": slug} for slug in ("guardian", "pupil", "class")}
    planned = made["consent:text"] | {"code": "messenger"}
    return {**made, **chapters, "vacation": vacation, "consent:planned": planned}


def faults_of(page: Page, screen: str) -> Iterator[str]:
    yield from violations(page)
    headings = page.evaluate("document.querySelectorAll('h1').length")
    if headings != 1:
        yield f"{headings} headings of the first level"
    if scrolls_sideways(page):
        yield "scrolls sideways"
    if screen == "phone":
        page.set_viewport_size(NARROW)
        if scrolls_sideways(page):
            yield "scrolls sideways at 320"
        page.set_viewport_size(PHONE)


def test_every_address_is_a_page_here_or_no_page_at_all() -> None:
    pages = {row.name for row in PAGES}
    others = set().union(*NOT_PAGES.values())
    assert pages | others == set(names(get_resolver()))
    assert not pages & others


@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_is_accessible_and_fits(
    page_of: Callable[..., Page], objects: Mapping[str, Any], settings: Any, screen: str
) -> None:
    settings.DEMO = True
    walk = Walk(page_of, screen, objects)
    for number, row in enumerate(PAGES):
        walk.visit(number, row)
    assert walk.found == {}

"""The family's pages in the browser's eyes: who opens them, what they cost, what they say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.models import Visit
from consent.models import Decision
from diary import actions
from people.models import Restriction
from tests.cast import MONDAY, NOW, TODAY, Cast
from tests.diary.test_week import give

PARTS = ("tasks", "marks", "absences", "finals")
Browser = Callable[[str], Client]


def week_url(cast: Cast, pupil: str = "olya", iso: str = "2026-W47") -> str:
    return reverse("diary:week", args=[cast.pupils[pupil].pk, iso])


def addresses(cast: Cast, pupil: str = "olya") -> list[str]:
    own = [reverse(f"diary:{part}", args=[cast.pupils[pupil].pk]) for part in PARTS]
    return [week_url(cast, pupil), *own]


def statements(counted: CaptureQueriesContext) -> list[str]:
    quiet = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    every = [q["sql"] or "?" for q in counted.captured_queries]
    found = [sql for sql in every if not sql.startswith(quiet)]
    # The request's scope nests in the test's own: it reads and restores the outer settings.
    scopes = ("current_setting", "SELECT set_config")
    return [sql for sql in found if "INSERT" in sql or not any(one in sql for one in scopes)]


@pytest.mark.clause("K1b", "S2", "G2.1")
@pytest.mark.parametrize("name", ["olya_mother", "olya_father", "olya", "ivan", "nina", "head"])
def test_every_page_opens_to_family_class_teacher_and_heads(
    cast: Cast, client_of: Browser, name: str
) -> None:
    client = client_of(name)
    assert [client.get(url).status_code for url in addresses(cast)] == [200] * 5


@pytest.mark.parametrize(
    "name", ["petya_father", "petya", "other_guardian", "stranger", "maria", "admin", "no_consent"]
)
def test_strangers_get_404(cast: Cast, client_of: Browser, name: str) -> None:
    client = client_of(name)
    assert [client.get(url).status_code for url in addresses(cast)] == [404] * 5


def test_address_without_week_leads_to_the_current(cast: Cast, client_of: Browser) -> None:
    client = client_of("olya_mother")
    answer = client.get(reverse("diary:current_week", args=[cast.pupils["olya"].pk]))
    assert answer["Location"] == week_url(cast)
    for impossible in ("2026-W99", "0001-W01", "9999-W52"):
        assert client.get(week_url(cast).replace("2026-W47", impossible)).status_code == 404
        api = f"/api/v1/children/{cast.pupils['olya'].pk}/weeks/{impossible}/"
        assert client.get(api).status_code == 404


def test_one_account_serves_all_children(cast: Cast, client_of: Browser) -> None:
    client = client_of("olya_mother")
    page = client.get(week_url(cast, "kolya")).content.decode()
    assert "Ёлкина Оля, 7А" in page
    home = client.get(reverse("diary:home"), follow=True)
    assert home.redirect_chain[-1][0] == week_url(cast, "kolya")
    assert "Ёлкин Николай" in client.get(reverse("diary:children")).content.decode()


@pytest.mark.parametrize("lessons", [1, 3])
def test_pages_cost_eight_statements_at_most_whatever_they_hold(
    cast: Cast, client_of: Browser, lessons: int
) -> None:
    for course in ("algebra", "physics", "russian")[:lessons]:
        give(cast, "olya", cast.lesson(course), "5")
    client = client_of("olya_mother")
    costs = []
    for url in [*addresses(cast), week_url(cast)]:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url).status_code == 200
        costs.append(len(statements(counted)))
    assert costs == [7, 6, 8, 7, 6, 6]  # the marks read the forecast too


@pytest.mark.clause("S4")
def test_what_the_teacher_entered_stands_in_the_diary_at_once(
    cast: Cast, client_of: Browser
) -> None:
    client = client_of("olya_mother")
    assert "отлично считаешь" not in client.get(week_url(cast)).content.decode()
    give(cast, "olya", cast.lesson("algebra"), "5", comment="отлично считаешь")
    assert "отлично считаешь" in client.get(week_url(cast)).content.decode()


@pytest.mark.clause("G2.1a")
def test_week_shows_topics_and_tasks_shows_homework(cast: Cast, client_of: Browser) -> None:
    lesson = cast.lesson("algebra")
    type(lesson).objects.filter(pk=lesson.pk).update(topic="Многочлены")
    lesson.homework.create(
        school=cast.school, year=2026, due_day=TODAY.replace(day=20), text="№ 345", set_by=cast.users["maria"],
        set_at=NOW,
    )  # fmt: skip
    client = client_of("olya_mother")
    assert "Многочлены" in client.get(week_url(cast)).content.decode()
    assert "№ 345" in client.get(addresses(cast)[1]).content.decode()


def test_marks_show_averages_and_never_the_class(cast: Cast, client_of: Browser) -> None:
    lesson = cast.lesson("algebra")
    give(cast, "olya", lesson, "5")
    give(cast, "olya", cast.lesson("algebra", MONDAY), "4", kind="control")
    give(cast, "petya", lesson, "2", work=lesson.works.get())
    page = client_of("olya_mother").get(addresses(cast)[2]).content.decode()
    assert "4,50" in page
    assert "4,33" in page
    assert ">2<" not in page


@pytest.mark.clause("G2.1c")
def test_absences_of_the_period_are_counted_and_listed(cast: Cast, client_of: Browser) -> None:
    for course in ("algebra", "physics", "russian"):
        cast.lesson(course).absences.create(
            year=2026, school=cast.school, pupil=cast.pupils["olya"], code="ill", set_by=cast.users["ivan"], set_at=NOW,
        )  # fmt: skip
    page = client_of("olya_mother").get(addresses(cast)[3])
    ill = next(one for one in page.context["page"].totals if one.kind == "ill")
    assert (ill.lessons, ill.days) == (3, 1)
    assert page.context["page"].full_days == 1
    assert "пропуск по болезни" in page.content.decode()


@pytest.mark.clause("G2.1d")
def test_finals_show_visible_results_only(cast: Cast, client_of: Browser) -> None:
    first = cast.extras["Школа № 1:1"]
    for course, visible in (("algebra", NOW), ("physics", None)):
        cast.courses[course].period_marks.create(
            school=cast.school, year=2026, pupil=cast.pupils["olya"], period=first, value="4", score=4,
            obtained_at=NOW, visible_at=visible, set_by=cast.users["maria"], set_at=NOW,
        )  # fmt: skip
    rows = client_of("olya_mother").get(addresses(cast)[4]).context["page"].rows
    assert {row.subject: row.periods[0].text for row in rows} == {
        "Алгебра": "4", "Русский язык": "", "Физика": "",
    }  # fmt: skip
    assert rows[0].periods[1].note == "закроется 30 декабря"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("none", "Согласие ещё не зарегистрировано"), ("refusal", "Вы отказались от электронной формы"),
        ("withdrawal", "Вы отозвали согласие"), ("restricted", "Доступ ограничен"),
    ],
)  # fmt: skip
def test_closed_diary_explains_what_to_bring(
    cast: Cast, client_of: Browser, state: str, words: str
) -> None:
    tie = cast.guardianships["no_consent", "timur"]
    if state in {"refusal", "withdrawal"}:
        Decision.objects.create(
            school=cast.school, subject=cast.pupils["timur"], signer=cast.people["no_consent"],
            purpose=Decision.objects.first().purpose, kind=state, decided_on=TODAY, form="paper",
            registered_at=NOW,
        )  # fmt: skip
    if state == "restricted":
        Restriction.objects.create(
            school=cast.school, guardianship=tie, act_number="2-17", act_date=TODAY, since=TODAY
        )
    answer = client_of("no_consent").get(reverse("diary:home"), follow=True)
    page = answer.content.decode()
    assert words in page
    assert "Что принести" in page


@pytest.mark.clause("G2.10.3")
def test_visit_is_recorded_once_a_day_and_section(
    cast: Cast, client_of: Browser, clock: time_machine.Traveller
) -> None:
    client = client_of("olya_mother")
    client.get(week_url(cast))
    clock.shift(timedelta(seconds=40))
    client.get(week_url(cast))
    clock.shift(timedelta(seconds=30))
    client.get(week_url(cast))
    client_of("ivan").get(week_url(cast))
    seen = Visit.objects.filter(pupil=cast.pupils["olya"])
    assert [(v.person_id, v.section, v.day, v.times) for v in seen] == [
        (cast.people["olya_mother"].pk, "timetable", TODAY, 2)
    ]
    assert seen[0].last_at > NOW + timedelta(seconds=69)


def test_a_look_after_midnight_is_of_the_new_day(
    cast: Cast, client_of: Browser, clock: time_machine.Traveller
) -> None:
    client = client_of("olya_mother")
    clock.move_to(datetime(2026, 11, 18, 23, 59, 40, tzinfo=cast.school.zone), tick=False)
    client.get(week_url(cast))
    clock.shift(timedelta(seconds=30))
    client.get(week_url(cast))
    days = Visit.objects.filter(pupil=cast.pupils["olya"]).order_by("day")
    assert [visit.day for visit in days] == [TODAY, TODAY + timedelta(days=1)]


@pytest.mark.parametrize(
    ("section", "waits"), [("timetable", "off"), ("finals", "on"), ("announcements", "on")]
)
def test_a_look_does_not_wait_for_the_disk_unless_it_proves_something(
    cast: Cast, section: str, waits: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")  # the server of the tests has it off
        actions.record_visit(
            by=cast.user("olya_mother"), pupil=cast.pupils["olya"], section=section, now=NOW
        )
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == (waits,)


def test_file_of_homework_is_given_to_the_family_only(
    cast: Cast, client_of: Browser, tmp_path: Any, settings: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }
    (tmp_path / "task.pdf").write_bytes(b"%PDF-1.7")
    given = cast.lesson("algebra").homework.create(
        school=cast.school,
        year=2026,
        due_day=TODAY,
        text="см. файл",
        set_by=cast.users["maria"],
        set_at=NOW,
    )
    file = given.files.create(
        school=cast.school, name="задача.pdf", stored="task.pdf", size=8, content_type="application/pdf",
        sha256="0" * 64, added_by=cast.users["maria"], added_at=NOW,
    )  # fmt: skip
    url = reverse("diary:file", args=[cast.pupils["olya"].pk, file.pk])
    answer = client_of("olya_mother").get(url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    other = reverse("diary:file", args=[cast.pupils["kolya"].pk, file.pk])
    assert client_of("petya_father").get(url).status_code == 404
    assert client_of("other_guardian").get(other).status_code == 404

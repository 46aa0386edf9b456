"""Orders of extracts: who may, what is printed, what is left when something dies."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from pypdf import PdfReader

from diary import queries as diary
from people.models import Pupil
from printouts import actions, making
from printouts.enums import Who
from printouts.errors import JobOver, NobodyToPrintFor, WeekAhead
from printouts.models import Download, Extract, JobState, PrintJob
from tests.cast import MONDAY, NOW, SCHOOL_ID, Cast
from tests.printouts.papers import codes_on, text_of

ORDER = {"school_class": "", "week": "2026-W47", "who": "paper"}


def order(client: Any, cast: Cast, class_name: str = "7А", **changes: str) -> Any:
    data = ORDER | {"school_class": str(cast.classes[class_name].pk)} | changes
    return client.post(reverse("printouts:order_extracts"), data)


def made_job(client: Any, cast: Cast, **changes: str) -> PrintJob:
    assert order(client, cast, **changes).status_code == 302
    job = PrintJob.objects.order_by("-ordered_at", "-pk")[0]
    assert making.make(job_id=job.pk, school_id=job.school_id, now=NOW) == JobState.DONE
    job.refresh_from_db()
    return job


@pytest.mark.clause("T2d")
@pytest.mark.clause("K1")
@pytest.mark.clause("G2.6")
@pytest.mark.clause("S5")
def test_the_class_teacher_prints_the_week_for_families_on_paper(
    week_of_7a: Cast, client_of: Any, tmp_path: Any
) -> None:
    cast = week_of_7a
    client = client_of("ivan")
    job = made_job(client, cast)
    answer = client.get(reverse("printouts:download", args=[job.pk]))
    assert answer["Content-Type"] == "application/pdf"
    content = b"".join(answer.streaming_content)
    text = text_of(content)
    for word in ("Сидоров Виктор Ильич", "7А класс", "Школа № 1", "16–21 ноября 2026", "Алгебра", "5 ", "Молодец",
                 "№ 412 (а, б)", "пропуск", "3,00"):  # fmt: skip
        assert word in text, word
    assert "Ёлкина" not in text  # her mother reads the diary on the screen
    extract = Extract.objects.get(job=job, pupil=cast.pupils["vitya"])
    shown = diary.week(Pupil.objects.get(pk=cast.pupils["vitya"].pk), MONDAY, user=None, now=NOW)
    assert (extract.week, extract.version, extract.pages) == (MONDAY, shown.version, 1)
    path = tmp_path / "class.pdf"
    path.write_bytes(content)
    assert codes_on(path) == [f"http://127.0.0.1:8000/verify/{extract.code}"]
    assert Download.objects.get(job=job).user_id == cast.users["ivan"].pk


def test_all_prints_everybody_in_the_order_of_the_class(week_of_7a: Cast, client_of: Any) -> None:
    job = made_job(client_of("nina"), week_of_7a, who="all")
    with job.stored.open("rb") as stored:
        reader = PdfReader(io.BytesIO(stored.read()))
    names = [item.title for item in reader.outline]
    assert names == ["Ёлкина Оля", "Петров Пётр", "Сидоров Виктор", "Тихонов Тимур"]
    assert (job.total, job.done, job.pages) == (4, 4, 4)


def test_strangers_find_neither_the_page_nor_the_class_nor_the_file(
    week_of_7a: Cast, client_of: Any
) -> None:
    cast = week_of_7a
    job = made_job(client_of("ivan"), cast)
    index = reverse("printouts:index")
    for name in ("olya_mother", "vitya_mother", "vitya"):
        assert client_of(name).get(index).status_code == 404, name
    for name in ("maria", "admin"):
        assert client_of(name).get(index).status_code == 403, name
    for name in (
        "maria",
        "olya_mother",
        "vitya_mother",
        "vitya",
        "admin",
        "stranger",
        "other_head",
        "secretary",
    ):
        client = client_of(name)
        assert order(client, cast).status_code == 404, name
        assert client.get(reverse("printouts:job", args=[job.pk])).status_code == 404, name
        assert client.get(reverse("printouts:download", args=[job.pk])).status_code == 404, name
        assert client.post(reverse("printouts:cancel", args=[job.pk])).status_code == 404, name
    assert Download.objects.count() == 0
    answer = client_of("head").get(reverse("printouts:download", args=[job.pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-1.7")


def test_who_leads_the_class_no_more_loses_its_files(week_of_7a: Cast, client_of: Any) -> None:
    cast = week_of_7a
    client = client_of("ivan")
    job = made_job(client, cast)
    cast.classes["7А"].class_teachers.update(until=MONDAY)
    assert client.get(reverse("printouts:download", args=[job.pk])).status_code == 404
    assert order(client, cast).status_code == 404


def test_two_presses_make_one_order(week_of_7a: Cast, client_of: Any) -> None:
    client = client_of("ivan")
    first, second = order(client, week_of_7a), order(client, week_of_7a)
    assert first.url == second.url
    assert PrintJob.objects.count() == 1


def test_what_cannot_be_printed_is_said(week_of_7a: Cast, client_of: Any) -> None:
    client = client_of("ivan")
    assert WeekAhead.message in order(client, week_of_7a, week="2026-W49").content.decode()
    nobody = order(client_of("nina"), week_of_7a, class_name="5Б")
    assert (nobody.status_code, NobodyToPrintFor.message in nobody.content.decode()) == (422, True)
    for wrong in ({"week": "2026-W60"}, {"who": "some"}, {"school_class": "7"}):
        assert order(client, week_of_7a, **wrong).status_code == 422
    assert PrintJob.objects.count() == 0


def test_the_page_tells_how_far_the_job_is(week_of_7a: Cast, client_of: Any) -> None:
    client = client_of("ivan")
    order(client, week_of_7a)
    job = PrintJob.objects.get()
    page = reverse("printouts:job", args=[job.pk])
    assert "в очереди" in client.get(page).content.decode()
    PrintJob.objects.update(ordered_at=NOW - timedelta(minutes=5))
    assert "Задание сохранено" in client.get(page).content.decode()
    PrintJob.objects.update(state=JobState.RUNNING, done=1, total=4)
    fragment = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "1 из 4" in fragment
    assert "<html" not in fragment
    assert 'hx-trigger="every 2s"' in fragment
    making.make(job_id=job.pk, school_id=SCHOOL_ID, now=NOW)
    fragment = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "2\u00a0выписки" in fragment
    assert "hx-trigger" not in fragment


def test_a_job_whose_worker_died_is_made_again_once(
    week_of_7a: Cast, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    order(client_of("ivan"), week_of_7a)
    job = PrintJob.objects.get()

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(making, "_finish", die)
        with pytest.raises(SystemExit):
            making.make(job_id=job.pk, school_id=SCHOOL_ID, now=NOW)
    job.refresh_from_db()
    assert (job.state, Extract.objects.count()) == (JobState.RUNNING, 0)
    assert making.make(job_id=job.pk, school_id=SCHOOL_ID, now=NOW) == JobState.DONE
    assert making.make(job_id=job.pk, school_id=SCHOOL_ID, now=NOW) == JobState.DONE
    assert Extract.objects.count() == 2  # Витя's mother refused, Тимур's has not decided
    assert len(default_storage.listdir("printouts/2026/11")[1]) == 1


def test_a_second_worker_leaves_a_job_that_is_being_made(week_of_7a: Cast, client_of: Any) -> None:
    order(client_of("ivan"), week_of_7a)
    job = PrintJob.objects.get()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('print'), hashtext(%s))", [str(job.pk)])
    try:
        assert making.make(job_id=job.pk, school_id=SCHOOL_ID, now=NOW) == JobState.RUNNING
        job.refresh_from_db()
        assert job.state == JobState.WAITING
    finally:
        other.close()


def test_a_failure_is_said_and_may_be_repeated(
    week_of_7a: Cast, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of("ivan")
    order(client, week_of_7a)
    job = PrintJob.objects.get()

    def break_down(*_: object, **__: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(making.pdf, "bind", break_down)
        with pytest.raises(OSError):  # noqa: PT011
            making.make(job_id=job.pk, school_id=SCHOOL_ID, now=NOW)
    page = reverse("printouts:job", args=[job.pk])
    assert "не получилось" in client.get(page).content.decode()
    assert client.post(reverse("printouts:repeat", args=[job.pk])).status_code == 302
    assert making.make(job_id=job.pk, school_id=SCHOOL_ID, now=NOW) == JobState.DONE


def test_a_cancelled_job_stops_before_the_next_document(
    week_of_7a: Cast, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, client = week_of_7a, client_of("nina")
    order(client, cast, who="all")
    job = PrintJob.objects.get()
    laid_out = []

    def bind(*_: object, on_sheet: Any, **__: object) -> None:
        for done in (1, 2, 3):
            laid_out.append(done)
            if done == 2:
                PrintJob.objects.update(state=JobState.CANCELLED, finished_at=NOW)
            on_sheet(done)

    monkeypatch.setattr(making.pdf, "bind", bind)
    assert making.make(job_id=job.pk, school_id=SCHOOL_ID, now=NOW) == JobState.CANCELLED
    assert laid_out == [1, 2]
    assert Extract.objects.count() == 0
    assert client.post(reverse("printouts:cancel", args=[job.pk])).status_code == JobOver.status


def test_files_go_after_thirty_days_and_the_job_stays(week_of_7a: Cast, client_of: Any) -> None:
    client = client_of("ivan")
    job = made_job(client, week_of_7a)
    name = job.stored.name
    assert making.remove_old_files(schools=[SCHOOL_ID], now=NOW + timedelta(days=29)) == 0
    assert making.remove_old_files(schools=[SCHOOL_ID], now=NOW + timedelta(days=31)) == 1
    assert not default_storage.exists(name)
    assert client.get(reverse("printouts:download", args=[job.pk])).status_code == 404
    assert (
        "Срок хранения файла вышел"
        in client.get(reverse("printouts:job", args=[job.pk])).content.decode()
    )


@pytest.mark.parametrize("pupils", [1, 3])
def test_ordering_costs_the_same_whatever_the_class(
    week_of_7a: Cast, pupils: int, django_assert_max_num_queries: Any
) -> None:
    cast = week_of_7a
    members = list(cast.extras["group:7А"].memberships.order_by("pk"))
    for member in members[pupils:]:
        member.delete()
    ivan = cast.user("nina")
    with django_assert_max_num_queries(10):
        actions.order_extracts(
            by=ivan, school_class=cast.classes["7А"], week=MONDAY, who=Who.ALL, now=NOW
        )

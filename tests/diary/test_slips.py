"""Slips and messages that come back: the class's list, the picture, the QR (K4b)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from common.errors import BrokenFile
from diary import actions
from diary.errors_desk import AlreadyRecorded
from diary.models import Acknowledgement, Channel, Section
from printouts.models import Extract
from tests.cast import MONDAY, NOW, Cast
from tests.diary.test_acknowledgement import on_paper

Browser = Callable[[str], Client]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Any) -> None:
    kept = settings.STORAGES["default"] | {"OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": kept}


def photo(name: str = "корешок.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def url(cast: Cast, more: str = "") -> str:
    return reverse("desk:slips", args=[cast.classes["7А"].pk]) + f"?week=2026-W47{more}"


def row(cast: Cast, guardian: str, pupil: str, **fields: Any) -> dict[str, Any]:
    prefix = f"{cast.pupils[pupil].pk}:{cast.people[guardian].pk}"
    return {f"{prefix}-{name}": value for name, value in fields.items()}


def both_slips(cast: Cast, **first: Any) -> dict[str, Any]:
    vitya = {"done": "on", "channel": "paper", "evidence": "корешок от 20.11"} | first
    timur = {"done": "on", "channel": "message", "evidence": "Сферум, 19.11"}
    return row(cast, "vitya_mother", "vitya", **vitya) | row(cast, "no_consent", "timur", **timur)


@pytest.mark.clause("K4b")
def test_the_whole_class_is_recorded_from_one_list(cast: Cast, client_of: Browser) -> None:
    client = client_of("ivan")
    page = client.get(url(cast)).content.decode()
    assert page.count('class="card card-body slip"') == 2
    assert "Сидорова Р. З." in page
    assert "Ёлкина О. В." not in page
    assert "Ёлкина О. В." in client.get(url(cast, "&who=all")).content.decode()
    sent = both_slips(cast) | row(cast, "vitya_mother", "vitya", file=photo())
    assert client.post(url(cast), sent).status_code == 302
    rows = Acknowledgement.objects.order_by("channel", "section")
    assert [(r.channel, r.section, r.evidence, r.registered_by_id) for r in rows] == [
        ("message", "finals", "Сферум, 19.11", cast.users["ivan"].pk),
        ("message", "timetable", "Сферум, 19.11", cast.users["ivan"].pk),
        ("paper", "finals", "корешок от 20.11", cast.users["ivan"].pk),
        ("paper", "timetable", "корешок от 20.11", cast.users["ivan"].pk),
    ]
    paper = [r for r in rows if r.channel == "paper"]
    assert {r.evidence_name for r in paper} == {"корешок.png"}
    assert len({r.evidence_file.name for r in paper}) == 1
    after = client.get(url(cast)).content.decode()
    assert after.count("Внесено 18\xa0ноября") == 2
    assert "корешок от 20.11" in after


@pytest.mark.clause("K4b")
def test_a_wrong_row_is_refused_clearly_and_nothing_is_lost_or_half_saved(
    cast: Cast, client_of: Browser
) -> None:
    client = client_of("ivan")
    answer = client.post(url(cast), both_slips(cast, evidence=""))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Ничего не сохранено" in text
    assert "Укажите, чем подтверждено, или приложите фото." in text
    assert "Сферум, 19.11" in text
    assert not Acknowledgement.objects.exists()
    forgotten = client.post(
        url(cast), row(cast, "vitya_mother", "vitya", channel="paper", evidence="корешок")
    )
    assert "Отметьте «Ознакомлен(а)»" in forgotten.content.decode()
    broken = client.post(url(cast), both_slips(cast, file=photo(content=b"no picture")))
    assert broken.status_code == 422
    assert "повреждён" in broken.content.decode()
    assert "Файл выберите ещё раз" in broken.content.decode()
    nobody = row(cast, "vitya_mother", "vitya", channel="paper") | row(
        cast, "no_consent", "timur", channel="paper"
    )
    empty = client.post(url(cast), nobody)
    assert empty.status_code == 422
    assert "Ничего не отмечено" in empty.content.decode()
    assert not Acknowledgement.objects.exists()


@pytest.mark.clause("K4b")
def test_a_photo_alone_is_evidence_and_is_looked_at(cast: Cast) -> None:
    made = on_paper(cast, evidence="", upload=photo())
    assert (made.evidence, made.evidence_name) == ("", "корешок.png")
    with made.evidence_file.open("rb") as stored:
        assert stored.read() == PNG
    with pytest.raises(BrokenFile):
        on_paper(cast, upload=photo("slip.exe"), sections=[Section.FINALS])


@pytest.mark.clause("K4b")
def test_the_photo_is_for_the_guardian_her_class_teacher_and_the_heads(
    cast: Cast, client_of: Browser
) -> None:
    slip = actions.Slip(
        guardian=cast.people["olya_mother"], pupil=cast.pupils["olya"], channel=Channel.PAPER, evidence="",
        upload=photo(),
    )  # fmt: skip
    made = actions.record_slip(by=cast.user("ivan"), slip=slip, week=MONDAY, now=NOW)[0]
    place = reverse("desk:evidence", args=[made.pk])
    people = (
        "olya_mother",
        "ivan",
        "nina",
        "head",
        "olya_father",
        "olya",
        "petya_father",
        "maria",
        "secretary",
        "stranger",
    )
    answers = {who: client_of(who).get(place) for who in people}
    assert [answers[who].status_code for who in people] == [200] * 4 + [404] * 6
    for who in people[:4]:
        assert b"".join(answers[who].streaming_content) == PNG  # type: ignore[attr-defined]
        assert "attachment" in answers[who]["Content-Disposition"]


def test_the_same_slip_twice_is_one_and_another_for_the_same_is_refused(cast: Cast) -> None:
    assert on_paper(cast).pk == on_paper(cast).pk
    with pytest.raises(AlreadyRecorded):
        on_paper(cast, evidence="другая бумага")


def test_a_single_slip_with_a_photo_on_its_own_page(cast: Cast, client_of: Browser) -> None:
    client = client_of("ivan")
    page = reverse("desk:paper_acknowledgement", args=[cast.classes["7А"].pk]) + "?week=2026-W47"
    sent = {
        "guardian": f"{cast.pupils['vitya'].pk}:{cast.people['vitya_mother'].pk}", "sections": Section.values,
        "channel": "paper", "evidence": "",
    }  # fmt: skip
    assert client.post(page, sent | {"file": photo()}).status_code == 302
    assert Acknowledgement.objects.filter(evidence_name="корешок.png").count() == 2
    refused = client.post(page, sent | {"evidence": "другая бумага"})
    assert refused.status_code == 422
    assert "уже внесено" in refused.content.decode()


@pytest.mark.clause("K4b")
def test_the_qr_of_a_slip_opens_its_row_for_the_class_teacher_alone(
    cast: Cast, client_of: Browser
) -> None:
    extract = Extract.objects.create(
        school=cast.school, pupil=cast.pupils["vitya"], week=MONDAY, code="K7QM2XFD9RTA", version="0" * 64,
        printed_at=NOW,
    )  # fmt: skip
    place = reverse("verify:extract", args=[extract.code])
    answer = client_of("ivan").get(place)
    assert answer.status_code == 302
    vitya = cast.pupils["vitya"].pk
    assert answer["Location"] == url(cast, f"&pupil={vitya}#slip-{vitya}")
    text = client_of("ivan").get(answer["Location"].partition("#")[0]).content.decode()
    assert f'id="slip-{vitya}"' in text
    assert text.count(" checked") == 1
    for stranger in (Client(), client_of("nina"), client_of("vitya_mother"), client_of("svetlana")):
        shown = stranger.get(place)
        assert shown.status_code == 200
        assert "Сидоров Виктор" not in shown.content.decode()


@pytest.mark.parametrize(("who", "status"), [("nina", 403), ("maria", 404), ("vitya_mother", 404)])
def test_only_the_class_teacher_opens_the_list(
    cast: Cast, client_of: Browser, who: str, status: int
) -> None:
    assert client_of(who).get(url(cast)).status_code == status

"""Scans of papers: kept with the decision, given to whoever registers, never by guessing."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common.errors import BrokenFile, Forbidden
from consent.actions import add_scan
from consent.models import Decision, Scan
from tests.cast import NOW, TODAY, Cast

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0 photo"


def pdf(name: str = "согласие.pdf", more: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + more, "application/pdf")


def photo(more: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("IMG_1.JPG", JPG + more, "image/jpeg")


def stored() -> set[str]:
    return {
        str(each) for each in Path(settings.MEDIA_ROOT).rglob("consents/**/*") if each.is_file()
    }


def the_decision(cast: Cast) -> Decision:
    return Decision.objects.get(signer=cast.people["petya_father"], subject=cast.pupils["petya"])


def scan(cast: Cast, upload: SimpleUploadedFile, by: str = "secretary") -> Scan:
    return add_scan(by=cast.user(by), decision=the_decision(cast), upload=upload, now=NOW)


@pytest.mark.clause("T1")
def test_a_decision_is_registered_with_its_scan(cast: Cast, client_of: Any) -> None:
    tie = cast.guardianships["no_consent", "timur"]
    url = reverse("consent:decide", args=[tie.pk])
    sent = {
        "purpose": "diary",
        "kind": "consent",
        "decided_on": TODAY.isoformat(),
        "form": "paper",
        "upload": photo(),
    }
    office = client_of("secretary")
    assert office.post(url, sent).status_code == 302
    kept = Scan.objects.get()
    assert (kept.decision.subject_id, kept.name, kept.content_type, kept.size) == (
        tie.pupil_id, "IMG_1.jpg", "image/jpeg", len(JPG),
    )  # fmt: skip
    assert "IMG_1" not in str(kept.stored.name), "the address cannot be guessed"
    assert reverse("consent:scan", args=[kept.pk]) in office.get(url).content.decode()


@pytest.mark.clause("T1")
def test_a_photo_is_attached_to_an_older_decision(cast: Cast, client_of: Any) -> None:
    tie, decision = cast.guardianships["petya_father", "petya"], the_decision(cast)
    url = reverse("consent:attach", args=[tie.pk, decision.pk])
    teacher = client_of("ivan")
    assert teacher.post(url, {"upload": pdf()}).status_code == 302
    assert [each.name for each in decision.scans.all()] == ["согласие.pdf"]
    refused = teacher.post(url, {})
    assert refused.status_code == 422
    assert "Выберите файл" in refused.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", "текст".encode(), "не фото и не PDF"),
        ("a.exe", b"MZ", "не принимается"),
        ("a.pdf", b"not a pdf", "повреждён"),
        ("a.jpg", b"", "пуст"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence_and_writes_nothing(
    cast: Cast, client_of: Any, name: str, content: bytes, words: str
) -> None:
    before, files = Decision.objects.count(), stored()
    tie = cast.guardianships["no_consent", "timur"]
    sent = {
        "purpose": "diary", "kind": "consent", "decided_on": TODAY.isoformat(), "form": "paper", "note": "принесла мама",
        "upload": SimpleUploadedFile(name, content),
    }  # fmt: skip
    answer = client_of("secretary").post(reverse("consent:decide", args=[tie.pk]), sent)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert words in html
    assert "принесла мама" in html
    assert (Decision.objects.count(), stored()) == (before, files)


def test_the_same_file_twice_is_one_scan(cast: Cast) -> None:
    assert scan(cast, pdf()).pk == scan(cast, pdf("другое имя.pdf")).pk
    assert Scan.objects.count() == 1


def test_a_decision_keeps_no_more_than_ten(cast: Cast) -> None:
    for number in range(10):
        scan(cast, pdf(more=str(number).encode()))
    files = stored()
    with pytest.raises(BrokenFile):
        scan(cast, pdf(more=b"11"))
    assert stored() == files


@pytest.mark.parametrize(
    ("name", "status"),
    [("secretary", 200), ("head", 200), ("nina", 200), ("ivan", 200), ("maria", 404), ("svetlana", 404),
     ("petya_father", 404), ("olya_mother", 404), ("stranger", 404), ("other_head", 404), ("admin", 404)],
)  # fmt: skip
def test_who_takes_the_scan(cast: Cast, client_of: Any, name: str, status: int) -> None:
    kept = scan(cast, pdf())
    answer = client_of(name).get(reverse("consent:scan", args=[kept.pk]))
    assert answer.status_code == status
    if status == 200:
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Disposition"].startswith("attachment")


def test_a_stranger_adds_none(cast: Cast, client_of: Any) -> None:
    for who in ("maria", "petya_father", "other_head", "admin"):
        with pytest.raises(Forbidden):
            scan(cast, pdf(), by=who)
    tie = cast.guardianships["petya_father", "petya"]
    other = Decision.objects.get(signer=cast.people["olya_father"])
    url = reverse("consent:attach", args=[tie.pk, other.pk])
    assert client_of("secretary").post(url, {"upload": pdf()}).status_code == 404

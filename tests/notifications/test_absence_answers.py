"""The letter about the class teacher's answer: to who told of the absence, without a word of the reason."""

from datetime import UTC, datetime
from typing import Any

import pytest

from diary.models import AbsenceReport
from notifications import letters
from notifications.errors import NotToBeSent
from notifications.models import OutboxMessage
from tests.cast import NOW, Cast

EVENING = datetime(2026, 11, 18, 19, 30, tzinfo=UTC)  # 22:30 in Moscow


@pytest.fixture
def report(cast: Cast) -> AbsenceReport:
    return AbsenceReport.objects.create(
        school=cast.school, pupil=cast.pupils["olya"], since="2026-11-19", until="2026-11-20", reason="ill",
        comment="Кашель", reported_by=cast.users["olya_mother"], reported_at=NOW,
    )  # fmt: skip


def answer(client_of: Any, cast: Cast, report: AbsenceReport, how: str) -> OutboxMessage:
    address = f"/class/{cast.classes['7А'].pk}/absences/{report.pk}/{how}/"
    client_of("ivan").post(address, {"answer": "Оля была в школе"})
    return OutboxMessage.objects.get()


@pytest.mark.parametrize(
    ("how", "said"), [("accept", "принято классным руководителем"), ("decline", "не принято")]
)
def test_the_guardian_is_told_of_the_answer_and_the_reason_stays_in_the_diary(
    client_of: Any, cast: Cast, report: AbsenceReport, how: str, said: str
) -> None:
    message = answer(client_of, cast, report, how)
    assert message.recipient == cast.people["olya_mother"]
    letter = letters.compose(message.template, message.data, children=[cast.pupils["olya"].pk])
    assert said in letter.text
    assert f"/diary/{cast.pupils['olya'].pk}/absences/" in letter.html
    for private in ("болезнь", "Кашель", "Оля была в школе"):
        assert private not in letter.text + letter.html + letter.subject


def test_a_guardian_whose_access_was_closed_is_sent_nothing(
    client_of: Any, cast: Cast, report: AbsenceReport
) -> None:
    message = answer(client_of, cast, report, "accept")
    with pytest.raises(NotToBeSent):
        letters.compose(message.template, message.data, children=[])


def test_the_letter_waits_for_the_end_of_the_quiet_hours(
    client_of: Any, cast: Cast, report: AbsenceReport, clock: Any
) -> None:
    clock.move_to(EVENING)
    message = answer(client_of, cast, report, "accept")
    assert message.not_before == datetime(2026, 11, 19, 4, 0, tzinfo=UTC)

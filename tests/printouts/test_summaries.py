"""The printed summary sheet: all subjects, attendance and decisions, accessible, in landscape."""

import io
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from journal.models import CouncilDecision
from journal.yearbook import Place, SubjectColumns
from printouts.summaries import fitting
from tests.cast import NOW, TODAY, YEAR, Cast, known
from tests.journal.test_summary import result
from tests.printouts.papers import errors_of_accessibility, is_sound, text_of


@pytest.mark.slow
@pytest.mark.clause("T5d")
def test_the_sheet_is_printed_with_results_attendance_and_decisions(
    client_of: Any, cast: Cast, tmp_path: Path
) -> None:
    result(cast, "olya", "5")
    result(cast, "petya", "", status="not_assessed")
    CouncilDecision.objects.create(
        school=cast.school, year=YEAR, pupil=cast.pupils["olya"], kind="promoted", minutes_number="14",
        minutes_day=TODAY, set_by=cast.users["nina"], set_at=NOW,
    )  # fmt: skip
    answer = client_of("ivan").get(f"/printouts/summary/{cast.classes['7А'].pk}/")
    assert answer.headers["Content-Type"] == "application/pdf"
    file = tmp_path / "summary.pdf"
    file.write_bytes(answer.content)
    assert is_sound(file)
    assert errors_of_accessibility(file) == []
    words = " ".join(text_of(answer.content).split())
    for wanted in ("Сводная ведомость учёта успеваемости 7А", "Ёлкина Оля", "н/а", "учёта посещаемости",
                   "переведён, протокол № 14 от 18.11.2026"):  # fmt: skip
        assert wanted in words, wanted
    width, height = PdfReader(io.BytesIO(answer.content)).pages[0].mediabox[2:]
    assert width > height


def test_subjects_are_never_torn_between_pages() -> None:
    places = tuple(Place(str(n), "I", "I") for n in range(5))
    subjects = [SubjectColumns(known(str(n)), f"Предмет {n}", "П", places) for n in range(20)]
    parts = list(fitting(subjects))
    assert [len(part) for part in parts] == [8, 8, 4]
    assert [one for part in parts for one in part] == subjects
    assert list(fitting([])) == []

"""The act of destruction on paper, and the copy that the school makes for a family that left."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.urls import reverse

from access.models import Removal
from tests.access.removals import act_of, left
from tests.cast import Cast
from tests.diary.test_week import give
from tests.printouts.papers import errors_of_accessibility, is_sound, text_of


@pytest.mark.clause("G2.4b")
def test_the_act_on_paper_says_every_field(cast: Cast, client_of: Any, tmp_path: Path) -> None:
    removal = left(cast, "petya", "petya_father", state="removed")
    act = act_of(
        removal, operator_address="г. Тверь, ул. Мира, 1", processor="ООО «Хостинг»", remainder="контакт по 01.12.2026",
        destroyed_by_name="Зайцев Олег Ильич", destroyed_by_post="Администратор", backup_days=21,
    )  # fmt: skip
    answer = client_of("admin").get(reverse("printouts:act", args=[act.pk]))
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    for said in (
        "Акт № 1/2026", "Школа", "г. Тверь, ул. Мира, 1", "ООО «Хостинг»", "Петров Степан Ильич",
        "законный представитель", "Зайцев Олег Ильич", "Администратор", "ИСПДн", "стирание",
        "обучение окончено", "18.11.2026, 12:30", "21 день", "Контакты", "контакт по 01.12.2026", "№ 179",
    ):  # fmt: skip
        assert said in text.replace("\u00a0", " "), said
    path = tmp_path / "act.pdf"
    path.write_bytes(answer.content)
    assert is_sound(path)
    assert errors_of_accessibility(path) == []


@pytest.mark.clause("G2.4b")
def test_what_the_program_does_not_know_is_left_for_a_pen(cast: Cast, client_of: Any) -> None:
    act = act_of(left(cast, "petya", "petya_father", state="removed"))
    page = client_of("admin").get(reverse("printouts:act", args=[act.pk]))
    text = text_of(page.content).replace("\u00a0", " ")
    for said in (
        "адрес оператора",
        "наименование и адрес",
        "Ответственный",
        "должность",
        "подпись",
    ):
        assert said in text, said
    assert "не указан" not in text
    assert "другому лицу не поручена" not in text


def test_the_school_makes_the_copy_and_it_is_written_down(cast: Cast, client_of: Any) -> None:
    give(cast, "petya", cast.lesson("algebra"), "4", comment="Хорошо")
    removal = left(cast, "petya", "petya_father")
    address = reverse("printouts:family_copy", args=[removal.pk])
    assert client_of("secretary").post(address).status_code == 403
    answer = client_of("head").post(address)
    assert answer.status_code == 200
    told = json.loads(ZipFile(BytesIO(answer.content)).read("дневник.json"))
    assert "Хорошо" in json.dumps(told, ensure_ascii=False)
    row = Removal.objects.get(pk=removal.pk)
    assert row.copy_given_by == cast.users["head"]
    assert row.copy_given_at is not None

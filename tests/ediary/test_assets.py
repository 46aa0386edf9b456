from io import BytesIO
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont

from ediary import assets

NAMES = "Ёжикъ Ӝуйӧ Ҙиҙә Әлфия Җәмилә Ңуриев Һиҙиә Үткән Өлкән Ӱ Ӓ №₽→✓ «—» 0123456789 Müller"


def test_the_font_is_small_variable_and_has_the_letters_of_our_names():
    content = assets.build_font()
    font = TTFont(BytesIO(content))
    letters = {ord(letter) for letter in NAMES if letter != " "}
    assert len(content) <= 36 * 1024
    assert letters - set(font.getBestCmap()) == set()
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [
        ("wght", 400, 700)
    ]
    assert "tnum" in {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}


def test_the_same_packages_make_the_same_font():
    assert assets.build_font() == assets.build_font()


def test_the_sprite_has_a_symbol_for_each_icon():
    content = assets.build_sprite({"check": {"a"}, "x": {"b"}})
    sprite = ElementTree.fromstring(content)  # noqa: S314
    assert [symbol.get("id") for symbol in sprite] == ["check", "x"]
    assert all(len(symbol) for symbol in sprite)


def test_an_unknown_icon_stops_the_build_and_says_where():
    with pytest.raises(SystemExit, match=r"“chek”, used in: templates/a\.html"):
        assets.build_sprite({"chek": {"templates/a.html"}})


def test_icons_are_found_in_templates_and_in_python(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "BASE_DIR", tmp_path)
    page = tmp_path / "page.html"
    page.write_text(
        '{% icon "check" %}'
        '{% include "ui/button.html" with text="Печать" icon="printer" only %}'
        "{% icon item.icon %}",
        encoding="utf-8",
    )
    module = tmp_path / "context.py"
    module.write_text('Section("Журнал", icon="book-open")', encoding="utf-8")
    assert assets.icon_uses([page, module]) == {
        "book-open": {"context.py"},
        "check": {"page.html"},
        "printer": {"page.html"},
    }


def test_a_second_run_makes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "ASSETS", tmp_path)
    assert assets.build().startswith("Assets made")
    written = (tmp_path / assets.FONT).stat().st_mtime_ns
    assert assets.build().startswith("Assets are up to date")
    assert (tmp_path / assets.FONT).stat().st_mtime_ns == written

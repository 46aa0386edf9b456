"""Settings: what cannot be read stops the start with advice, and each is written down."""

import re

import pytest

from ediary import env
from ediary.launcher.places import BASE

READERS = re.compile(r'env\.(?:text|flag|number|words|database|email)\(\s*"([A-Z_]+)"')


def test_a_misspelt_flag_stops_the_start(monkeypatch):
    monkeypatch.setenv("DEBUG", "ture")
    with pytest.raises(env.BadEnvironment, match=r"Setting DEBUG: must be 1 or 0"):
        env.flag("DEBUG")


def test_an_empty_flag_stops_the_start(monkeypatch):
    monkeypatch.setenv("DEBUG", "")
    with pytest.raises(env.BadEnvironment):
        env.flag("DEBUG")


@pytest.mark.parametrize(("value", "read"), [("1", True), ("YES", True), ("off", False)])
def test_a_flag_is_read(monkeypatch, value, read):
    monkeypatch.setenv("DEBUG", value)
    assert env.flag("DEBUG") is read


def test_a_missing_setting_says_where_to_look(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(env.BadEnvironment, match=r"SECRET_KEY: is required.*\.env\.example"):
        env.text("SECRET_KEY")


def test_a_secret_may_lie_in_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("abc\n", encoding="utf-8")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert env.text("SECRET_KEY") == "abc"


def test_a_missing_secret_file_stops_the_start(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(env.BadEnvironment, match="SECRET_KEY_FILE: cannot read"):
        env.text("SECRET_KEY")


def test_another_database_engine_stops_the_start(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///db")
    with pytest.raises(env.BadEnvironment, match="postgresql://"):
        env.database("DATABASE_URL")


def test_signs_in_a_password_survive_the_address(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://web:a%40b%2Fc@db:6432/diary?sslmode=require")
    read = env.database("DATABASE_URL")
    assert (read["PASSWORD"], read["PORT"]) == ("a@b/c", "6432")
    assert read["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("where", [".env.example", "docs/operations.md"])
def test_every_setting_is_written_down(where):
    source = "".join(
        (BASE / path).read_text(encoding="utf-8")
        for path in ("ediary/settings.py", "ediary/assets.py")
    )
    text = (BASE / where).read_text(encoding="utf-8")
    names = set(READERS.findall(source)) | {"DATABASE_URL", "DATABASE_WORKER_URL"}
    assert len(names) > 15
    assert not [name for name in sorted(names) if not re.search(rf"\b{name}\b", text)]

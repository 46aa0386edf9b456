"""The set-up: what is installed, and that it needs nothing but Python."""

import subprocess
import sys

import pytest

from ediary.launcher import installed
from ediary.launcher.places import BASE

LOCKS = sorted((BASE / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_files_name_exact_versions_with_hashes_and_no_registry(lock):
    text = lock.read_text(encoding="utf-8")
    pins = installed.PIN.findall(text)
    assert len(pins) > 40
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text
    assert "index-url" not in text


def test_an_absent_or_other_version_is_missed(tmp_path):
    lock = tmp_path / "lock.txt"
    lock.write_text("django==5.2.0\n", encoding="utf-8")
    assert not installed.is_complete(lock)
    lock.write_text("nothing-of-this-name==1\n", encoding="utf-8")
    assert not installed.is_complete(lock)
    lock.write_text("nothing-of-this-name==1 ; sys_platform == 'win32'\n", encoding="utf-8")
    assert installed.is_complete(lock)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [("2.1", "2.001", True), ("3.0", "3", True), ("1.10", "1.1", False), ("0.2", "2", False)],
)
def test_version_numbers_compare_as_numbers(one, other, equal):
    assert (installed.plain(one) == installed.plain(other)) is equal


def test_the_launcher_needs_nothing_but_python():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import ediary.launcher.__main__\n"
        "assert 'django' not in sys.modules and 'celery' not in sys.modules"
    )
    command = [sys.executable, "-I", "-S", "-W", "error", "-c", code, str(BASE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def test_commands_start_from_any_folder(tmp_path):
    command = [str(BASE / "bin" / "demo"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0
    assert all(word in done.stdout for word in ("--port", "--stage", "--fresh", "--seed-only"))

"""The set-up: what is installed, and that it needs nothing but Python."""

import io
import json
import re
import subprocess
import sys

import pytest

from ediary.launcher import demo, installed, setup
from ediary.launcher.places import BASE, VAR, CannotStart

LOCKS = sorted((BASE / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_files_name_exact_versions_with_hashes_and_no_registry(lock):
    text = lock.read_text(encoding="utf-8")
    pins = installed.PIN.findall(text)
    assert len(pins) > 40
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text
    assert "index-url" not in text


def test_the_node_packages_are_locked_by_hashes_and_name_no_registry():
    folder = BASE / "tests" / "e2e" / "firefox"
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert "node_modules/puppeteer-core" in packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in json.dumps(lock)


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


@pytest.mark.parametrize(
    ("probe", "there"),
    [("libc.so.6", True), ("libno-such-thing.so.9", False), ("sh", True), ("no-such-tool", False)],
)
def test_libraries_and_programs_are_looked_for_not_packages(probe, there):
    assert setup.is_there(probe) is there


def test_who_may_not_install_gets_the_exact_command(monkeypatch):
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(setup, "works", lambda *_: False)
    monkeypatch.setattr(setup.shutil, "which", lambda _: "/usr/bin/apt-get")
    monkeypatch.setattr(setup, "is_there", lambda probe: probe != "qpdf")
    with pytest.raises(CannotStart) as stopped:
        setup.install_system_packages(setup.FOR_TESTS)
    last = str(stopped.value).splitlines()[-1].strip()
    assert last == "sudo apt-get install --yes --no-install-recommends qpdf"


@pytest.mark.parametrize(("uid", "sudo"), [(0, []), (1000, ["sudo", "-n"])])
def test_who_may_install_installs_only_what_is_missing(monkeypatch, uid, sudo):
    ran = []
    monkeypatch.setattr(setup.os, "geteuid", lambda: uid)
    monkeypatch.setattr(setup, "works", lambda *_: True)
    monkeypatch.setattr(setup.shutil, "which", lambda _: "/usr/bin/apt-get")
    monkeypatch.setattr(setup, "is_there", lambda probe: probe not in {"qpdf", "chromium"})
    monkeypatch.setattr(setup, "run", lambda _title, command, *_: ran.append(command))
    setup.install_system_packages(setup.FOR_TESTS)
    assert ran[0] == [*sudo, "apt-get", "update"]
    assert ran[1][: len(sudo)] == sudo
    assert ran[1][-2:] == ["chromium", "qpdf"]


def test_nothing_is_installed_when_all_is_there(monkeypatch):
    monkeypatch.setattr(setup, "is_there", lambda _: True)
    monkeypatch.setattr(setup, "apt_install", pytest.fail)
    setup.install_system_packages(setup.FOR_TESTS)


def test_demo_data_never_go_without_a_yes(monkeypatch):
    (VAR / "pg").mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))  # no terminal
    with pytest.raises(CannotStart, match="--yes"):
        demo.confirm(is_sure=False)
    demo.confirm(is_sure=True)


def test_an_unknown_stage_is_refused():
    with pytest.raises(SystemExit):
        demo.options(["--stage", "summer"])
    assert demo.options(["--stage", "term-end"]).stage == "term-end"


def test_the_second_demo_at_once_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "DEMO", tmp_path)
    with demo.alone(), pytest.raises(CannotStart, match="already runs"), demo.alone():
        pytest.fail("two demos at once")
    with demo.alone():
        pass


def test_ci_is_check_then_test():
    lines = (BASE / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[-2:] == ["bin/check", "bin/test"]


def test_makefile_has_ten_targets_of_one_line():
    lines = (BASE / "Makefile").read_text(encoding="utf-8").splitlines()
    targets = [line.partition(":")[0] for line in lines if re.match(r"[a-z]+: ;", line)]
    wanted = "help, setup, run, worker, seed, check, fix, test, migrations, shell"
    assert ", ".join(targets) == wanted
    assert not [line for line in lines if line.startswith("\t")]

"""The demo's processes: restarted when they fall, all gone at the end."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from ediary.launcher.places import CannotStart
from ediary.launcher.processes import Crew
from ediary.launcher.steps import run

pytestmark = pytest.mark.slow

PARENT = """
import subprocess, sys, time, pathlib
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(f"{child.pid}")
time.sleep(600)
"""


def lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_nothing_survives_the_crew_not_even_children_of_children(tmp_path):
    pidfile = tmp_path / "pid"
    with Crew(tmp_path) as crew:
        crew.start("family", [sys.executable, "-c", PARENT, str(pidfile)], {})
        wait_for(lambda: pidfile.exists() and pidfile.read_text(encoding="ascii"))
        grandchild = int(pidfile.read_text(encoding="ascii"))
        assert lives(grandchild)
    wait_for(lambda: not lives(grandchild))


def test_a_fallen_process_is_started_again(tmp_path, capsys):
    crew = Crew(tmp_path)
    crew.start("sleeper", ["sleep", "600"], {})
    first = crew.members[0].process.pid
    watcher = threading.Thread(target=watch_until_over, args=(crew,))
    watcher.start()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: crew.members[0].process.pid != first)
    crew.members[0].command = ["false"]
    crew.members[0].process.kill()
    watcher.join(20)
    assert not watcher.is_alive()
    crew.stop()
    assert "The sleeper process keeps ending" in capsys.readouterr().out


def watch_until_over(crew):
    assert crew.watch() == 1


def test_a_process_that_ends_before_it_is_ready_shows_its_log(tmp_path):
    with Crew(tmp_path) as crew:
        crew.start("web", ["sh", "-c", "echo Port is taken; exit 1"], {})
        crew.members[0].process.wait()
        with pytest.raises(CannotStart, match="Port is taken"):
            crew.refuse_if_ended("web")


def test_a_failed_step_shows_its_output_and_a_good_one_its_time(capsys):
    run("Quiet work", ["sh", "-c", "echo noise"])
    assert capsys.readouterr().out.startswith("· Quiet work … 0.")
    with pytest.raises(CannotStart, match=r"no such table(.|\n)*exit code 3"):
        run("Work", ["sh", "-c", "echo no such table; exit 3"])

"""`bin/test`: makes the machine ready, starts throwaway servers and runs pytest."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from ediary.launcher import accounts, setup
from ediary.launcher.places import BASE, VAR, CannotStart
from ediary.launcher.servers import Servers
from ediary.launcher.steps import say, step, stop_on_signals

# What the tests rely on, whatever the caller's shell holds.
FIXED = {"DEMO": "1", "BEHIND_TLS": "0", "DEBUG": "0", "DJANGO_SETTINGS_MODULE": "ediary.settings"}


def main(arguments: list[str]) -> int:
    stop_on_signals()
    setup.prepare("dev")
    if "--clauses" in arguments:
        return clauses()
    setup.install_node_packages()
    with accounts.locked(VAR / "test-run"):  # a second run waits: both would make one database
        servers = Servers(for_tests=True)
        try:
            with step("Database and broker for tests"):
                servers.start()
            environment = FIXED | servers.environment()
            setup.build_static(environment)
            return pytest(arguments or ["-n", "2", "--dist", "worksteal"], environment)
        finally:
            servers.stop()


def pytest(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Run pytest with its output as our own; its closing line is the last one."""
    command = [str(setup.PYTHON), "-m", "pytest", *arguments]
    program = subprocess.Popen(command, cwd=BASE, env={**os.environ, **environment})
    try:
        return program.wait()
    except KeyboardInterrupt:
        return program.wait()  # it got the same Ctrl-C and is on its way out
    finally:
        end_quietly(program)


def end_quietly(program: "subprocess.Popen[bytes]") -> None:
    """End pytest if we leave before it does; it shares our group, so only itself."""
    if program.poll() is None:
        program.terminate()
        program.wait()


def clauses() -> int:
    """Print the tests of each clause; 1 if a clause has none and nobody says so."""
    wanted = clause_ids()
    found = marked_tests()
    excused = unfinished()
    is_kept = True
    for clause in wanted:
        tests = ", ".join(sorted(found.get(clause, ())))
        if tests:
            say(f"{clause}  {tests}")
        elif re.search(rf"(?<![\w-]){re.escape(clause)}(?![\w-])", excused):
            say(f"{clause}  (no test: docs/unfinished.md)")
        else:
            say(f"{clause}  NO TEST")
            is_kept = False
    for clause in sorted(set(found) - set(wanted)):
        say(f"{clause}  UNKNOWN CLAUSE in {', '.join(sorted(found[clause]))}")
        is_kept = False
    return 0 if is_kept else 1


def clause_ids() -> list[str]:
    """Return the ids of regulation/clauses.toml in their order."""
    path = BASE / "regulation" / "clauses.toml"
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise CannotStart("regulation/clauses.toml is missing.") from None
    entries = read.get("clause", read)
    if isinstance(entries, Mapping):
        return list(entries)
    return [str(entry["id"]) for entry in entries]


def marked_tests() -> dict[str, set[str]]:
    """Collect the tests and return those of each clause."""
    found: dict[str, set[str]] = {}
    with TemporaryDirectory() as folder:
        listing = Path(folder) / "clauses"
        nowhere = "postgresql://nobody@127.0.0.1:1/nowhere"
        environment = {
            "SECRET_KEY": "only-collects",
            "DATABASE_URL": nowhere,
            "DATABASE_OWNER_URL": nowhere,
            "CLAUSE_LISTING": str(listing),
        }
        command = [str(setup.PYTHON), "-m", "pytest", "--collect-only", "-q"]
        command += ["-p", "ediary.launcher.clauses"]
        collected = subprocess.run(
            command,
            cwd=BASE,
            env={**os.environ, **FIXED, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if collected.returncode != 0:
            sys.stderr.write(collected.stdout + collected.stderr)
            raise CannotStart("The tests cannot be collected.")
        for line in listing.read_text(encoding="utf-8").splitlines():
            clause, _, test = line.partition("\t")
            found.setdefault(clause, set()).add(test)
    return found


def unfinished() -> str:
    path = BASE / "docs" / "unfinished.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""

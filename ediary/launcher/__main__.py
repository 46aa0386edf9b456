"""`python -m ediary.launcher COMMAND`: the one door of `bin/*`."""

import os
import sys
from contextlib import redirect_stdout

from ediary.launcher import backup, benching, checking, demo, setup, testing
from ediary.launcher.places import VAR
from ediary.launcher.servers import Servers, exports

BYTECODE = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")


def dev_env(arguments: list[str]) -> int:
    """Print the environment of the embedded servers, starting them if needed."""
    with redirect_stdout(sys.stderr):  # the shell evaluates what we print
        setup.prepare("dev")
    servers = Servers(for_tests="--tests" in arguments)
    if "--stop" in arguments:
        servers.stop_all()
        return 0
    servers.start()
    more = {"DEMO": "1", "BEHIND_TLS": "0"} | {name: os.environ.get(name, "") for name in BYTECODE}
    sys.stdout.write(exports(servers.environment() | more))
    return 0


def keep_bytecode() -> None:
    """Let every Python that we start find what an earlier one compiled, beside no source file.

    Without it each worker of the web server compiles Django anew: seconds at every start.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(VAR / "bytecode"))


COMMANDS = {
    "backup": backup.main,
    "bench": benching.main,
    "check": checking.main,
    "demo": demo.main,
    "dev-env": dev_env,
    "restore": backup.main_restore,
    "test": testing.main,
}


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.stderr.write(f"Usage: python -m ediary.launcher {'|'.join(COMMANDS)} …\n")
        return 2
    if not os.environ.get("EDIARY_PREPARED"):  # a container image keeps nothing
        keep_bytecode()
    return COMMANDS[sys.argv[1]](sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())

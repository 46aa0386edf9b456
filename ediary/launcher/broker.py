"""An embedded Valkey server: the broker and the cache of demo and tests."""

import os
import secrets
import signal
import socket
import time
from pathlib import Path

from ediary.launcher import accounts, places

SETTINGS = """\
bind 127.0.0.1
port {port}
protected-mode yes
requirepass {password}
dir "{data}"
appendonly {durable}
appendfsync everysec
save ""
maxmemory-policy noeviction
daemonize no
loglevel warning
logfile ""
"""


class Broker:
    """One data folder with its server."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder
        self.durable = durable
        self.account = accounts.server_account()
        self.home = accounts.home_of(folder, self.account)
        self.data = self.home / "data"

    def start(self) -> bool:
        """Start the server if it does not answer; answer if we did."""
        with accounts.locked(self.folder):
            if self.is_ready():
                return False
            self.launch()
            return True

    def url(self) -> str:
        """Return the address with its password."""
        return f"redis://:{self.password()}@127.0.0.1:{self.port()}/0"

    def password(self) -> str:
        """Return the password, made on first use."""
        path = self.folder / "password"
        if not path.exists():
            accounts.write_secret(path, secrets.token_urlsafe(24))
        return path.read_text(encoding="ascii")

    def port(self) -> int:
        """Return the port of the last start, or 0."""
        try:
            return int((self.folder / "port").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0

    def is_ready(self) -> bool:
        """Connect, sign in and PING; a pid file proves nothing."""
        return b"+PONG" in self.ask("PING")

    def ask(self, command: str) -> bytes:
        """Send one command after signing in; empty if nobody answers."""
        port = self.port()
        if not port:
            return b""
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as link:
                link.sendall(f"AUTH {self.password()}\r\n{command}\r\nQUIT\r\n".encode())
                return b"".join(iter(lambda: link.recv(65536), b""))
        except OSError:
            return b""

    def server_pid(self) -> int:
        """Return the process id as the server itself tells it, or 0."""
        for line in self.ask("INFO server").splitlines():
            if line.startswith(b"process_id:"):
                return int(line.partition(b":")[2])
        return 0

    def launch(self) -> None:
        """Start the server and wait until it answers."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.account.owns(self.data)
        port = accounts.own_port(self.folder)
        durable = "yes" if self.durable else "no"
        conf = self.home / "valkey.conf"
        accounts.write_secret(
            conf,
            SETTINGS.format(port=port, password=self.password(), data=self.data, durable=durable),
        )
        self.account.owns(conf)
        binary = accounts.reachable(places.valkey_binary().parent, self.copies(), self.account)
        log = self.home / "valkey.log"
        log.touch(mode=0o600)
        self.account.owns(log)
        # Through a shell that leaves at once: the server belongs to nobody and outlives us.
        script = '"$0" "$1" </dev/null >>"$2" 2>&1 &'
        server = str(binary / "valkey-server")
        self.account.run(
            ["/bin/sh", "-c", script, server, str(conf), str(log)], cwd="/", start_new_session=True
        )
        for _ in range(100):
            if self.is_ready():
                return
            time.sleep(0.05)
        raise places.CannotStart(f"The broker does not start; its log is {log}.")

    def copies(self) -> Path:
        """Return where a copy of the binary may lie."""
        folder = self.home / "binaries"
        folder.mkdir(exist_ok=True)
        return folder

    def stop(self) -> None:
        """Stop the server and wait until the port is silent."""
        pid = self.server_pid()
        if not pid:
            return
        os.kill(pid, signal.SIGTERM)
        for _ in range(100):
            if not self.ask("PING"):
                return
            time.sleep(0.05)

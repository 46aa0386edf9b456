"""A wire between a browser and the web server that can be cut: connections die, new ones are refused."""

import contextlib
import socket
import struct
import threading
from types import TracebackType
from typing import Self

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset, at once
PIECE = 65536


class Relay:
    """Carries bytes from a port of its own to the server's; use it as a context manager."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.listener: socket.socket | None = None
        self.links: set[socket.socket] = set()
        self.lock = threading.Lock()
        self.port = 0

    def __enter__(self) -> Self:
        self.mend()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()

    def mend(self) -> None:
        """Listen again, on the same port."""
        listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = listener.getsockname()[1]
        self.listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        listener, self.listener = self.listener, None
        if listener:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
            listener.close()
        with self.lock:
            links, self.links = self.links, set()
        for link in links:
            _break(link)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                browser, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(browser,), daemon=True).start()

    def _serve(self, browser: socket.socket) -> None:
        """Carry one connection. The server hears of it with the first byte: browsers open some in advance."""
        self._hold(browser)
        server = None
        try:
            if first := browser.recv(PIECE):
                server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
                server.settimeout(None)
                self._hold(server)
                server.sendall(first)
                threading.Thread(target=self._carry, args=(server, browser), daemon=True).start()
                self._carry(browser, server)
        except OSError:
            pass  # the server is away
        self._let_go(browser, server)

    def _carry(self, source: socket.socket, to: socket.socket) -> None:
        try:
            while piece := source.recv(PIECE):
                to.sendall(piece)
        except OSError:
            pass
        self._let_go(source, to)

    def _hold(self, link: socket.socket) -> None:
        with self.lock:
            self.links.add(link)

    def _let_go(self, *links: socket.socket | None) -> None:
        for link in links:
            if link:
                with self.lock:
                    self.links.discard(link)
                _break(link)


def _break(link: socket.socket) -> None:
    with contextlib.suppress(OSError):
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    with contextlib.suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()

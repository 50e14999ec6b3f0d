"""A listener that nobody may call: the server under test would, if it fetched what a query names."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

LOOPBACKS = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}


class Canary:
    """Listens on the loopback addresses, all on one port, and counts the connections."""

    def __init__(self) -> None:
        """Take a free port."""
        self.touches = 0
        self._sockets = [socket.create_server((LOOPBACKS[socket.AF_INET], 0))]
        self.port: int = self._sockets[0].getsockname()[1]
        with suppress(OSError):  # no IPv6 on this machine
            family = socket.AF_INET6
            self._sockets.append(socket.create_server((LOOPBACKS[family], self.port), family=family))

    @property
    def address(self) -> str:
        """The host and port that queries name."""
        return f"{LOOPBACKS[socket.AF_INET]}:{self.port}"

    def __enter__(self) -> Self:
        """Listen until the block ends."""
        for each in self._sockets:
            threading.Thread(target=self._listen, args=(each,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Stop listening."""
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _listen(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                self.touches += 1
                connection.close()

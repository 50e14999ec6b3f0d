"""Messages between the server and a query worker: one pickled object each, with an open file if it has one.

A message is one datagram of a sequenced-packet socket pair, so that a reader never sees half of it. An object
that is too long for a datagram travels in an anonymous file:
https://man7.org/linux/man-pages/man2/memfd_create.2.html
"""

import errno
import os
import pickle
import socket
from typing import IO, Any, Final

_IN_FILE: Final = b"\0"  # no pickle begins so
_LONGEST: Final = 1 << 16  # bytes of a datagram, well within a socket's default buffer


class Channel:
    """One end of a socket pair."""

    def __init__(self, end: socket.socket) -> None:
        """Take one of the two sockets that `pair` returns."""
        self._end = end

    @staticmethod
    def pair() -> tuple[socket.socket, socket.socket]:
        """Return two connected sockets; either can be given to another process."""
        return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def fileno(self) -> int:
        """Return the descriptor to wait on."""
        return self._end.fileno()

    def send(self, message: object, file: IO[bytes] | None = None) -> None:
        """Send `message`, with `file` if it is short; raise OSError if the other end is closed."""
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        if len(data) > _LONGEST:
            with os.fdopen(os.memfd_create("message"), "wb") as memory:
                memory.write(data)
                memory.flush()
                socket.send_fds(self._end, [_IN_FILE], [memory.fileno()])
        elif file is not None:
            socket.send_fds(self._end, [data], [file.fileno()])
        else:
            self._end.send(data)

    def receive(self) -> tuple[Any, IO[bytes] | None]:
        """Return the next message, and its file open at the beginning.

        Raise EOFError if the other end is closed, BlockingIOError if the socket does not block and nothing
        has come, and another OSError, with the message lost, if this process may open no more files.
        """
        try:
            data, descriptors, flags, _ = socket.recv_fds(self._end, _LONGEST, 1)
        except ConnectionError as error:
            raise EOFError from error
        if not data:
            raise EOFError
        if flags & socket.MSG_CTRUNC:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        file = os.fdopen(descriptors[0], "rb") if descriptors else None
        if file is None or data != _IN_FILE:
            return pickle.loads(data), file  # noqa: S301 (from a process of our own)
        with file:
            file.seek(0)
            return pickle.load(file), None  # noqa: S301 (the same)

    def close(self) -> None:
        """Close this end."""
        self._end.close()

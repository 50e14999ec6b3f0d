"""A conversation between two processes: whole objects, each with an open file if it has one.

One call to the system for each message, where multiprocessing's connections take three: each of them lets
another thread go first, which takes longer than a quick query. What is too long for a message is in memory
that is handed over as a file: https://man7.org/linux/man-pages/man2/memfd_create.2.html
"""

import errno
import os
import pickle
import socket
import struct
from typing import IO, Any, Final

_IN_FILE: Final = b"\0"  # no pickle begins so
_LONGEST: Final = 1 << 16  # bytes of a message, well within what a socket takes at once
_DESCRIPTOR: Final = struct.Struct("i")
_ONE_FILE: Final = socket.CMSG_SPACE(_DESCRIPTOR.size)
_LOST: Final = int(socket.MSG_CTRUNC)  # a number: as the flag that it is, it takes longer than the message


class Channel:
    """One end of the conversation."""

    def __init__(self, end: socket.socket) -> None:
        """Take one of the two sockets that `pair` gives."""
        self._end = end
        self._room = bytearray(_LONGEST)  # one for all messages: so much costs more to get than to fill

    @staticmethod
    def pair() -> tuple[socket.socket, socket.socket]:
        """Return the two ends of a conversation, as they can be given to another process."""
        return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def limit_waits(self, seconds: float) -> None:
        """Have `receive` give up after `seconds`."""
        whole, rest = divmod(seconds, 1)
        limit = struct.pack("ll", int(whole), int(rest * 1e6))
        self._end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)

    def fileno(self) -> int:
        """Return the descriptor to wait on."""
        return self._end.fileno()

    def send(self, what: object, file: IO[bytes] | None = None, *, wait: bool = True) -> None:
        """Send `what`, with a file if it is short; raise OSError if nobody is at the other end.

        So too if there is no room for it before the other end has read, unless it may `wait` for that.
        """
        message = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
        flags = 0 if wait else socket.MSG_DONTWAIT
        if len(message) <= _LONGEST:
            if file is None:
                self._end.send(message, flags)
            else:
                self._send_with(file, message, flags)
            return
        with os.fdopen(os.memfd_create("message"), "wb") as memory:
            memory.write(message)
            memory.flush()
            self._send_with(memory, _IN_FILE, flags)

    def _send_with(self, file: IO[bytes], message: bytes, flags: int) -> None:
        """Send a message with a file; the standard library's own way to do so takes no notice of flags."""
        descriptor = _DESCRIPTOR.pack(file.fileno())
        self._end.sendmsg([message], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptor)], flags)

    def receive(self, *, wait: bool = True) -> tuple[Any, IO[bytes] | None]:
        """Return what was sent, and its file, open at the beginning.

        Raise EOFError if the other end is closed, BlockingIOError if nothing comes within the limit, or is
        there already unless it may `wait`, and another OSError if this process has too many files open for
        one more: the message is lost then.
        """
        how = 0 if wait else socket.MSG_DONTWAIT
        try:
            length, sent, flags, _ = self._end.recvmsg_into([self._room], _ONE_FILE, how)
        except ConnectionError as error:
            raise EOFError from error
        if not length:
            raise EOFError
        if flags & _LOST:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        file = os.fdopen(_DESCRIPTOR.unpack(sent[0][2])[0], "rb") if sent else None
        if file is None or self._room[:1] != _IN_FILE:
            return pickle.loads(memoryview(self._room)[:length]), file  # noqa: S301 (from a process of our own)
        with file:
            file.seek(0)
            return pickle.load(file), None  # noqa: S301 (the same)

    def close(self) -> None:
        """Close this end."""
        self._end.close()

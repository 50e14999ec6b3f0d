"""One client's connection: what it asks is answered in its order: https://www.rfc-editor.org/rfc/rfc9112.

Our own, on the parser of Node: no server made for any application answers a request that it knows by its
bytes before it has read it, which is three times as fast (bench/servers.py), and most pass each request from
thread to thread.
"""

import asyncio
import logging
import math
import sys
from collections import deque
from collections.abc import Iterator
from functools import partial
from time import monotonic
from typing import Final, cast

from web import messages
from web.crowd import Crowd
from web.frames import Frame, frame_of
from web.front import Front
from web.gateway import Reply, more, origin_of
from web.reader import Reader, Request

_IDLE: Final = 75.0  # seconds between two requests
_READING: Final = 30.0  # seconds that a request may take to come
_STALLED: Final = 60.0  # seconds in which a client has taken nothing
_LINGERING: Final = 5.0  # seconds in which a client may take note that nothing more is read
_AHEAD: Final = 16  # requests that are read before they can be answered
_PLAIN: Final = Frame(b"", has_body=True, length=None, is_chunked=False, is_last=False)
_LOG: Final = logging.getLogger(__name__)
if sys.version_info >= (3, 12):
    _task = partial(asyncio.Task, eager_start=True)  # most ask a worker at once, and then wait
else:
    _task = asyncio.Task


class Connection(asyncio.Protocol):
    """A connection as the event loop and the crowd see it."""

    def __init__(self, front: Front, crowd: Crowd) -> None:
        """Answer as `front` does, as one of `crowd`."""
        self._front, self._crowd = front, crowd
        self._requests: deque[Request] = deque()
        self._task: asyncio.Task[None] | None = None
        self._room: asyncio.Future[None] | None = None  # while the client takes less than it is sent
        self._unsent = 0  # bytes, when that was last looked at
        self._ending = self._has_ended = False  # nothing more is read; the client reads or sends no more

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for requests."""
        self._transport = cast(asyncio.Transport, transport)
        peer, here = (transport.get_extra_info(name) for name in ("peername", "sockname"))
        if not peer:  # it has already left
            self.abort()
            return
        self._reader = Reader(origin_of(peer, here), self._front.bounds)
        self._wait(_IDLE)
        self._crowd.join(self)

    def data_received(self, data: bytes) -> None:
        """Read what the client sends, and answer it; what comes after its last request is let go of."""
        reader = self._reader
        if self._ending or reader.over:
            return
        if not (reader.amid or self._is_busy):
            known = self._front.again(data)
            self._wait(_READING if known is None else _IDLE)
            if known is not None:
                self._transport.write(known)
                return
        self._requests += reader.feed(data)
        self._answer_next()
        if len(self._requests) > _AHEAD:
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """Let go of a client that sends no more, once it has its answers."""
        self._has_ended = True
        self.end()
        return True

    def connection_lost(self, _: Exception | None) -> None:
        """Forget the client."""
        self._ending = self._has_ended = True
        self._requests.clear()
        self._go_on()
        self._crowd.leave(self)

    def pause_writing(self) -> None:
        """Send nothing more while the client takes less than it is sent."""
        self._room = asyncio.get_running_loop().create_future()
        self._watch_unsent(_STALLED)

    def resume_writing(self) -> None:
        """Go on with what is to be sent."""
        if self._task:
            self._wait(math.inf)
        elif self._ending:
            self._watch_unsent(_LINGERING)
        else:
            self._wait_for_client()
        self._go_on()
        self._answer_next()

    @property
    def is_idle(self) -> bool:
        """Whether the server waits for the client, and not the client for the server."""
        return not self._task

    def look(self, now: float) -> None:
        """Refuse a request that comes too slowly; leave a client that sends or takes nothing."""
        if now < self.since + self._patience:
            return
        if 0 < self._transport.get_write_buffer_size() < self._unsent:
            self._watch_unsent(_STALLED)
        elif self._reader.amid and not (self._ending or self._is_busy):
            self._requests += self._reader.give_up()
            self._answer_next()
        else:
            self.abort()

    def end(self) -> None:
        """Read nothing more, and close the connection when the client has its answers."""
        self._ending = True
        if not (self._task or self._requests):
            self._transport.close()
            self._watch_unsent(_STALLED)

    def abort(self) -> None:
        """Close the connection at once."""
        self._transport.abort()

    @property
    def _is_busy(self) -> bool:
        return bool(self._task or self._room or self._requests)

    def _wait(self, seconds: float) -> None:
        self.since, self._patience = monotonic(), seconds

    def _wait_for_client(self) -> None:
        self._wait(_READING if self._reader.amid else _IDLE)

    def _watch_unsent(self, seconds: float) -> None:
        self._unsent = self._transport.get_write_buffer_size()
        self._wait(seconds)

    def _go_on(self) -> None:
        room, self._room = self._room, None
        if room and not room.done():
            room.set_result(None)

    def _answer_next(self) -> None:
        """Answer what was asked, one after the other, as long as the client takes it."""
        while self._requests and not (self._task or self._room):
            request = self._requests.popleft()
            try:
                reply = self._front.at_once(request)
                if reply is not None:
                    self._over(self._begin(reply, request))
                    continue
            except Exception:
                _LOG.exception("request not answered")
                self._requests.clear()
                self.abort()
                return
            self._wait(math.inf)
            task = _task(self._answer(request), loop=asyncio.get_running_loop())
            if not task.done():
                self._task = task
        if self._reader.awaited and not (self._is_busy or self._ending):
            self._reader.awaited = False
            self._transport.write(messages.CONTINUE)
        if not (self._requests or self._transport.is_closing() or self._transport.is_reading()):
            self._transport.resume_reading()

    async def _answer(self, request: Request) -> None:
        try:
            reply = await self._front.answer(request)
            frame = await self._send(reply, request)
        except Exception as error:
            if not isinstance(error, ConnectionError):  # the client has left
                _LOG.exception("answer broken off")
            self._task = None
            self._requests.clear()
            self.abort()
        else:
            others_wait, self._task = self._task is not None, None
            self._over(frame)
            if others_wait:
                self._answer_next()

    async def _send(self, reply: Reply | bytes, request: Request) -> Frame:
        """Send a reply to its end; raise what making it raises, ConnectionError if the client leaves."""
        if isinstance(reply, bytes):
            return self._begin(reply, request)
        try:
            frame = self._begin(reply, request)
            if reply.rest is not None and frame.has_body:
                await self._go_through(reply.rest, frame, len(reply.body))
        finally:
            if reply.close is not None:
                await self._front.apart(reply.close)
        return frame

    def _begin(self, reply: Reply | bytes, request: Request) -> Frame:
        """Send the head of a reply, and its body as far as it is there; return how it is framed."""
        if isinstance(reply, bytes):
            self._write(reply)
            return _PLAIN
        frame = frame_of(reply, request)
        self._write(frame.head + frame.part(reply.body))
        return frame

    def _write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    async def _go_through(self, rest: Iterator[bytes], frame: Frame, sent: int) -> None:
        """Send the rest of a body as it is taken; raise ConnectionError if the client leaves."""
        while part := await self._front.apart(partial(more, rest)):
            if self._room:
                await self._room
            if self._transport.is_closing():
                raise ConnectionResetError
            self._write(frame.part(part))
            sent += len(part)
        self._write(frame.end(sent))

    def _over(self, frame: Frame) -> None:
        """Wait for the next request, if there may be one."""
        self._ending = self._ending or frame.is_last
        if self._ending and (frame.is_last or not self._requests):
            self._requests.clear()
            self._finish()
        elif not self._room:
            self._wait_for_client()

    def _finish(self) -> None:
        """Close the connection, or have the client close it: if it still sends, it might lose its answer."""
        if self._has_ended:
            self._transport.close()
        elif self._transport.can_write_eof():
            self._transport.write_eof()
        self._watch_unsent(_STALLED if self._transport.get_write_buffer_size() else _LINGERING)

"""The application as the server calls it: what is quick is answered at once, the rest is given to threads."""

import os
from asyncio import AbstractEventLoop
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Final
from wsgiref.types import WSGIApplication

from granian.rsgi import Scope

from graph import processors
from web import gateway
from web.encoding import Representation
from web.prompt import Line, Prompt
from web.watch import Watch

_BODILESS: Final = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Served:
    """An application, what answers for it at once, and how to let go of it when another takes its place."""

    app: WSGIApplication
    prompt: Prompt
    close: Callable[[], None]


class Front:
    """An RSGI application that answers with the WSGI applications it is given."""

    def __init__(self, served: Callable[[], Served], watch: Watch, line: Line, longest: int) -> None:
        """Answer with what is `served` when a request comes, on the threads of `line` if it takes long.

        Little more than `longest` bytes of a body are read, which is enough to refuse it.
        """
        self._served, self._watch, self._line, self._longest = served, watch, line, longest

    def __rsgi_init__(self, loop: AbstractEventLoop) -> None:
        """Have the threads that the server is about to start stay on the processor that long queries leave.

        Each request passes from them to this thread, the event loop's, and back. Left to themselves they may
        all wait for the same processor while another has nothing to do.
        """
        with suppress(OSError):  # where it is not allowed, all goes on more slowly
            os.sched_setaffinity(0, processors.KEPT)  # theirs: a thread begins with its maker's
            loop.call_soon(os.sched_setaffinity, 0, processors.ALL)

    async def __rsgi__(self, scope: Scope, exchange: gateway.Exchange) -> None:
        """Answer a request."""
        began = perf_counter()
        served = self._served()
        request = gateway.request_of(scope) if scope.method == "GET" else None
        known = served.prompt.again(request) if request else None
        if known:
            self._give(known, began, scope, exchange)
            return
        body = b"" if scope.method in _BODILESS else await gateway.read_body(exchange, self._longest)
        environ = gateway.environ_of(scope, body)
        answer = await served.prompt.answer(environ, request)
        if isinstance(answer, Representation):
            self._give(answer, began, scope, exchange)
            return
        if answer is not None:
            reply = gateway.ask(partial(self._watch.answer, began, answer), environ)
        else:
            watched = partial(self._watch.answer, began, served.app)
            reply = await self._line.apart(partial(gateway.ask, watched, environ))
        pour = gateway.send(reply, exchange)
        if pour is not None:
            await self._line.apart(pour)

    def _give(self, answer: Representation, began: float, scope: Scope, exchange: gateway.Exchange) -> None:
        request_id = self._watch.note(began, scope.path, scope.query_string, len(answer.body))
        exchange.response_bytes(200, [*answer.headers, ("X-Request-ID", request_id)], answer.body)

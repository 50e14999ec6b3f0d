"""The application as connections call it: what is quick is answered at once, the rest is given to threads."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import Final
from wsgiref.types import WSGIApplication

from graph.core.errors import Fault
from web import gateway
from web.gateway import Reply
from web.http.content_coding import Representation
from web.http.problem_json import Refusal
from web.http.request_log import Watch
from web.messages import ending
from web.prompt import Line, Prompt
from web.reader import Bounds, Request

_MANY: Final = Fault("", "Too many requests are waiting already", "UTSAGA_QUEUE_LENGTH", "try again later")
_BUSY: Final = Refusal(HTTPStatus.SERVICE_UNAVAILABLE, _MANY, wait=1)


@dataclass(frozen=True)
class Served:
    """An application, what answers for it at once, and how to let go of it when another takes its place."""

    app: WSGIApplication
    prompt: Prompt
    close: Callable[[], None]


class Front:
    """Answers requests with the WSGI applications it is given."""

    def __init__(self, served: Callable[[], Served], watch: Watch, line: Line, bounds: Bounds) -> None:
        """Answer with what is `served` when a request comes, on the threads of `line` if it takes long.

        Requests are to be read within `bounds`; more of them than `bounds` has for the threads are refused.
        """
        self._served, self._watch, self.bounds = served, watch, bounds
        self.apart = line.apart
        self._apart_now = 0

    def again(self, raw: bytes) -> bytes | None:
        """Return the answer to a request that came in the same bytes before, if it is kept."""
        began = perf_counter()
        known = self._served().prompt.again(raw)
        if known is None:
            return None
        return self._whole(began, known.answer, known.path, known.query_string)

    def at_once(self, request: Request) -> Reply | bytes | None:
        """Return the reply to a request that needs none of our time, or all that is to be sent, else None."""
        began = perf_counter()
        if request.refusal:
            return self._ask(began, request.refusal, request)
        found = self._served().prompt.kept(request)
        return None if found is None else self._give(began, found, request)

    async def answer(self, request: Request) -> Reply | bytes:
        """Return the reply to any other request, or all that is to be sent."""
        began = perf_counter()
        served = self._served()
        found = await served.prompt.ask(request)
        if found is not None:
            return self._give(began, found, request)
        if self._apart_now >= self.bounds.apart:
            return self._ask(began, _BUSY, request)
        self._apart_now += 1
        try:
            return await self.apart(partial(self._ask, began, served.app, request))
        finally:
            self._apart_now -= 1

    def _give(self, began: float, found: Representation | WSGIApplication, request: Request) -> Reply | bytes:
        if not isinstance(found, Representation):
            return self._ask(began, found, request)
        return self._whole(began, found, request.environ["PATH_INFO"], request.environ["QUERY_STRING"])

    def _whole(self, began: float, found: Representation, path: str, query_string: str) -> bytes:
        """Return all that is sent to a client that keeps its connection."""
        request_id = self._watch.note(began, path, query_string, len(found.body))
        return found.opening + ending([("X-Request-ID", request_id)]) + found.body

    def _ask(self, began: float, app: WSGIApplication, request: Request) -> Reply:
        return gateway.ask(partial(self._watch.answer, began, app), request.environ)

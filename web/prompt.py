"""Answers on the event loop what needs no thread: what is kept, and queries for which there is a worker.

Unless told otherwise, one query more is at work, or in the hand of a worker, than there are processors, so
that none of those waits for its next one to be handed over; more take each other's caches and are slower in
sum. The others stand in line, though not for long: those that are quick in one of their own.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Final, TypeVar
from wsgiref.types import WSGIApplication, WSGIEnvironment

from graph.backends.protocol import Backend
from graph.begun import Begun
from graph.rdf.query_types import Answer, Question
from web.arrivals import Arrivals, Instead
from web.http.content_coding import Passed, Representation
from web.http.response_cache import Cache, says_no_more, send
from web.reader import Request
from web.sparql.fast_path import Shortcut
from web.sparql.protocol import RAISED
from web.turns import Turn, Turns

T = TypeVar("T")
_SHORT: Final = 1 << 16  # bytes of an answer that is compressed in less time than a thread takes to wake up


class Line:
    """Where queries wait for their turn; shared by all releases that are served."""

    def __init__(self, count: int, threads: Executor) -> None:
        """Let `count` queries be at work at a time that are quick, and as many others.

        `threads` are for what must wait elsewhere.
        """
        self._turns, self._quick_turns = Turns(count), Turns(count)
        self._arrivals = Arrivals()
        self._threads = threads

    async def answer(self, backend: Backend, question: Question) -> Answer:
        """Return the answer of `backend`; raise what it raises."""
        begun, found = await self._begin(backend, question)
        if begun and found is Instead.LATE:
            found = await self._arrivals.finish(begun)
        if isinstance(found, Answer):
            return found
        late = begun is not None and found is Instead.LATE
        return await self.apart(begun.finish if begun and late else partial(backend.answer, question))

    async def apart(self, work: Callable[[], T]) -> T:
        """Return what `work` returns on a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def _begin(self, backend: Backend, question: Question) -> tuple[Begun | None, Answer | Instead]:
        """Return what is begun when its turn has come, and its answer, or what there is instead."""
        kind = backend.kind(question)
        turn = await (self._quick_turns if kind.is_quick else self._turns).take()
        if turn is None:
            return None, Instead.WITHDRAWN
        try:
            begun, found = await self._news(backend.begin(question, kind), turn)
            if begun and found is Instead.WITHDRAWN:
                begun, found = await self._news(backend.begin(question, kind, alone=True), turn)
        finally:
            turn.end()
        return begun, found

    async def _news(self, begun: Begun | None, turn: Turn) -> tuple[Begun | None, Answer | Instead]:
        if begun is None:
            return None, Instead.WITHDRAWN
        return begun, await self._arrivals.watch(begun, asyncio.get_running_loop(), turn.end)


class Prompt:
    """Answers the requests to one application that need no thread."""

    def __init__(self, cache: Cache, shortcut: Shortcut, line: Line) -> None:
        """Answer as the application behind `shortcut` and `cache` would."""
        self._cache, self._shortcut, self._line = cache, shortcut, line
        self.again = cache.again

    def kept(self, request: Request) -> Representation | WSGIApplication | None:
        """Return the answer to a request if it is kept, or what answers it then."""
        return _for(request, self._cache.kept(request.environ, request.raw))

    async def ask(self, request: Request) -> Representation | WSGIApplication | None:
        """Return the answer to a query, or what answers it at once, or None where the application must."""
        environ = request.environ
        if not self._shortcut.takes(environ):
            return None
        flight = self._cache.claim(environ)
        if flight is None:
            return None
        try:
            return _for(request, await self._ask(environ))
        finally:
            self._cache.release(flight)

    async def _ask(self, environ: WSGIEnvironment) -> Representation | Passed | None:
        admission = self._shortcut.admission
        try:
            question = self._shortcut.question(environ)
            if question is None:
                return None
            with admission.admit_query(environ):
                found = await self._line.answer(admission.backend, question)
        except Exception as error:  # whatever it is, the application knows how to say it
            environ[RAISED] = error
            return None
        if not isinstance(found.body, bytes):
            give = partial(self._shortcut.give, found, question)
            return await self._line.apart(partial(self._cache.fetch, environ, give))
        plain = self._shortcut.representation(found.body, found, question)
        take = partial(self._cache.take, environ, plain)
        return take() if len(found.body) <= _SHORT else await self._line.apart(take)


def _for(request: Request, found: Representation | Passed | None) -> Representation | WSGIApplication | None:
    """Return what was found, if there is nothing else to be said to that request, or what says it."""
    if isinstance(found, Representation) and request.raw is not None and says_no_more(request.environ):
        return found
    return None if found is None else partial(send, found)

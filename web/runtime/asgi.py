"""The ASGI application in front of Flask: request log, response cache, and the fast path of queries.

For each request there is an entry in the log; its body is read; the cache may hold the response. If not, a
query goes to the pool of workers on this event loop, and everything else to Flask on a thread. What either
returns is kept in the cache if it lasts, and sent.

ASGI and not RSGI, which granian has too and which is a little faster: with RSGI, granian 2.8 keeps all of a
response in memory until a slow client has read it, with ASGI a part of it.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext
from copy import copy
from functools import partial
from http import HTTPStatus
from io import BytesIO
from typing import Final, TypeVar
from wsgiref.types import WSGIEnvironment

from graph.core.errors import Fault, TooManyRequests, Unavailable, UtsagaError
from graph.core.settings import Settings
from graph.core.storage_errors import is_storage_error, storage_fault, unreadable_files
from graph.release.release import Manifest
from web.http.access_log import current_id
from web.http.body_limits import body_limit
from web.http.client_address import client
from web.http.client_connection import CONNECTION, STATUS_CLOSED, ClientConnection, ConnectionClosed
from web.http.crawlers import CRAWLER, Crawlers
from web.http.pinned import requested_release
from web.http.preconditions import apply
from web.http.problem_json import ERROR, problem_response
from web.http.rate_limit import Throttle, is_charged_whole
from web.http.request_log import REQUEST_ID, Entry, RequestLog
from web.http.response_cache import Resource
from web.http.responses import Response
from web.runtime.live_application import ServedApplication
from web.runtime.mcp_requests import MCP_PATH, McpRequests
from web.runtime.pinned_releases import PinnedReleases
from web.runtime.request_body import BodyReader, Receive
from web.runtime.sender import Send, Sender, SlowClientError
from web.runtime.wsgi_environ import Scope, environ_of
from web.sparql.admission import CHARGED, ClientPlace

T = TypeVar("T")
_LOG: Final = logging.getLogger(__name__)
_HEALTH_PATHS: Final = ("/healthz", "/readyz")
_LARGE: Final = 1 << 18  # bytes of a body that counts against its client's places while it is sent


class Application:
    """Answers requests with what is served when they come."""

    def __init__(
        self,
        served: Callable[[], ServedApplication],
        log: RequestLog,
        throttle: Throttle,
        settings: Settings,
        pinned: PinnedReleases | None = None,
    ) -> None:
        """Answer with what `served` returns, or a release of `pinned`, on at most UTSAGA_THREADS threads.

        Whether the process is healthy is answered on one more, however many requests wait for the others.
        """
        self._served, self._log, self._throttle, self._settings = served, log, throttle, settings
        self._pinned = pinned
        self._mcp = (
            McpRequests(settings, self._read_body, self._charge, self._on_thread, pinned)
            if settings.mcp
            else None
        )
        self._threads = ThreadPoolExecutor(settings.thread_count, "pages")
        self._health_threads = {path: ThreadPoolExecutor(1, path[1:]) for path in _HEALTH_PATHS}
        self._on_threads = 0
        self._pending: dict[Resource, asyncio.Event] = {}
        self._bodies = BodyReader(settings)
        self._crawlers = Crawlers(settings)
        self._sender = Sender(self._threads, settings.send_seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request: https://asgi.readthedocs.io/en/latest/specs/www.html."""
        environ = environ_of(scope)
        entry = self._log.begin(environ)
        try:
            if self._mcp and environ["PATH_INFO"] == MCP_PATH:
                response = await self._mcp.respond(scope, environ, receive, self._served())
            else:
                response = await self._respond(environ, receive)
        except Exception as error:
            response = _failure(entry, error)
        response.headers.append(("X-Request-ID", entry.id))
        status = response.status
        try:
            await self._sender.send(response, send)
        except SlowClientError:
            raise  # which closes the connection, so that nobody takes a part for the whole
        except Exception:
            _LOG.exception("a response was cut off")
            status = HTTPStatus.INTERNAL_SERVER_ERROR  # in the log and the metrics; another has been sent
            raise
        finally:
            self._log.end(entry, status, response.sent)

    async def _respond(self, environ: WSGIEnvironment, receive: Receive) -> Response:
        """Return the response to a request from the cache, the workers or Flask, which renders all errors."""
        served = self._served()
        try:
            is_complete = await self._read_body(environ, receive)
            served.known_arguments.drop_unknown(environ)
            self._crawlers.check(environ)
            connection = ClientConnection(receive) if is_complete else None
            name = requested_release(environ, environ["wsgi.input"].getvalue)
            if name and self._pinned and served.release and name != served.release.id:
                response = await self._respond_pinned(name, self._pinned, served.release, environ, connection)
            else:
                response = await self._respond_with(served, environ, connection)
            self._take_place(environ, response)
        except ConnectionClosed:
            response = Response(STATUS_CLOSED, [], [])
        except UtsagaError as error:
            response = await self._render(error, served, environ)
        return response

    async def _respond_pinned(
        self,
        name: str,
        pinned: PinnedReleases,
        live: Manifest,
        environ: WSGIEnvironment,
        connection: ClientConnection | None,
    ) -> Response:
        """Return the response of the release with the id `name`; its client is charged while it is opened."""
        async with AsyncExitStack() as in_use:
            with self._place_of(environ):
                served = await in_use.enter_async_context(pinned.application(name, live))
            return await self._respond_with(served, environ, connection)

    async def _respond_with(
        self, served: ServedApplication, environ: WSGIEnvironment, connection: ClientConnection | None
    ) -> Response:
        """Return the response of `served`; `connection` is that of a request that is there as a whole."""
        found = served.cache.find(environ)
        if thread := self._health_threads.get(environ["PATH_INFO"]):
            return await _in(thread, partial(_fetch, served, environ))
        if found is not None:
            return apply(environ, found.response)
        if connection is not None:
            return await self._compute_while_connected(served, environ, connection)
        return await self._compute(served, environ)

    async def _compute_while_connected(
        self, served: ServedApplication, environ: WSGIEnvironment, connection: ClientConnection
    ) -> Response:
        """Return the response; raise ConnectionClosed, and end its query, if the client goes away before."""
        environ[CONNECTION] = connection
        try:
            with connection.watched():
                return await self._compute(served, environ, connection)
        finally:
            del environ[CONNECTION]  # which holds `receive`: see `_render`

    async def _compute(
        self, served: ServedApplication, environ: WSGIEnvironment, connection: ClientConnection | None = None
    ) -> Response:
        """Return the response to a request that the cache does not hold."""
        query = served.fast_path.query_request(environ)
        if query is not None:
            answer = served.fast_path.respond(query, environ, self._on_thread)
            return await (connection.ended_with(answer) if connection else answer)
        with self._charge(environ):
            return await self._fetch_once(served, environ)

    async def _fetch_once(self, served: ServedApplication, environ: WSGIEnvironment) -> Response:
        """Return what Flask responds, or what it has just responded to a request for the same resource.

        Requests for a resource that is being made wait for it, since threads that make the same keep the
        event loop waiting. What is not in the cache then is made for each of them.
        """
        resource = served.cache.resource(environ)
        if resource in self._pending:
            await self._pending[resource].wait()
            if found := served.cache.find(environ):
                return apply(environ, found.response)
        if resource is None or resource in self._pending:
            return await self._on_thread(partial(_fetch, served, environ))
        made = self._pending[resource] = asyncio.Event()
        try:
            return await self._on_thread(partial(_fetch, served, environ))
        finally:
            made.set()
            del self._pending[resource]

    async def _render(
        self, error: UtsagaError, served: ServedApplication, environ: WSGIEnvironment
    ) -> Response:
        """Return Flask's response to an error, or a problem document to a crawler or if no thread is free.

        To render errors costs more than to find them: a client that is refused again and again would keep
        the threads from others. Flask has a copy of the error, without the traceback: that refers to
        `receive`, and while anything does, the server waits for the rest of the body.
        """
        too_many = error.status == HTTPStatus.TOO_MANY_REQUESTS
        refuses_crawler = CRAWLER in environ and (too_many or error.status == HTTPStatus.FORBIDDEN)
        if refuses_crawler or self._on_threads >= self._settings.thread_count:
            downloads = served.downloads if refuses_crawler or too_many else ()
            method = environ["REQUEST_METHOD"]
            return problem_response(method, error.status, error.faults, error.retry_after, downloads)
        environ[ERROR] = copy(error)
        return await self._on_thread(partial(_run, served, environ))

    async def _read_body(self, environ: WSGIEnvironment, receive: Receive) -> bool:
        """Put the body of a request into its environ, and return whether it has been read to its end.

        Of one that is too long only its length is true.
        """
        environ["wsgi.input"] = BytesIO()
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            return True
        limit = body_limit(environ["REQUEST_METHOD"], environ["PATH_INFO"], self._settings)
        declared = int(environ.get("CONTENT_LENGTH", "0"))
        body = await self._bodies.read(receive, limit) if declared <= limit else b""
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ["CONTENT_LENGTH"] = str(max(len(body), declared))
        environ["wsgi.input"] = BytesIO(body if len(body) <= limit else b"")
        return max(len(body), declared) <= limit

    async def _on_thread(self, work: Callable[[], T]) -> T:
        """Return what `work` returns on a thread; raise Unavailable if too much waits for one already."""
        if self._on_threads >= self._settings.thread_count + self._settings.queue_length:
            message = "Too many requests are waiting already"
            raise Unavailable(message, rule="UTSAGA_QUEUE_LENGTH", remedy="try again later", retry_after=1)
        self._on_threads += 1
        try:
            return await _in(self._threads, work)
        finally:
            self._on_threads -= 1

    def _charge(self, environ: WSGIEnvironment) -> AbstractContextManager[None]:
        """Return a place of the client, which it holds while it waits for a thread too, as queries do.

        Raise TooManyRequests for a client without time or places left.
        """
        if not is_charged_whole(environ["PATH_INFO"]):
            return nullcontext()
        place = environ[CHARGED] = self._place_of(environ)
        return place

    def _place_of(self, environ: WSGIEnvironment) -> ClientPlace:
        return ClientPlace(*self._throttle.of_client(environ, self._settings.trusted_hops))

    def _take_place(self, environ: WSGIEnvironment, response: Response) -> None:
        """Count a large response against the places of its client until it is sent.

        Raise TooManyRequests if there is no place.
        """
        length = response.length
        if length is not None and length <= _LARGE:
            return
        name = client(environ, self._settings.trusted_hops)
        try:
            self._throttle.enter(name)
        except TooManyRequests:
            response.close()
            raise
        response.on_close = partial(self._throttle.leave, name, 0.0)


async def _in(executor: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(executor, work)


def _fetch(served: ServedApplication, environ: WSGIEnvironment) -> Response:
    current_id.set(environ[REQUEST_ID])  # on this thread
    response = served.cache.fetch(environ, served.app)
    response.begin()
    return response


def _run(served: ServedApplication, environ: WSGIEnvironment) -> Response:
    current_id.set(environ[REQUEST_ID])  # on this thread
    return Response.of(served.app, environ)


def _failure(entry: Entry, error: Exception) -> Response:
    """Return the response to a request in which something was raised that nobody foresaw, and log it."""
    method, status = entry.environ["REQUEST_METHOD"], HTTPStatus.INTERNAL_SERVER_ERROR
    if is_storage_error(error):
        _LOG.warning("%s", storage_fault(error, entry.path))
        error_shown = unreadable_files(entry.path)
        return problem_response(method, error_shown.status, error_shown.faults)
    _LOG.error("unhandled exception", exc_info=error)
    message = f"An error of ours; it is in the log as {entry.id}"
    return problem_response(method, status, [Fault(entry.path, message, remedy="try again later")])

"""A store that is read in this process and queried in workers."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.backends.embedded import Embedded
from graph.backends.protocol import Backend
from graph.build.store_writer import load
from graph.core.errors import BadInput, Unavailable, Unprocessable
from graph.core.settings import Settings
from graph.core.terms import Term
from graph.rdf.query_types import QueryRequest
from graph.workers.observer import Unobserved
from tests.processes import kill_workers, query_workers, resume, stop_workers, wait_until

SERVICE = "SELECT ?s {{ ?s ?p ?x SERVICE <{}> {{ ?s <urn:q> ?o }} }}"


class Outcomes(Unobserved):
    """What a pool reports of its queries."""

    def __init__(self) -> None:
        self.outcomes: list[str] = []

    def query(self, outcome: str, seconds: float) -> None:
        self.outcomes.append(outcome)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("embedded") / "store"
    load(path, [Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal("text"))])
    return path


@pytest.fixture
def backend(store: Path) -> Iterator[Embedded]:
    backend = Embedded.start(store, Settings(workers=2), observer=Outcomes())
    wait_until(lambda: backend.idle == 2)
    yield backend
    backend.close()
    wait_until(lambda: not kill_workers(store.parent))


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of an endpoint that takes queries and answers none."""
    over = threading.Event()

    class Silent(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            over.wait()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Silent) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        over.set()
        server.shutdown()


def question(text: str, seconds: float = 100.0) -> QueryRequest:
    return QueryRequest(text, {"bindings": "text/csv"}, seconds=seconds)


def is_ready(backend: Embedded) -> bool:
    try:
        backend.check_ready()
    except Unavailable:
        return False
    return True


def test_pages_read_in_this_process(backend: Embedded) -> None:
    reader: Backend = backend
    assert reader.select("SELECT ?o { ?s ?p ?o }") == [{"o": Term("text", "literal")}]
    assert reader.graph_sizes == {"": 1}
    assert reader.union


def test_a_thread_gets_the_answer_of_a_worker(backend: Embedded) -> None:
    with ThreadPoolExecutor(4) as threads:
        texts = [f"SELECT ({place} AS ?n) {{}}" for place in range(20)]
        answers = threads.map(lambda text: backend.answer(question(text)).read(), texts)
        assert list(answers) == [f"n\r\n{place}\r\n".encode() for place in range(20)]
    with pytest.raises(BadInput, match="nonsense"):
        backend.answer(question("nonsense"))


def test_an_event_loop_gets_the_answer_of_a_worker_on_it(store: Path) -> None:
    observer = Outcomes()

    async def main() -> list[bytes]:
        start = Embedded.start
        loop = asyncio.get_running_loop()
        backend = await asyncio.to_thread(start, store, Settings(workers=1), observer=observer, loop=loop)
        answers = await asyncio.gather(
            *(backend.answer_async(question(f"SELECT ({place} AS ?n) {{}}")) for place in range(3))
        )
        on_thread = await asyncio.to_thread(backend.answer, question("SELECT (3 AS ?n) {}"))
        backend.close()
        while query_workers(store.parent):
            await asyncio.sleep(0.01)
        return [each.read() for each in (*answers, on_thread)]

    assert asyncio.run(main()) == [f"n\r\n{place}\r\n".encode() for place in range(4)]
    assert observer.outcomes == ["ok"] * 4


def test_it_is_ready_while_a_worker_is_idle(backend: Embedded, store: Path) -> None:
    pids = stop_workers(store.parent)
    with ThreadPoolExecutor(2) as threads:
        was_ready = [is_ready(backend)]
        running = [threads.submit(backend.answer, question("SELECT (1 AS ?n) {}"))]
        wait_until(lambda: backend.idle == 1)
        was_ready.append(is_ready(backend))
        running.append(threads.submit(backend.answer, question("SELECT (1 AS ?n) {}")))
        wait_until(lambda: backend.idle == 0)
        was_ready.append(is_ready(backend))
        for pid in pids:
            resume(pid)
        assert [each.result().read() for each in running] == [b"n\r\n1\r\n"] * 2
    wait_until(lambda: is_ready(backend))
    assert was_ready == [True, True, False]


def test_it_answers_what_runs_and_refuses_all_else_once_it_is_closed(backend: Embedded, store: Path) -> None:
    pids = stop_workers(store.parent)
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(backend.answer, question("SELECT (1 AS ?n) {}"))
        wait_until(lambda: backend.idle == 1)
        backend.close()
        wait_until(lambda: backend.idle == 0)
        with pytest.raises(Unavailable, match="no longer served"):
            backend.answer(question("SELECT (2 AS ?n) {}"))
        for pid in pids:
            resume(pid)
        assert running.result().read() == b"n\r\n1\r\n"
    assert not is_ready(backend)
    wait_until(lambda: not query_workers(store.parent))


def test_without_a_store_there_is_no_backend(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no release to read"):
        Embedded.start(tmp_path / "missing", Settings(workers=1))


def test_an_endpoint_that_does_not_answer_is_waited_for_as_long_as_a_query_may_take(
    store: Path, silent: str
) -> None:
    observer = Outcomes()
    backend = Embedded.start(store, Settings(workers=1, services=(silent,)), observer=observer)
    with pytest.raises(Unprocessable, match=r"after 0\.3 seconds"):
        backend.answer(question(SERVICE.format(silent), 0.3))
    backend.close()
    assert not backend.isolated
    assert observer.outcomes == ["timeout"]
    wait_until(lambda: not query_workers(store.parent))


def test_a_query_whose_event_loop_ends_is_refused(store: Path, silent: str) -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    observer = Outcomes()
    backend = Embedded.start(store, Settings(workers=1, services=(silent,)), observer=observer, loop=loop)
    wait_until(lambda: backend.idle == 1)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(backend.answer, question(SERVICE.format(silent), 30.0))
        wait_until(lambda: backend.idle == 0)
        asyncio.run_coroutine_threadsafe(_cancel_others(), loop).result()
        with pytest.raises(Unavailable, match="being stopped"):
            waiting.result()
    backend.close()
    wait_until(lambda: not kill_workers(store.parent))
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    with pytest.raises(Unavailable, match="being stopped"):
        backend.answer(question("ASK {}", 1.0))


async def _cancel_others() -> None:
    """Cancel all tasks, as `asyncio.run` does at the end."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for each in others:
        each.cancel()
    await asyncio.wait(others)

"""The pool of workers: quick answers whatever else runs, and an end to every query that overruns a limit."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.backends.embedded import Embedded
from graph.begun import Begun
from graph.build.store_writer import load
from graph.core.errors import BadInput, Forbidden, TooLarge, Unavailable, UtsagaError
from graph.core.settings import Settings
from graph.rdf.formats import Form
from graph.rdf.query_types import Question
from graph.workers.meter import Silent
from graph.workers.process import BRIEF
from graph.workers.query_fingerprints import Kind

CHOICES: dict[Form, str | None] = {
    "bindings": "text/csv",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples",
}
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT ?x { { SELECT (GROUP_CONCAT(?k; separator='') AS ?x) { ?a ?p ?k . ?b ?q ?l . ?c ?r ?m } } }"


class Counts(Silent):
    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.causes: Counter[str] = Counter()
        self.started = 0

    def query(self, outcome: str, seconds: float) -> None:
        self.outcomes[outcome] += 1

    def worker_started(self) -> None:
        self.started += 1

    def worker_ended(self, cause: str) -> None:
        self.causes[cause] += 1


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pool") / "store"
    name = NamedNode("urn:p")
    load(path, (Quad(NamedNode(f"urn:{i}"), name, Literal("x" * 2000 + str(i))) for i in range(1500)))
    return path


@pytest.fixture
def meter() -> Counts:
    return Counts()


@pytest.fixture
def backend(path: Path, meter: Counts) -> Iterator[Embedded]:
    settings = Settings(seconds=1.5, workers=3, long_queries=1, queue_seconds=1.0, result_bytes=2_500_000)
    backend = Embedded.start(path, settings, meter=meter)
    settle(backend)
    yield backend
    backend.close()


def ask(backend: Embedded, text: str, seconds: float = 1.5) -> bytes:
    return backend.answer(Question(text, CHOICES, seconds=seconds)).read()


def settle(backend: Embedded, workers: int = 3) -> None:
    for _ in range(100):
        if backend.idle == workers:
            return
        time.sleep(0.05)
    pytest.fail(f"only {backend.idle} workers are free")


def test_answers_small_and_large_come_whole(backend: Embedded) -> None:
    assert ask(backend, "ASK {}") == b'{"head":{},"boolean":true}'
    assert ask(backend, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(false) }") == b""
    large = ask(backend, "SELECT ?o { ?s ?p ?o } LIMIT 1200")
    assert len(large.splitlines()) == 1201
    assert len(large) > 1 << 20


def test_a_query_over_its_time_is_ended_and_its_worker_replaced(backend: Embedded, meter: Counts) -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable, match="UTSAGA_SECONDS") as told:
        ask(backend, SLOW)
    assert 1.4 < time.monotonic() - began < 2.5
    assert told.value.retry_after
    settle(backend)
    assert meter.causes == {"timeout": 1}
    assert ask(backend, "ASK {}")


def test_a_caller_s_own_time_is_kept(backend: Embedded) -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable, match=r"0\.3 seconds"):
        ask(backend, SLOW, seconds=0.3)
    assert time.monotonic() - began < 1.0


@pytest.mark.parametrize(
    ("text", "error", "rule"),
    [
        ("SELECT ?o { ?s ?p ?o }", TooLarge, "UTSAGA_RESULT_BYTES"),
        ("SELECT ?o { ?s ?p ?o", BadInput, "SPARQL"),
        ("ASK " + "{" * 2200 + "}" * 2200, BadInput, "UTSAGA_NESTING"),
        ("DROP ALL", Forbidden, "read-only"),
        ("ASK { SERVICE <http://127.0.0.1/> {} }", Forbidden, "allowed services"),
    ],
)
def test_errors_cross_from_the_worker_with_their_words(
    backend: Embedded, meter: Counts, text: str, error: type[UtsagaError], rule: str
) -> None:
    with pytest.raises(error) as told:
        ask(backend, text)
    assert told.value.faults[0].rule == rule
    assert meter.causes == {}


def test_a_query_that_asks_for_too_much_memory_ends_its_worker_only(path: Path, meter: Counts) -> None:
    settings = Settings(workers=2, memory_bytes=1_200_000_000, seconds=30.0, long_queries=2)
    backend = Embedded.start(path, settings, meter=meter)
    with pytest.raises(Unavailable, match="UTSAGA_MEMORY_BYTES"):
        ask(backend, GREEDY, seconds=30.0)
    assert ask(backend, "ASK {}")
    settle(backend, 2)
    assert meter.causes == {"memory": 1}
    backend.close()


def test_long_queries_leave_room_for_quick_ones(path: Path, meter: Counts) -> None:
    backend = Embedded.start(path, Settings(workers=3, long_queries=1, queue_seconds=5.0), meter=meter)
    settle(backend)

    def slow(_: int) -> str:
        with pytest.raises(Unavailable) as told:
            ask(backend, SLOW, 3.0)
        return told.value.faults[0].rule

    with ThreadPoolExecutor(8) as threads:
        rules = threads.map(slow, range(4))
        for _ in range(20):
            ask(backend, "ASK {}", 10.0)
        told = Counter(rules)
    backend.close()
    assert set(told) <= {"UTSAGA_SECONDS", "UTSAGA_LONG_QUERIES", "UTSAGA_QUEUE_SECONDS"}
    assert told["UTSAGA_SECONDS"] >= 1
    assert meter.outcomes["crowded"] >= 1


def test_a_full_queue_is_told_at_once(path: Path, meter: Counts) -> None:
    backend = Embedded.start(path, Settings(workers=1, queue_length=0, seconds=1.0), meter=meter)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(ask, backend, SLOW, 1.0)
        time.sleep(0.3)
        began = time.monotonic()
        with pytest.raises(Unavailable, match="UTSAGA_QUEUE_LENGTH"):
            ask(backend, "ASK {}")
        assert time.monotonic() - began < 0.2
        with pytest.raises(Unavailable):
            slow.result()
    backend.close()


def test_a_closed_pool_lets_those_at_work_finish(path: Path) -> None:
    backend = Embedded.start(path, Settings(workers=1, long_after=5.0))
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(ask, backend, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }", 10.0)
        time.sleep(0.05)
        backend.close()
        assert running.result().split() == [b"n", b"2250000"]
    with pytest.raises(Unavailable, match="no longer served"):
        ask(backend, "ASK {}")


def test_without_a_store_there_is_no_pool(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Embedded.start(tmp_path / "nothing", Settings(workers=1))


@pytest.fixture
def lone(path: Path, meter: Counts, monkeypatch: pytest.MonkeyPatch) -> Iterator[Embedded]:
    """A pool of one worker, which has just answered at once; nothing takes long."""
    monkeypatch.setattr("graph.workers.process._QUICK", 5.0)
    backend = Embedded.start(path, Settings(workers=1, seconds=5.0, queue_seconds=5.0), meter=meter)
    assert collected(begun(backend, 0)) == b"n\r\n0\r\n"
    yield backend
    backend.close()


def numbered(place: int) -> Question:
    return Question(f"SELECT ({place} AS ?n) {{}}", CHOICES, seconds=5.0)


def begun(backend: Embedded, place: int) -> Begun:
    begun = backend.begin(numbered(place), Kind(0.0))
    assert begun is not None
    return begun


def collected(begun: Begun) -> bytes:
    assert begun.worker.done(5)
    return begun.collect().read()


def test_a_worker_that_answers_at_once_is_asked_more_before_it_has(lone: Embedded) -> None:
    all_begun = [begun(lone, place) for place in range(4)]
    assert len({each.worker for each in all_begun}) == 1
    assert lone.begin(numbered(4), Kind(0.0)) is None
    for place, each in enumerate(all_begun):
        assert lone.idle == 0
        assert collected(each) == f"n\r\n{place}\r\n".encode()
    assert lone.idle == 1


def test_what_fails_is_told_to_who_asked_it_and_the_worker_is_given_back_once(
    lone: Embedded, meter: Counts
) -> None:
    first, second = begun(lone, 1), lone.begin(Question("nonsense", CHOICES), Kind(0.0))
    assert second
    assert collected(first)
    with pytest.raises(BadInput):
        collected(second)
    assert lone.idle == 1
    assert meter.outcomes == {"ok": 2, "malformed": 1}


def test_what_is_to_be_alone_is_put_behind_nothing(
    backend: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.workers.process._QUICK", 5.0)
    collected(begun(backend, 0))
    first, behind, alone = (
        begun(backend, 1),
        begun(backend, 2),
        backend.begin(numbered(3), Kind(0.0), alone=True),
    )
    assert alone
    assert first.worker is behind.worker is not alone.worker
    assert [collected(each) for each in (first, behind, alone)] == [b"n\r\n%d\r\n" % n for n in (1, 2, 3)]
    assert backend.idle == 3


@pytest.mark.parametrize("quick", [True, False])
def test_nothing_is_put_behind_who_is_slow(
    lone: Embedded, quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not quick:
        monkeypatch.setattr("graph.workers.process._QUICK", 0.0)
    first, second = begun(lone, 1), lone.begin(numbered(2), Kind(0.0))
    assert bool(second) is quick
    assert collected(first)
    assert second is None or collected(second)
    assert lone.idle == 1


def test_nothing_is_put_behind_what_a_thread_asked(lone: Embedded) -> None:
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(ask, lone, SLOW, 0.3)
        while lone.idle:
            time.sleep(0.001)
        while not slow.done():
            assert lone.begin(numbered(1), Kind(0.0)) is None
            time.sleep(0.001)
        with pytest.raises(Unavailable):
            slow.result()
    settle(lone, 1)


def test_nothing_is_put_before_what_waits_for_a_worker(lone: Embedded) -> None:
    first = begun(lone, 1)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(ask, lone, "ASK {}", 5.0)
        while not lone._pool._waiting:
            time.sleep(0.001)
        assert lone.begin(numbered(2), Kind(0.0)) is None
        assert collected(first)
        assert waiting.result()
    settle(lone, 1)


def test_one_worker_of_eight_is_kept_for_what_is_quick(path: Path, meter: Counts) -> None:
    backend = Embedded.start(path, Settings(workers=8, queue_seconds=0.2), meter=meter)
    settle(backend, 8)
    taken = [backend.begin(numbered(place), Kind()) for place in range(8)]
    *others, last = [each for each in taken if each] + [backend.begin(numbered(8), Kind(0.0))]
    assert taken[-1] is None
    assert len(others) == 7
    assert last
    assert collected(last) == b"n\r\n8\r\n"
    with pytest.raises(Unavailable, match="No worker became free"):
        backend.answer(numbered(9))
    backend.kind(numbered(9)).note(0.0)
    assert backend.answer(numbered(9)).read() == b"n\r\n9\r\n"
    assert [collected(each) for each in others if each] == [b"n\r\n%d\r\n" % place for place in range(7)]
    settle(backend, 8)
    backend.close()


def test_the_worker_that_is_kept_goes_to_what_is_quick_whoever_waited_before(path: Path) -> None:
    backend = Embedded.start(path, Settings(workers=8))
    settle(backend, 8)
    others = [backend.begin(numbered(place), Kind()) for place in range(7)]
    last = begun(backend, 7)
    backend.kind(numbered(8)).note(0.0)
    with ThreadPoolExecutor(2) as threads:
        waiting = []
        for asked in (Question("ASK {}", CHOICES), numbered(8)):
            waiting.append(threads.submit(backend.answer, asked))
            while backend._pool._waiting < len(waiting):
                time.sleep(0.001)
        assert collected(last)
        ordinary, quick = waiting
        assert quick.result(1.0).read() == b"n\r\n8\r\n"
        assert not ordinary.done()
        assert all(collected(each) for each in others if each)
        assert ordinary.result(1.0).read()
    settle(backend, 8)
    backend.close()


def test_a_kind_is_known_from_what_its_queries_took(backend: Embedded) -> None:
    assert not backend.kind(numbered(1)).is_quick
    for place in range(200):
        assert ask(backend, f"SELECT ({place} AS ?n) {{}}")
    assert backend.kind(numbered(2)).is_quick
    with pytest.raises(Unavailable):
        ask(backend, SLOW, 0.3)
    assert not backend.kind(Question(SLOW, CHOICES)).is_quick


def test_a_kind_is_no_longer_quick_while_one_of_its_queries_takes_long(backend: Embedded) -> None:
    kind = Kind(0.0001)
    slow = backend.begin(Question(SLOW, CHOICES, seconds=0.3), kind)
    assert slow
    was_quick = kind.is_quick
    with pytest.raises(Unavailable):
        slow.finish()
    assert (was_quick, kind.is_quick) == (True, False)
    settle(backend)


def test_what_waits_for_a_processor_is_not_taken_for_slow(backend: Embedded) -> None:
    kind = Kind(0.0001)
    begun = backend.begin(numbered(1), kind)
    assert begun
    os.kill(begun.worker.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(begun.finish)
        time.sleep(3 * BRIEF)
        os.kill(begun.worker.pid, signal.SIGCONT)
        assert answer.result().read() == b"n\r\n1\r\n"
    assert kind.is_quick
    settle(backend)


def stopped(backend: Embedded, *more: Question) -> list[Begun]:
    """Return a question that the worker is at, and what is withdrawn behind it; the worker is stopped."""
    worker = begun(backend, 0).worker
    assert worker.done(5)
    os.kill(worker.pid, signal.SIGSTOP)
    while any(" T " not in each.read_text() for each in Path(f"/proc/{worker.pid}/task").glob("*/stat")):
        time.sleep(0.001)
    all_begun = [backend.begin(each, Kind(0.0)) for each in (numbered(1), *more)]
    worker.answer()
    worker.withdraw()
    return [each for each in all_begun if each]


def test_what_has_not_come_is_neither_collected_nor_dropped(lone: Embedded) -> None:
    (first,) = stopped(lone)
    for take in (first.collect, first.drop):
        began = time.monotonic()
        with pytest.raises(BlockingIOError):
            take()
        assert time.monotonic() - began < BRIEF
    assert (first.worker.owed, lone.idle) == (1, 0)
    os.kill(first.worker.pid, signal.SIGCONT)
    assert collected(first) == b"n\r\n1\r\n"
    settle(lone, 1)


@pytest.mark.parametrize("begun_after_all", [True, False])
def test_what_was_withdrawn_is_dropped_and_the_worker_asked_nothing_meanwhile(
    lone: Embedded, meter: Counts, begun_after_all: bool
) -> None:
    if begun_after_all:
        first, *behind = [begun(lone, place) for place in (1, 2, 3)]
        time.sleep(0.05)
        first.worker.withdraw()
    else:
        first, *behind = stopped(lone, numbered(2), numbered(3))
        os.kill(first.worker.pid, signal.SIGCONT)
    assert collected(first) == b"n\r\n1\r\n"
    for each in behind:
        assert lone.begin(numbered(4), Kind(0.0)) is None
        assert each.worker.done(5)
        each.drop()
    assert lone.idle == 1
    assert collected(begun(lone, 5)) == b"n\r\n5\r\n"
    assert meter.causes == {}


def test_who_waits_on_a_thread_for_the_first_settles_what_is_behind(lone: Embedded, meter: Counts) -> None:
    first, *_ = stopped(lone, numbered(2), numbered(3))
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(first.finish)
        time.sleep(0.05)
        assert lone.begin(numbered(4), Kind(0.0)) is None
        os.kill(first.worker.pid, signal.SIGCONT)
        assert answer.result().read() == b"n\r\n1\r\n"
    settle(lone, 1)
    assert collected(begun(lone, 5)) == b"n\r\n5\r\n"
    assert set(meter.causes) <= {"long"}  # it has given way, and may not be fresh


@pytest.mark.parametrize("behind", [0, 2])
def test_a_worker_that_is_killed_is_replaced_once_however_much_it_owes(
    lone: Embedded, meter: Counts, behind: int
) -> None:
    first, *rest = stopped(lone, *map(numbered, range(behind)))
    assert len(rest) == behind
    os.kill(first.worker.pid, signal.SIGKILL)
    with pytest.raises(Unavailable) as told:
        first.finish()
    assert told.value.faults[0].rule == "workers"
    settle(lone, 1)
    assert meter.causes == {"crash": 1}
    assert collected(begun(lone, 5)) == b"n\r\n5\r\n"


@pytest.mark.parametrize("ends", [True, False])
def test_a_worker_that_is_abandoned_is_given_back_or_replaced(
    lone: Embedded, meter: Counts, ends: bool
) -> None:
    first, second = begun(lone, 1), lone.begin(Question("nonsense" if ends else SLOW, CHOICES), Kind(0.0))
    assert second
    assert collected(first)
    second.worker.withdraw()
    second.abandon()
    settle(lone, 1)
    assert meter.causes == ({} if ends else {"long": 1})
    assert collected(begun(lone, 5)) == b"n\r\n5\r\n"


def test_a_worker_that_dies_behind_an_answer_that_is_to_be_dropped_is_replaced(
    lone: Embedded, meter: Counts
) -> None:
    first = begun(lone, 1)
    os.kill(first.worker.pid, signal.SIGKILL)
    try:
        while lone.idle == 0:
            assert first.worker.done(5)
            first.drop()
    except EOFError:
        first.abandon()
    settle(lone, 1)
    assert sum(meter.causes.values()) == meter.started - 1 <= 1


def _begin_and_end(path: Path) -> None:
    """Have workers started by many threads when the process ends."""
    Embedded.start(path, Settings(workers=16))
    time.sleep(0.05)


def _begin_and_end_forked(path: Path) -> None:
    """Do so in a process that is forked from one that knew of workers, as the server's is."""
    process = get_context("fork").Process(target=_begin_and_end, args=(path,))
    process.start()
    process.join(15)
    lives, status = process.is_alive(), process.exitcode
    process.kill()
    sys.exit(1 if lives else status)


@pytest.mark.parametrize("begin", [_begin_and_end, _begin_and_end_forked])
def test_a_process_that_ends_while_workers_start_does_end(path: Path, begin: Callable[[Path], None]) -> None:
    for _ in range(4):
        process = get_context("spawn").Process(target=begin, args=(path,))
        process.start()
        process.join(20)
        assert process.exitcode == 0


PROGRAM = """
import sys
from pathlib import Path

print("run")

if __name__ == "__main__":
    from graph.settings import DEFAULTS
    from graph.workers import Worker

    Worker(Path(sys.argv[1]), True, DEFAULTS).end()
    print("over")
"""


def test_a_worker_does_not_run_the_program_that_starts_it(path: Path, tmp_path: Path) -> None:
    """That would take it as long as the program takes to import all that it needs."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = subprocess.run([sys.executable, program, path], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["run", "over"]

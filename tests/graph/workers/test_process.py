"""A query worker as the server sees it: started, sent questions, killed."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.core.errors import BadInput
from graph.core.settings import Settings
from graph.rdf.formats import Form
from graph.rdf.query_types import QueryRequest, QueryResponse
from graph.workers.process import WorkerProcess
from graph.workers.worker_main import Ready, Reply
from tests.processes import (
    is_low_priority,
    kill,
    no_more_files,
    open_files,
    query_workers,
    resume,
    stop,
    wait_until,
)

CHOICES: dict[Form, str | None] = {"bindings": "text/csv"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LARGE = "SELECT ?o { ?s ?p ?o } LIMIT 1200"


@pytest.fixture
def worker(store: Path) -> Iterator[WorkerProcess]:
    worker = started(store)
    yield worker
    worker.kill()
    worker.reap()


def started(store: Path) -> WorkerProcess:
    """Return a worker that has its store open."""
    worker = WorkerProcess(store, union=False, settings=Settings())
    wait(worker)
    message, _ = worker.receive()
    assert isinstance(message, Ready)
    assert worker.thread == message.thread != 0
    return worker


def wait(worker: WorkerProcess) -> None:
    """Return when there is something to receive."""
    incoming = select.poll()
    incoming.register(worker, select.POLLIN)
    assert incoming.poll(600_000)


def reply(worker: WorkerProcess) -> Reply:
    """Return the next reply, with its file as the body of a large answer."""
    wait(worker)
    message, file = worker.receive()
    assert isinstance(message, Reply)
    if file and isinstance(message.result, QueryResponse):
        return message._replace(result=message.result._replace(body=file))
    return message


def ask(worker: WorkerProcess, text: str) -> bytes:
    """Return the whole answer to a query."""
    worker.send(QueryRequest(text, CHOICES))
    result = reply(worker).result
    assert isinstance(result, QueryResponse)
    return result.read()


def pid_of(store: Path) -> int:
    """Return the number of the only worker on `store`."""
    (pid,) = query_workers(store.parent)
    return pid


def test_a_worker_answers_one_question_after_another(worker: WorkerProcess) -> None:
    for place in range(3):
        assert ask(worker, f"SELECT ({place} AS ?n) {{}}") == f"n\r\n{place}\r\n".encode()


def test_a_large_answer_comes_in_a_file(worker: WorkerProcess) -> None:
    assert len(ask(worker, LARGE).splitlines()) == 1201
    assert ask(worker, "SELECT (1 AS ?n) {}") == b"n\r\n1\r\n"


def test_an_error_comes_as_the_reply(worker: WorkerProcess) -> None:
    worker.send(QueryRequest("nonsense", CHOICES))
    result = reply(worker).result
    assert isinstance(result, BadInput)
    assert "nonsense" in str(result)
    assert ask(worker, "SELECT (1 AS ?n) {}") == b"n\r\n1\r\n"


def test_nothing_is_received_before_a_reply_is_there(worker: WorkerProcess, store: Path) -> None:
    pid = pid_of(store)
    stop(pid)
    worker.send(QueryRequest("SELECT (1 AS ?n) {}", CHOICES))
    with pytest.raises(BlockingIOError):
        worker.receive()
    resume(pid)
    assert reply(worker)


def test_processor_time_is_that_of_the_present_question(worker: WorkerProcess) -> None:
    worker.send(QueryRequest("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }", CHOICES))
    slow = reply(worker).cpu_seconds
    worker.send(QueryRequest("SELECT (1 AS ?n) {}", CHOICES))
    quick = reply(worker).cpu_seconds
    assert 0 < quick < slow
    worker.send(QueryRequest(ENDLESS, CHOICES))
    wait_until(lambda: worker.cpu_seconds() > slow)


def test_a_worker_that_is_stopped_takes_no_processor_time(worker: WorkerProcess, store: Path) -> None:
    stop(pid_of(store))
    worker.send(QueryRequest(ENDLESS, CHOICES))
    before = worker.cpu_seconds()
    os.sched_yield()
    assert worker.cpu_seconds() == before


@pytest.mark.parametrize("is_gone", [True, False])
def test_processor_time_that_cannot_be_read_is_none(
    worker: WorkerProcess, store: Path, is_gone: bool
) -> None:
    """Not infinite, which would make a query long that is not, and its fingerprint slow for good."""
    worker.send(QueryRequest(ENDLESS, CHOICES))
    wait_until(lambda: worker.cpu_seconds() > 0)
    if is_gone:
        kill(pid_of(store))
        wait_until(lambda: worker.cpu_seconds() == 0.0)
    else:
        with no_more_files():
            assert worker.cpu_seconds() == 0.0


def test_a_lowered_priority_stays_low_and_the_worker_answers(worker: WorkerProcess, store: Path) -> None:
    pid = pid_of(store)
    before = worker.is_low_priority, is_low_priority(pid)
    worker.lower_priority()
    after = worker.is_low_priority, is_low_priority(pid)
    assert (before, after) == ((False, False), (True, True))
    assert ask(worker, "SELECT (1 AS ?n) {}") == b"n\r\n1\r\n"
    assert is_low_priority(pid)


def test_a_worker_goes_behind_the_server_from_the_start(worker: WorkerProcess) -> None:
    assert os.getpriority(os.PRIO_PROCESS, worker.thread) > os.getpriority(os.PRIO_PROCESS, 0)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT])
def test_the_end_of_a_worker_is_received_and_its_status_says_of_what(
    store: Path, number: signal.Signals
) -> None:
    worker = started(store)
    os.kill(pid_of(store), number)
    wait(worker)
    with pytest.raises(EOFError):
        worker.receive()
    worker.lower_priority()
    with pytest.raises(ConnectionError):
        worker.send(QueryRequest("ASK {}", CHOICES))
    assert worker.reap() == -number


def test_a_running_query_does_not_keep_a_worker_from_being_killed(store: Path) -> None:
    worker = started(store)
    worker.send(QueryRequest(ENDLESS, CHOICES))
    wait_until(lambda: worker.cpu_seconds() > 0)
    worker.kill()
    assert worker.reap() == -signal.SIGKILL
    assert not query_workers(store.parent)


def test_a_worker_that_is_reaped_leaves_no_descriptor_open(worker: WorkerProcess, store: Path) -> None:
    before = open_files()
    for _ in range(5):
        another = started(store)
        another.kill()
        another.reap()
    assert open_files() == before


@pytest.mark.usefixtures("worker")
def test_a_worker_ignores_an_interrupt_from_the_terminal(store: Path) -> None:
    """It goes to the server too, which first lets its queries finish."""
    status = Path(f"/proc/{pid_of(store)}/status").read_text()
    ignored = int(status.partition("SigIgn:")[2].split()[0], 16)
    assert ignored & 1 << signal.SIGINT - 1


PROGRAM = """
import select
import sys
from pathlib import Path

print("imported", __name__)

if __name__ == "__main__":
    from graph.core.settings import DEFAULTS
    from graph.workers.process import WorkerProcess

    worker = WorkerProcess(Path(sys.argv[1]), union=False, settings=DEFAULTS)
    incoming = select.poll()
    incoming.register(worker, select.POLLIN)
    incoming.poll()
    print(type(worker.receive()[0]).__name__)
    worker.kill()
    worker.reap()
    print(Path(__file__).name, __spec__ and __spec__.name)
"""


@pytest.mark.parametrize("is_module", [True, False])
def test_a_worker_does_not_import_the_program_that_starts_it(
    store: Path, tmp_path: Path, is_module: bool
) -> None:
    """That would take it as long as the program takes to import all that it needs."""
    (tmp_path / "program.py").write_text(PROGRAM)
    run = ["-m", "program"] if is_module else [str(tmp_path / "program.py")]
    done = subprocess.run(
        [sys.executable, *run, store], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "imported __main__",
        "Ready",
        f"program.py {'program' if is_module else None}",
    ]

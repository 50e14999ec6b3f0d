"""A worker as the web process sees it: one question after another, or several in hand."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph import processors
from graph.build.store_writer import load
from graph.core.errors import BadInput, UtsagaError
from graph.core.settings import Settings
from graph.rdf.formats import Form
from graph.rdf.query_types import Question
from graph.workers.ipc import Channel
from graph.workers.process import Worker

CHOICES: dict[Form, str | None] = {"bindings": "text/csv"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LARGE = "SELECT ?o { ?s ?p ?o }"
SOON = 5.0  # seconds


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workers") / "store"
    name = NamedNode("urn:p")
    load(path, (Quad(NamedNode(f"urn:{i}"), name, Literal("x" * 2000 + str(i))) for i in range(700)))
    return path


class Raced(Worker):
    """A worker that somebody else may see to while this thread has just looked at what it owes."""

    meanwhile: Callable[[], object] | None = None
    _owed = 0

    @property
    def owed(self) -> int:
        owed, (act, self.meanwhile) = self._owed, (self.meanwhile, None)
        if act:
            act()
        return owed

    @owed.setter
    def owed(self, count: int) -> None:
        self._owed = count


@pytest.fixture
def worker(path: Path) -> Iterator[Raced]:
    worker = Raced(path, True, Settings())
    yield worker
    worker.end()


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any answer is quick, and anything comes soon enough."""
    monkeypatch.setattr("graph.workers.process._QUICK", SOON)
    monkeypatch.setattr("graph.workers.process.BRIEF", SOON)


def ask(worker: Worker, *texts: str, shared: bool = True) -> None:
    for text in texts:
        worker.ask(Question(text, CHOICES), quick=shared, shared=shared)


def number(place: int) -> str:
    return f"SELECT ({place} AS ?n) {{}}"


def taken(worker: Worker) -> bytes | None:
    """Return the next answer once it has come."""
    assert worker.done(SOON)
    answer = worker.answer()
    return answer and answer.read()


def make_quick(worker: Worker) -> None:
    ask(worker, number(0))
    assert taken(worker) == b"n\r\n0\r\n"


@pytest.mark.usefixtures("unhurried")
def test_questions_in_hand_are_answered_in_their_order(worker: Worker) -> None:
    ask(worker, number(1), "nonsense", number(2))
    assert taken(worker) == b"n\r\n1\r\n"
    with pytest.raises(BadInput):
        taken(worker)
    assert taken(worker) == b"n\r\n2\r\n"
    assert worker.owed == 0
    assert worker.lives()


@pytest.mark.usefixtures("unhurried")
def test_a_worker_that_answered_at_once_takes_more_up_to_a_limit(worker: Worker) -> None:
    ask(worker, number(0))
    assert not worker.takes_more  # it has not shown yet how quick it is
    taken(worker)
    assert not worker.takes_more  # it is not ours any more
    took = []
    for place in range(4):
        ask(worker, number(place))
        took.append(worker.takes_more)
    assert took == [True, True, True, False]
    taken(worker)
    assert worker.takes_more


@pytest.mark.parametrize("quick", [True, False])
def test_a_worker_that_is_slow_takes_no_more(
    worker: Worker, quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.workers.process._QUICK", SOON if quick else 0.0)
    make_quick(worker)
    monkeypatch.setattr("graph.workers.process._QUICK", SOON)
    ask(worker, number(1))
    assert worker.takes_more is quick
    monkeypatch.setattr("graph.workers.process._QUICK", 0.0)
    took_more = worker.takes_more
    assert not took_more  # it has been at it for too long


@pytest.mark.usefixtures("unhurried")
def test_a_worker_that_a_thread_asked_takes_no_more(worker: Worker) -> None:
    make_quick(worker)
    ask(worker, number(1), shared=False)
    assert not worker.takes_more
    taken(worker)
    ask(worker, number(2))
    assert worker.takes_more


def on(worker: Worker) -> set[int]:
    """Return the processors that the thread which runs its queries may use."""
    return set(os.sched_getaffinity(worker.thread))


@pytest.mark.usefixtures("unhurried")
def test_a_worker_that_has_more_in_hand_leaves_a_processor_to_who_asks(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_quick(worker)
    assert on(worker) == processors.ALL
    ask(worker, number(1), number(2))
    assert on(worker) == processors.OTHERS
    assert [taken(worker) for _ in range(2)] == [b"n\r\n1\r\n", b"n\r\n2\r\n"]
    make_quick(worker)
    assert on(worker) == processors.OTHERS
    ask(worker, number(3), shared=False)
    assert on(worker) == processors.ALL
    taken(worker)
    ask(worker, number(4), number(5))
    assert on(worker) == processors.OTHERS
    assert [taken(worker) for _ in range(2)] == [b"n\r\n4\r\n", b"n\r\n5\r\n"]
    monkeypatch.setattr("graph.workers.process._QUICK", 0.0)  # no answer is, any more
    ask(worker, number(6), number(7))
    assert on(worker) == processors.ALL


def test_what_may_take_long_is_nicer_than_what_is_quick(worker: Worker) -> None:
    nice = []
    for shared in (True, False, True):
        ask(worker, number(1), shared=shared)
        nice.append(os.getpriority(os.PRIO_PROCESS, worker.thread))
        taken(worker)
    quick, steady, again = nice
    assert quick < steady
    assert again == (quick if os.geteuid() == 0 else steady)


@pytest.mark.parametrize("can_be_undone", [True, False])
def test_a_worker_that_gave_way_is_fresh_again_unless_it_was_at_it_for_long(
    worker: Worker, can_be_undone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if can_be_undone and os.geteuid() != 0:
        pytest.skip("only root may make a thread less nice")
    monkeypatch.setattr("graph.workers.process.can_be_undone", lambda: can_be_undone)
    nice = partial(os.getpriority, os.PRIO_PROCESS, worker.thread)
    ask(worker, number(1), shared=False)
    before = nice()
    worker.give_way()
    assert (nice() > before) is can_be_undone
    assert on(worker) == processors.OTHERS
    taken(worker)
    assert worker.is_fresh()
    assert on(worker) == processors.ALL
    worker.give_way()
    worker.step_back()
    assert not worker.is_fresh()


@pytest.mark.usefixtures("unhurried")
def test_what_is_behind_is_withdrawn_but_not_the_first_even_if_it_is_not_begun(worker: Worker) -> None:
    make_quick(worker)
    os.kill(worker.pid, signal.SIGSTOP)
    ask(worker, number(1), number(2), number(3))
    worker.withdraw()
    took_more = [worker.takes_more]
    os.kill(worker.pid, signal.SIGCONT)
    for answer in (b"n\r\n1\r\n", None, None):
        assert taken(worker) == answer
        took_more.append(worker.takes_more)
    assert took_more == [False] * 4
    ask(worker, number(4))
    assert worker.takes_more
    ask(worker, number(5))
    assert [taken(worker) for _ in range(2)] == [b"n\r\n4\r\n", b"n\r\n5\r\n"]


@pytest.mark.usefixtures("unhurried")
def test_what_was_asked_before_stays_withdrawn_however_often_it_is_said(worker: Worker) -> None:
    for turn in range(5):
        os.kill(worker.pid, signal.SIGSTOP)
        ask(worker, number(turn), number(8), number(9))
        worker.withdraw()
        worker.withdraw()
        os.kill(worker.pid, signal.SIGCONT)
        assert [taken(worker) for _ in range(3)] == [f"n\r\n{turn}\r\n".encode(), None, None]


@pytest.mark.usefixtures("unhurried")
def test_a_worker_that_a_thread_takes_over_takes_no_more_at_any_moment(worker: Raced) -> None:
    """A thread settles what the event loop has left to it, while the event loop looks for a worker."""
    make_quick(worker)
    ask(worker, number(1), number(2))
    worker.withdraw()
    worker.meanwhile = worker.settle
    assert not worker.takes_more
    assert worker.owed == 0


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("behind", [(number(1), number(2)), ("nonsense", number(1)), (LARGE, LARGE)])
@pytest.mark.parametrize("withdrawn", [True, False])
def test_what_is_owed_is_settled_whatever_it_is(
    worker: Worker, behind: tuple[str, str], withdrawn: bool
) -> None:
    ask(worker, number(0), *behind)
    if withdrawn:
        worker.withdraw()
    assert worker.settle()
    assert worker.owed == 0
    ask(worker, number(3))
    assert taken(worker) == b"n\r\n3\r\n"


@pytest.mark.parametrize("killed", [True, False])
def test_who_does_not_settle_soon_is_not_waited_for(worker: Worker, killed: bool) -> None:
    ask(worker, ENDLESS, number(1))
    worker.withdraw()
    if killed:
        os.kill(worker.pid, signal.SIGKILL)
    began = time.monotonic()
    assert not worker.settle()
    assert time.monotonic() - began < 1


@pytest.mark.usefixtures("unhurried")
def test_an_answer_that_cannot_be_taken_is_told_and_the_next_ones_are_theirs(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(channel: Channel, **_: bool) -> None:
        receive(channel)
        raise OSError("Too many open files")

    receive = Channel.receive
    ask(worker, number(1), number(2))
    monkeypatch.setattr(Channel, "receive", lose)
    with pytest.raises(UtsagaError, match="Too many open files"):
        taken(worker)
    monkeypatch.undo()
    assert taken(worker) == b"n\r\n2\r\n"
    assert worker.owed == 0

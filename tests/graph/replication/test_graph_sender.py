"""Graphs are sent in pieces: what fails is sent again, and blank nodes stay one each."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox
import pytest

from graph.core.errors import BadInput, Forbidden, TooLarge, Unavailable
from graph.curation.retry import RetryPolicy
from graph.replication.dump_reader import split_quad
from graph.replication.graph_sender import GraphSender
from graph.replication.graph_store import GraphStore
from graph.replication.request_window import RequestWindow
from tests.graph.replication.graph_store_double import GraphStoreDouble, storing

GRAPH = "https://example.org/a b?&å"
GROUND = [b'<urn:s%d> <urn:p> "%d" .\n' % (each, each) for each in range(100)]
CHAINS = [  # ten, each of three blank nodes
    line
    for chain in range(10)
    for line in (
        b"_:c%da <urn:next> _:c%db .\n" % (chain, chain),
        b"_:c%db <urn:next> _:c%dc .\n" % (chain, chain),
        b"<urn:s%d> <urn:first> _:c%da .\n" % (chain, chain),
    )
]


@pytest.fixture
def store() -> Iterator[GraphStoreDouble]:
    with storing() as double:
        yield double


def send(
    store: GraphStoreDouble, lines: Iterable[bytes], *, size: int = 400, skip: int = 0, connections: int = 1
) -> list[int]:
    policy = RetryPolicy(interval=0.0, sleep=lambda _: None)
    sent: list[int] = []
    with RequestWindow(connections) as window:
        sender = GraphSender(GraphStore(store.url, policy), policy, window, size)
        sender.send(GRAPH, ((line, split_quad(line)[2]) for line in lines), skip, sent.append)
        window.drain()
    return sent


def canonical(triples: Iterable[ox.Triple]) -> set[ox.Quad]:
    found = ox.Dataset(ox.Quad(each.subject, each.predicate, each.object) for each in triples)
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(found)


def expected(lines: Iterable[bytes]) -> set[ox.Quad]:
    return canonical(quad.triple for quad in ox.parse(b"".join(lines), format=ox.RdfFormat.N_TRIPLES))


def test_the_first_piece_replaces_and_the_others_add(store: GraphStoreDouble) -> None:
    store.store("PUT", GRAPH, b"<urn:old> <urn:old> <urn:old> .\n")
    sent = send(store, GROUND)
    assert canonical(store.graphs[GRAPH]) == expected(GROUND)
    assert [method for method, _, _ in store.requests] == ["PUT"] + ["POST"] * (len(sent) - 1)
    assert len(sent) > 5
    assert sent[-1] == len(GROUND)
    assert max(size for _, _, size in store.requests) < 400 + len(GROUND[-1])


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("size", [1, 100, 400, 10_000])
def test_what_is_connected_by_blank_nodes_stays_connected(
    store: GraphStoreDouble, size: int, connections: int
) -> None:
    sent = send(store, CHAINS + GROUND, size=size, connections=connections)
    assert sent == sorted(sent)
    assert canonical(store.graphs[GRAPH]) == expected(CHAINS + GROUND)


@pytest.mark.parametrize("failure", ["busy", "limited", "gone", "lost"])
@pytest.mark.parametrize("at", range(8))
def test_what_fails_is_sent_again_and_is_there_once(store: GraphStoreDouble, failure: str, at: int) -> None:
    store.coming.extend([*["fine"] * at, failure])
    send(store, CHAINS + GROUND)
    assert not store.coming
    assert canonical(store.graphs[GRAPH]) == expected(CHAINS + GROUND)


@pytest.mark.parametrize("skip", [0, 1, 30, 31, 70, 130])
def test_what_has_been_sent_is_skipped_but_never_a_part_of_the_blank_nodes(
    store: GraphStoreDouble, skip: int
) -> None:
    lines = CHAINS + GROUND
    if skip >= len(CHAINS):
        store.store("PUT", GRAPH, b"".join(lines[:skip]))
    else:
        store.store("PUT", GRAPH, b"".join(CHAINS[:skip]))
    send(store, lines, skip=skip)
    assert canonical(store.graphs[GRAPH]) == expected(lines)
    assert (skip == 130) == (not store.requests)
    assert any(method == "PUT" for method, _, _ in store.requests) == (skip < len(CHAINS))


def test_a_store_that_takes_less_gets_smaller_pieces(store: GraphStoreDouble) -> None:
    store.most = 150
    send(store, GROUND, size=5000)
    assert canonical(store.graphs[GRAPH]) == expected(GROUND)


def test_blank_nodes_that_are_too_many_for_the_store_are_reported(store: GraphStoreDouble) -> None:
    store.most = 150
    with pytest.raises(TooLarge, match="413"):
        send(store, CHAINS, size=5000)


def test_a_store_that_stays_away_is_reported(store: GraphStoreDouble) -> None:
    store.coming.extend(["gone"] * 50)
    with pytest.raises(Unavailable, match="out of reach"):
        send(store, GROUND)


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Forbidden), (403, Forbidden), (404, BadInput), (405, BadInput), (507, Unavailable)],
)
def test_a_refusal_is_reported_with_what_to_do(
    store: GraphStoreDouble, monkeypatch: pytest.MonkeyPatch, status: int, error: type[Exception]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(store, "store", refuse)
    monkeypatch.setattr("tests.graph.replication.graph_store_double._Handler._reply", _refusing(status))
    store.most = 0
    with pytest.raises(error, match=f"status {status}: because"):
        send(store, GROUND)


def _refusing(status: int) -> object:
    def reply(self, _status: int) -> None:  # type: ignore[no-untyped-def]
        self.send_response(status)
        self.send_header("Content-Length", "22")
        self.end_headers()
        self.wfile.write(b"<p>because &lt;so&gt;</p>"[:22])

    return reply

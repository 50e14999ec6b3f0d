"""What the tests of the workers share."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.build.store_writer import load
from graph.workers.query_fingerprints import Fingerprints, Timing
from tests.graph.workers.pools import QUICK, Counts


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 1500 triples, urn:0 to urn:1499 with a text of 2000 characters each."""
    path = tmp_path_factory.mktemp("workers") / "store"
    name = NamedNode("urn:p")
    load(path, (Quad(NamedNode(f"urn:{i}"), name, Literal("x" * 2000 + str(i))) for i in range(1500)))
    return path


class Marked(Fingerprints):
    """Fingerprints that know the queries marked as quick to be quick, and nothing of the others."""

    def __init__(self) -> None:
        super().__init__()
        self.quick = Timing()
        self.quick.add(0.0)

    def timing(self, text: str) -> Timing:
        return self.quick if text.startswith(QUICK) else Timing()


@pytest.fixture
def counts() -> Counts:
    """What the pool of a test reports."""
    return Counts()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Timing:
    """Which queries are quick goes by their marks; return the timing of those that are."""
    marked = Marked()
    monkeypatch.setattr("graph.workers.pool.Fingerprints", lambda: marked)
    return marked.quick

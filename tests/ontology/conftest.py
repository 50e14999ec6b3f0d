"""The ontology's files as graphs."""

from pathlib import Path

import pytest
from rdflib import Graph

ONTOLOGY = Path(__file__).parents[2] / "ontology"


@pytest.fixture(scope="session")
def folder() -> Path:
    """The folder of the ontology."""
    return ONTOLOGY


@pytest.fixture(scope="session")
def vocabulary() -> Graph:
    """Our own terms."""
    return Graph().parse(ONTOLOGY / "utsaga.ttl")


@pytest.fixture(scope="session")
def borrowed() -> Graph:
    """The terms of others that we use."""
    return Graph().parse(ONTOLOGY / "borrowed.ttl")


@pytest.fixture(scope="session")
def shapes() -> Graph:
    """What the data must look like."""
    return Graph().parse(ONTOLOGY / "shapes.ttl")


@pytest.fixture(scope="session")
def codes() -> Graph:
    """All code lists together."""
    graph = Graph()
    for path in sorted((ONTOLOGY / "codelists").glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.fixture(scope="session")
def ontology(vocabulary: Graph, borrowed: Graph, codes: Graph) -> Graph:
    """Everything but the shapes, as validation sees it beside the facts."""
    return Graph().parse(ONTOLOGY / "alignments.ttl") + vocabulary + borrowed + codes

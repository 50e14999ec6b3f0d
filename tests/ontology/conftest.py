"""The ontology's files as graphs."""

from pathlib import Path

import pytest
from rdflib import Graph, Namespace, Node
from rdflib.namespace import RDFS

from graph.core.namespaces import UTS as UTS_IRI

ONTOLOGY = Path(__file__).parents[2] / "ontology"
UTS = Namespace(UTS_IRI)


@pytest.fixture(scope="session")
def folder() -> Path:
    """The folder of the ontology."""
    return ONTOLOGY


@pytest.fixture(scope="session")
def vocabulary() -> Graph:
    """Our own terms."""
    return Graph().parse(ONTOLOGY / "utsaga.ttl")


@pytest.fixture(scope="session")
def display_names() -> Graph:
    """What pages call the terms of others."""
    return Graph().parse(ONTOLOGY / "display-names.ttl")


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
def ontology(vocabulary: Graph, display_names: Graph, codes: Graph) -> Graph:
    """Everything but the shapes, as validation sees it beside the facts."""
    return Graph().parse(ONTOLOGY / "alignments.ttl") + vocabulary + display_names + codes


@pytest.fixture(scope="session")
def known_terms(ontology: Graph) -> set[Node]:
    """The terms that the ontology defines, and those of others that it has a name for."""
    return {*ontology.subjects(RDFS.isDefinedBy), *ontology.subjects(UTS.displayName)}

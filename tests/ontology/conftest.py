"""The ontology of our own site, its own files and those of its parts together, as files and as graphs."""

import shutil
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Triple, serialize
from rdflib import Graph, Namespace, Node
from rdflib.namespace import RDFS

from graph.core.namespaces import PREFIXES
from graph.core.namespaces import UTS as UTS_IRI
from graph.core.parts import PARTS_FOLDER
from graph.rdf import ontology_files, reader
from graph.rdf.part_shapes import without_overridden

ONTOLOGY = Path(__file__).parents[2] / "ontology"
FOLDERS = (*sorted(PARTS_FOLDER.iterdir()), ONTOLOGY)
UTS = Namespace(UTS_IRI)


def lists() -> dict[str, list[Triple]]:
    """The code lists by name, as they are with what our own site says of their codes."""
    found: dict[str, list[Triple]] = {}
    for path in sorted(path for folder in FOLDERS for path in (folder / "codelists").glob("*.ttl")):
        found.setdefault(path.stem, []).extend(
            quad.triple for quad in reader.read_quads(path) if not path.is_relative_to(ONTOLOGY)
        )
    for path in (ONTOLOGY / "codelists").glob("*.ttl"):
        own = [quad.triple for quad in reader.read_quads(path)]
        found[path.stem] = [*without_overridden(found[path.stem], own), *own]
    return found


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the ontology as our own site has it: a file for each document, code list and rule."""
    place = tmp_path_factory.mktemp("ontology")
    (place / "codelists").mkdir()
    (place / "rules").mkdir()
    for document in ontology_files.DOCUMENTS:
        triples = ontology_files.read_document(document)
        path = place / f"{'utsaga' if document == 'ns' else document}.ttl"
        serialize(triples, path, RdfFormat.TURTLE, prefixes=PREFIXES)
    for name, triples in lists().items():
        serialize(triples, place / "codelists" / f"{name}.ttl", RdfFormat.TURTLE)
    for path in (path for each in FOLDERS for path in (each / "rules").glob("*.rq")):
        shutil.copy(path, place / "rules")
    (place / "examples").symlink_to(ONTOLOGY / "examples")
    return place


@pytest.fixture(scope="session")
def vocabulary(folder: Path) -> Graph:
    """The terms of the parts and of our own domain."""
    return Graph().parse(folder / "utsaga.ttl")


@pytest.fixture(scope="session")
def display_names(folder: Path) -> Graph:
    """What pages call the terms of others."""
    return Graph().parse(folder / "display-names.ttl")


@pytest.fixture(scope="session")
def shapes(folder: Path) -> Graph:
    """What the data must look like."""
    return Graph().parse(folder / "shapes.ttl")


@pytest.fixture(scope="session")
def codes(folder: Path) -> Graph:
    """All code lists together."""
    graph = Graph()
    for path in sorted((folder / "codelists").glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.fixture(scope="session")
def ontology(folder: Path, vocabulary: Graph, display_names: Graph, codes: Graph) -> Graph:
    """Everything but the shapes, as validation sees it beside the facts."""
    return Graph().parse(folder / "alignments.ttl") + vocabulary + display_names + codes


@pytest.fixture(scope="session")
def known_terms(ontology: Graph) -> set[Node]:
    """The terms that the ontology defines, and those of others that it has a name for."""
    return {*ontology.subjects(RDFS.isDefinedBy), *ontology.subjects(UTS.displayName)}

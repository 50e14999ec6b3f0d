"""Each class has an example that conforms and one that fails with the message it states."""

from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Literal, Node
from rdflib.namespace import DCTERMS, OWL, RDF, SH

EXAMPLES = Path(__file__).parents[2] / "ontology" / "examples"
VALID = sorted(path for path in EXAMPLES.glob("*.ttl") if not path.stem.endswith(".invalid"))
INVALID = sorted(EXAMPLES.glob("*.invalid.ttl"))
EXPECT = "# expect: "


def report(path: Path, ontology: Graph, shapes: Graph) -> tuple[bool, list[str]]:
    """Return whether an example conforms, and the English message of every fault."""
    data = Graph().parse(path) + ontology
    conforms, found, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(found, Graph)
    messages = [
        str(message)
        for result in found.objects(None, SH.result)
        for message in found.objects(result, SH.resultMessage)
        if isinstance(message, Literal) and message.language == "en"
    ]
    return bool(conforms), messages


def test_every_class_that_has_a_shape_has_both_examples(ontology: Graph, shapes: Graph) -> None:
    classes = set(ontology.subjects(RDF.type, OWL.Class)) | set(shapes.objects(None, SH.targetClass))
    names = {str(term).replace("#", "/").rpartition("/")[2] for term in classes} | {"RetiredIdentifier"}
    assert {path.stem for path in VALID} == names
    assert {path.stem.removesuffix(".invalid") for path in INVALID} == names


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_example_conforms(path: Path, ontology: Graph, shapes: Graph) -> None:
    conforms, messages = report(path, ontology, shapes)
    assert conforms, messages


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_example_is_of_its_class(path: Path) -> None:
    graph = Graph().parse(path)
    if path.stem == "RetiredIdentifier":
        assert set(graph.subjects(DCTERMS.isReplacedBy))
    else:
        classes = {str(term).replace("#", "/").rpartition("/")[2] for term in graph.objects(None, RDF.type)}
        assert path.stem in classes


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_example_fails_with_its_message(path: Path, ontology: Graph, shapes: Graph) -> None:
    first = path.read_text().partition("\n")[0]
    assert first.startswith(EXPECT)
    conforms, messages = report(path, ontology, shapes)
    assert not conforms
    assert any(first.removeprefix(EXPECT) in message for message in messages), messages
    assert len(messages) <= 2, messages


def test_an_example_of_an_unknown_class_fails(ontology: Graph, shapes: Graph, tmp_path: Path) -> None:
    path = tmp_path / "Person.ttl"
    path.write_text((EXAMPLES / "Person.ttl").read_text().replace("uts:Person", "uts:Human"))
    conforms, messages = report(path, ontology, shapes)
    assert not conforms
    assert "The class is not in the vocabulary" in messages[0]


def test_examples_do_without_names_of_their_own(known_terms: set[Node]) -> None:
    """An example explains the vocabulary, so its terms are those of the vocabulary."""
    for path in VALID:
        graph = Graph().parse(path)
        assert set(graph.predicates()) <= known_terms, path
        assert set(graph.objects(None, RDF.type)) <= known_terms, path

"""A domain and a range, or shapes in their place, say what has a property and what its values are."""

import pyshacl
import pytest
from rdflib import Graph, Literal, Namespace, Node, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, SH

from graph.core.namespaces import ID, UTS

OWN = Namespace(UTS)
KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty)
VALUES = (SH["class"], SH.datatype, SH.node, SH["in"], SH["or"], SH.languageIn, SH.nodeKind)


def properties(vocabulary: Graph) -> set[Node]:
    terms = {term for kind in KINDS for term in vocabulary.subjects(RDF.type, kind)}
    return terms - set(vocabulary.subjects(OWL.deprecated))


def classes_of_subjects(shapes: Graph, term: Node) -> set[Node]:
    """Return the classes of which a thing that has the property `term` must have one, according to shapes."""
    found: set[Node] = set()
    for shape in shapes.subjects(SH.targetSubjectsOf, term):
        found |= set(shapes.objects(shape, SH["class"]))
        for choice in shapes.objects(shape, SH["or"]):
            found |= {
                each for option in Collection(shapes, choice) for each in shapes.objects(option, SH["class"])
            }
    return found


def has_checked_values(shapes: Graph, term: Node) -> bool:
    return any((shape, value, None) in shapes for shape in shapes.subjects(SH.path, term) for value in VALUES)


def test_every_property_has_a_domain_or_a_shape_in_its_place(vocabulary: Graph, shapes: Graph) -> None:
    assert not {
        term
        for term in properties(vocabulary)
        if vocabulary.value(term, RDFS.domain) is None and not classes_of_subjects(shapes, term)
    }


def test_every_property_has_a_range_or_a_shape_in_its_place(vocabulary: Graph, shapes: Graph) -> None:
    assert not {
        term
        for term in properties(vocabulary)
        if vocabulary.value(term, RDFS.range) is None and not has_checked_values(shapes, term)
    }


def test_shapes_in_place_of_domains_find_what_has_a_property_of_another_kind(
    vocabulary: Graph, ontology: Graph, shapes: Graph
) -> None:
    terms = {term for term in properties(vocabulary) if not vocabulary.value(term, RDFS.domain)}
    things = {term: URIRef(f"{ID}person/{str(term).removeprefix(UTS).lower()}") for term in terms}
    facts = Graph()
    for term, thing in things.items():
        facts.add((thing, RDF.type, OWN.Person)).add((thing, term, Literal("x")))
    _, report, _ = pyshacl.validate(facts + ontology, shacl_graph=shapes)
    assert isinstance(report, Graph)
    failed = {
        (report.value(result, SH.focusNode), report.value(result, SH.sourceShape))
        for result in report.objects(None, SH.result)
    }
    for term, thing in things.items():
        bearers = {
            each for each in shapes.subjects(SH.targetSubjectsOf, term) if str(each).endswith("Bearer")
        }
        assert any((thing, shape) in failed for shape in bearers), term


@pytest.mark.parametrize("predicate", [RDFS.domain, RDFS.range])
def test_no_property_has_two_domains_or_ranges(vocabulary: Graph, predicate: Node) -> None:
    """A second one would not be a choice: both would be true of everything."""
    terms = list(vocabulary.subjects(predicate))
    assert len(terms) == len(set(terms))


def test_a_shape_allows_what_the_range_says(vocabulary: Graph, shapes: Graph) -> None:
    for term, range_ in vocabulary.subject_objects(RDFS.range):
        for shape in shapes.subjects(SH.path, term):
            for predicate in (SH["class"], SH.datatype):
                assert set(shapes.objects(shape, predicate)) <= {range_}, term


def test_choices_of_classes_are_read() -> None:
    shapes = Graph().parse(
        data=f"""
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix uts: <{UTS}> .
        [] sh:targetSubjectsOf uts:a , uts:b ; sh:or ( [ sh:class uts:A ] [ sh:class uts:B ] ) .
        [] sh:targetSubjectsOf uts:b ; sh:class uts:C .
        [] sh:targetSubjectsOf uts:c ; sh:path uts:c ; sh:minCount 1 ."""
    )
    assert classes_of_subjects(shapes, OWN.a) == {OWN.A, OWN.B}
    assert classes_of_subjects(shapes, OWN.b) == {OWN.A, OWN.B, OWN.C}
    assert classes_of_subjects(shapes, OWN.c) == set()
    assert not has_checked_values(shapes, OWN.c)

"""Every class has a shape and every shape a class, and each fault has words that a person can act on."""

import pyshacl
import pytest
from rdflib import Graph, Literal, Namespace, Node, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD

from graph.namespaces import ID, SHAPES, UTS

SHAPE = Namespace(SHAPES)
OWN = Namespace(UTS)
TARGETS = [SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf]
NOT_CONSTRAINTS = {RDF.type, SH.property, SH.severity, SH.name, SH.message, *TARGETS}
LANGUAGES = {"sv", "en"}


def languages(graph: Graph, node: Node, predicate: Node) -> set[str | None]:
    return {text.language for text in graph.objects(node, predicate) if isinstance(text, Literal)}


def test_the_shapes_are_well_formed(shapes: Graph) -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


def test_every_own_class_has_a_shape(ontology: Graph, shapes: Graph) -> None:
    targets = set(shapes.objects(None, SH.targetClass))
    for own in ontology.subjects(RDF.type, OWL.Class):
        assert targets & set(ontology.transitive_objects(own, RDFS.subClassOf)), own


def test_every_shape_has_a_class_or_serves_one_that_has(ontology: Graph, shapes: Graph) -> None:
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        named = str(shape).removeprefix(SHAPES)
        if named.endswith("Shape") and shape != SHAPE.RetiredIdentifierShape:
            assert shapes.value(shape, SH.targetClass, any=True), shape
        assert any((shape, target, None) in shapes for target in TARGETS) or (
            (None, SH.node, shape) in shapes
        ), shape
    for target in shapes.objects(None, SH.targetClass):
        assert (target, RDF.type, OWL.Class) in ontology or (target, RDF.type, RDFS.Class) in ontology


def test_every_own_property_is_checked_unless_only_rules_add_it(ontology: Graph, shapes: Graph) -> None:
    inferred = set(ontology.subjects(OWL.inverseOf))
    checked = set(shapes.objects())  # alone, or as a step of a path
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        assert set(ontology.subjects(RDF.type, kind)) - inferred <= checked


def test_everything_that_can_fail_says_so_in_both_languages(shapes: Graph) -> None:
    constraints = {
        shape
        for shape in shapes.subjects(RDF.type, SH.NodeShape)
        if set(shapes.predicates(shape)) - NOT_CONSTRAINTS
    } | set(shapes.objects(None, SH.property))
    assert len(constraints) > 100
    for constraint in constraints:
        assert languages(shapes, constraint, SH.name) == LANGUAGES, constraint
        assert languages(shapes, constraint, SH.message) == LANGUAGES, constraint
        assert shapes.value(constraint, SH.severity) == SH.Violation, constraint


def test_messages_about_codes_name_every_code(ontology: Graph, shapes: Graph) -> None:
    lists = {
        shape: scheme
        for condition, scheme in shapes.subject_objects(SH.hasValue)
        for shape in shapes.subjects(SH.property, condition)
    }
    assert len(lists) == len(set(ontology.subjects(RDF.type, SKOS.ConceptScheme)))
    for shape, scheme in lists.items():
        codes = {
            str(ontology.value(code, SKOS.notation)) for code in ontology.subjects(SKOS.inScheme, scheme)
        }
        users = set(shapes.subjects(SH.node, shape))
        assert users
        for message in (str(m) for user in users for m in shapes.objects(user, SH.message)):
            assert not {code for code in codes if code not in message}, message


@pytest.mark.parametrize("property_pair", ["valid", "issued"])
@pytest.mark.parametrize(("first", "last", "fails"), [("2018", "2016", True), ("2016", "2016", False)])
def test_periods_of_years_are_compared(
    ontology: Graph, shapes: Graph, property_pair: str, first: str, last: str, fails: bool
) -> None:
    """Years make pySHACL's sh:lessThanOrEquals fail, so the shapes go another way."""
    names = {"valid": ("validFrom", "validUntil"), "issued": ("issuedNotBefore", "issuedNotAfter")}
    thing = URIRef(ID + "adoption/a")
    facts = Graph()
    for name, year in zip(names[property_pair], (first, last), strict=True):
        facts.add((thing, OWN[name], Literal(year, datatype=XSD.gYear)))
    conforms, _, _ = pyshacl.validate(facts + ontology, shacl_graph=shapes)
    assert conforms != fails


def test_terms_of_the_vocabulary_may_not_be_retired_like_things(ontology: Graph, shapes: Graph) -> None:
    facts = Graph().add((OWN.Statement, DCTERMS.isReplacedBy, OWN.Passage))
    conforms, _, text = pyshacl.validate(facts + ontology, shacl_graph=shapes)
    assert not conforms
    assert "must be a thing's (under id/)" in text


def test_the_ontology_itself_conforms(ontology: Graph, shapes: Graph) -> None:
    conforms, _, text = pyshacl.validate(ontology + shapes, shacl_graph=shapes)
    assert conforms, text

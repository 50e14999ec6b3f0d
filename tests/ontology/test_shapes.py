"""Every class has a shape and every shape a class, and each fault has words that a person can act on."""

import re
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Literal, Namespace, Node, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS

from graph.core.namespaces import CODE, ID, SHAPES, UTS

EXAMPLES = Path(__file__).parents[2] / "ontology" / "examples"
ASSESSMENT = EXAMPLES / "Assessment.ttl"
SHAPE = Namespace(SHAPES)
OWN = Namespace(UTS)
TARGETS = [SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf]
NOT_CONSTRAINTS = {RDF.type, SH.property, SH.severity, SH.name, SH.message, SH.order, RDFS.label, *TARGETS}
LANGUAGES = {"sv", "en"}


def languages(graph: Graph, node: Node, predicate: Node) -> set[str | None]:
    return {text.language for text in graph.objects(node, predicate) if isinstance(text, Literal)}


@pytest.mark.slow
def test_the_shapes_are_well_formed(shapes: Graph) -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


def test_every_own_class_has_a_shape(ontology: Graph, shapes: Graph) -> None:
    targets = set(shapes.objects(None, SH.targetClass))
    for own in ontology.subjects(RDF.type, OWL.Class):
        assert targets & set(ontology.transitive_objects(own, RDFS.subClassOf)), own


def test_every_shape_has_a_class_or_serves_one_that_has(shapes: Graph, known_terms: set[Node]) -> None:
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        named = str(shape).removeprefix(SHAPES)
        if named.endswith("Shape") and shape != SHAPE.RetiredIdentifierShape:
            assert shapes.value(shape, SH.targetClass, any=True), shape
        assert any((shape, target, None) in shapes for target in TARGETS) or (
            (None, SH.node, shape) in shapes
        ), shape
    for target in shapes.objects(None, SH.targetClass):
        assert target in known_terms


def test_every_own_property_is_checked_unless_only_rules_add_it(
    folder: Path, ontology: Graph, shapes: Graph
) -> None:
    rules = "".join(path.read_text() for path in (folder / "rules").glob("*.rq"))
    excluded: set[Node] = {OWN[name] for name in re.findall(r"CONSTRUCT \{ \?\w+ uts:(\w+)", rules)}
    excluded |= set(ontology.subjects(OWL.inverseOf)) | set(ontology.subjects(OWL.deprecated))
    checked = set(shapes.objects())  # alone, or as a step of a path
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        assert set(ontology.subjects(RDF.type, kind)) - excluded <= checked


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


UNREAD = f"""
    @base <{ID}> .
    @prefix dcterms: <{DCTERMS}> .
    @prefix oa: <http://www.w3.org/ns/oa#> .
    @prefix org: <http://www.w3.org/ns/org#> .
    @prefix rdfs: <{RDFS}> .
    @prefix schema: <https://schema.org/> .
    @prefix skos: <{SKOS}> .
    @prefix uts: <{UTS}> .
    <source/lista> a uts:DataSet ; rdfs:label "Lista"@sv .
    <source/rapport> a uts:Report ; rdfs:label "Rapport"@sv ; uts:reportedIn <source/lista> ;
        skos:note "Post 1, inte läst."@sv , "Item 1, not read."@en .
    <statement/rapport-sagt> a uts:Statement ; uts:saidIn <source/rapport> ; uts:about <source/rapport> ;
        uts:kind <https://w3id.org/utsaga/code/statement-kind/fact> ;
        uts:speechAct <https://w3id.org/utsaga/code/speech-act/source-claim> ;
        uts:text "Sagt."@sv , "Said."@en .
    <person/anna-ek> a uts:Person ; rdfs:label "Anna Ek"@sv .
    <person/anna-ek#chef> a org:Membership ; org:member <person/anna-ek> ; dcterms:source <source/rapport> ;
        schema:roleName "chef"@sv , "head"@en .
"""


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        ("", "", []),
        (
            "uts:reportedIn <source/lista> ;",
            "",
            ["The office has no evidence", "The statement has no evidence"],
        ),
        ("<source/lista> ;", "<source/lista> ; uts:textLength 80 ;", ["text was not read, but it has"]),
        (
            "<source/lista> ;",
            "<source/lista> . <passage/rapport-0-9> oa:hasSource <source/rapport> . <source/rapport>",
            ["has passages but is said to be unread", "has passages but no digest"],
        ),
        ("skos:note", "rdfs:seeAlso <source/lista> . [] skos:note", ["does not say where in it"]),
        ("a uts:DataSet", "a uts:Report", ["reportedIn must point at exactly one"]),
    ],
)
def test_an_unread_source_is_reported_in_a_register(
    ontology: Graph, shapes: Graph, old: str, new: str, messages: list[str]
) -> None:
    """What proves a statement is passages of the text, or the register that reports its source unread."""
    facts = Graph().parse(data=UNREAD.replace(old, new, 1) if old else UNREAD, format="turtle")
    conforms, _, text = pyshacl.validate(facts + ontology, shacl_graph=shapes)
    assert conforms == (not messages), text
    assert not {message for message in messages if message not in text}


@pytest.mark.parametrize(
    ("number", "conforms"), [("eli:is_part_of <law/lag>", True), ("a uts:LegalAct", False)]
)
def test_a_provision_needs_no_number_of_its_own(
    ontology: Graph, shapes: Graph, number: str, conforms: bool
) -> None:
    facts = Graph().parse(
        format="turtle",
        data=f"""@base <{ID}> . @prefix uts: <{UTS}> . @prefix rdfs: <{RDFS}> .
        @prefix eli: <http://data.europa.eu/eli/ontology#> .
        <law/lag> a uts:LegalAct ; rdfs:label "Lag"@sv ; eli:id_local "SFS 2001:9" ; uts:sfsNumber "2001:9" .
        <law/lag-1> a uts:Provision ; rdfs:label "1 § lagen"@sv ; eli:id_local "Lag 1 §" ; {number} .""",
    )
    assert pyshacl.validate(facts + ontology, shacl_graph=shapes)[0] == conforms


def test_terms_of_the_vocabulary_may_not_be_retired_like_things(ontology: Graph, shapes: Graph) -> None:
    facts = Graph().add((OWN.Statement, DCTERMS.isReplacedBy, OWN.Passage))
    conforms, _, text = pyshacl.validate(facts + ontology, shacl_graph=shapes)
    assert not conforms
    assert "must be a thing's (under id/)" in text


def test_a_code_is_retired_like_a_thing(ontology: Graph, shapes: Graph) -> None:
    halted, paused = (URIRef(f"{CODE}adoption-status/{name}") for name in ("halted", "paused"))
    assert set(ontology.predicate_objects(halted)) == {(DCTERMS.isReplacedBy, paused)}


@pytest.mark.parametrize(
    ("time", "conforms"),
    [
        ("", False),
        ("uts:madeIn '2017'^^xsd:gYear ;", True),
        ("uts:asOf '2017'^^xsd:gYear ;", True),
        ("uts:validFrom '2017-10'^^xsd:gYearMonth ;", True),
    ],
)
def test_an_assessment_has_a_time(ontology: Graph, shapes: Graph, time: str, conforms: bool) -> None:
    text = ASSESSMENT.read_text()
    made = 'uts:madeIn "2015"^^xsd:gYear ;'
    assert made in text
    facts = Graph().parse(data=text.replace(made, time), format="turtle")
    found, _, told = pyshacl.validate(facts + ontology, shacl_graph=shapes)
    assert found == conforms, told
    assert ("The assessment has no time" in told) != conforms


@pytest.mark.parametrize(
    ("example", "old", "new", "message"),
    [
        ("Assessment", "uts:assessor <organisation/exempelby-kommun> ;", "", "assessor must point at"),
        ("Quantity", "uts:unit <https://w3id.org/utsaga/code/unit/person> ;", "", "The quantity has no unit"),
        ("Quantity", "uts:quantityValue 1200", 'uts:quantityValue "many"', "exactly one number or date"),
        ("Municipality", 'uts:populationAsOf "2020-01-01"^^xsd:date ;', "", "The population has no day"),
        ("Municipality", '"2020-01-01"^^xsd:date', '"2020"^^xsd:gYear', "must be one day only"),
        ("LegalAct", '"ExL"@sv', '"ExL"', "The short title must have a language"),
    ],
)
def test_bad_input_is_told_with_what_to_write(
    ontology: Graph, shapes: Graph, example: str, old: str, new: str, message: str
) -> None:
    text = (EXAMPLES / f"{example}.ttl").read_text()
    assert old in text
    facts = Graph().parse(data=text.replace(old, new), format="turtle")
    conforms, _, told = pyshacl.validate(facts + ontology, shacl_graph=shapes)
    assert not conforms
    assert message in told


def test_the_ontology_itself_conforms(ontology: Graph, shapes: Graph) -> None:
    conforms, _, text = pyshacl.validate(ontology + shapes, shacl_graph=shapes)
    assert conforms, text

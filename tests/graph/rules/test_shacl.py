"""The faults that the shapes and the checks of names find, and their messages."""

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from graph.core.errors import BadInput
from graph.core.namespaces import GRAPH, ID, PREFIXES, UTS
from graph.ingest.facts import Facts
from graph.rdf import ontology_files
from graph.release.release import Release
from graph.rules.shacl import declared_twice, shapes, undeclared, unknown_properties, validate

ADOPTION = ID + "adoption/a"
PROLOGUE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + f"@base <{ID}> .\n"


def facts(turtle: str, graph: str = "source/a", lines: dict[str, str] | None = None) -> Facts:
    name = NamedNode(GRAPH + graph)
    triples = parse(PROLOGUE + turtle, format=RdfFormat.TURTLE)
    return Facts(name.value, [Quad(t.subject, t.predicate, t.object, name) for t in triples], lines or {})


def test_a_wrong_code_is_one_fault_at_its_own_line() -> None:
    wrong = facts(
        "<adoption/a> a uts:Adoption ; uts:status <https://w3id.org/utsaga/code/adoption-status/halted> ."
    )
    lines = {ADOPTION: "a.yaml:3", f"{ADOPTION} {UTS}status": "a.yaml:7"}
    found = shapes(wrong.quads, ontology_files.read_ontology(), lines)
    about = [fault for fault in found if "halted" in fault.message]
    assert [fault.where for fault in about] == ["a.yaml:7"]
    assert about[0].rule == "shape AdoptionShape"
    assert {fault.where for fault in found} == {"a.yaml:3", "a.yaml:7"}


def test_what_a_shape_cannot_compare_is_told_too() -> None:
    wrong = facts(
        "<passage/a> oa:hasSelector <passage/a#position> . "
        "<passage/a#position> a oa:TextPositionSelector ; oa:start [] ; oa:end 3 ."
    )
    [fault] = shapes(wrong.quads, ontology_files.read_ontology(), {})
    assert "blank node" in fault.remedy


def test_an_entity_is_declared_once_except_in_registers() -> None:
    one, other = facts("<product/p> a uts:Product ."), facts("<product/p> a uts:Product .", "source/b")
    assert [fault.rule for fault in declared_twice([one, other])] == ["one entity, one IRI"]
    body = "<organisation/o> a uts:Municipality ."
    assert declared_twice([facts(body, "register/a"), facts(body, "register/b")]) == []
    assert len(declared_twice([facts(body, "register/a"), facts(body)])) == 1


@pytest.mark.parametrize(
    ("turtle", "graph", "count"),
    [
        ("<statement/s> uts:speaker <person/nobody> .", "source/a", 1),
        ("<statement/s> uts:speaker <person/p> . <person/p> a uts:Person .", "source/a", 0),
        (
            "<organisation/old> dcterms:isReplacedBy <organisation/o> . <organisation/o> a uts:Region .",
            "source/a",
            0,
        ),
        ("<organisation/nobody> owl:sameAs <http://www.wikidata.org/entity/Q1> .", "links/wikidata", 1),
        ("<statement/s> rdfs:seeAlso <https://example.org/> .", "source/a", 0),
    ],
)
def test_what_is_mentioned_is_declared(turtle: str, graph: str, count: int) -> None:
    assert len(undeclared([facts(turtle, graph)])) == count


def test_all_faults_come_in_one_error() -> None:
    with pytest.raises(BadInput) as caught:
        validate(
            [facts("<statement/s> uts:speaker <person/x> ; uts:onBehalfOf <organisation/y> .")],
            ontology_files.read_ontology(),
        )
    assert len(caught.value.faults) == 2


def test_the_whole_of_what_is_published_conforms(release: Release) -> None:
    """What rules add too, so that whoever validates a dump against the published shapes finds no fault."""
    published = parse("".join(release.lines()), format=RdfFormat.N_QUADS)
    assert shapes(published, ontology_files.read_ontology(), {}) == []


def test_a_property_that_is_not_in_the_vocabulary_is_one_fault_for_each_file() -> None:
    known = "<product/p> a uts:Product ; rdfs:label 'P'@sv ."
    odd = "<product/p> uts:colour 'red' . <product/q> uts:colour 'blue' . [] <http://example.org/p> 1 ."
    lines = {f"{ID}product/p": "a.ttl"}
    found = unknown_properties([facts(known), facts(odd, "source/b", lines)], ontology_files.read_ontology())
    assert [(fault.where, fault.message) for fault in found[:1]] == [
        ("a.ttl", f"<{UTS}colour> is no property of the vocabulary")
    ]
    assert len(found) == 2
    with pytest.raises(BadInput, match="known property"):
        validate([facts(known + odd)], ontology_files.read_ontology())

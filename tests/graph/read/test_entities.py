"""Labels, values, links and classes of entities."""

import pytest
from pyoxigraph import RdfFormat, parse

from graph.core.namespaces import PREFIXES, RDFS, UTS
from graph.core.terms import Term, iri, text
from graph.query.store import ReleaseStore
from graph.read.entities import Entities

ID = "https://w3id.org/utsaga/id/"
DATA = """
uts:Municipality rdfs:subClassOf uts:PublicBody .
uts:adopter rdfs:subPropertyOf prov:wasAttributedTo .
<organisation/a> a uts:Municipality, uts:PublicBody ; rdfs:label "A"@sv, "The A"@en ; uts:population 7 ;
  uts:inCounty <place/l> ; skos:note [ rdfs:label "inside" ] .
<organisation/old> dcterms:isReplacedBy <organisation/a> .
<adoption/x> uts:adopter <organisation/a> ; prov:wasAttributedTo <organisation/a> .
<adoption/y> uts:adopter <organisation/a> ; prov:wasAttributedTo <organisation/a> .
<person/p> org:hasMembership <person/p#boss> .
<person/p#boss> org:member <person/p> ; org:organization <organisation/a> ; schema:roleName "boss"@en .
"""


@pytest.fixture(scope="module")
def entities() -> Entities:
    prefixes = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())
    quads = parse(f"@base <{ID}> .\n{prefixes}{DATA}", format=RdfFormat.TURTLE)
    return Entities(ReleaseStore.of(quads))


def test_labels_are_read_in_every_language(entities: Entities) -> None:
    assert set(entities.labels(f"{ID}organisation/a")) == {text("A", "sv"), text("The A", "en")}
    assert entities.labels(f"{ID}organisation/nobody") == ()


def test_a_node_has_its_values_by_property(entities: Entities) -> None:
    node = entities.node(iri(f"{ID}organisation/a"))
    assert node.iri(UTS + "inCounty") == f"{ID}place/l"
    assert node.integer(UTS + "population") == 7
    assert node.integer(RDFS + "label") is None
    assert node.literal(UTS + "inCounty") is None
    assert len(node.literals(RDFS + "label", UTS + "population")) == 3


def test_a_blank_node_can_be_read(entities: Entities) -> None:
    [inside] = entities.node(iri(f"{ID}organisation/a")).terms(PREFIXES["skos"] + "note")
    assert inside.kind == "blank"
    assert entities.node(inside).literal(RDFS + "label") == Term("inside", "literal")


def test_types_exclude_superclasses(entities: Entities) -> None:
    assert entities.types(entities.node(iri(f"{ID}organisation/a"))) == (UTS + "Municipality",)


def test_incoming_links_are_counted_and_paged(entities: Entities) -> None:
    name = f"{ID}organisation/a"
    assert entities.link_counts(name)[UTS + "adopter"] == 2
    assert PREFIXES["prov"] + "wasAttributedTo" in entities.link_counts(name)
    assert PREFIXES["prov"] + "wasAttributedTo" not in entities.backlinks(name)
    assert set(entities.subjects(name, UTS + "adopter")) == {f"{ID}adoption/x", f"{ID}adoption/y"}
    first, second = (entities.subjects(name, UTS + "adopter", limit=1, offset=n) for n in (0, 1))
    assert {*first, *second} == {f"{ID}adoption/x", f"{ID}adoption/y"}
    assert entities.value_counts(UTS + "adopter") == {name: 2}


def test_superproperties_with_the_same_values_are_implied(entities: Entities) -> None:
    node = entities.node(iri(f"{ID}adoption/x"))
    assert entities.implied(node) == {PREFIXES["prov"] + "wasAttributedTo"}


@pytest.mark.parametrize(
    ("name", "there"),
    [
        (f"{ID}organisation/a", True),
        (f"{ID}place/l", True),
        (UTS + "population", True),
        (f"{ID}organisation/b", False),
        ("not an iri", False),
        ("", False),
    ],
)
def test_an_iri_exists_if_it_occurs_in_a_triple(entities: Entities, name: str, there: bool) -> None:
    assert entities.exists(name) is there


def test_a_retired_iri_has_a_successor(entities: Entities) -> None:
    assert entities.successor(f"{ID}organisation/old") == f"{ID}organisation/a"
    assert entities.successor(f"{ID}organisation/a") is None


def test_offices_are_read_by_person_and_by_membership(entities: Entities) -> None:
    [office] = entities.offices(f"{ID}person/p")
    assert office == entities.office(f"{ID}person/p#boss")
    assert office.titles == (text("boss", "en"),)
    assert office.organisation == entities.ref(f"{ID}organisation/a")
    assert entities.office(f"{ID}organisation/a") is None

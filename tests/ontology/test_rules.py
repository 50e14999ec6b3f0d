"""The rules add what they say, nothing else, and come to an end at once."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, QueryTriples, RdfFormat, Store, Triple

from graph.core.namespaces import (
    BASE,
    CODE,
    DCTERMS,
    ELI,
    FOAF,
    ID,
    OA,
    ORG,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SOSA,
    UTS,
)

EXAMPLES = [
    "Adoption",
    "Company",
    "Concept",
    "LegalAct",
    "Membership",
    "Municipality",
    "Observation",
    "Product",
    "Region",
]
TYPE = RDF + "type"
PERSON = ID + "person/anna-ek"
OFFICE = PERSON + "#it-chef"
BODY = ID + "organisation/exempelby-kommun"
STATEMENT = ID + "statement/exempelbladet-moln-exempelby-anvander"
ADOPTION = ID + "adoption/exempelby-kommun-molnkontoret-2017"
ARTICLE = ID + "source/exempelbladet-moln"
PASSAGE = ID + "passage/exempelbladet-moln-100-250"
OBSERVATION = ID + "observation/mail-9901-2026-04-23"
EXPECTED = {
    "superclasses": [
        (BODY, TYPE, ORG + "FormalOrganization"),
        (BODY, TYPE, FOAF + "Agent"),
        (ID + "organisation/region-exempel", TYPE, UTS + "PublicBody"),
        (PERSON, TYPE, FOAF + "Person"),
        (ARTICLE, TYPE, UTS + "Source"),
        (ARTICLE, TYPE, SCHEMA + "CreativeWork"),
        (ID + "law/exempellagen", TYPE, ELI + "LegalResource"),
        (PASSAGE, TYPE, OA + "SpecificResource"),
        (STATEMENT, TYPE, PROV + "Entity"),
        (OBSERVATION, TYPE, SOSA + "Observation"),
    ],
    "superproperties": [
        (ADOPTION, PROV + "wasDerivedFrom", STATEMENT),
        (STATEMENT, PROV + "wasDerivedFrom", PASSAGE),
        (STATEMENT, PROV + "hadPrimarySource", ARTICLE),
        (ID + "product/molnkontoret", DCTERMS + "isVersionOf", ID + "product/kontoret"),
    ],
    "inverses": [
        (PERSON, ORG + "hasMembership", OFFICE),
        (ARTICLE, UTS + "hasStatement", STATEMENT),
        (ID + "product/kontoret", UTS + "hasVariant", ID + "product/molnkontoret"),
        (ID + "law/gammal", ELI + "repealed_by", ID + "law/ny"),
    ],
    "attribution": [(STATEMENT, PROV + "wasAttributedTo", BASE + "dataset#publisher")],
    "mail-operators": [(OBSERVATION, UTS + "mailOperator", ID + "organisation/exempelbolaget")],
}


@pytest.fixture
def store(folder: Path) -> Store:
    """The ontology, the shapes too, and some examples, as the rules see them when a release is built."""
    store = Store()
    paths = [*folder.glob("*.ttl"), *folder.glob("codelists/*.ttl")]
    for path in paths + [folder / "examples" / f"{name}.ttl" for name in EXAMPLES]:
        store.load(path=path, format=RdfFormat.TURTLE)
    store.add(Quad(NamedNode(ID + "law/ny"), NamedNode(ELI + "repeals"), NamedNode(ID + "law/gammal")))
    return store


def apply(store: Store, rule: Path) -> set[Triple]:
    """Add to the store what a rule gives, and return it."""
    found = store.query(rule.read_text())
    assert isinstance(found, QueryTriples)
    triples = set(found)
    store.extend(Quad(t.subject, t.predicate, t.object) for t in triples)
    return triples


def test_there_is_a_test_for_each_rule(folder: Path) -> None:
    assert {path.stem for path in (folder / "rules").glob("*.rq")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_rule_adds_what_follows_and_then_no_more(folder: Path, store: Store, name: str) -> None:
    rule = folder / "rules" / f"{name}.rq"
    before = {quad.triple for quad in store}
    added = apply(store, rule)
    expected = {Triple(NamedNode(s), NamedNode(p), NamedNode(o)) for s, p, o in EXPECTED[name]}
    assert expected <= added
    assert not added & before
    assert apply(store, rule) == set()


def test_together_they_end_after_one_pass(folder: Path, store: Store) -> None:
    rules = sorted((folder / "rules").glob("*.rq"))
    assert all(apply(store, rule) for rule in rules)
    assert not any(apply(store, rule) for rule in rules)


def test_nothing_is_added_about_blank_nodes(folder: Path, store: Store) -> None:
    added = {triple for rule in (folder / "rules").glob("*.rq") for triple in apply(store, rule)}
    assert not [t for t in added if isinstance(t.subject, BlankNode) or isinstance(t.object, BlankNode)]


def test_a_code_is_labelled_as_it_is_called(folder: Path, store: Store) -> None:
    added = apply(store, folder / "rules" / "superproperties.rq")
    code = NamedNode(CODE + "exempellista/exempelkod")
    labels = {str(t.object) for t in added if t.subject == code and t.predicate == NamedNode(RDFS + "label")}
    assert labels == {'"exempelkod"@sv', '"example code"@en'}


def test_a_former_name_is_another_name_but_no_label(folder: Path, store: Store) -> None:
    added = apply(store, folder / "rules" / "superproperties.rq")
    region = NamedNode(ID + "organisation/region-exempel")
    properties = {t.predicate.value.rpartition("#")[2] for t in added if t.subject == region}
    assert properties == {"altLabel", "identifier"}

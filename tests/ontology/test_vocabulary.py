"""Every term has a name in both languages; own terms are defined and aligned with terms that exist."""

from pathlib import Path

from rdflib import Graph, Literal, Node, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, XSD

from graph.core.namespaces import BASE, UTS

VOCABULARY = URIRef(BASE + "ns")
LANGUAGES = ["en", "sv"]
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty}
# Datatypes and tags that the store keeps as they were written.
KEPT = {XSD.string, XSD.integer, XSD.decimal, XSD.boolean, RDF.langString}


def own_terms(vocabulary: Graph) -> set[Node]:
    return {term for term in vocabulary.subjects() if str(term).startswith(UTS)}


def languages(graph: Graph, term: Node, predicate: Node) -> list[str]:
    return sorted(str(text.language) for text in graph.objects(term, predicate) if isinstance(text, Literal))


def test_the_vocabulary_says_what_it_is(vocabulary: Graph) -> None:
    assert (VOCABULARY, RDF.type, OWL.Ontology) in vocabulary
    assert languages(vocabulary, VOCABULARY, DCTERMS.title) == LANGUAGES
    assert languages(vocabulary, VOCABULARY, DCTERMS.description) == LANGUAGES
    assert vocabulary.value(VOCABULARY, DCTERMS.license) is not None
    assert vocabulary.value(VOCABULARY, OWL.versionInfo) is not None


def test_own_terms_have_label_and_definition_in_both_languages(vocabulary: Graph) -> None:
    terms = own_terms(vocabulary)
    assert terms
    wanting = {
        (term, predicate)
        for term in terms
        for predicate in (RDFS.label, SKOS.definition)
        if languages(vocabulary, term, predicate) != LANGUAGES
    }
    assert not wanting


def test_own_terms_are_one_kind_of_term_and_say_where_they_are_defined(vocabulary: Graph) -> None:
    for term in own_terms(vocabulary):
        assert len(set(vocabulary.objects(term, RDF.type)) & KINDS) == 1, term
        assert vocabulary.value(term, RDFS.isDefinedBy) == VOCABULARY, term


def test_classes_are_named_with_a_capital_and_properties_without(vocabulary: Graph) -> None:
    for term in own_terms(vocabulary):
        is_class = (term, RDF.type, OWL.Class) in vocabulary
        assert str(term).removeprefix(UTS)[0].isupper() == is_class, term


def test_borrowed_terms_have_a_label_in_both_languages_and_a_named_origin(borrowed: Graph) -> None:
    terms = set(borrowed.subjects(RDFS.isDefinedBy))
    assert terms
    for term in terms:
        assert languages(borrowed, term, RDFS.label) == LANGUAGES, term
        origin = borrowed.value(term, RDFS.isDefinedBy)
        assert str(term).startswith(str(origin)), term
        assert languages(borrowed, URIRef(str(origin)), RDFS.label) == LANGUAGES, origin


def test_alignments_join_declared_terms(folder: Path, ontology: Graph) -> None:
    declared = set(ontology.subjects(RDFS.isDefinedBy))
    alignments = Graph().parse(folder / "alignments.ttl")
    assert {term for triple in alignments for term in triple} <= declared


def test_no_alignment_marks_living_things_as_retired(ontology: Graph) -> None:
    retired = {DCTERMS.isReplacedBy, DCTERMS.replaces}
    assert not retired & set(ontology.objects(None, RDFS.subPropertyOf))
    assert not retired & set(ontology.objects(None, OWL.inverseOf))


def test_no_literal_is_of_a_kind_that_the_store_rewrites(ontology: Graph, shapes: Graph) -> None:
    for literal in {o for graph in (ontology, shapes) for o in graph.objects() if isinstance(o, Literal)}:
        assert (literal.datatype or XSD.string) in KEPT, literal
        assert literal.language in {None, "sv", "en"}, literal

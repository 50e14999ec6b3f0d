"""Own terms are labelled and defined in both languages, and aligned with terms of others that have a name."""

from pathlib import Path

from rdflib import Graph, Literal, Node, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, XSD

from graph.core.namespaces import BASE, UTS

VOCABULARY = URIRef(BASE + "ns")
PUBLISHER = BASE + "dataset#publisher"
LANGUAGES = ["en", "sv"]
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
# Datatypes and tags that the store keeps as they were written.
KEPT = {XSD.string, XSD.integer, XSD.decimal, XSD.boolean, XSD.dateTime, RDF.langString}


def own_terms(vocabulary: Graph) -> set[Node]:
    return {term for term in vocabulary.subjects() if str(term).startswith(UTS)}


def languages(graph: Graph, term: Node, predicate: Node) -> list[str]:
    return sorted(str(text.language) for text in graph.objects(term, predicate) if isinstance(text, Literal))


def test_the_vocabulary_says_what_it_is(vocabulary: Graph) -> None:
    assert (VOCABULARY, RDF.type, OWL.Ontology) in vocabulary
    assert languages(vocabulary, VOCABULARY, DCTERMS.title) == LANGUAGES
    assert languages(vocabulary, VOCABULARY, DCTERMS.description) == LANGUAGES
    version = vocabulary.value(VOCABULARY, OWL.versionInfo)
    assert vocabulary.value(VOCABULARY, OWL.versionIRI) == VOCABULARY + f"/{version}"


def test_each_file_says_who_made_it_when_and_in_which_version(
    vocabulary: Graph, display_names: Graph, shapes: Graph, folder: Path
) -> None:
    alignments = Graph().parse(folder / "alignments.ttl")
    for graph in (vocabulary, alignments, display_names, shapes):
        (header,) = graph.subjects(RDF.type, OWL.Ontology)
        for predicate in (RDFS.label, DCTERMS.description):
            assert languages(graph, header, predicate) == LANGUAGES, header
        for predicate in (DCTERMS.creator, DCTERMS.publisher):
            assert graph.value(header, predicate) == URIRef(PUBLISHER), header
        for predicate in (DCTERMS.license, DCTERMS.modified):
            assert graph.value(header, predicate) is not None, (header, predicate)
        assert graph.value(header, OWL.versionInfo) == vocabulary.value(VOCABULARY, OWL.versionInfo)
    for predicate in (DCTERMS.created, DCTERMS.issued):
        assert vocabulary.value(VOCABULARY, predicate) is not None


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


def test_own_files_say_of_terms_of_others_only_how_they_are_related(folder: Path, vocabulary: Graph) -> None:
    alignments = Graph().parse(folder / "alignments.ttl")
    said = {
        predicate
        for term, predicate, value in vocabulary + alignments
        if isinstance(term, URIRef) and not term.startswith(BASE)
        if (predicate, value) != (RDF.type, OWL.AnnotationProperty)
    }
    assert said <= {RDFS.subClassOf, RDFS.subPropertyOf, OWL.inverseOf}


def test_alignments_join_known_terms(folder: Path, known_terms: set[Node]) -> None:
    alignments = Graph().parse(folder / "alignments.ttl")
    alignments.remove((URIRef(BASE + "alignments"), None, None))
    assert {term for triple in alignments for term in triple} <= known_terms


def test_no_alignment_marks_living_things_as_retired(ontology: Graph) -> None:
    retired = {DCTERMS.isReplacedBy, DCTERMS.replaces}
    assert not retired & set(ontology.objects(None, RDFS.subPropertyOf))
    assert not retired & set(ontology.objects(None, OWL.inverseOf))


def test_no_literal_is_of_a_kind_that_the_store_rewrites(ontology: Graph, shapes: Graph) -> None:
    for literal in {o for graph in (ontology, shapes) for o in graph.objects() if isinstance(o, Literal)}:
        assert (literal.datatype or XSD.string) in KEPT, literal
        assert literal.language in {None, "sv", "en"}, literal

"""Terms of others have a display name in both languages and nothing else; no term goes without a name."""

from itertools import chain

from pyoxigraph import Literal, NamedNode, Store
from rdflib import Graph, URIRef
from rdflib import Literal as RdflibLiteral

from graph.backends.in_process import InProcess
from graph.core.namespaces import BASE, DISPLAY_NAME, LICENCE, ORG, TYPE, UTS
from graph.read.entities import Entities

NAME = URIRef(DISPLAY_NAME)
HEADER = URIRef(BASE + "display-names")
LICENCES = {LICENCE, "https://opensource.org/license/mit"}


def languages(names: Graph, term: URIRef) -> list[str]:
    return sorted(str(each.language) for each in names.objects(term, NAME) if isinstance(each, RdflibLiteral))


def test_nothing_is_said_of_a_term_of_others_but_its_display_name(display_names: Graph) -> None:
    terms = {term for term in display_names.subjects() if isinstance(term, URIRef)} - {HEADER}
    assert len(terms) > 200
    for term in terms:
        assert not str(term).startswith(UTS), term
        assert set(display_names.predicates(term)) == {NAME}, term
        assert languages(display_names, term) == ["en", "sv"], term


def test_the_namespace_of_each_term_of_others_has_a_display_name(display_names: Graph) -> None:
    terms = {str(term) for term in display_names.subjects(NAME)} - LICENCES
    namespaces = {term for term in terms if term.endswith(("#", "/"))}
    assert not {term for term in terms - namespaces if not term.startswith(tuple(namespaces))}


def test_every_class_property_and_datatype_of_a_release_has_a_name_in_both_languages(
    graph_store: Store,
) -> None:
    quads = list(graph_store)
    used = set(
        chain(
            (quad.predicate for quad in quads),
            (quad.object for quad in quads if quad.predicate.value == TYPE),
            (quad.object.datatype for quad in quads if isinstance(quad.object, Literal)),
        )
    )
    entities = Entities(InProcess(graph_store, union=False))
    assert len(used) > 100
    for term in used:
        assert isinstance(term, NamedNode)
        assert {label.language for label in entities.labels(term.value)} == {"sv", "en"}, term


def test_a_term_of_others_goes_by_its_display_name_and_has_no_label(graph_store: Store) -> None:
    entities = Entities(InProcess(graph_store, union=False))
    office = entities.ref(ORG + "Membership")
    assert {(label.language, label.value) for label in office.labels} == {("sv", "uppdrag"), ("en", "office")}
    assert set(graph_store.quads_for_pattern(NamedNode(ORG + "Membership"), None, None)) == set(
        graph_store.quads_for_pattern(NamedNode(ORG + "Membership"), NamedNode(DISPLAY_NAME), None)
    )

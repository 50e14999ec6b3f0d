"""Conversion between terms and the nodes of pyoxigraph."""

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from graph.core.namespaces import RDF, XSD
from graph.core.terms import Term

Triple = ox.Triple
Node = ox.NamedNode | ox.BlankNode | ox.Literal
_STRING_DATATYPES: Final = (XSD + "string", RDF + "langString")


def in_graph(triple: ox.Triple | ox.Quad, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> ox.Quad:
    """Return the quad of `triple` in `graph`."""
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def to_node(term: Term) -> Node:
    """Return the pyoxigraph node for `term`; raise ValueError if it is not valid."""
    if term.kind == "iri":
        return ox.NamedNode(term.value)
    if term.kind == "blank":
        return ox.BlankNode(term.value)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return (
        ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))
        if term.datatype
        else ox.Literal(term.value)
    )


def to_term(node: Node | ox.Triple) -> Term:
    """Return the term for a pyoxigraph node; a triple term becomes a literal with its N-Triples form."""
    if isinstance(node, ox.NamedNode):
        return Term(node.value, "iri")
    if isinstance(node, ox.BlankNode):
        return Term(node.value, "blank")
    if isinstance(node, ox.Triple):
        return Term(str(node), "literal")
    datatype = "" if node.datatype.value in _STRING_DATATYPES else node.datatype.value
    return Term(node.value, "literal", node.language or "", datatype)


def values_clause(name: str, terms: Iterable[Term]) -> str:
    """Return the clause of SPARQL that gives the variable `name` each of `terms`, which are IRIs or literals.

    Raise ValueError for a term that is not valid. https://www.w3.org/TR/sparql11-query/#inline-data
    """
    return f"VALUES ?{name} {{ {' '.join(str(to_node(term)) for term in terms)} }}"


def make_triple(subject: str, predicate: str, value: Node) -> ox.Triple:
    """Return a triple of the IRI `subject`, the IRI `predicate` and the node `value`."""
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)


def to_triple(subject: Term, predicate: str, value: Term) -> Triple:
    """Return a triple of `subject`, which must not be a literal, the IRI `predicate` and `value`."""
    return Triple(to_node(subject), ox.NamedNode(predicate), to_node(value))  # type: ignore[arg-type]  # a subject is not a literal

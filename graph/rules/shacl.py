"""Checks facts against the SHACL shapes, and for entities declared twice or never, which no shape can find.

https://www.w3.org/TR/shacl/
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence

import pyshacl
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize
from pyshacl.errors import ReportableRuntimeError
from rdflib import Graph, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from graph.core.errors import BadInput, Fault
from graph.core.namespaces import DCTERMS, GRAPH, ID, RDF
from graph.ingest.facts import Facts, where
from graph.rdf.ontology_files import known_terms

logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # a literal that is not of its type is no fault here

Declared = Callable[[NamedNode], bool]

_TYPE = NamedNode(RDF + "type")
_REPLACED = NamedNode(DCTERMS + "isReplacedBy")
_REGISTER = GRAPH + "register/"
_CLAIM_PROPERTIES = (
    GRAPH + "links/",
    GRAPH + "enrichment/",
    GRAPH + "register/source-checks",
)  # graphs that only say more of what others declare


def validate(
    facts: Sequence[Facts], ontology: Iterable[Quad], is_declared: Declared = lambda node: False
) -> None:
    """Raise BadInput with every fault, each with its file and line, unless all `facts` follow the rules.

    `is_declared` knows the entities that are declared elsewhere than in `facts`.

    References are checked first: a shape's message about an entity that does not exist would only confuse.
    """
    lines = {key: line for one in facts for key, line in one.lines.items()}
    vocabulary = list(ontology)
    written = [one for one in facts if not one.is_plain]
    found = declared_twice(written) + undeclared(facts, is_declared) + unknown_properties(written, vocabulary)
    found = found or shapes([quad for one in facts for quad in one.quads], vocabulary, lines)
    if found:
        raise BadInput.of(found)


def declared_twice(facts: Iterable[Facts]) -> list[Fault]:
    """Return a fault for every entity that two files declare; two registers may both hold one body."""
    places: dict[str, dict[str, str]] = defaultdict(dict)
    for one in facts:
        for quad in one.quads:
            if quad.predicate == _TYPE and isinstance(quad.subject, NamedNode):
                iri = quad.subject.value
                places[iri][one.graph] = where(one.lines, iri)
    return [
        Fault(
            sorted(at.values())[-1],
            f"<{iri}> is declared at {sorted(at.values())[0]} too",
            "one entity, one IRI",
            "take one declaration out, or give one another id",
        )
        for iri, at in places.items()
        if len(at) > 1 and not all(graph.startswith(_REGISTER) for graph in at)
    ]


def undeclared(facts: Sequence[Facts], is_declared: Declared = lambda node: False) -> list[Fault]:
    """Return a fault for every mention of an entity of ours that no file declares, in facts that we write."""
    declared = {q.subject for one in facts for q in one.quads if q.predicate in {_TYPE, _REPLACED}}
    return [
        Fault(
            where(one.lines, quad.subject.value, quad.predicate.value),
            f"{mentioned.value.removeprefix(ID)} is not declared anywhere",
            "declared entities",
            "declare it with id and type, or mend the reference",
        )
        for one in facts
        if not one.is_plain
        for quad in one.quads
        for mentioned in (quad.object, *((quad.subject,) if one.graph.startswith(_CLAIM_PROPERTIES) else ()))
        if isinstance(mentioned, NamedNode)
        and isinstance(quad.subject, NamedNode)
        and mentioned.value.startswith(ID)
        and mentioned not in declared
        and not is_declared(mentioned)
    ]


def unknown_properties(facts: Iterable[Facts], ontology: Iterable[Quad]) -> list[Fault]:
    """Return a fault for every property that a file uses and `ontology` neither defines nor names.

    Keys and columns are checked against the vocabulary when they are read; an RDF file may use any property.
    """
    known = known_terms(ontology)
    first: dict[tuple[str, NamedNode], str] = {}
    for one in facts:
        for quad in one.quads:
            if quad.predicate not in known:
                subject = quad.subject.value if isinstance(quad.subject, NamedNode) else one.graph
                place = where(one.lines, subject, quad.predicate.value)
                first.setdefault((one.graph, quad.predicate), place)
    return [
        Fault(
            place,
            f"<{name.value}> is no property of the vocabulary",
            "known property",
            "write one that /ns explains, or take it out",
        )
        for (_, name), place in first.items()
    ]


def shapes(
    quads: Iterable[Quad],
    ontology: Iterable[Quad],
    lines: dict[str, str],
    subjects: Container[str] | None = None,
) -> list[Fault]:
    """Return a fault for every violation of a shape, of one of `subjects` if these are given.

    The shapes are part of `ontology`.
    """
    rules = _graph(ontology)
    data = _graph(quads) + rules
    try:
        _, report, text = pyshacl.validate(data, shacl_graph=rules, inplace=True, meta_shacl=False)
    except ReportableRuntimeError as error:
        report, text = None, error.message
    if not isinstance(report, Graph):
        return [Fault("facts", str(text), "SHACL", "write what the shape can compare, with no blank nodes")]
    results = report.objects(None, SH.result)
    return [
        _fault(report, result, rules, lines)
        for result in results
        if report.value(result, SH.resultSeverity) == SH.Violation
        and (subjects is None or str(report.value(result, SH.focusNode)) in subjects)
    ]


def _graph(quads: Iterable[Quad]) -> Graph:
    triples = {Triple(q.subject, q.predicate, q.object) for q in quads}
    return Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")


def _fault(report: Graph, result: Node, rules: Graph, lines: dict[str, str]) -> Fault:
    focus = str(report.value(result, SH.focusNode))
    path = report.value(result, SH.resultPath)
    messages = sorted(
        report.objects(result, SH.resultMessage), key=lambda m: getattr(m, "language", "") != "en"
    )
    value = report.value(result, SH.value)
    said = f" (found: {value})" if value is not None else ""
    return Fault(
        where(lines, focus, str(path) if isinstance(path, URIRef) else ""),
        f"{messages[0]}{said}",
        f"shape {_shape(rules, report.value(result, SH.sourceShape))}",
        f"see {focus.removeprefix(ID)}",
    )


def _shape(rules: Graph, shape: Node | None) -> str:
    """Return the name of the node shape that `shape` is, or is a property of."""
    owner = shape if isinstance(shape, URIRef) else rules.value(None, SH.property, shape)
    return str(owner).rpartition("#")[2]

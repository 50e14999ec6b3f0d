"""Probes an engine before it is served: what it is, and which parts of SPARQL it supports.

The right results do not depend on its data, so that a wrong one is noticed as well as an error.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from graph.backends.dialects import FROM, PROTOCOL_DATASET, QLEVER, UNKNOWN, Dialect
from graph.backends.remote import RemoteEndpoint
from graph.core.errors import UtsagaError
from graph.core.namespaces import XSD
from graph.rdf.query_types import Dataset, QueryRequest

ABSENT: Final = "urn:x-utsaga:absent"
_JSON: Final = "application/sparql-results+json"
_NAMED: Final = "SELECT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } FILTER(!isBlank(?s) && !isBlank(?o)) } LIMIT 1"
_DEFAULT: Final = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 2"

_VERSION: Final = re.compile(r"(?<![A-Za-z0-9])[0-9]+\.[0-9][\w.+-]{0,30}")  # in what a server calls itself

Test = Callable[[RemoteEndpoint], bool]


@dataclass(frozen=True)
class EngineReport:
    """What an engine is, the names of the capabilities that it lacks, and lines for the operator."""

    dialect: Dialect
    lacks: frozenset[str]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Capability:
    """A part of SPARQL, how to test for it, and what does not work without it."""

    name: str
    test: Test
    without: str


def probe(endpoint: RemoteEndpoint) -> EngineReport:
    """Return what the engine behind `endpoint` is and lacks; raise a request's error if none is answered."""
    dialect = recognise_engine(endpoint)
    missing = [each for each in CAPABILITIES if not _has(endpoint, each.test)]
    version = f" ({endpoint.server.strip()})" if endpoint.server else ""
    notes = [
        f"engine: {dialect.name}{version}; see {dialect.documentation}",
        f"engine: timeouts: {dialect.timeout}",
        f"engine: its own text search ({dialect.text_search}) is not used: search needs an index",
        *(f"engine: {advice}" for advice in dialect.advice),
        *(f"engine: lacks {each.name}: {each.without}" for each in missing),
        *(f"engine: {note}" for note in _default_graph(endpoint)),
    ]
    return EngineReport(dialect, frozenset(each.name for each in missing), tuple(notes))


def engine_name(endpoint: RemoteEndpoint) -> str:
    """Return the name of the engine behind `endpoint`, with its version if it reports one, but no address.

    Raise a request's error if none is answered.
    """
    dialect = recognise_engine(endpoint)
    if dialect is UNKNOWN:
        return "another engine"
    version = _VERSION.search(endpoint.server)
    return f"{dialect.name} {version[0]}" if version else dialect.name


def recognise_engine(endpoint: RemoteEndpoint) -> Dialect:
    """Return what the engine behind `endpoint` is, UNKNOWN if that is not known; raise a request's error."""
    endpoint.select("SELECT ?x WHERE { VALUES ?x { 1 } }")
    return endpoint.dialect or _ask_for_name(endpoint) or UNKNOWN


def _has(endpoint: RemoteEndpoint, test: Test) -> bool:
    try:
        return test(endpoint)
    except UtsagaError:
        return False


def _ask(query: str, dataset: Dataset | None = None, *, expected: bool = True) -> Test:
    """Return the test that the ASK `query` has the answer that is `expected`."""

    def test(endpoint: RemoteEndpoint) -> bool:
        question = QueryRequest(query, {"boolean": _JSON}, dataset or Dataset())
        return json.loads(endpoint.answer(question).read())["boolean"] is expected

    return test


def _rows(query: str, *values: str) -> Test:
    """Return the test that the column x of `query` has these `values`."""
    return lambda endpoint: [row["x"].value for row in endpoint.select(query)] == list(values)


def _constructs(endpoint: RemoteEndpoint) -> bool:
    query = 'CONSTRUCT { <urn:a> <urn:b> "å" } WHERE {}'
    question = QueryRequest(query, {"graph": "application/n-triples"})
    return endpoint.answer(question).read().decode().strip() == '<urn:a> <urn:b> "å" .'


def _gives_quads(endpoint: RemoteEndpoint) -> bool:
    return endpoint.media_type("CONSTRUCT { <urn:a> <urn:b> <urn:c> } WHERE {}", "application/n-quads") == (
        "application/n-quads"
    )


CAPABILITIES: Final = (
    Capability("ASK", _ask("ASK {}"), "clients' ASK queries fail"),
    Capability("CONSTRUCT", _constructs, "clients' CONSTRUCT and DESCRIBE queries fail"),
    Capability(
        "subqueries",
        _rows("SELECT (COUNT(*) AS ?x) WHERE { { SELECT DISTINCT ?y WHERE { VALUES ?y { 1 1 2 } } } }", "2"),
        "pages and stored queries that count fail",
    ),
    Capability(
        "NOT EXISTS",
        _rows(
            "SELECT (COUNT(*) AS ?x) WHERE { { SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 1 } "
            "FILTER NOT EXISTS { ?s ?p ?o } }",
            "0",
        ),
        "stored queries that leave something out are wrong",
    ),
    Capability(
        "MINUS of VALUES",
        _rows("SELECT ?x WHERE { VALUES ?x { <urn:a> <urn:b> } MINUS { VALUES ?x { <urn:a> } } }", "urn:b"),
        "clients' queries that subtract a list of values return these too",
    ),
    Capability(
        "property paths",
        _ask(f"ASK {{ ?s <{ABSENT}>/(<{ABSENT}>|^<{ABSENT}>)+ ?o }}", expected=False),
        "stored queries about predecessors and parts fail",
    ),
    Capability(
        "dates in order",
        _ask(f'ASK {{ FILTER("2017-10-31"^^<{XSD}date> < "2017-11-01"^^<{XSD}date>) }}'),
        "what held at a date is not found",
    ),
    Capability(
        "letters outside ASCII",
        _ask('ASK { FILTER(STRLEN("å") = 1 && LCASE("Å") = "å" && CONTAINS("åäö", "ä")) }'),
        "comparisons of Swedish words are wrong",
    ),
    Capability(
        "MD5",
        _rows('SELECT (MD5("a") AS ?x) WHERE {}', "0cc175b9c0f1b6a831c399e269772661"),
        "an index is compared with the data by counts alone",
    ),
    Capability(
        "empty graphs",
        _ask(f"ASK {{ GRAPH <{ABSENT}> {{}} }}", expected=False),
        "GRAPH with a name and an empty pattern matches graphs that do not exist",
    ),
    Capability(
        FROM,
        _ask(f"ASK FROM <{ABSENT}> WHERE {{ ?s ?p ?o }}", expected=False),
        "queries with FROM are refused",
    ),
    Capability(
        PROTOCOL_DATASET,
        _ask("ASK { ?s ?p ?o }", Dataset((ABSENT,), ()), expected=False),
        "requests with default-graph-uri or named-graph-uri are refused",
    ),
    Capability("N-Quads", _gives_quads, "the engine's own dumps come graph by graph; ours do not need it"),
)


def _ask_for_name(endpoint: RemoteEndpoint) -> Dialect | None:
    """Return the engine by a reply of its own: QLever's to `cmd=stats`, Stardog's to a malformed query."""
    if "git-hash-server" in endpoint.send_fields([("cmd", "stats")]):
        return QLEVER
    endpoint.send_fields([("query", "malformed")])
    return endpoint.dialect


def _default_graph(endpoint: RemoteEndpoint) -> list[str]:
    """Return warnings about the default graph, tested by a triple of a named graph."""
    try:
        named, default = endpoint.select(_NAMED), endpoint.select(_DEFAULT)
        if not named:
            return [] if default else ["it holds no triples"]
        if not default:
            return ["its default graph is empty and its named graphs are not: pages will be empty"]
        there = endpoint.select(_DEFAULT, **named[0])
    except UtsagaError:
        return ["it cannot be asked for its named graphs: the origin of values is not shown"]
    if len(there) > 1:
        return ["its default graph has triples more than once: counts are too high"]
    if endpoint.union and not there and not endpoint.names_dataset:
        return ["its default graph is not the union of the named graphs, but --union is set"]
    return []

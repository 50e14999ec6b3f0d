"""Engines that cannot be run here, as their documentation has them, and what is said of each at the start."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from graph.backends import dialects
from graph.backends.dialects import FROM, PROTOCOL_DATASET, Dialect
from graph.backends.engine_probe import engine_name, probe
from graph.backends.remote import RemoteEndpoint
from graph.core.errors import Forbidden, Unavailable
from graph.rdf.query_types import Dataset, QueryRequest
from tests.loopback import listening

JSON = "application/sparql-results+json"
G = ox.NamedNode("urn:g")
QUAD = ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:c"), G)


class Engine(BaseHTTPRequestHandler):
    """SPARQL over one quad, with the headers and the gaps of an engine."""

    protocol_version = "HTTP/1.1"
    sent: ClassVar[dict[str, str]] = {}  # the headers of every reply
    fails: ClassVar[dict[str, str]] = {}  # those of a reply to a malformed query
    stats: ClassVar[dict[str, str]] = {}  # what `cmd=stats` says
    union = False
    ignores_datasets = False
    quads = False
    store: ox.Store
    forms: ClassVar[list[dict[str, list[str]]]] = []

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.forms.append(form)
        if self.stats and form.get("cmd") == ["stats"]:
            self.give(200, json.dumps(self.stats).encode(), "application/json")
            return
        try:
            self.give(200, *self.answer(form["query"][0], form))
        except (KeyError, SyntaxError, ValueError):
            self.give(400, b"malformed", "text/plain", **self.fails)

    def answer(self, query: str, form: dict[str, list[str]]) -> tuple[bytes, str]:
        names = form.get("default-graph-uri", ())
        graphs: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(name) for name in names]
        if self.ignores_datasets:
            query, graphs = query.replace("FROM <urn:x-utsaga:absent>", ""), []
        found: Any = self.store.query(
            query, use_default_graph_as_union=self.union and not graphs, default_graph=graphs or None
        )
        if isinstance(found, ox.QueryTriples):
            accepted = "n-quads" in self.headers["Accept"] and self.quads
            kind = "application/n-quads" if accepted else "application/n-triples"
            return found.serialize(format=ox.RdfFormat.N_TRIPLES) or b"", kind
        return found.serialize(format=ox.QueryResultsFormat.JSON) or b"", JSON

    def give(self, status: int, body: bytes, media_type: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": media_type, **self.sent, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_header(self, keyword: str, value: str) -> None:
        if keyword != "Server" or value != self.version_string():
            super().send_header(keyword, value)

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@contextmanager
def engine(*quads: ox.Quad, **members: Any) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """Run an engine with `members`; yield its URL and the forms that it is sent."""
    store = ox.Store()
    store.extend(quads)
    forms: list[dict[str, list[str]]] = []
    with listening(Engine, store=store, forms=forms, **members) as url:
        yield f"{url}/sparql", forms


@pytest.mark.parametrize(
    ("dialect", "members", "words"),
    [
        (dialects.FUSEKI, {"sent": {"Fuseki-Request-Id": "7"}}, "arq:queryTimeout"),
        (dialects.FUSEKI, {"sent": {"Server": "Apache Jena Fuseki (5.2.0)"}}, "(Apache Jena Fuseki (5.2.0))"),
        (dialects.GRAPHDB, {"sent": {"Server": "GraphDB/10.8 RDF4J/5.1"}}, "throw-QueryEvaluationException"),
        (dialects.QLEVER, {"stats": {"git-hash-server": "5c6a72"}}, "ql:contains-word"),
        (dialects.STARDOG, {"fails": {"SD_Error_Code": "QEIQ2"}}, "query.all.graphs=true"),
        (dialects.OXIGRAPH, {"sent": {"Server": "Oxigraph/0.5.13"}, "quads": True}, "--timeout-s"),
        (dialects.UNKNOWN, {}, "limit its queries in its configuration"),
    ],
)
def test_an_engine_is_recognised_and_what_is_to_know_of_it_is_said(
    dialect: Dialect, members: dict[str, Any], words: str
) -> None:
    with engine(QUAD, ox.Quad(*QUAD.triple), **members) as (url, forms):
        report = probe(RemoteEndpoint(url))
    assert report.dialect is dialect
    assert report.lacks == (frozenset() if members.get("quads") else {"N-Quads"})
    assert report.notes[0].startswith(f"engine: {dialect.name}")
    assert words in "\n".join(report.notes)
    assert not [form for form in forms if "timeout" in form]


@pytest.mark.parametrize(
    ("server", "name"),
    [
        ("Virtuoso/07.20.3239 (Linux) x86_64-generic-linux-glibc25  VDB", "Virtuoso 07.20.3239"),
        ("Apache Jena Fuseki (5.2.0)", "Apache Jena Fuseki 5.2.0"),
        ("GraphDB/10.8 RDF4J/5.1", "GraphDB 10.8"),
        ("oxigraph/0.5.13", "Oxigraph 0.5.13"),
        ("Apache Jena Fuseki", "Apache Jena Fuseki"),
        ("nginx/1.27.3", "another engine"),
    ],
)
def test_an_engine_is_named_with_its_version(server: str, name: str) -> None:
    with engine(QUAD, sent={"Server": server}) as (url, _):
        assert engine_name(RemoteEndpoint(url)) == name


@pytest.mark.parametrize(
    "host",
    [
        "db.cluster-c7.eu-north-1.neptune.amazonaws.com:8182",
        "db.cluster-c7.neptune.cn-north-1.amazonaws.com.cn:8182",
    ],
)
def test_neptune_is_recognised_by_its_host(host: str) -> None:
    assert RemoteEndpoint(f"https://{host}/sparql").dialect is dialects.NEPTUNE
    assert dialects.recognise({}, "neptune.amazonaws.com.example.org") is None


def test_virtuoso_is_sent_the_time_that_a_query_may_take() -> None:
    with engine(QUAD, sent={"Server": "Virtuoso/07.20.3239"}) as (url, forms):
        assert probe(RemoteEndpoint(url)).dialect is dialects.VIRTUOSO
    assert "timeout" not in forms[0]
    assert {form["timeout"][0] for form in forms[1:]} == {"10000"}


def test_an_engine_that_ignores_datasets_is_not_asked_for_them() -> None:
    with engine(ox.Quad(*QUAD.triple), ignores_datasets=True) as (url, forms):
        report = probe(RemoteEndpoint(url))
        assert {FROM, PROTOCOL_DATASET} < report.lacks
        assert "engine: lacks FROM: queries with FROM are refused" in report.notes
        endpoint = RemoteEndpoint(url, lacks=report.lacks)
        forms.clear()
        for text, dataset in (
            ("ASK FROM <urn:g> { ?s ?p ?o }", Dataset()),
            ("ASK FROM NAMED <urn:g> { ?s ?p ?o }", Dataset()),
            ("ASK { ?s ?p ?o }", Dataset(("urn:g",), ())),
            ("ASK { ?s ?p ?o }", Dataset((), ("urn:g",))),
        ):
            with pytest.raises(Forbidden, match="its answer would be wrong"):
                endpoint.answer(QueryRequest(text, {"boolean": JSON}, dataset))
        assert not forms
        assert b"true" in endpoint.answer(QueryRequest("ASK { ?s ?p ?o }", {"boolean": JSON})).read()


@pytest.mark.parametrize(
    ("quads", "union", "words"),
    [
        ([QUAD], False, "its default graph is empty and its named graphs are not"),
        ([QUAD, ox.Quad(G, G, G)], True, "is not the union of the named graphs, but --union is set"),
        ([], False, "it holds no triples"),
    ],
)
def test_what_the_default_graph_holds_is_said(quads: list[ox.Quad], union: bool, words: str) -> None:
    with engine(*quads) as (url, _):
        assert words in probe(RemoteEndpoint(url, union=union)).notes[-1]


def test_triples_that_count_more_than_once_are_said() -> None:
    other = ox.Quad(QUAD.subject, QUAD.predicate, QUAD.object, ox.NamedNode("urn:h"))
    with engine(QUAD, other, union=True) as (url, _):
        assert "triples more than once" in probe(RemoteEndpoint(url, union=True)).notes[-1]


def test_an_endpoint_that_is_not_there_is_no_engine() -> None:
    with engine() as (url, _):
        pass
    with pytest.raises(Unavailable, match="cannot be reached"):
        probe(RemoteEndpoint(url))

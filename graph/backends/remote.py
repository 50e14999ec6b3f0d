"""Any SPARQL 1.1 endpoint as a backend, behind the same guard as a release.

Bindings and booleans are requested as JSON and graphs as N-Triples, whatever the client wants, and serialised
by our own engine: so a truncated reply is noticed, which CSV does not allow, and all endpoints give the same
bytes for the same query.
"""

import asyncio
import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Final, cast

import pyoxigraph as ox

from graph.backends import engine_functions
from graph.backends.dialects import FROM, PROTOCOL_DATASET, Dialect
from graph.backends.endpoint_client import EndpointClient, EndpointReply, Fields
from graph.backends.reply_parser import read_boolean, read_graph, read_rows, unreadable
from graph.core.errors import BadInput, Forbidden, Unavailable, UtsagaError
from graph.core.settings import DEFAULTS, Settings
from graph.core.terms import Term
from graph.index.protocol import EntityIndex
from graph.query import guard
from graph.query.evaluate import graph_nodes, select_format
from graph.query.lexer import BracketContext, tokenize
from graph.rdf.convert import to_node, to_term
from graph.rdf.formats import Form
from graph.rdf.query_types import Dataset, QueryRequest, QueryResponse
from graph.rdf.result_buffer import ResultBuffer
from graph.rdf.writer import write_triples

_RESULTS: Final = "application/sparql-results+json, application/sparql-results+xml;q=0.5"
_GRAPH: Final = "application/n-triples, text/turtle;q=0.5, application/rdf+xml;q=0.3"
_DATASET: Final = ("default-graph-uri", "named-graph-uri")
_BLANK: Final = "nodeID-"  # what graph.backends.endpoint_client makes of Virtuoso's names of blank nodes
_SIZES: Final = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
_SIZE: Final = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
_ANY: Final = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1"
_ABSOLUTE: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_READY_SECONDS: Final = 2.0
_WITHHELD_SECONDS: Final = 60
_BEGINNING: Final = 4096  # bytes of a reply that a probe looks at


class RemoteEndpoint:
    """A SPARQL 1.1 endpoint as a backend.

    Its URL may hold parameters, which go with every query. Where they name a dataset (default-graph-uri=),
    that is what a query without one of its own is asked of. `union` says whether the default graph holds the
    union of the named graphs, each triple once. `index` is one made of what the endpoint holds, if there is
    one; `notes` are lines for the operator; `lacks` has the capabilities of graph.backends.engine_probe that
    the engine does not have.
    """

    def __init__(  # noqa: PLR0913 (one for each part that is made elsewhere)
        self,
        url: str,
        settings: Settings = DEFAULTS,
        *,
        union: bool = False,
        index: EntityIndex | None = None,
        notes: tuple[str, ...] = (),
        lacks: frozenset[str] = frozenset(),
        user: tuple[str, str] | None = None,
        withheld: str = "",
    ) -> None:
        """Take the endpoint's URL; raise BadInput unless it is an http or https one. Nothing is sent yet.

        `user` is the name and the password for an endpoint that asks for them. If `withheld` says why, it is
        not asked, and everything is refused.
        """
        self._withheld = withheld
        self.union, self.index, self.notes = union, index, notes
        self._settings, self._lacks = settings, lacks
        self._client = EndpointClient(url, limit=settings.result_bytes, user=user)

    def answer(self, question: QueryRequest) -> QueryResponse:
        """Return the whole answer of the endpoint to `question`; it may be another the next time.

        Raise Forbidden for what the guard refuses, BadInput for what the guard or the endpoint finds wrong,
        NotAcceptable for what the format cannot express, Unprocessable if there is none in
        time or it is over the limit, Unavailable if there is none that is whole.
        """
        form = self._guard(question)
        chosen = select_format(question.media_types, form)
        reply = self._ask(form, _with_base(question), question.dataset, question.seconds)
        with reply.body, ResultBuffer(self._settings.result_bytes, chosen) as sink:
            if form == "graph":
                write_triples(read_graph(reply), chosen, sink)
            else:
                result = read_boolean(reply) if form == "boolean" else read_rows(reply)
                try:
                    result.serialize(sink.file, cast(ox.QueryResultsFormat, chosen.engine))
                except (SyntaxError, ValueError) as error:
                    raise unreadable(reply, error) from error
                finally:
                    del result  # see graph.query.evaluate.answer
            return QueryResponse(sink.body(), chosen.content_type, cacheable=False)

    def select(self, query: str, **bindings: Term) -> list[dict[str, Term]]:
        """Return the rows of our own SELECT `query`, without the variables that are unbound in a row.

        `bindings` are the values of variables, which are among the selected ones; a blank node can only be
        found again where the endpoint has names for blank nodes, as Virtuoso does. Raise Unavailable if there
        is no answer, or none that is whole, and Unprocessable if there is none in time.
        """
        terms = {name: _ntriples(term) for name, term in bindings.items()}
        fixed = {name: term for name, term in terms.items() if term}
        if len(fixed) < len(terms):
            return []
        try:
            reply = self._ask("bindings", bind(query, fixed), Dataset(), self._settings.seconds)
        except BadInput as error:
            raise Unavailable(str(error), where="endpoint") from error
        with reply.body:
            rows = read_rows(reply)
            names = [variable.value for variable in rows.variables]
            try:
                solutions = list(rows)
            except (SyntaxError, ValueError) as error:
                raise unreadable(reply, error) from error
            finally:
                del rows  # see graph.query.evaluate.answer
        return [
            {name: to_term(node) for name, node in zip(names, row, strict=True) if node is not None}
            for row in solutions
        ]

    @property
    def dialect(self) -> Dialect | None:
        """The engine, once a reply has shown which it is."""
        return self._client.dialect

    @property
    def names_dataset(self) -> bool:
        """Whether the URL says which graphs are asked, as default-graph-uri does."""
        return any(name in _DATASET for name, _ in self._client.parameters)

    @property
    def default_graphs(self) -> list[str]:
        """The graphs that the URL names as the default graph."""
        return [value for name, value in self._client.parameters if name == _DATASET[0]]

    @property
    def server(self) -> str:
        """What the engine called itself in its last reply."""
        return self._client.server

    def media_type(self, query: str, accept: str) -> str:
        """Return the media type of the reply to `query` where `accept` is what is accepted."""
        fields = [("query", query), *self._client.parameters]
        reply = self._client.post(fields, accept=accept, seconds=self._settings.seconds)
        reply.body.close()
        return reply.media_type

    def send_fields(self, fields: Fields) -> str:
        """Return how the reply to the form `fields` begins, or nothing if it is an error."""
        try:
            reply = self._client.post(fields, accept="application/json", seconds=self._settings.seconds)
        except UtsagaError:
            return ""
        with reply.body:
            return reply.body.read(_BEGINNING).decode("utf-8", "replace")

    @cached_property
    def graph_sizes(self) -> dict[str, int]:
        """The number of triples by named graph, and under "" that of the default graph; counted once."""
        sizes = {row["g"].value: int(row["n"].value) for row in self.select(_SIZES) if "g" in row}
        return {"": int(self.select(_SIZE)[0]["n"].value), **sizes}

    async def answer_async(self, question: QueryRequest) -> QueryResponse:
        """Return the same answer, awaited on another thread."""
        return await asyncio.to_thread(self.answer, question)

    def check_ready(self) -> None:
        """Raise Unavailable unless the endpoint answers."""
        try:
            self._ask("bindings", _ANY, Dataset(), _READY_SECONDS).body.close()
        except UtsagaError as error:
            raise Unavailable(error.faults[0].message, where="endpoint") from error

    def close(self) -> None:
        """Close the connections once the running questions are answered."""
        self._client.close()

    def _guard(self, question: QueryRequest) -> Form:
        """Return the form of the result; raise Forbidden or BadInput for what may not run."""
        for text in dict.fromkeys((engine_functions.decoded(question.text), question.text)):
            verdict = guard.check_query(
                text,
                base_iri=question.base_iri,
                allowed_services=frozenset(self._settings.services),
                nesting=self._settings.nesting,
            )
        engine_functions.check(question.text)
        if FROM in self._lacks and _names_dataset(question.text):
            raise _lacking(FROM)
        if PROTOCOL_DATASET in self._lacks and question.dataset != Dataset():
            raise _lacking(PROTOCOL_DATASET)
        return verdict.form

    def _ask(self, form: Form, text: str, dataset: Dataset, seconds: float) -> EndpointReply:
        """Return the reply to the query `text`, in one of the formats of its form."""
        if self._withheld:
            raise Unavailable(
                self._withheld, where="endpoint", rule="whole answers", retry_after=_WITHHELD_SECONDS
            )
        graphs = [
            ("default-graph-uri", name.value) for name in graph_nodes(_DATASET[0], dataset.default_graphs)
        ]
        graphs += [("named-graph-uri", name.value) for name in graph_nodes(_DATASET[1], dataset.named_graphs)]
        own = bool(graphs) or _names_dataset(text)
        parameters = [each for each in self._client.parameters if not (own and each[0] in _DATASET)]
        accept = _GRAPH if form == "graph" else _RESULTS
        return self._client.post([("query", text), *graphs, *parameters], accept=accept, seconds=seconds)


def bind(query: str, terms: Mapping[str, str]) -> str:
    """Return `query` with the variables of `terms` replaced by terms in N-Triples, and still selected.

    The terms replace the variables, since not every engine uses an index for VALUES.
    """
    if not terms:
        return query
    opening, variables = _places(query)
    pieces, end = [query[: opening + 1]], opening + 1
    names = " ".join(f"?{name}" for name in terms)
    pieces.append(f" VALUES ({names}) {{ ({' '.join(terms.values())}) }} ")
    for start, name in variables:
        if name in terms:
            pieces += [query[end:start], terms[name]]
            end = start + 1 + len(name)
    return "".join([*pieces, query[end:]])


@lru_cache(64)
def _places(query: str) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Return the offset of the pattern of `query`, and the offset and name of each variable in it."""
    found = tokenize(query)
    opening = next(token.start for token in found if token.text == "{")
    variables = (token for token in found if token.kind == "VARIABLE" and token.start > opening)
    return opening, tuple(
        (token.start, token.text[1:]) for token in variables if token.context is not BracketContext.SELECT
    )


def _names_dataset(text: str) -> bool:
    """Return whether the query `text` has FROM or FROM NAMED."""
    return any(token.text.upper() == "FROM" for token in tokenize(text))


def _lacking(capability: str) -> Forbidden:
    return Forbidden(
        f"The engine behind this service does not keep to {capability}, so that its answer would be wrong",
        where="query",
        rule="capabilities of the engine",
        remedy="name the graph in the pattern instead: GRAPH <…> { … }",
    )


def _with_base(question: QueryRequest) -> str:
    """Return the query, beginning with the base that relative IRIs are resolved against, if there are any."""
    relative = any(
        token.kind == "IRI" and not _ABSOLUTE.match(token.text) for token in tokenize(question.text)
    )
    return f"BASE {ox.NamedNode(question.base_iri)} {question.text}" if relative else question.text


def _ntriples(term: Term) -> str:
    """Return `term` in N-Triples, or an empty string for a blank node without a name at the endpoint."""
    if term.kind == "blank":
        name = term.value.removeprefix(_BLANK)
        return f"<nodeID://{name}>" if name != term.value and name.isalnum() else ""
    return str(to_node(term))

"""Sends SELECT queries to SPARQL endpoints outside, Wikidata's by default, politely."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeVar, cast

from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper import __agent__ as library

from graph.core.terms import Term
from graph.curation import retry
from graph.curation.polite_client import DEFAULTS, PoliteClient, ReplyLimits, WholeReply
from graph.curation.retry import RetryPolicy
from graph.query.lexer import tokenize
from graph.rdf import formats
from graph.rdf.convert import to_node
from graph.rdf.results import parse_rows

WIKIDATA: Final = "https://query.wikidata.org/sparql"
Rows = list[dict[str, Term]]
T = TypeVar("T")


class SparqlClient:
    """A SPARQL 1.1 endpoint outside, for SELECT queries of ours."""

    def __init__(
        self,
        url: str = WIKIDATA,
        policy: RetryPolicy | None = None,
        limits: ReplyLimits = DEFAULTS,
        contact: str = "",
    ) -> None:
        """Take its URL, and what PoliteClient takes; raise BadInput as that does. Nothing is sent yet."""
        self._client = PoliteClient(url, "--endpoint", policy, limits, contact)
        self.url = url
        self._writer = _RequestWriter(url, returnFormat=JSON)
        self._writer.setOnlyConneg(True)
        self._writer.setMethod(POST)

    def select(self, query: str, **values: Iterable[Term]) -> Rows:
        """Return the rows of `query`, without the variables that are unbound in a row.

        Each of `values` becomes a VALUES clause at the beginning of the pattern: the terms that the variable
        of that name may be; without any term there are no rows. Raise what PoliteClient.post raises, and
        ValueError for a term that no query can hold.
        """
        written = {name: [_ntriples(term) for term in terms] for name, terms in values.items()}
        if not all(written.values()):
            return []
        self._writer.setQuery(_with_values(query, written))
        form, accept = self._writer.form_and_accept()
        return self._client.post(form, accept, self._rows, agent=library)

    def _rows(self, reply: WholeReply) -> Rows:
        chosen = formats.by_media_type("bindings").get(reply.media_type)
        if chosen is None or chosen.name != "json":
            message = f"The service answered with {reply.media_type}, not with the results of a query"
            raise retry.permanent(message, self._client.host)
        try:
            return parse_rows(reply.body)
        except (SyntaxError, ValueError) as error:
            message = f"The service's answer cannot be read to its end: {str(error)[:200]}"
            raise retry.transient(message, self._client.host) from error


class _RequestWriter(SPARQLWrapper):
    """The library's requests by the SPARQL protocol, sent by our client, which reads no half replies."""

    def form_and_accept(self) -> tuple[str, str]:
        """Return the form that holds the query, encoded, and the value of Accept."""
        request = self._createRequest()
        return cast(bytes, request.data).decode(), cast(str, request.get_header("Accept"))


def batches(items: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    """Yield `items`, at most `size` at a time."""
    rest = iter(items)
    while batch := tuple(islice(rest, size)):
        yield batch


def _ntriples(term: Term) -> str:
    if term.kind == "blank":
        raise ValueError("a blank node has no name that an endpoint knows")
    return str(to_node(term))


def _with_values(query: str, written: Mapping[str, Sequence[str]]) -> str:
    """Return `query` with a VALUES clause for each variable, where its pattern begins."""
    opening = next(token.start for token in tokenize(query) if token.text == "{") + 1
    clauses = (f" VALUES ?{name} {{ {' '.join(dict.fromkeys(terms))} }}" for name, terms in written.items())
    return f"{query[:opening]}{''.join(clauses)} {query[opening:]}"

"""Asks other people's SPARQL endpoints, Wikidata's by default: politely, and for whole answers only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from http.client import HTTPResponse
from itertools import islice
from typing import Final, TypeVar, cast
from urllib.parse import urlsplit

from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper import __agent__ as library

from graph.core.terms import Term
from graph.curation import http, retry
from graph.curation.http import DEFAULTS, Limits
from graph.curation.retry import Manners
from graph.query.lexer import tokens
from graph.rdf import formats
from graph.rdf.convert import to_node
from graph.rdf.results import parse_rows

WIKIDATA: Final = "https://query.wikidata.org/sparql"
Rows = list[dict[str, Term]]
Thing = TypeVar("Thing")


class Outside:
    """A SPARQL 1.1 endpoint of somebody else, for SELECT queries of ours."""

    def __init__(
        self, url: str = WIKIDATA, polite: Manners | None = None, limits: Limits = DEFAULTS, contact: str = ""
    ) -> None:
        """Take how it is asked, what an answer may take, and how its operators reach who asks.

        Raise BadInput unless `url` is an http or https one. Nothing is sent yet.
        """
        self.url = http.web_address(url, "--endpoint")
        self._host = urlsplit(url).netloc
        self._manners = polite or Manners()
        self._limits = limits
        self._wrapper = _Wrapper(url, returnFormat=JSON, agent=f"{http.user_agent(contact)} {library}")
        self._wrapper.setOnlyConneg(True)
        self._wrapper.setMethod(POST)

    def select(self, query: str, **values: Iterable[Term]) -> Rows:
        """Return the rows of `query`, without the variables that are unbound in a row.

        Each of `values` becomes a VALUES clause at the beginning of the pattern: the terms that the variable
        of that name may be; without any term there are no rows. Raise Unavailable if there is no answer,
        after several attempts where the failure may pass, TooLarge for one over the limit, and ValueError for
        a term that no query can hold.
        """
        written = {name: [_written(term) for term in terms] for name, terms in values.items()}
        if not all(written.values()):
            return []
        self._wrapper.setQuery(_with_values(query, written))
        return self._manners.ask(self._ask)

    def _ask(self) -> Rows:
        reply = http.take(self._wrapper.send, self._host, self._limits)
        chosen = formats.by_media_type("bindings").get(reply.media_type)
        if chosen is None or chosen.name != "json":
            message = f"The service answered with {reply.media_type}, not with the results of a query"
            raise retry.refused(message, self._host)
        try:
            return parse_rows(reply.body)
        except (SyntaxError, ValueError) as error:
            message = f"The service's answer cannot be read to its end: {str(error)[:200]}"
            raise retry.passing(message, self._host) from error


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper, but that a reply is handed over unread, whatever its status and its headers."""

    seconds = DEFAULTS.seconds

    def send(self, seconds: float) -> HTTPResponse:
        """Return the reply to the query, of which each part comes within `seconds`."""
        self.seconds = seconds
        return self.query().response

    def _query(self) -> tuple[HTTPResponse, str]:
        response = http.opener().open(self._createRequest(), timeout=self.seconds)
        return cast(HTTPResponse, response), self.returnFormat


def batches(things: Sequence[Thing], size: int) -> Iterator[tuple[Thing, ...]]:
    """Yield `things`, at most `size` at a time."""
    rest = iter(things)
    while batch := tuple(islice(rest, size)):
        yield batch


def _written(term: Term) -> str:
    if term.kind == "blank":
        raise ValueError("a blank node has no name that an endpoint knows")
    return str(to_node(term))


def _with_values(query: str, written: Mapping[str, Sequence[str]]) -> str:
    """Return `query` with a VALUES clause for each variable, where its pattern begins."""
    opening = next(token.start for token in tokens(query) if token.text == "{") + 1
    clauses = (f" VALUES ?{name} {{ {' '.join(dict.fromkeys(terms))} }}" for name, terms in written.items())
    return f"{query[:opening]}{''.join(clauses)} {query[opening:]}"

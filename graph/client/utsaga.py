"""The client: search, read an entity, ask a stored question or one in SPARQL."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final, Self, TypeVar

import urllib3

from graph.client.answers import Answer, Entity, Evidence, SearchAnswer
from graph.client.errors import UnansweredError
from graph.client.parsing import parse_answer, parse_entity, parse_evidence_page, parse_search
from graph.client.transport import Transport
from graph.core.iris import parse_entity_iri
from graph.core.namespaces import ID

LOCAL: Final = "http://127.0.0.1:8000"
_JSON: Final = "application/json"
_ROWS: Final = "application/sparql-results+json"
_TURTLE: Final = "text/turtle"
_COMPLETE: Final = "X-Utsaga-Complete"
_RELEASE: Final = "X-Utsaga-Release"
ResultT = TypeVar("ResultT")


class Utsaga:
    """A server of this project, at `address`. Each method raises RefusedError and UnansweredError.

    With `release`, the id of a release that the server keeps, a method reads that one in place of the newest.
    """

    def __init__(self, address: str = LOCAL, *, seconds: float = 30.0) -> None:
        """Take the address of the server, and how many seconds the server may be silent.

        Raise ValueError unless the address is one of http or https. Nothing is sent yet.
        """
        self._transport = Transport(address, seconds)

    def __enter__(self) -> Self:
        """Return the client itself, which closes its connections at the end of the block."""
        return self

    def __exit__(self, *failure: object) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def search(self, words: str, *, kind: str = "", page: int = 1) -> SearchAnswer:
        """Return a page of the entities that `words` find, only those of `kind` if that is given."""
        arguments = _given(q=words, kind=kind, page=str(page))
        return _read(self._transport.get("/search.json", arguments, _JSON), parse_search)

    def entity(self, name: str, *, release: str = "") -> Entity:
        """Return what is said of an entity, by its IRI or its end: `organisation/name`."""
        return _read(self._document(name, 1, release), parse_entity)

    def evidence(self, name: str, *, release: str = "") -> Iterator[Evidence]:
        """Yield the evidence of every statement behind an entity, page by page, newest first.

        All pages are of the release of the first one.
        """
        page, pages = 1, 1
        while page <= pages:
            found, pages = _read(self._document(name, page, release), parse_evidence_page)
            yield from found
            release = release or next((each.release for each in found if each.release), "")
            page += 1

    def ask(self, question: str, *, evidence: bool = False, release: str = "", **parameters: str) -> Answer:
        """Return the answer to the stored question with that name, by default of any values.

        With `evidence`, each row has the statements that it rests on; a question whose rows do not say which
        is refused.
        """
        arguments = parameters | _given(evidence="1" if evidence else "", release=release)
        return _answer(self._transport.get(f"/queries/{question}.json", arguments, _ROWS))

    def sparql(self, query: str, *, release: str = "") -> Answer:
        """Return the answer to a query in SPARQL: rows, a boolean, or a graph in Turtle."""
        form = {"query": query} | _given(release=release)
        return _answer(self._transport.post("/sparql", form, f"{_ROWS}, {_TURTLE};q=0.9"))

    def _document(self, name: str, page: int, release: str) -> urllib3.BaseHTTPResponse:
        """Return the JSON document about the entity `name`, with a page of its evidence."""
        arguments = _given(page=str(page) if page > 1 else "", release=release)
        parts = parse_entity_iri(name if name.startswith(ID) else ID + name)
        if parts:
            return self._transport.get(f"/{parts[0]}/{parts[1]}.json", arguments, _JSON)
        return self._transport.get("/resource.json", {"iri": name} | arguments, _JSON)


def _given(**arguments: str) -> dict[str, str]:
    """Return those of the `arguments` that have a value."""
    return {name: value for name, value in arguments.items() if value}


def _answer(response: urllib3.BaseHTTPResponse) -> Answer:
    whole, release = response.headers.get(_COMPLETE) == "yes", response.headers.get(_RELEASE)
    if response.headers.get("Content-Type", "").startswith(_TURTLE):
        return Answer(graph=response.data.decode("utf-8"), is_complete=whole, release=release)
    return replace(_read(response, parse_answer), is_complete=whole, release=release)


def _read(response: urllib3.BaseHTTPResponse, parse: Callable[[dict[str, Any]], ResultT]) -> ResultT:
    """Return what `parse` makes of the JSON of a response; raise UnansweredError if it cannot be read."""
    try:
        members = json.loads(response.data)
        if not isinstance(members, dict):
            raise TypeError(f"{type(members).__name__} where an object belongs")
        return parse(members)
    except (KeyError, TypeError, ValueError) as error:
        raise UnansweredError(f"The reply is not as this client expects it: {error!r}") from error

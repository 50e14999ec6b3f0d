"""The client: search, read an entity, ask a stored question or one in SPARQL."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final, Self, TypeVar

import urllib3

from graph.client.answers import Answer, Entity, Evidence, SearchAnswer
from graph.client.errors import UnansweredError
from graph.client.parsing import parse_entity, parse_evidence, parse_search, parse_standing
from graph.client.transport import Transport
from graph.core.iris import parse_entity_iri
from graph.core.namespaces import ID
from graph.rdf.results import parse_results

LOCAL: Final = "http://127.0.0.1:8000"
_JSON: Final = "application/json"
_ROWS: Final = "application/sparql-results+json"
_TURTLE: Final = "text/turtle"
_COMPLETE: Final = "X-Utsaga-Complete"
_RELEASE: Final = "X-Utsaga-Release"
ResultT = TypeVar("ResultT")


class Utsaga:
    """A server of this project, at `address`. Each method raises RefusedError and UnansweredError."""

    def __init__(self, address: str = LOCAL, *, seconds: float = 30.0) -> None:
        """Take the address of the server, and the time in seconds that an answer may take.

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
        given = {"q": words, "kind": kind, "page": str(page)}
        arguments = {name: value for name, value in given.items() if value}
        return _read(self._transport.get("/search.json", arguments, _JSON), parse_search)

    def entity(self, name: str) -> Entity:
        """Return what is said of an entity, by its IRI or its end: `organisation/goteborgs-kommun`."""
        return _read(self._document(name, 1), parse_entity)

    def evidence(self, name: str) -> Iterator[Evidence]:
        """Yield the evidence of every statement behind an entity, page by page, newest first."""
        page, pages = 1, 1
        while page <= pages:
            members = _read(self._document(name, page), _members)
            yield from (_checked(parse_evidence, each) for each in members.get("evidence", ()))
            pages = members.get("evidencePage", {}).get("pages", 0)
            page += 1

    def ask(self, question: str, *, evidence: bool = False, **parameters: str) -> Answer:
        """Return the answer to the stored question with that name, by default of any values.

        With `evidence`, each row has the statements that it rests on; a question whose rows do not say which
        is refused.
        """
        arguments = parameters | ({"evidence": "1"} if evidence else {})
        return _answer(self._transport.get(f"/queries/{question}.json", arguments, _ROWS))

    def sparql(self, query: str) -> Answer:
        """Return the answer to a query in SPARQL: rows, a boolean, or a graph in Turtle."""
        return _answer(self._transport.post("/sparql", {"query": query}, f"{_ROWS}, {_TURTLE};q=0.9"))

    def _document(self, name: str, page: int) -> urllib3.BaseHTTPResponse:
        """Return the JSON document about the entity `name`, with a page of its evidence."""
        arguments = {"page": str(page)} if page > 1 else {}
        parts = parse_entity_iri(name if name.startswith(ID) else ID + name)
        if parts:
            return self._transport.get(f"/{parts[0]}/{parts[1]}.json", arguments, _JSON)
        return self._transport.get("/resource.json", {"iri": name} | arguments, _JSON)


def _answer(response: urllib3.BaseHTTPResponse) -> Answer:
    whole, release = response.headers.get(_COMPLETE) == "yes", response.headers.get(_RELEASE)
    if response.headers.get("Content-Type", "").startswith(_TURTLE):
        return Answer(graph=response.data.decode("utf-8"), is_complete=whole, release=release)
    members = _read(response, _members)
    found = _checked(parse_results, response.data)
    return Answer(
        columns=found.columns,
        rows=found.rows,
        boolean=found.boolean,
        evidence=tuple(_checked(parse_evidence, each) for each in members.get("evidence", ())),
        evidence_of_rows=tuple(tuple(row) for row in members.get("evidenceOfRows", ())),
        standings=tuple(_checked(parse_standing, each) for each in members.get("standings", ())),
        is_complete=whole,
        release=release,
    )


def _read(response: urllib3.BaseHTTPResponse, parse: Callable[[dict[str, Any]], ResultT]) -> ResultT:
    """Return what `parse` makes of the JSON of a response; raise UnansweredError if it cannot be read."""
    return _checked(lambda body: parse(json.loads(body)), response.data)


def _checked(parse: Callable[[Any], ResultT], given: Any) -> ResultT:
    try:
        return parse(given)
    except (KeyError, TypeError, ValueError) as error:
        raise UnansweredError(f"The answer is not as this client expects it: {error!r}") from error


def _members(members: dict[str, Any]) -> dict[str, Any]:
    return members

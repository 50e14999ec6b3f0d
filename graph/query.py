"""Answers a stranger's query: guards it, runs it and writes the whole answer in the chosen format."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

import pyoxigraph as ox

from graph import formats, guard
from graph.errors import BadInput, Forbidden, NotAcceptable, Unavailable
from graph.formats import Form, Format
from graph.namespaces import BASE, PREFIXES
from graph.store import ReleaseStore
from graph.tokens import place

_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


@dataclass(frozen=True)
class Dataset:
    """The graphs that the protocol's parameters name; none at all means what the query itself says.

    https://www.w3.org/TR/sparql11-protocol/#dataset
    """

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A complete answer; `media_type` is the value of its Content-Type header."""

    body: bytes
    media_type: str


def answer(
    store: ReleaseStore,
    text: str,
    *,
    choose: Callable[[Form], str],
    dataset: Dataset = Dataset(),
    base_iri: str = BASE,
) -> Answer:
    """Return the answer of `store` to the query `text`.

    `choose` maps the form of the result to the media type to write, or raises NotAcceptable. The graphs of
    `dataset` take the place of those the query names; relative IRIs are resolved against `base_iri`.
    Raise Forbidden for what the guard refuses and for functions the engine lacks, BadInput for what is not
    SPARQL, NotAcceptable for what the format cannot express, Unavailable if reading the store fails.
    """
    guard.check(text, base_iri=base_iri)
    default_graphs = _names("default-graph-uri", dataset.default_graphs)
    named_graphs = _names("named-graph-uri", dataset.named_graphs)
    chosen_by_protocol = dataset != Dataset()
    try:
        result = store.engine.query(
            text,
            base_iri=base_iri,
            default_graph=[*default_graphs] if chosen_by_protocol else None,
            named_graphs=[*named_graphs] if chosen_by_protocol else None,
        )
        form = _form(result)
        chosen = _format(choose(form), form)
        return Answer(_write(result, chosen), chosen.content_type)
    except SyntaxError as error:
        raise _explain(text, str(error)) from error
    except ValueError as error:
        raise BadInput(f"The query cannot be read: {error}", where="query", rule="SPARQL") from error
    except RuntimeError as error:
        message = f"The query is SPARQL, but asks for what is not done here: {error}"
        raise Forbidden(message, where="query", rule="extension functions") from error
    except OSError as error:
        raise Unavailable(f"The query could not be answered: {error}", where="query") from error


def write_graph(triples: Iterable[ox.Triple], chosen: Format) -> bytes:
    """Write a graph, each triple once, with the prefixes that its properties and classes need."""
    graph = dict.fromkeys(triples)
    used = {each.predicate.value for each in graph}
    used |= {each.object.value for each in graph if isinstance(each.object, ox.NamedNode)}
    spaces = {re.sub(r"[^/#]*$", "", iri) for iri in used}
    prefixes = {prefix: space for prefix, space in PREFIXES.items() if space in spaces}
    try:
        body = cast(bytes, ox.serialize(graph, format=cast(ox.RdfFormat, chosen.engine), prefixes=prefixes))
    except (OSError, ValueError) as error:
        raise _unwritable(chosen, str(error)) from error
    return _whole(body, chosen)


def _whole(body: bytes, chosen: Format) -> bytes:
    """Return `body` if it can be read; raise NotAcceptable for XML with characters that XML does not have."""
    if chosen.xml and _NOT_XML.search(body):
        raise _unwritable(chosen, "it holds a character that XML cannot express")
    return body


def _unwritable(chosen: Format, reason: str) -> NotAcceptable:
    message = f"The answer cannot be written as {chosen.media_type}: {reason}"
    return NotAcceptable(message, where="Accept", rule="formats", remedy="ask for another format")


def _names(parameter: str, iris: tuple[str, ...]) -> list[ox.NamedNode]:
    """Return the engine's names of graphs, each once; raise BadInput, naming the parameter, for no IRI."""
    try:
        return [ox.NamedNode(iri) for iri in dict.fromkeys(iris)]
    except ValueError as error:
        message = f"A graph's name is not an absolute IRI: {error}"
        raise BadInput(message, where=parameter, rule="SPARQL Protocol") from error


def _form(result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Form:
    """Return the form of the engine's result."""
    if isinstance(result, ox.QueryBoolean):
        return "boolean"
    return "bindings" if isinstance(result, ox.QuerySolutions) else "graph"


def _format(media_type: str, form: Form) -> Format:
    """Return the format of this form with the media type; raise NotAcceptable if there is none."""
    chosen = formats.named(media_type, form)
    if chosen is None:
        available = ", ".join(each.media_type for each in formats.offered(form))
        raise NotAcceptable(f"A {form} answer is not written as {media_type}", remedy=f"ask for {available}")
    return chosen


def _write(result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, chosen: Format) -> bytes:
    """Write the whole result, on the thread that ran the query: the engine's results cannot leave it."""
    if isinstance(result, ox.QueryTriples):
        return write_graph(result, chosen)
    body = cast(bytes, result.serialize(format=cast(ox.QueryResultsFormat, chosen.engine)))
    return _whole(body, chosen)


def _explain(text: str, message: str) -> BadInput:
    """Say near which place in `text` the engine's parser stopped, and why if it has a reason in words.

    The engine counts to the end of the longest keyword it tried, so the length of the shortest is taken off.
    """
    found = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", message, re.DOTALL)
    if not found:
        return BadInput(f"The query is not SPARQL: {message}", where="query", rule="SPARQL")
    tried = re.findall(r"(?<![^ ])[A-Z][A-Z0-9_]+(?=,|$)", found[3])
    reasons = re.findall(r"[A-Za-z][\w*]*(?: [\w*]+){2,}", found[3])
    offset = sum(len(line) + 1 for line in text.split("\n")[: int(found[1]) - 1]) + int(found[2]) - 1
    offset = max(0, min(offset, len(text)) - min(map(len, tried), default=0))
    offset += len(text[offset:]) - len(text[offset:].lstrip())
    rest = text[offset:].split()
    near = f"near “{rest[0][:30]}”" if rest else "at its end"
    reason = f": {reasons[0]}" if reasons else ""
    remedy = "" if reasons else "compare the clause there with the grammar of SPARQL 1.1"
    return BadInput(
        f"The query is not SPARQL {near}{reason}", where=place(text, offset), rule="SPARQL", remedy=remedy
    )

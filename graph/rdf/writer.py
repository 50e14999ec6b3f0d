"""Writes graphs in the formats that there are."""

from collections.abc import Iterable
from typing import cast

import pyoxigraph as ox

from graph.core.namespaces import PREFIXES
from graph.core.settings import DEFAULTS
from graph.rdf.formats import Format
from graph.rdf.query_types import Answer
from graph.rdf.result_buffer import ResultBuffer, inexpressible


def write_graph(triples: Iterable[ox.Triple], chosen: Format) -> bytes:
    """Return a graph as a document, each triple once, with the prefixes that it needs."""
    with ResultBuffer(DEFAULTS.result_bytes, chosen) as sink:
        write_triples(triples, chosen, sink)
        return Answer(sink.body(), chosen.content_type).read()


def write_triples(triples: Iterable[ox.Triple], chosen: Format, sink: ResultBuffer) -> None:
    """Write a graph to `sink`, each triple once; raise NotAcceptable for what the format cannot express."""
    graph = dict.fromkeys(triples)
    used = {each.predicate.value for each in graph}
    used |= {each.object.value for each in graph if isinstance(each.object, ox.NamedNode)}
    spaces = {iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in used}
    prefixes = {prefix: space for prefix, space in PREFIXES.items() if space in spaces}
    try:
        ox.serialize(graph, sink.file, format=cast(ox.RdfFormat, chosen.engine), prefixes=prefixes)
    except (OSError, ValueError) as error:
        raise inexpressible(chosen, str(error)) from error

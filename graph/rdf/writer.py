"""Write RDF graphs in a format of `formats`."""

from collections.abc import Iterable
from typing import cast

import pyoxigraph as ox

from graph.core.namespaces import PREFIXES
from graph.core.settings import DEFAULTS
from graph.rdf.formats import Format
from graph.rdf.query_types import QueryResponse
from graph.rdf.result_buffer import ResultBuffer, inexpressible


def write_graph(triples: Iterable[ox.Triple], format_: Format) -> bytes:
    """Return `triples`, without duplicates, as a document with the prefixes that it uses."""
    with ResultBuffer(DEFAULTS.result_bytes, format_) as buffer:
        write_triples(triples, format_, buffer)
        return QueryResponse(buffer.body(), format_.content_type).read()


def write_triples(triples: Iterable[ox.Triple], format_: Format, buffer: ResultBuffer) -> None:
    """Write `triples`, without duplicates, to `buffer`; raise NotAcceptable if the format cannot hold one."""
    graph = dict.fromkeys(triples)
    used = {each.predicate.value for each in graph}
    used |= {each.object.value for each in graph if isinstance(each.object, ox.NamedNode)}
    namespaces = {iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in used}
    prefixes = {prefix: namespace for prefix, namespace in PREFIXES.items() if namespace in namespaces}
    try:
        ox.serialize(graph, buffer.file, format=cast(ox.RdfFormat, format_.engine), prefixes=prefixes)
    except (OSError, ValueError) as error:
        raise inexpressible(format_, str(error)) from error

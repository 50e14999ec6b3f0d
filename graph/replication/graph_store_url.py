"""The URL of the graph store that belongs to the SPARQL endpoint of a known engine."""

import re
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from graph.backends.dialects import FUSEKI, GRAPHDB, NEPTUNE, OXIGRAPH, STARDOG, VIRTUOSO, Dialect
from graph.core.errors import BadInput

_PATHS: Final = {
    VIRTUOSO.name: (r"/sparql(-auth)?/?$", "/sparql-graph-crud{auth}"),
    OXIGRAPH.name: (r"/query/?$", "/store"),
    FUSEKI.name: (r"(/sparql|/query)?/?$", "/data"),
    GRAPHDB.name: (r"(/repositories/[^/]+)/?$", r"\1/rdf-graphs/service"),
    STARDOG.name: (r"/query/?$", ""),
    NEPTUNE.name: (r"/sparql/?$", "/sparql/gsp/"),
}
"""What the path of an endpoint ends with, and what stands there in the URL of the graph store."""


def graph_store_url(endpoint: str, dialect: Dialect | None, *, authorised: bool) -> str:
    """Return the URL of the graph store of the engine at `endpoint`; raise BadInput if it is not known."""
    parts = urlsplit(endpoint)
    pattern, path = _PATHS.get(dialect.name if dialect else "", ("", ""))
    if not pattern or not re.search(pattern, parts.path):
        raise BadInput(
            f"the graph store of {dialect.name if dialect else 'this engine'} at {endpoint} is not known",
            where="--graph-store",
            rule="Graph Store HTTP Protocol",
            remedy="give its URL with --graph-store; the documentation of the engine names it",
        )
    replaced = re.sub(pattern, path.format(auth="-auth" if authorised else ""), parts.path, count=1)
    return urlunsplit(parts._replace(path=replaced, query="", fragment=""))

"""How each engine is recognised, and what its documentation says of timeouts, text search and graphs.

What a query can show is tested instead, by `graph.backends.engine_probe`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

FROM: Final = "FROM"
PROTOCOL_DATASET: Final = "default-graph-uri"
"""Capabilities without which an engine ignores a part of the query or request, and returns another result."""

_NEPTUNE_HOST: Final = re.compile(r"\.neptune\.(?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$")


@dataclass(frozen=True)
class Dialect:
    """One engine, known by how its Server header begins, by a `header` of its own, or by its `host`.

    `timeout_field` is the form field that limits the milliseconds of a query, if requests have one that may
    be sent to all servers of the engine; `timeout` says what else limits its time. `advice` names
    settings that change results and that a probe does not show.
    """

    name: str
    timeout: str
    text_search: str
    documentation: str
    server: str = ""
    header: str = ""
    host: re.Pattern[str] | None = None
    timeout_field: str = ""
    advice: tuple[str, ...] = ()


VIRTUOSO: Final = Dialect(
    "Virtuoso",
    server="Virtuoso/",
    timeout_field="timeout",
    timeout="sent with each query; a partial result is refused",
    text_search="bif:contains",
    advice=(
        "its default graph counts a triple once for each graph that holds it, its own system graphs too: "
        "name one graph with the union by default-graph-uri in the URL",
        "ResultSetMaxRows in virtuoso.ini limits the rows of a result; one that reaches it is refused",
    ),
    documentation="https://vos.openlinksw.com/owiki/wiki/VOS/VirtTipsAndTricksAnytimeSPARQLQuery",
)
FUSEKI: Final = Dialect(
    "Apache Jena Fuseki",
    server="Apache Jena Fuseki",
    header="Fuseki-Request-Id",
    timeout="set arq:queryTimeout in its configuration, since queries continue after the client disconnects",
    text_search="text:query of jena-text",
    advice=("tdb2:unionDefaultGraph makes the default graph the union of the named graphs",),
    documentation="https://jena.apache.org/documentation/fuseki2/fuseki-configuration.html",
)
GRAPHDB: Final = Dialect(
    "GraphDB",
    server="GraphDB",
    timeout="set query-timeout of the repository",
    text_search="Lucene connectors, onto:fts",
    advice=(
        "set throw-QueryEvaluationException-on-timeout to true: by default, a result is truncated without an "
        "error when the time is out, and by query-limit-results too",
    ),
    documentation="https://graphdb.ontotext.com/documentation/10.8/configuring-a-repository.html",
)
QLEVER: Final = Dialect(
    "QLever",
    timeout="set TIMEOUT in the Qleverfile; none is sent, since a longer one needs an access token",
    text_search="ql:contains-word",
    documentation="https://docs.qlever.dev/qleverfile/",
)
NEPTUNE: Final = Dialect(
    "Amazon Neptune",
    host=_NEPTUNE_HOST,
    timeout="set neptune_query_timeout of the parameter group; a truncated result is refused",
    text_search="neptune-fts, by way of OpenSearch",
    advice=("its default graph is the union of all named graphs, each triple once: use --union",),
    documentation="https://docs.aws.amazon.com/neptune/latest/userguide/feature-sparql-compliance.html",
)
STARDOG: Final = Dialect(
    "Stardog",
    header="SD-Error-Code",
    timeout="set query.timeout of the database",
    text_search="tag:stardog:api:property:textMatch",
    advice=(
        "by default, the default graph is not the union of all graphs: query.all.graphs=true makes it so",
    ),
    documentation="https://docs.stardog.com/operating-stardog/database-administration/database-configuration",
)
OXIGRAPH: Final = Dialect(
    "Oxigraph",
    server="oxigraph/",
    timeout="start it with --timeout-s, since queries continue after the client disconnects",
    text_search="none",
    advice=("the union by --union-default-graph counts a triple once for each graph that holds it",),
    documentation="https://github.com/oxigraph/oxigraph/tree/main/cli",
)
UNKNOWN: Final = Dialect(
    "an engine that is not known here",
    timeout="none is sent; limit its queries in its configuration",
    text_search="none that is known here",
    documentation="https://www.w3.org/TR/sparql11-protocol/",
)
DIALECTS: Final = (VIRTUOSO, FUSEKI, GRAPHDB, QLEVER, NEPTUNE, STARDOG, OXIGRAPH)


def recognise(headers: Mapping[str, str], host: str = "") -> Dialect | None:
    """Return the engine that sent a reply with `headers` from `host` (with its port), or None."""
    server, name = headers.get("Server", "").lower(), host.partition(":")[0].lower()
    return next((each for each in DIALECTS if _is_of(each, server, name, headers)), None)


def _is_of(dialect: Dialect, server: str, host: str, headers: Mapping[str, str]) -> bool:
    return bool(
        (dialect.server and server.startswith(dialect.server.lower()))
        or (dialect.host and dialect.host.search(host))
        or (dialect.header and headers.get(dialect.header))
    )

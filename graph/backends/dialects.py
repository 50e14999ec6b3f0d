"""What each engine does unlike others: how it is recognised, and what its documentation says of it.

What can be seen by asking is asked instead, by `graph.backends.engine_probe`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

FROM: Final = "FROM"
PROTOCOL_DATASET: Final = "default-graph-uri"
"""Capabilities without which an engine ignores what a query or a request says, and answers something else."""


_NEPTUNE_HOST: Final = re.compile(r"\.neptune\.(?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$")


@dataclass(frozen=True)
class Dialect:
    """One engine, known by how its Server header begins, by a `header` of its own, or by its `host`.

    `timeout_field` is the form field that limits the milliseconds of a query, if requests have one that may
    be sent to all servers of the engine; `timeout` says what else limits its time. `advice` is what answers
    depend on that a probe does not show.
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
    timeout="sent with each query; what it then gives of an answer is refused as partial",
    text_search="bif:contains",
    advice=(
        "its default graph counts a triple once for each graph that holds it, its own system graphs too: "
        "name one graph with the union by default-graph-uri in the URL",
        "ResultSetMaxRows in virtuoso.ini limits the rows of an answer; one that reaches it is refused",
    ),
    documentation="https://vos.openlinksw.com/owiki/wiki/VOS/VirtTipsAndTricksAnytimeSPARQLQuery",
)
FUSEKI: Final = Dialect(
    "Apache Jena Fuseki",
    server="Apache Jena Fuseki",
    header="Fuseki-Request-Id",
    timeout="set arq:queryTimeout in its configuration, since a query goes on when the client has left",
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
        "set throw-QueryEvaluationException-on-timeout to true: as it comes, an answer out of time is cut "
        "off without a word, and query-limit-results cuts off too",
    ),
    documentation="https://graphdb.ontotext.com/documentation/10.8/configuring-a-repository.html",
)
QLEVER: Final = Dialect(
    "QLever",
    timeout="set TIMEOUT in the Qleverfile; more than that needs an access token, so that none is sent",
    text_search="ql:contains-word",
    documentation="https://docs.qlever.dev/qleverfile/",
)
NEPTUNE: Final = Dialect(
    "Amazon Neptune",
    host=_NEPTUNE_HOST,
    timeout="set neptune_query_timeout of the parameter group; an answer that breaks off is refused",
    text_search="neptune-fts, by way of OpenSearch",
    advice=("its default graph is the union of all named graphs, each triple once: say --union",),
    documentation="https://docs.aws.amazon.com/neptune/latest/userguide/feature-sparql-compliance.html",
)
STARDOG: Final = Dialect(
    "Stardog",
    header="SD-Error-Code",
    timeout="set query.timeout of the database",
    text_search="tag:stardog:api:property:textMatch",
    advice=("query.all.graphs=true makes the default graph the union of all graphs; as it comes, it is not",),
    documentation="https://docs.stardog.com/operating-stardog/database-administration/database-configuration",
)
OXIGRAPH: Final = Dialect(
    "Oxigraph",
    server="oxigraph/",
    timeout="start it with --timeout-s, since a query goes on when the client has left",
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

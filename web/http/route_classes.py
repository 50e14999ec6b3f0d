"""The classes that requests are counted under: few, whatever paths clients ask for."""

import re
from typing import Final

from graph.core.extensions import extension
from graph.core.iris import KIND_NAMES

_ROUTES: Final = (
    {
        "": "home",
        "sparql": "sparql",
        "id": "identifier",
        "query": "editor",
        "code": "entity",
        "resource": "entity",
        "queries": "query",
        "search": "search",
        "suggest": "search",
        "mcp": "mcp",
        "reconcile": "reconcile",
        "resolve": "identifier",
        "dataset": "dataset",
        ".well-known": "dataset",
        "download": "dataset",
        "releases": "dataset",
        "feed.atom": "dataset",
        "openapi.json": "dataset",
        "opensearch.xml": "search",
        "card": "card",
        "card.png": "card",
        "sitemap.xml": "dataset",
        "sitemap": "dataset",
        "robots.txt": "dataset",
        "compare": "view",
        "timeline": "view",
        "graph": "view",
        "build": "builder",
        "about": "about",
        "om": "about",
        "docs": "about",
        "feeds": "about",
        "report": "report",
        "ns": "vocabulary",
        "shapes": "vocabulary",
        "alignments": "vocabulary",
        "display-names": "vocabulary",
        "static": "static",
        "favicon.ico": "static",
        "site.css": "static",
        "site-logo": "static",
        "healthz": "ops",
        "readyz": "ops",
        "metrics": "ops",
    }
    | dict.fromkeys(extension("views", ()), "view")
    | dict.fromkeys(KIND_NAMES, "list")
)
CLASSES: Final = (*dict.fromkeys((*_ROUTES.values(), "list", "entity", "other")),)


def route(path: str) -> str:
    """Return the class that a request's path is counted under; "other" for one that nothing is known of."""
    first, _, rest = path[1:].partition("/")
    known = _ROUTES.get(first) or _ROUTES.get(re.split("[.-]", first)[0], "other")
    return "entity" if known == "list" and rest else known

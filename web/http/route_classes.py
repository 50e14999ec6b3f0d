"""The classes that requests are counted under: few, whatever paths clients ask for."""

import re
from collections.abc import Iterable
from typing import Final

from graph.core.extensions import extension
from graph.core.iris import KIND_NAMES

_ROUTES: Final = {
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
} | dict.fromkeys(extension("views", ()), "view")
CLASSES: Final = (*dict.fromkeys((*_ROUTES.values(), "list", "entity", "other")),)


MAX_DERIVED: Final = 30
"""Of how many kinds that are derived from data a server counts requests; those that come later are none."""


class RequestClasses:
    """The classes and kinds that the requests of one server are counted under."""

    def __init__(self) -> None:
        """Know the kinds of the site's own table alone."""
        self._kinds = dict.fromkeys(KIND_NAMES)

    def add_kinds(self, names: Iterable[str]) -> None:
        """Count the kinds `names` of what is served from now on, as many as there is room for."""
        for name in names:
            if len(self._kinds) < len(KIND_NAMES) + MAX_DERIVED:
                self._kinds.setdefault(name)

    def route(self, path: str) -> str:
        """Return the class that `path` is counted under; "other" for one that nothing is known of."""
        first, _, rest = path[1:].partition("/")
        if self.kind(path):
            return "entity" if rest else "list"
        return _ROUTES.get(first) or _ROUTES.get(re.split("[.-]", first)[0], "other")

    def kind(self, path: str) -> str:
        """Return the kind of entities whose list, or one of which, is at `path`; "" if it is none."""
        first = path[1:].partition("/")[0].partition(".")[0]
        return first if first in self._kinds else ""

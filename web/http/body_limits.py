"""How long the body of a request may be, by method and path, so that a server knows before it reads one.

A longer body is answered with 413: https://www.rfc-editor.org/rfc/rfc9110#name-413-content-too-large.
"""

from typing import Final

from graph.core.settings import PREFIX, Settings

UNREAD: Final = 1_024
"""How many bytes a body may have that nobody reads: some clients send `{}` with every request."""

_SETTINGS: Final = {
    ("POST", "/sparql"): "query_bytes",
    ("QUERY", "/sparql"): "query_bytes",
    ("POST", "/query"): "query_bytes",
    ("POST", "/mcp"): "query_bytes",
    ("POST", "/report"): "report_bytes",
    ("POST", "/query/hints.json"): "query_bytes",
    ("POST", "/reconcile"): "reconcile_bytes",
    ("POST", "/reconcile/"): "reconcile_bytes",
    ("POST", "/reconcile/match"): "reconcile_bytes",
    ("POST", "/reconcile/extend"): "reconcile_bytes",
}


def body_limit(method: str, path: str, settings: Settings) -> int:
    """Return how many bytes the body of a request may have.

    `path` is percent-decoded and does not include the mount point of the application. Methods and paths that
    take no body have the limit `UNREAD`.
    """
    name = _SETTINGS.get((method, path))
    limit: int = getattr(settings, name) if name else UNREAD
    return limit


def body_limit_setting(method: str, path: str) -> str:
    """Return the name of the setting that gives `body_limit`: UTSAGA_QUERY_BYTES, for instance, or none."""
    name = _SETTINGS.get((method, path))
    return PREFIX + name.upper() if name else ""

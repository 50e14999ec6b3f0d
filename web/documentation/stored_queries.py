"""The reference of the stored queries, in Markdown: those of the site that is served, whichever it is."""

from collections.abc import Iterable
from typing import Final

from graph.query.stored import StoredQuery

DOCUMENT: Final = "questions"  # that it is a part of
_HEAD: Final = "| name | answers | parameters |\n| --- | --- | --- |\n"


def query_table(queries: Iterable[StoredQuery]) -> str:
    """Return a table of the names, the titles in English and the parameters of `queries`."""
    return _HEAD + "".join(_row(each) for each in queries)


def _row(query: StoredQuery) -> str:
    parameters = ", ".join(f"`{each.name}`" for each in query.parameters)
    title = query.title.get("en") or next(iter(query.title.values()))
    return f"| [`{query.name}`](/queries/{query.name}) | {cell(title)} | {parameters} |\n"


def cell(text: str) -> str:
    """Return `text` as it may stand in a cell of a table: on one line, with nothing that ends the cell."""
    return " ".join(text.split()).replace("|", "\\|")

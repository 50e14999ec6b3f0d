"""Lists of every kind of entity: narrowed by facets, in pages, and whole as CSV and JSON."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response, current_app, request

from graph.describe import Entities, Ref
from graph.iris import KINDS
from graph.lists import Entry, Listing, Lists, Value
from graph.statements import statement
from web.pages import ListPage
from web.paging import PER_PAGE, paged

blueprint = Blueprint("lists", __name__)

STATEMENTS_PER_PAGE: Final = 30
_OF: Final = f"<any({', '.join(KINDS)}):of>"


@blueprint.get(f"/{_OF}")
def page(of: str) -> str:
    """Show one page of the entities of a kind."""
    listing = _listing(of)
    entries = paged(listing.entries, STATEMENTS_PER_PAGE if of == "statement" else PER_PAGE)
    entities: Entities = current_app.extensions["entities"]
    said = tuple(statement(entities, entry.ref.iri) for entry in entries.items) if of == "statement" else ()
    chosen = {facet.name: facet.chosen for facet in listing.facets if facet.chosen}
    return ListPage(listing, entries, said, chosen).render()


@blueprint.get(f"/{_OF}.<any(csv, json):extension>")
def data(of: str, extension: str) -> Response:
    """Answer with the whole list: a row per entity; several values in one cell stand apart by “ | ”."""
    table = list(_table(_listing(of)))
    if extension == "csv":
        text = io.StringIO()
        csv.writer(text).writerows(table)
        return Response(text.getvalue(), content_type="text/csv; charset=utf-8")
    header, *rows = table
    items = [{name: cell for name, cell in zip(header, row, strict=True) if cell != ""} for row in rows]
    return Response(json.dumps(items, ensure_ascii=False, indent=1) + "\n", content_type="application/json")


def _listing(kind: str) -> Listing:
    lists: Lists = current_app.extensions["lists"]
    return lists.listing(kind, request.args)


def _table(listing: Listing) -> Iterator[list[str | int]]:
    """Yield the header and then a row per entity; text in two languages takes two columns."""
    names = [column.name for column in listing.columns]
    tagged = {
        name
        for name in names
        for entry in listing.entries
        for value in entry.values.get(name, ())
        if not isinstance(value, Ref) and value.language
    }
    columns = [(name, tag) for name in names for tag in (("sv", "en") if name in tagged else ("",))]
    yield ["id", "label_sv", "label_en", *(f"{name}_{tag}" if tag else name for name, tag in columns)]
    for entry in listing.entries:
        labels = [_join(entry.ref.labels, tag) for tag in ("sv", "en")]
        yield [entry.ref.iri, *labels, *(_cell(entry, name, tag) for name, tag in columns)]


def _cell(entry: Entry, name: str, tag: str) -> str | int:
    return entry.counts[name] if name in entry.counts else _join(entry.values[name], tag)


def _join(values: tuple[Value, ...], tag: str) -> str:
    """Return `values` in one cell: those in the language `tag`, or all of them for no language."""
    written = (
        value.iri if isinstance(value, Ref) else value.value
        for value in values
        if not tag or isinstance(value, Ref) or value.language in {tag, ""}
    )
    return " | ".join(written)

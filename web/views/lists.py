"""Lists of the entities of each kind: filtered by facets, sorted and paged; unpaged as CSV and JSON."""

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Final

from flask import Blueprint, Response, request

from graph.claims.claims import Adoption, adoptions_of
from graph.claims.statements import Statement, read_statement
from graph.core.namespaces import CODE, SKOS, UTS
from graph.core.terms import Term, iri
from graph.index.protocol import EntityList
from graph.rdf.formats import HTML
from graph.read.as_of import AsOfIndex
from graph.read.entities import Entities, Ref
from graph.read.lists import EntityListing, ListEntry
from graph.tables.cell_text import cell_text
from graph.tables.csvw_schema import columns_of
from graph.tables.description import ID, Table, tables
from graph.tables.rows import Cell, Row, read_rows
from web.html import as_of
from web.html.app_state import app_state
from web.html.csvw import SUFFIX, link_metadata, metadata_response
from web.html.facets import page_arguments
from web.html.kind_words import names_in_all_languages
from web.html.page_models import ListPage, Slice
from web.html.representations import RDF, accepted_format, by_extension, link_documents, route_of
from web.html.request_args import PER_PAGE, page_number, reads_arguments, requested_page
from web.views.list_documents import DOCUMENTS, WHOLE, ListAddresses, list_document

blueprint = Blueprint("lists", __name__)

STATEMENTS_PER_PAGE: Final = 30
MAX_STATUSES: Final = 2  # of an organisation in the list
_KIND: Final = "<kind:of>"


@blueprint.get(f"/{_KIND}")
@reads_arguments(page_arguments)
def page(of: str) -> Response:
    """Return one page of the list of a kind as HTML or RDF, or the whole list as CSV or JSON, by `Accept`."""
    listing, chosen = _listing(of), accepted_format(DOCUMENTS)
    addresses = _addresses(listing)
    number = page_number(len(listing.members), _per_page(of))
    if chosen == HTML:
        response = Response(_html_page(listing), content_type=HTML.content_type)
    else:
        response = document(of, chosen.extension) if chosen in RDF else data(of, chosen.extension)
        response.headers["Content-Location"] = addresses.document(chosen.extension, number)
    return link_documents(response, DOCUMENTS, partial(addresses.document, number=number))


def _html_page(listing: EntityListing) -> str:
    """Return one page of a list as HTML."""
    of, entities = listing.kind, app_state().entities
    chosen = {facet.name: facet.chosen for facet in listing.facets if facet.chosen}
    if of != "statement":
        shown_entries = requested_page(listing.entries, PER_PAGE)
        statuses = _latest_statuses(entities, shown_entries) if of == "organisation" else {}
        meanings = _meanings(entities, listing)
        return ListPage(listing, shown_entries, (), chosen, meanings, statuses).render()
    statements: EntityList[Statement] = EntityList(
        listing.members, partial(read_statement, entities), listing.sort
    )
    shown = requested_page(statements, STATEMENTS_PER_PAGE)
    entries: Slice[ListEntry] = Slice((), shown.total, shown.number, shown.pages)
    return ListPage(listing, entries, shown.items, chosen, _meanings(entities, listing)).render()


@blueprint.get(f"/{_KIND}{route_of(RDF)}")
@reads_arguments(page_arguments)
def document(of: str, extension: str) -> Response:
    """Return one page of the list as RDF."""
    listing, format_ = _listing(of), by_extension(RDF, extension)
    body = list_document(listing, _addresses(listing), format_, _per_page(of))
    return Response(body, content_type=format_.content_type)


@blueprint.get(f"/{_KIND}{route_of(WHOLE)}")
@reads_arguments(page_arguments)
def data(of: str, extension: str) -> Response:
    """Stream the whole list: a row per entity, the values of a cell separated by “ | ”."""
    names = [field.name for field in _table(of).fields]
    rows = _rows(_listing(of))
    if extension == "csv":
        return link_metadata(Response(_csv(names, rows), content_type="text/csv; charset=utf-8"))
    return Response(_json(names, rows), content_type="application/json")


@blueprint.get(f"/{_KIND}.csv{SUFFIX}")
@reads_arguments(page_arguments)
def columns(of: str) -> Response:
    """Return the metadata of the columns of the list as CSV."""
    _listing(of)
    table = _table(of)
    titles = names_in_all_languages(of, several=True)
    return metadata_response(columns_of(table), titles, key=ID, title=table.label_field)


def _per_page(kind: str) -> int:
    return STATEMENTS_PER_PAGE if kind == "statement" else PER_PAGE


def _addresses(listing: EntityListing) -> ListAddresses:
    """Return the addresses of a list with the choices made and the order."""
    chosen = {facet.name: facet.chosen for facet in listing.facets if facet.chosen}
    return ListAddresses(listing.kind, chosen | ({"sort": listing.sort} if listing.sort else {}))


def _listing(kind: str) -> EntityListing:
    timed = app_state().entities.index.kinds.timed
    return app_state().lists.read_list(kind, request.args, as_of.requested_time(kind, timed))


def _meanings(entities: Entities, listing: EntityListing) -> tuple[tuple[Ref, tuple[Term, ...]], ...]:
    """Return the codes of ours that the list is filtered by, each with its definition in all languages."""
    values = (facet.value for facet in listing.facets if facet.chosen)
    codes = (value for value in values if isinstance(value, Ref) and value.iri.startswith(CODE))
    return tuple((code, entities.node(iri(code.iri)).literals(SKOS + "definition")) for code in codes)


def _latest_statuses(entities: Entities, organisations: Slice[ListEntry]) -> dict[str, tuple[Adoption, ...]]:
    """Return by the IRI of each of `organisations` its newest adoptions, if it has any."""
    when = as_of.page_time()
    found = {
        each.ref.iri: adoptions_of(entities, each.ref.iri, UTS + "adopter", when=when)[:MAX_STATUSES]
        for each in organisations.items
    }
    return {name: adoptions for name, adoptions in found.items() if adoptions}


def _rows(listing: EntityListing) -> Iterator[Row]:
    """Return a row of its kind's table for each entity of the list; it is read when it is asked for."""
    count = AsOfIndex(app_state().entities.index, listing.when).count_statements if listing.when else None
    names = EntityList(listing.members, str, listing.sort)
    return read_rows(app_state().entities, _table(listing.kind), names, count)


def _table(kind: str) -> Table:
    return tables(app_state().entities.index.kinds)[kind]


def _csv(names: list[str], rows: Iterator[Row]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text)
    for row in chain([tuple(names)], rows):
        writer.writerow(map(cell_text, row))
        yield text.getvalue()
        text.seek(0)
        text.truncate()


def _json(names: list[str], rows: Iterator[Row]) -> Iterator[str]:
    """Yield the list as JSON: an object for each entity, without empty cells. A list is a text as in CSV."""
    before = "[\n"
    for row in rows:
        cells = zip(names, row, strict=True)
        item = {name: _json_value(cell) for name, cell in cells if cell not in (None, ())}
        yield before + json.dumps(item, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def _json_value(cell: Cell) -> str | int | float:
    if isinstance(cell, Decimal):
        return float(cell)
    return cell if isinstance(cell, int) else cell_text(cell)

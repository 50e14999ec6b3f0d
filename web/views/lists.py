"""Lists of the entities of each kind: filtered by facets, sorted and paged; unpaged as CSV and JSON."""

import csv
import io
import json
from collections.abc import Iterator
from functools import partial
from typing import Final

from flask import Blueprint, Response, request

from graph.core.iris import KIND_NAMES
from graph.core.namespaces import CODE, SKOS, UTS
from graph.core.terms import Term, iri
from graph.index.protocol import EntityList
from graph.rdf.formats import HTML
from graph.read.claims import Adoption, adoptions_of
from graph.read.entities import Entities, Ref
from graph.read.lists import EntityListing, ListEntry, ListValue
from graph.read.statements import Statement, read_statement
from web.html import as_of
from web.html.app_state import app_state
from web.html.csvw import SUFFIX, Column, link_metadata, metadata_response
from web.html.facets import PAGE_ARGUMENTS, column_key
from web.html.i18n import LANGUAGES, messages
from web.html.page_models import ListPage, Slice
from web.html.representations import RDF, accepted_format, by_extension, link_documents, route_of
from web.html.request_args import PER_PAGE, page_number, reads_arguments, requested_page
from web.views.list_documents import DOCUMENTS, WHOLE, ListAddresses, list_document

blueprint = Blueprint("lists", __name__)

STATEMENTS_PER_PAGE: Final = 30
MAX_STATUSES: Final = 2  # of an organisation in the list
_KIND: Final = f"<any({', '.join(KIND_NAMES)}):of>"
CsvRow = list[str | int]


@blueprint.get(f"/{_KIND}")
@reads_arguments(*PAGE_ARGUMENTS)
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
@reads_arguments(*PAGE_ARGUMENTS)
def document(of: str, extension: str) -> Response:
    """Return one page of the list as RDF."""
    listing, format_ = _listing(of), by_extension(RDF, extension)
    body = list_document(listing, _addresses(listing), format_, _per_page(of))
    return Response(body, content_type=format_.content_type)


@blueprint.get(f"/{_KIND}{route_of(WHOLE)}")
@reads_arguments(*PAGE_ARGUMENTS)
def data(of: str, extension: str) -> Response:
    """Stream the whole list: a row per entity, the values of a cell separated by “ | ”."""
    rows = _table(_listing(of))
    if extension == "csv":
        return link_metadata(Response(_csv(rows), content_type="text/csv; charset=utf-8"))
    return Response(_json(rows), content_type="application/json")


@blueprint.get(f"/{_KIND}.csv{SUFFIX}")
@reads_arguments(*PAGE_ARGUMENTS)
def columns(of: str) -> Response:
    """Return the metadata of the columns of the list as CSV."""
    listing = _listing(of)
    counted = {column.name for column in listing.columns if column.counted_property}
    found = [Column("id", datatype="anyURI", required=True)]
    found += [Column(f"label_{tag}", "column.name", tag, is_list=True) for tag in LANGUAGES]
    for header, name, tag in _columns(listing):
        datatype = "integer" if name in counted else "string"
        found.append(Column(header, column_key(name), tag, datatype, is_list=name not in counted))
    titles = {tag: messages(tag)[f"kinds.{of}"][0] for tag in LANGUAGES}
    return metadata_response(found, titles, key=["id"])


def _per_page(kind: str) -> int:
    return STATEMENTS_PER_PAGE if kind == "statement" else PER_PAGE


def _addresses(listing: EntityListing) -> ListAddresses:
    """Return the addresses of a list with the choices made and the order."""
    chosen = {facet.name: facet.chosen for facet in listing.facets if facet.chosen}
    return ListAddresses(listing.kind, chosen | ({"sort": listing.sort} if listing.sort else {}))


def _listing(kind: str) -> EntityListing:
    return app_state().lists.read_list(kind, request.args, as_of.requested_time(kind, as_of.LISTS))


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


def _table(listing: EntityListing) -> Iterator[CsvRow]:
    """Yield the header and then a row per entity; text in two languages takes two columns."""
    columns = _columns(listing)
    yield ["id", "label_sv", "label_en", *(header for header, _, _ in columns)]
    for entry in listing.entries:
        labels = [_join(entry.ref.labels, tag) for tag in ("sv", "en")]
        yield [entry.ref.iri, *labels, *(_cell(entry, name, tag) for _, name, tag in columns)]


def _columns(listing: EntityListing) -> list[tuple[str, str, str]]:
    """Return the header, the name and the language of each column after the identifier and the names."""
    names = [column.name for column in listing.columns]
    found = [
        (name, tag) for name in names for tag in (("sv", "en") if name in listing.language_columns else ("",))
    ]
    return [(f"{name}_{tag}" if tag else name, name, tag) for name, tag in found]


def _csv(rows: Iterator[CsvRow]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow(row)
        yield text.getvalue()
        text.seek(0)
        text.truncate()


def _json(rows: Iterator[CsvRow]) -> Iterator[str]:
    header = next(rows)
    before = "[\n"
    for row in rows:
        item = {name: cell for name, cell in zip(header, row, strict=True) if cell != ""}
        yield before + json.dumps(item, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def _cell(entry: ListEntry, name: str, tag: str) -> str | int:
    return entry.counts[name] if name in entry.counts else _join(entry.values[name], tag)


def _join(values: tuple[ListValue, ...], tag: str) -> str:
    """Return `values` in one cell: those in the language `tag`, or all of them for no language."""
    written = (
        value.iri if isinstance(value, Ref) else value.value
        for value in values
        if not tag or isinstance(value, Ref) or value.language in {tag, ""}
    )
    return " | ".join(written)

"""Entities: redirects from identifiers, documents as HTML and as data, and backlinks."""

import json
from functools import partial
from typing import Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import Gone, NotFound
from graph.core.iris import check_iri_length, entity_iri, parse_entity_iri
from graph.core.namespaces import CODE
from graph.documents import entity_documents
from graph.rdf.formats import HTML, Format, MediaFormat
from graph.read.entities import Entities
from web.entities.subject_pages import build_entity_page
from web.evidence.entity_evidence import evidence_members
from web.html import as_of, urls
from web.html.app_state import app_state
from web.html.facets import page_arguments
from web.html.page_models import BacklinksPage, Slice
from web.html.representations import (
    RDF_AND_JSON,
    accepted_format,
    by_extension,
    document_source,
    link_documents,
    route_of,
)
from web.html.request_args import PER_PAGE, page_number, reads_arguments

blueprint = Blueprint("entities", __name__)

_KIND: Final = "<named_kind:kind>"
_EXTENSION: Final = route_of(RDF_AND_JSON)


@blueprint.get(f"/id/{_KIND}/<slug:slug>")
def identifier(kind: str, slug: str) -> Redirect:
    """Redirect from the IRI of an entity to a document about it (303), or to its successor (308)."""
    name = entity_iri(kind, slug)
    _require_entity(name)
    if successor := app_state().entities.successor(name):
        new = parse_entity_iri(successor)
        return redirect(url_for(".identifier", kind=new[0], slug=new[1]) if new else successor, 308)
    chosen = accepted_format(RDF_AND_JSON)
    return redirect(urls.entity_url(name, "" if chosen == HTML else chosen.extension), 303)


@blueprint.get(f"/{_KIND}/<slug:slug>")
@blueprint.get(f"/{_KIND}/<slug:slug>{_EXTENSION}")
@reads_arguments(page_arguments)
def page(kind: str, slug: str, extension: str = "") -> Response | Redirect:
    """Return the document about an entity, by extension or `Accept`."""
    name = entity_iri(kind, slug)
    listed = kind in app_state().entities.index.kinds
    return _respond(kind if listed else _listed_kind(name), name, extension)


@blueprint.get("/code/<slug:scheme>")
@blueprint.get("/code/<slug:scheme>/<slug:code>")
@blueprint.get(f"/code/<slug:scheme>{_EXTENSION}")
@blueprint.get(f"/code/<slug:scheme>/<slug:code>{_EXTENSION}")
@reads_arguments(page_arguments)
def code(scheme: str, code: str = "", extension: str = "") -> Response | Redirect:
    """Return the document about a code, or about a list of codes."""
    return _respond("code", CODE + scheme + (f"/{code}" if code else ""), extension)


@blueprint.get("/resource")
@blueprint.get(f"/resource{_EXTENSION}")
@reads_arguments("iri", page_arguments)
def resource(extension: str = "") -> Response | Redirect:
    """Return the document about any other resource in the graph, by its IRI."""
    name = request.args.get("iri", "")
    return _respond("resource" if parse_entity_iri(name) else _listed_kind(name), name, extension)


@blueprint.get("/resource/links")
@reads_arguments("iri", "property", "page")
def incoming() -> str:
    """Return the page that lists the backlinks of an entity by one property; raise NotFound for none."""
    entities = app_state().entities
    name, property_ = (check_iri_length(request.args.get(each, ""), each) for each in ("iri", "property"))
    count = entities.link_counts(name).get(property_, 0)
    if not count:
        raise NotFound("nothing links there by that property", where="property")
    number = page_number(count)
    subjects = entities.subjects(name, property_, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    shown = Slice(entities.refs(subjects), count, number, -(-count // PER_PAGE))
    return BacklinksPage(entities.ref(name), entities.ref(property_), shown).render()


def _listed_kind(name: str) -> str:
    """Return the kind of the IRI `name` by its classes; “resource” if it is in no list."""
    return app_state().entities.index.kind_of(name) or "resource"


def _respond(kind: str, name: str, extension: str) -> Response | Redirect:
    """Return the document about the IRI `name` in the format of `extension`, or else by `Accept`."""
    entities = app_state().entities
    _require_entity(name)
    if successor := entities.successor(name):
        return redirect(urls.entity_url(successor, extension), 308)
    chosen = by_extension(RDF_AND_JSON, extension) if extension else accepted_format(RDF_AND_JSON)
    if chosen == HTML:
        when = as_of.requested_time(kind, entities.index.kinds.as_of)
        page = build_entity_page(entities, kind, name, when)
        response = Response(page.render())
        if not page.indexed or when:
            response.headers["X-Robots-Tag"] = "noindex"
    else:
        response = _document(entities, name, chosen)
        if not extension:
            response.headers["Content-Location"] = urls.entity_url(name, chosen.extension)
    return _add_alternate_links(response, name)


def _require_entity(name: str) -> None:
    """Raise Gone for an entry that was removed on request, NotFound for what the graph does not have."""
    manifest = app_state().release
    if manifest and manifest.has_removed(name):
        raise Gone("The entry was removed on request", rule="removal", remedy="there is nothing here now")
    if not name or not app_state().entities.exists(check_iri_length(name, "iri")):
        raise NotFound(
            "The graph says nothing of that" + (f": {name}" if name else ""),
            rule="identifier",
            remedy="look for it in the lists of the home page",
        )


def _document(entities: Entities, name: str, format_: MediaFormat) -> Response:
    """Return the document about the IRI `name` in one of the formats of documents."""
    source = document_source(urls.entity_url(name, format_.extension))
    if isinstance(format_, Format):
        body = entity_documents.rdf_document(entities, name, format_, source)
    else:
        document = entity_documents.json_document(entities, name, source)
        document |= evidence_members(entities, name)
        body = json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
    return Response(body, content_type=format_.content_type)


def _add_alternate_links(response: Response, name: str) -> Response:
    """Add `Link` headers to the other documents about the IRI `name`."""
    link_documents(response, RDF_AND_JSON, partial(urls.entity_url, name))
    response.headers.add(
        "Link", f'<{urls.entity_url(name, lasting=True)}>; rel="alternate"; type="text/html"'
    )
    return response

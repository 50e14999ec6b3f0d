"""Named graphs: a page and documents for each, at the address that its IRI has on this host.

A document describes a graph; the triples in it are in its file, and SPARQL finds them with GRAPH.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from flask import Blueprint, Response

from graph.core.errors import NotFound
from graph.core.namespaces import GRAPH, LICENCE
from graph.documents.graph_documents import GraphCounts, rdf_document
from graph.rdf.formats import HTML
from graph.read.entities import Ref
from graph.read.graph_contents import GraphOrigin, graph_kind, read_contents, read_origin
from graph.release.dumps import Dump, file_name
from web.html import urls
from web.html.app_state import app_state
from web.html.page_models import Page, Slice
from web.html.representations import (
    RDF,
    accepted_format,
    by_extension,
    document_source,
    link_documents,
    route_of,
)
from web.html.request_args import PER_PAGE, choice, reads_arguments, requested_page
from web.html.site_context import base_url

blueprint = Blueprint("graphs", __name__)

OTHERS: Final = "other"  # what is no entity of ours
SHOWN: Final = 20  # of each kind, where all kinds are shown
_MAX_CLASSES: Final = 20
_KINDS: Final = ("source", "register", "links", "enrichment", "inferred", "ontology", "examples")
"""The kinds of graphs that pages have words for."""


@dataclass(frozen=True)
class SubjectGroup:
    """Some of the subjects of a graph that are of one kind."""

    kind: str
    shown: Slice[Ref]


@dataclass(frozen=True)
class GraphPage(Page):
    """A named graph: where it is from, what it is about, its numbers and its file."""

    template = "publish/graph.html"
    ref: Ref
    kind: str  # the first part of its name
    origin: GraphOrigin
    licence: str
    counts: GraphCounts
    classes: tuple[tuple[Ref, int], ...]
    groups: tuple[SubjectGroup, ...]
    is_whole: bool  # whether what it is about can be listed
    chosen: str  # the kind that is shown alone, or ""
    dump: Dump | None
    query: str  # what finds its triples

    @property
    def lead(self) -> str:
        """The key of the sentence on what graphs of its kind hold."""
        return self.kind if self.kind in _KINDS else "any"

    @property
    def maker(self) -> str:
        """The key of the words on who says what it holds."""
        if self.kind in ("source", "inferred"):
            return self.kind
        return "register" if self.origin.sources or self.origin.sites else "own"

    @property
    def indexed(self) -> bool:  # type: ignore[override]
        """Whether search engines may index the page: not its parts."""
        return not self.chosen


@blueprint.get("/graph/<slug:name>")
@blueprint.get("/graph/<slug:kind>/<slug:name>")
@blueprint.get(f"/graph/<slug:name>{route_of(RDF)}")
@blueprint.get(f"/graph/<slug:kind>/<slug:name>{route_of(RDF)}")
@reads_arguments("kind", "page")
def page(name: str, kind: str = "", extension: str = "") -> Response:
    """Return what is known of a named graph as a page or as RDF, by extension or `Accept`."""
    graph = app_state().entities.ref(GRAPH + (f"{kind}/{name}" if kind else name))
    counts, dump = _counts(graph)
    chosen = by_extension(RDF, extension) if extension else accepted_format(RDF)
    address = partial(urls.entity_url, graph.iri)
    if chosen == HTML:
        response = Response(_page(graph, counts, dump).render(), content_type=HTML.content_type)
    else:
        source = document_source(address(chosen.extension))
        body = rdf_document(app_state().entities, graph, counts, by_extension(RDF, chosen.extension), source)
        response = Response(body, content_type=chosen.content_type)
        if not extension:
            response.headers["Content-Location"] = address(chosen.extension)
    return link_documents(response, RDF, address)


def _counts(graph: Ref) -> tuple[GraphCounts, Dump | None]:
    """Return the numbers and the file of a named graph; raise NotFound if there is no such graph."""
    state = app_state()
    triples = state.backend.graph_sizes.get(graph.iri)
    if triples is None:
        raise NotFound(
            f"There is no named graph {graph.iri}", rule="named graph", remedy="choose one of /dataset"
        )
    publication = state.publication
    if publication is None:
        return GraphCounts(triples, licence=LICENCE if state.release else ""), None
    dump = next((each for each in publication.dumps if each.name == file_name(graph.iri)), None)
    licence = read_origin(state.entities, graph).licence or LICENCE
    file = base_url() + urls.download_url(dump.name) if dump else ""
    counted = publication.graph_statistics.get(graph.iri)
    if counted is None:
        return GraphCounts(triples, dump=file, licence=licence), dump
    numbers = counted.subjects, counted.properties, counted.classes
    return GraphCounts(triples, *numbers, dump=file, licence=licence), dump


def _page(graph: Ref, counts: GraphCounts, dump: Dump | None) -> GraphPage:
    entities = app_state().entities
    contents, origin = read_contents(entities, graph.iri), read_origin(entities, graph)
    chosen = choice("kind", ("", *entities.index.kinds, OTHERS))
    subjects = {kind: members.page(0, len(members)) for kind, members in contents.kinds.items()}
    if contents.others:
        subjects[OTHERS] = contents.others
    return GraphPage(
        ref=graph,
        kind=graph_kind(graph.iri),
        origin=origin,
        licence=origin.licence or counts.licence,
        counts=counts,
        classes=_classes(counts.classes or {}),
        groups=tuple(_groups(subjects, chosen)),
        is_whole=contents.is_whole,
        chosen=chosen,
        dump=dump,
        query=f"SELECT ?s ?p ?o WHERE {{\n  GRAPH <{graph.iri}> {{ ?s ?p ?o }}\n}}",
    )


def _classes(classes: Mapping[str, int]) -> tuple[tuple[Ref, int], ...]:
    """Return the classes with the most subjects, and how many each has."""
    first = list(classes.items())[:_MAX_CLASSES]
    return tuple((app_state().entities.ref(name), number) for name, number in first)


def _groups(subjects: Mapping[str, tuple[str, ...]], chosen: str) -> list[SubjectGroup]:
    """Return the first subjects of each kind, or the page in the URL of those of the kind `chosen`.

    Raise NotFound for a kind that the graph has nothing of.
    """
    entities = app_state().entities
    if not chosen:
        return [
            SubjectGroup(kind, Slice(entities.refs(names[:SHOWN]), len(names)))
            for kind, names in subjects.items()
        ]
    if chosen not in subjects:
        raise NotFound(f"The graph has nothing of the kind “{chosen}”", where="kind", rule="kind")
    found = requested_page(subjects[chosen], PER_PAGE)
    shown = Slice(entities.refs(found.items), found.total, found.number, found.pages)
    return [SubjectGroup(chosen, shown)]

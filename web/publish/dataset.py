"""The release for machines: its description as a page and as VoID and DCAT, and its files to download.

https://www.w3.org/TR/void/#well-known, https://www.rfc-editor.org/rfc/rfc8288.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from flask import Blueprint, Response, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import NotFound
from graph.core.namespaces import BASE, DATASET, DCTERMS, FOAF, SD, UTS, VOID
from graph.core.terms import Term, iri
from graph.read.entities import Entities, Node, Ref
from graph.read.provenance import source_of_graph
from graph.release.dumps import Dump
from graph.release.publication import Publication
from web.html.app_state import app_state
from web.html.page_models import Page
from web.html.site_context import base
from web.html.urls import EXTENSIONS
from web.http.negotiation import choose

blueprint = Blueprint("dataset", __name__)

FORMATS: Final = {extension: type_ for extension, type_ in EXTENSIONS.items() if extension != "json"}
HTML: Final = "text/html"
_FORMAT: Final = f"<any({', '.join(FORMATS)}):extension>"


@blueprint.get("/dataset")
def page() -> Response:
    """Answer with the description as a page or as RDF, as the client prefers."""
    chosen = choose(request.headers.get("Accept", ""), (HTML, *FORMATS.values()))
    if chosen == HTML:
        response = Response(draw(published(), app_state().entities).render())
    else:
        extension = next(key for key, type_ in FORMATS.items() if type_ == chosen)
        response = data(extension)
        response.headers["Content-Location"] = url_for(".data", extension=extension)
    for extension, type_ in FORMATS.items():
        address = url_for(".data", extension=extension)
        response.headers.add("Link", f'<{address}>; rel="alternate"; type="{type_}"')
    return response


@blueprint.get(f"/dataset.{_FORMAT}")
def data(extension: str) -> Response:
    """Answer with the description in a format of RDF."""
    media_type = FORMATS[extension]
    body = published().document(media_type, base(), app_state().settings.contact)
    return Response(body, content_type=media_type)


@blueprint.get("/.well-known/void")
def void() -> Redirect:
    """Send on to the description: in VoID's own place it is looked for first."""
    published()
    return redirect(url_for(".page"), 303)


@blueprint.get("/download/<name>")
def download(name: str) -> Response:
    """Answer with one of the files, straight from the disk."""
    path = published().file(name)
    if path is None:
        raise NotFound(f"There is no file “{name}”", rule="file", remedy="choose one of /dataset")
    digest = next((each.digest for each in published().dumps if each.name == name), False)
    kind = "application/gzip" if digest else "text/plain"
    return send_file(path, mimetype=kind, download_name=name, as_attachment=True, etag=digest)


def published() -> Publication:
    """Return what is published; raise NotFound where nothing is."""
    found = app_state().publication
    if found is None:
        raise NotFound(
            "This server has no release to describe",
            rule="published release",
            remedy="serve a release built with utsaga build",
        )
    return found


_TOTALS: Final = ("triples", "entities", "classes", "properties", "distinctSubjects", "distinctObjects")


@dataclass(frozen=True)
class LinkSet:
    """The links to one other site: its names and address, how many, and by which properties."""

    titles: tuple[Term, ...]
    home: str | None
    count: int
    properties: tuple[Ref, ...]


@dataclass(frozen=True)
class GraphFile:
    """A named graph: its own titles if it has some, or its source, how much is in it, and the file of it."""

    ref: Ref
    titles: tuple[Term, ...]
    source: Ref | None
    triples: int
    dump: Dump | None


@dataclass(frozen=True)
class DatasetPage(Page):
    """What the data set holds and how to get it."""

    template = "publish/dataset.html"
    formats: ClassVar[dict[str, str]] = FORMATS
    iri: ClassVar[str] = DATASET
    titles: tuple[Term, ...]
    descriptions: tuple[Term, ...]
    totals: dict[str, int]
    dumps: tuple[Dump, ...]
    graphs: tuple[GraphFile, ...]
    classes: tuple[tuple[Ref, int], ...]
    links: tuple[LinkSet, ...]
    vocabularies: tuple[str, ...]


def draw(publication: Publication, entities: Entities) -> DatasetPage:
    """Return the page of `publication`; `entities` knows the names of classes and properties."""
    told = publication.described()
    node = told.node(iri(DATASET))
    files = {each.name: each for each in publication.dumps}
    subsets = [told.node(iri(name)) for name in node.iris(VOID + "subset")]
    return DatasetPage(
        titles=node.literals(DCTERMS + "title"),
        descriptions=node.literals(DCTERMS + "description"),
        totals={name: node.integer(VOID + name) or 0 for name in _TOTALS},
        dumps=publication.dumps,
        graphs=tuple(_graph(each, files, entities) for each in subsets if each.iri(SD + "name")),
        classes=_classes(told, node, entities),
        links=tuple(_links(told, each, entities) for each in subsets if each.iri(VOID + "linkPredicate")),
        vocabularies=tuple(each for each in node.iris(VOID + "vocabulary") if not each.startswith(BASE)),
    )


def _graph(node: Node, files: dict[str, Dump], entities: Entities) -> GraphFile:
    address = node.iri(VOID + "dataDump") or ""
    ref = entities.ref(node.iri(SD + "name") or "")
    return GraphFile(
        ref=ref,
        titles=tuple(each for each in node.literals(DCTERMS + "title") if each.language),
        source=entities.optional_ref(source_of_graph(ref)),
        triples=node.integer(VOID + "triples") or 0,
        dump=files.get(address.rpartition("/")[2]),
    )


def _classes(told: Entities, dataset: Node, entities: Entities) -> tuple[tuple[Ref, int], ...]:
    """Return our own classes and how many entities are in each, the largest first."""
    parts = [told.node(iri(name)) for name in dataset.iris(VOID + "classPartition")]
    counts = {part.iri(VOID + "class") or "": part.integer(VOID + "entities") or 0 for part in parts}
    own = sorted((-count, name) for name, count in counts.items() if name.startswith(UTS))
    return tuple((entities.ref(name), -count) for count, name in own)


def _links(told: Entities, node: Node, entities: Entities) -> LinkSet:
    target = told.node(iri(node.iri(VOID + "objectsTarget") or ""))
    return LinkSet(
        titles=node.literals(DCTERMS + "title"),
        home=target.iri(FOAF + "homepage"),
        count=node.integer(VOID + "triples") or 0,
        properties=entities.refs(node.iris(VOID + "linkPredicate")),
    )

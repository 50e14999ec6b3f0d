"""The data set that is served: its description as HTML, VoID and DCAT, and its files to download.

https://www.w3.org/TR/void/#well-known, https://www.rfc-editor.org/rfc/rfc8288.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from flask import Blueprint, Response, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import NotFound
from graph.core.namespaces import BASE, DATASET, DCTERMS, FOAF, SD, UTS, VOID
from graph.core.terms import Term, iri
from graph.rdf.formats import HTML, Format
from graph.read.entities import Entities, Node, Ref
from graph.read.provenance import source_of_graph
from graph.release.dumps import DATASETTE, SUMS, Dump
from graph.release.publication import Publication
from web.html.app_state import app_state
from web.html.page_models import Page
from web.html.representations import RDF, accepted_format, by_extension, link_documents, route_of
from web.html.site_context import base_url

blueprint = Blueprint("dataset", __name__)


@blueprint.get("/dataset")
def page() -> Response:
    """Return the description as a page or as RDF, by content negotiation."""
    chosen = accepted_format(RDF)
    if chosen == HTML:
        response = Response(dataset_page(current_publication(), app_state().entities).render())
    else:
        response = data(chosen.extension)
        response.headers["Content-Location"] = _data_url(chosen.extension)
    return link_documents(response, RDF, _data_url)


@blueprint.get(f"/dataset{route_of(RDF)}")
def data(extension: str) -> Response:
    """Return the description in a format of RDF."""
    format_ = by_extension(RDF, extension)
    body = current_publication().document(format_.media_type, base_url(), app_state().settings.contact)
    return Response(body, content_type=format_.content_type)


def _data_url(extension: str) -> str:
    return url_for("dataset.data", extension=extension)


@blueprint.get("/.well-known/void")
def void() -> Redirect:
    """Redirect from VoID's well-known address to the description."""
    current_publication()
    return redirect(url_for(".page"), 303)


@blueprint.get("/download/<name>")
def download(name: str) -> Response:
    """Return a file of the release, read from the disk; raise NotFound if there is none by that name."""
    path = current_publication().file(name)
    if path is None:
        raise NotFound(f"There is no file “{name}”", rule="file", remedy="choose one of /dataset")
    dump = next((each for each in current_publication().dumps if each.name == name), None)
    if dump is None:  # the digests of all
        return send_file(path, "text/plain", download_name=name, as_attachment=True, etag=False)
    return send_dump(path, dump)


def send_dump(path: Path, dump: Dump) -> Response:
    """Return the file `dump`, which is at `path`, or one range of it."""
    return send_part(path, dump.served_as, dump.digest)


def send_part(path: Path, media_type: str, digest: str) -> Response:
    """Return the file at `path`, or one range of it; its entity tag is its digest.

    A request for several ranges gets the whole file, as RFC 9110, section 14.2 allows.
    """
    one = "," not in request.headers.get("Range", "")
    response = send_file(
        path.absolute(), media_type, download_name=path.name, as_attachment=True, etag=digest, conditional=one
    )
    response.headers["Accept-Ranges"] = "bytes"
    return response


def current_publication() -> Publication:
    """Return the publication of the release that is served; raise NotFound if no release is."""
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
    """A VoID link set: the titles and home page of its target, the number of links, and their properties."""

    titles: tuple[Term, ...]
    home: str | None
    count: int
    properties: tuple[Ref, ...]


@dataclass(frozen=True)
class GraphFile:
    """A named graph: its titles, its source if it is of one, its number of triples, and its dump."""

    ref: Ref
    titles: tuple[Term, ...]
    source: Ref | None
    triples: int
    dump: Dump | None


@dataclass(frozen=True)
class DatasetPage(Page):
    """The page of the data set: its contents and its files."""

    template = "publish/dataset.html"
    formats: ClassVar[tuple[Format, ...]] = RDF
    iri: ClassVar[str] = DATASET
    titles: tuple[Term, ...]
    descriptions: tuple[Term, ...]
    totals: dict[str, int]
    dumps: tuple[Dump, ...]
    aside: tuple[str, ...]  # the names of files that say something of the dumps
    graphs: tuple[GraphFile, ...]
    classes: tuple[tuple[Ref, int], ...]
    links: tuple[LinkSet, ...]
    vocabularies: tuple[str, ...]


def dataset_page(publication: Publication, entities: Entities) -> DatasetPage:
    """Return the page of `publication`; the names of classes and properties are read from `entities`."""
    void = publication.described()
    node = void.node(iri(DATASET))
    files = {each.name: each for each in publication.dumps}
    subsets = [void.node(iri(name)) for name in node.iris(VOID + "subset")]
    return DatasetPage(
        titles=node.literals(DCTERMS + "title"),
        descriptions=node.literals(DCTERMS + "description"),
        totals={name: node.integer(VOID + name) or 0 for name in _TOTALS},
        dumps=publication.dumps,
        aside=tuple(name for name in (DATASETTE, SUMS) if name == SUMS or name in files),
        graphs=tuple(_graph(each, files, entities) for each in subsets if each.iri(SD + "name")),
        classes=_classes(void, node, entities),
        links=tuple(_links(void, each, entities) for each in subsets if each.iri(VOID + "linkPredicate")),
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


def _classes(void: Entities, dataset: Node, entities: Entities) -> tuple[tuple[Ref, int], ...]:
    """Return the classes of our vocabulary with their numbers of entities, the largest first."""
    parts = [void.node(iri(name)) for name in dataset.iris(VOID + "classPartition")]
    counts = {part.iri(VOID + "class") or "": part.integer(VOID + "entities") or 0 for part in parts}
    own = sorted((-count, name) for name, count in counts.items() if name.startswith(UTS))
    return tuple((entities.ref(name), -count) for count, name in own)


def _links(void: Entities, node: Node, entities: Entities) -> LinkSet:
    target = void.node(iri(node.iri(VOID + "objectsTarget") or ""))
    return LinkSet(
        titles=node.literals(DCTERMS + "title"),
        home=target.iri(FOAF + "homepage"),
        count=node.integer(VOID + "triples") or 0,
        properties=entities.refs(node.iris(VOID + "linkPredicate")),
    )

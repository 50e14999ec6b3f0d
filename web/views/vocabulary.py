"""Documentation of the vocabulary; it, alignments, shapes, JSON-LD context, diagram and examples as files.

pyLODE (3.6) was tried: it writes inline styles, headings in English only, and labels without their language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import NotFound, Unavailable
from graph.core.namespaces import BASE, TYPE, UTS
from graph.rdf.formats import HTML, Format
from graph.rdf.ontology_files import has_document
from graph.read.entities import Ref
from graph.vocabulary import vocabulary as vocabulary_reader
from graph.vocabulary.vocabulary import Vocabulary
from graph.vocabulary.vocabulary_model import VocabularyModel, read_model
from graph.vocabulary.vocabulary_usage import TermUsage
from graph.vocabulary.worked_example import WorkedExample, read_example
from web.html.app_state import app_state
from web.html.i18n import interface_language
from web.html.page_models import Page
from web.html.representations import RDF, accepted_format, by_extension, link_documents, route_of
from web.html.urls import short_iri
from web.views.model_diagram import ModelDiagram, model_diagram

blueprint = Blueprint("ontology", __name__)

DOCUMENTS: Final = vocabulary_reader.DOCUMENTS
_DOCUMENT: Final = f"<any({', '.join(map(repr, DOCUMENTS))}):document>"


@dataclass(frozen=True)
class VocabularyPage(Page):
    """The terms of the vocabulary, each with its usage in the data."""

    template = "views/vocabulary.html"
    formats: ClassVar[tuple[Format, ...]] = RDF
    membership: ClassVar[str] = TYPE
    vocabulary: Vocabulary
    model: VocabularyModel
    diagram: ModelDiagram
    usage: Mapping[str, TermUsage]
    example: WorkedExample | None  # None if the data do not have it
    documents: tuple[str, ...]  # those of `DOCUMENTS` that the site has
    has_context: bool

    @property
    def terms(self) -> dict[str, Ref]:
        """The classes and properties on the page, by anchor."""
        vocabulary = self.vocabulary
        entries = (*vocabulary.classes, *vocabulary.properties, *vocabulary.foreign_terms)
        return {anchor(entry.ref.iri): entry.ref for entry in entries}

    @property
    def anchors(self) -> dict[str, str]:
        """The anchors of the terms on the page, by IRI."""
        refs = (*self.terms.values(), *(each.ref for each in self.vocabulary.lists))
        return {ref.iri: anchor(ref.iri) for ref in refs}

    def is_own(self, ref: Ref) -> bool:
        """Return whether `ref` is a term or a shape of this project."""
        return ref.iri.startswith(BASE)


def anchor(name: str) -> str:
    """Return the anchor of the IRI `name`: the local name of a term of ours, the CURIE of another."""
    return name.removeprefix(UTS) if name.startswith(UTS) else short_iri(name)


@blueprint.get(f"/{_DOCUMENT}")
def document(document: str) -> Response | Redirect:
    """Return the documentation as HTML, or the vocabulary or another document as RDF, by `Accept`."""
    chosen = accepted_format(RDF)
    if chosen == HTML and document != "ns":
        return redirect(url_for(".document", document="ns"), 303)

    def address(extension: str) -> str:
        return url_for(".data", document=document, extension=extension)

    if chosen == HTML:
        response = Response(_page().render())
    else:
        response = data(document, chosen.extension)
        response.headers["Content-Location"] = address(chosen.extension)
    return link_documents(response, RDF if document in _documents() else (), address)


@blueprint.get(f"/{_DOCUMENT}{route_of(RDF)}")
def data(document: str, extension: str) -> Response:
    """Return the vocabulary, its alignments, the display names or the shapes as RDF."""
    format_ = by_extension(RDF, extension)
    content = vocabulary_reader.rdf_document(document, format_.media_type)
    return Response(content, content_type=format_.content_type)


@blueprint.get("/ns/<version>")
def version(version: str) -> Redirect:
    """Redirect the IRI of a version of the vocabulary to the vocabulary, if that is its version."""
    if version != vocabulary_reader.read_vocabulary().version:
        raise NotFound(f"There is no version “{version}” here", rule="version", remedy="see the one at /ns")
    return redirect(url_for(".document", document="ns"), 303)


@blueprint.get("/ns/context.jsonld")
def context() -> Response:
    """Return the JSON-LD context of the source files; raise NotFound if the site has none."""
    if not vocabulary_reader.CONTEXT.is_file():
        raise NotFound("This site has no context", rule="ontology", remedy="see what there is at /ns")
    return Response(vocabulary_reader.CONTEXT.read_bytes(), content_type="application/ld+json")


@blueprint.get("/ns/diagram.svg")
def diagram() -> Response:
    """Return the diagram of the model by itself, in the language of the interface."""
    drawing = render_template("views/model_diagram.svg", diagram=model_diagram(interface_language()))
    return Response(drawing, content_type="image/svg+xml")


@blueprint.get("/ns/examples/<name>.ttl")
def example(name: str) -> Response:
    """Return an example: `Statement` conforms to the shapes, `Statement.invalid` does not."""
    files = {path.stem: path for path in vocabulary_reader.EXAMPLES.glob("*.ttl")}
    if name not in files:
        raise NotFound(f"There is no example “{name}”", rule="example", remedy="choose one of /ns")
    return Response(files[name].read_bytes(), content_type="text/turtle; charset=utf-8")


def _documents() -> tuple[str, ...]:
    return tuple(each for each in DOCUMENTS if has_document(each))


def _page() -> VocabularyPage:
    return VocabularyPage(
        vocabulary=vocabulary_reader.read_vocabulary(),
        model=read_model(),
        diagram=model_diagram(interface_language()),
        usage=_usage(),
        example=_example(),
        documents=_documents(),
        has_context=vocabulary_reader.CONTEXT.is_file(),
    )


def _usage() -> Mapping[str, TermUsage]:
    """Return the usage of the terms by IRI, or nothing if the data are unavailable."""
    try:
        return app_state().vocabulary_usage
    except Unavailable:
        return {}


def _example() -> WorkedExample | None:
    """Return the example of the model, or None if the data do not have it or are unavailable."""
    try:
        return read_example(app_state().entities)
    except Unavailable:
        return None

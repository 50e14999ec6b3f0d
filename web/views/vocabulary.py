"""The vocabulary: its documentation as a page, and the vocabulary, shapes, context and examples as files.

The page is our own rather than pyLODE's (3.6 was tried): that writes a whole document with its own inline
styles, headings in English alone, and the labels of all languages run together without saying which is which.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import NotFound, Unavailable
from graph.core.namespaces import BASE, TYPE, UTS
from graph.read import vocabulary
from graph.read.entities import Ref
from graph.read.vocabulary import Vocabulary
from graph.read.vocabulary_usage import TermUsage
from web.html.app_state import app_state
from web.html.page_models import Page
from web.html.urls import EXTENSIONS, short_iri
from web.http.negotiation import choose

blueprint = Blueprint("ontology", __name__)

HTML: Final = "text/html"
FORMATS: Final = {extension: type_ for extension, type_ in EXTENSIONS.items() if extension != "json"}
_DOCUMENTS: Final = {"ns": vocabulary.vocabulary_document, "shapes": vocabulary.shapes_document}
_DOCUMENT: Final = f"<any({', '.join(_DOCUMENTS)}):document>"
_OPEN: Final = {"Access-Control-Allow-Origin": "*"}  # a JSON-LD processor in somebody's page may want them


@dataclass(frozen=True)
class OntologyPage(Page):
    """The vocabulary, term by term, and how each is used in the data served here."""

    template = "views/vocabulary.html"
    formats: ClassVar[dict[str, str]] = FORMATS
    membership: ClassVar[str] = TYPE
    known: Vocabulary
    uses: Mapping[str, TermUsage]

    @property
    def anchors(self) -> dict[str, str]:
        """Where on the page each term is explained: own ones under their names, as their IRIs say."""
        known = self.known
        entries = (*known.classes, *known.properties, *known.foreign_terms)
        refs = (*(entry.ref for entry in entries), *(each.ref for each in known.lists))
        return {ref.iri: anchor(ref.iri) for ref in refs}

    def is_own(self, ref: Ref) -> bool:
        """Tell whether `ref` is a term of ours, or one of our shapes: known by its name alone."""
        return ref.iri.startswith(BASE)


def anchor(name: str) -> str:
    """Return the anchor of the IRI `name`: the name of a term of ours, the prefixed name of another."""
    return name.removeprefix(UTS) if name.startswith(UTS) else short_iri(name)


@blueprint.get(f"/{_DOCUMENT}")
def document(document: str) -> Response | Redirect:
    """Answer with the documentation, or with the vocabulary or the shapes as RDF, as the client prefers."""
    chosen = choose(request.headers.get("Accept", ""), (HTML, *FORMATS.values()))
    if chosen != HTML:
        extension = next(key for key, type_ in FORMATS.items() if type_ == chosen)
        response: Response | Redirect = data(document, extension)
        response.headers["Content-Location"] = url_for(".data", document=document, extension=extension)
    elif document == "ns":
        response = Response(_page().render())
    else:
        response = redirect(url_for(".document", document="ns"), 303)
    for extension, type_ in FORMATS.items():
        address = url_for(".data", document=document, extension=extension)
        response.headers.add("Link", f'<{address}>; rel="alternate"; type="{type_}"')
    return response


@blueprint.get(f"/{_DOCUMENT}.<any({', '.join(FORMATS)}):extension>")
def data(document: str, extension: str) -> Response:
    """Answer with the vocabulary or the shapes in a format of RDF."""
    media_type = FORMATS[extension]
    return Response(_DOCUMENTS[document](media_type), content_type=media_type, headers=_OPEN)


@blueprint.get("/ns/context.jsonld")
def context() -> Response:
    """Answer with the JSON-LD context that sources are written with."""
    return Response(vocabulary.CONTEXT.read_bytes(), content_type="application/ld+json", headers=_OPEN)


@blueprint.get("/ns/examples/<name>.ttl")
def example(name: str) -> Response:
    """Answer with one of the examples: `Statement` shows a right one, `Statement.invalid` a wrong one."""
    files = {path.stem: path for path in vocabulary.EXAMPLES.glob("*.ttl")}
    if name not in files:
        raise NotFound(f"There is no example “{name}”", rule="example", remedy="choose one of /ns")
    return Response(files[name].read_bytes(), content_type="text/turtle; charset=utf-8", headers=_OPEN)


def _page() -> OntologyPage:
    return OntologyPage(vocabulary.read_vocabulary(), _uses())


def _uses() -> Mapping[str, TermUsage]:
    """Return how the terms are used, or nothing if the data cannot be read now."""
    try:
        return app_state().vocabulary_usage
    except Unavailable:
        return {}

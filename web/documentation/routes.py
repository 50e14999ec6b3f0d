"""The pages of the documentation, and the pictures on them."""

from dataclasses import dataclass

from flask import Blueprint, Response
from markupsafe import Markup

from graph.core.errors import NotFound
from web.documentation import documents, links, markdown, stored_queries
from web.documentation.documents import Document, Section
from web.html.app_state import app_state
from web.html.page_models import Page

blueprint = Blueprint("documentation", __name__)


@dataclass(frozen=True)
class DocumentPage(Page):
    """A document with the menu of all, or the index, which is the menu."""

    template = "documentation/document.html"
    document: Document
    html: Markup
    sections: tuple[Section, ...]  # none on the index

    @property
    def contents(self) -> tuple[markdown.Heading, ...]:
        """The headings right below the title, if there are several."""
        below = tuple(each for each in self.document.headings if each.level == 2)
        return below if len(below) > 1 else ()

    def address(self, link: markdown.Link) -> str | None:
        """Return the address of a `link` of the menu."""
        return links.address(link.target)


@blueprint.get("/docs")
def index() -> str:
    """Return the index of the documentation."""
    document = documents.read(documents.INDEX)
    return DocumentPage(document, markdown.render(document.tokens, links.address), ()).render()


@blueprint.get("/docs/<slug:name>")
def page(name: str) -> str:
    """Return the document called `name`; raise NotFound if there is none."""
    if name not in documents.names():
        raise NotFound(f"No document is called “{name}”", where="name", remedy="choose one from /docs")
    document = documents.read(name, _blocks(name))
    html = markdown.render(document.tokens, links.address)
    return DocumentPage(document, html, documents.sections()).render()


def _blocks(name: str) -> tuple[tuple[str, str], ...]:
    """Return the generated parts of the document that depend on the site that is served."""
    if name != stored_queries.DOCUMENT:
        return ()
    return ((name, stored_queries.query_table(app_state().stored_queries.values())),)


@blueprint.get("/docs/<name>")
def picture(name: str) -> Response:
    """Return a picture that a document shows; raise NotFound if there is none."""
    if name not in documents.pictures():
        raise NotFound(f"No picture is called “{name}”", where="name", remedy="choose a document from /docs")
    path = documents.FOLDER / name
    return Response(path.read_bytes(), content_type=documents.PICTURES[path.suffix])

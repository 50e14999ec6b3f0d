"""Citations of statements: their files, and the section of the page.

The cited work is this graph's record, whose words are ours: its author is Utsaga, and the speaker, the source
and its date are given as the original's. Nothing is put in quotation marks under a person's name. The date of
access is left to the reader.
"""

from typing import Final

from flask import Blueprint, Response

from graph.core.errors import NotFound
from graph.core.iris import entity_iri
from graph.core.namespaces import TYPE
from graph.core.terms import iri
from graph.read.entities import Entities
from graph.read.statements import STATEMENT_CLASS, Statement, read_statement
from web.entities.citation_formats import to_bibtex, to_csl, to_ris
from web.entities.page_models import Citation
from web.evidence.citation_text import citation_html
from web.html.app_state import app_state

blueprint = Blueprint("cite", __name__)

MEDIA_TYPES: Final = {
    "cite.txt": "text/plain",
    "cite.html": "text/html",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl.json": "application/vnd.citationstyles.csl+json",
}
_EXTENSIONS: Final = ", ".join(f"'{extension}'" for extension in MEDIA_TYPES)


@blueprint.get(f"/statement/<slug:slug>.<any({_EXTENSIONS}):extension>")
def download(slug: str, extension: str) -> Response:
    """Return the citation of a statement as a file; raise NotFound for another entity."""
    entities = app_state().entities
    iri_ = entity_iri("statement", slug)
    if STATEMENT_CLASS not in entities.node(iri(iri_)).iris(TYPE):
        raise NotFound("There is no such statement", where=slug, rule="identifier")
    citation = cite(entities, read_statement(entities, iri_))
    response = Response(citation.files[extension], content_type=f"{MEDIA_TYPES[extension]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.{extension}"'
    return response


def cite(entities: Entities, statement: Statement) -> Citation:
    """Return the citation of `statement` in the languages of the page."""
    html = citation_html(entities, statement)
    text = str(html.striptags())
    return Citation(
        text=text,
        html=html,
        files={
            "cite.txt": f"{text}\n",
            "cite.html": f"{html}\n",
            "bib": to_bibtex(statement),
            "ris": to_ris(statement),
            "csl.json": to_csl(statement),
        },
    )

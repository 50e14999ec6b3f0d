"""Citations of statements, adoptions and assessments: their files, and the section of the page.

The cited work is this graph's record, whose words are ours: its author is Utsaga, and the speaker, the source
and its date are given as the original's. Nothing is put in quotation marks under a person's name. The date of
access is left to the reader.
"""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response

from graph.claims.claims import read_adoption, read_assessment
from graph.claims.statements import STATEMENT_CLASS, read_statement
from graph.core.errors import NotFound
from graph.core.iris import entity_iri
from graph.core.namespaces import TYPE, UTS
from graph.core.terms import iri
from graph.read.entities import Entities
from web.entities.citation_formats import to_bibtex, to_csl, to_ris
from web.entities.page_models import Citation
from web.evidence.citation_text import citation_html
from web.evidence.cited_records import CitedRecord, claim_record, statement_record
from web.html.app_state import app_state

blueprint = Blueprint("cite", __name__)

MEDIA_TYPES: Final = {
    "cite.txt": "text/plain",
    "cite.html": "text/html",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl.json": "application/vnd.citationstyles.csl+json",
}
_RECORDS: Final[dict[str, tuple[str, Callable[[Entities, str], CitedRecord]]]] = {
    "statement": (
        STATEMENT_CLASS,
        lambda entities, name: statement_record(entities, read_statement(entities, name)),
    ),
    "adoption": (
        UTS + "Adoption",
        lambda entities, name: claim_record(entities, read_adoption(entities, name)),
    ),
    "assessment": (
        UTS + "Assessment",
        lambda entities, name: claim_record(entities, read_assessment(entities, name)),
    ),
}
"""By kind of entity: the class of what can be cited, and what reads it."""
_EXTENSIONS: Final = ", ".join(f"'{extension}'" for extension in MEDIA_TYPES)


@blueprint.get(f"/<any({', '.join(_RECORDS)}):kind>/<slug:slug>.<any({_EXTENSIONS}):extension>")
def download(kind: str, slug: str, extension: str) -> Response:
    """Return the citation of a record as a file; raise NotFound for another entity."""
    entities = app_state().entities
    name, class_, read = entity_iri(kind, slug), *_RECORDS[kind]
    if class_ not in entities.node(iri(name)).iris(TYPE):
        raise NotFound(f"There is no such {kind}", where=slug, rule="identifier")
    citation = cite(read(entities, name))
    response = Response(citation.files[extension], content_type=f"{MEDIA_TYPES[extension]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.{extension}"'
    return response


def cite(record: CitedRecord) -> Citation:
    """Return the citation of `record` in the languages of the page."""
    html = citation_html(record)
    text = str(html.striptags())
    return Citation(
        text=text,
        html=html,
        files={
            "cite.txt": f"{text}\n",
            "cite.html": f"{html}\n",
            "bib": to_bibtex(record),
            "ris": to_ris(record),
            "csl.json": to_csl(record),
        },
    )

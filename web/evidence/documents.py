"""Envelopes of statements as JSON, each a JSON-LD document by itself: Web Annotation and PROV.

https://www.w3.org/TR/annotation-model/, https://www.w3.org/TR/prov-o/. `start` and `end` of a passage are for
programs; its `selector` has them where the annotation model does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from graph.claims.statements import read_statement
from graph.core.namespaces import DOCUMENT
from graph.core.site import SITE
from graph.evidence.envelope import Envelope, EnvelopePassage
from graph.evidence.reader import read_envelopes
from graph.read.entities import Entities, cached_by_iri
from web.evidence.citation_text import citation_html
from web.evidence.cited_records import statement_record
from web.html.app_state import app_state
from web.html.i18n import LANGUAGES, in_language
from web.html.site_context import base_url

CONTEXT_PATH: Final = "/ns/evidence.jsonld"
SCHEMA_PATH: Final = "/ns/evidence.schema.json"
_PUBLISHER: Final = {"iri": f"{DOCUMENT}#publisher", "name": dict.fromkeys(SITE.languages, SITE.publisher)}


def envelope_documents(statements: Iterable[str]) -> list[dict[str, Any]]:
    """Return the envelopes of the `statements`, IRIs, in their order, for `json.dumps`.

    They are of the release that the current application serves; it needs no request.
    """
    state = app_state()
    context = base_url() + CONTEXT_PATH
    release = state.release.id if state.release else None
    return [
        {"@context": context}
        | _members(each)
        | {"release": release, "cite": dict(_citations(state.entities, each.statement))}
        for each in read_envelopes(state.entities, statements)
    ]


def _members(envelope: Envelope) -> dict[str, Any]:
    """Return the members of `envelope`, with whose words the text is and its types in RDF."""
    members = asdict(envelope)
    types = ["Statement", "Entity", "Annotation"] if envelope.passages else ["Statement", "Entity"]
    first = {"statement": members.pop("statement"), "type": types, "text": members.pop("text")}
    passages = [_passage(each) for each in envelope.passages]
    return first | {"attributedTo": _PUBLISHER} | members | {"passages": passages}


def _passage(passage: EnvelopePassage) -> dict[str, Any]:
    selector = {"type": "TextPositionSelector", "start": passage.start, "end": passage.end}
    return asdict(passage) | {"type": "SpecificResource", "selector": selector}


@cached_by_iri
def _citations(entities: Entities, name: str) -> Mapping[str, str]:
    """Return how to cite the statement with the IRI `name`, by language."""
    statement, found = read_statement(entities, name), dict[str, str]()
    for language in LANGUAGES:
        with in_language(language):
            found[language] = str(citation_html(statement_record(entities, statement)).striptags())
    return found

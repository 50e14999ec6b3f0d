"""The page on which a reader checks a source's passages against a copy of its text, in the browser.

The text never leaves the browser: the page's policy lets its script connect to nothing, submit no form and
load no picture. https://www.w3.org/TR/CSP3/#directive-connect-src
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from flask import Blueprint, Response

from graph.claims.source_texts import SourceOrigin, passages_of, read_origin, text_digest
from graph.claims.statements import Passage, Statement, read_statement
from graph.core.errors import NotFound
from graph.core.namespaces import UTS
from graph.read.entities import Entities
from web.html.app_state import app_state
from web.html.page_models import Page, Slice
from web.html.request_args import find_entity, page_number, reads_arguments
from web.http.security_headers import POLICY

blueprint = Blueprint("verification", __name__)

ISOLATED_POLICY: Final = (
    POLICY.replace("connect-src 'self'", "connect-src 'none'")
    .replace("form-action 'self'", "form-action 'none'")
    .replace("img-src 'self' data:", "img-src data:")
)
_PER_PAGE: Final = 500  # passages


@dataclass(frozen=True)
class PassageEvidence:
    """A passage and the statements that it is evidence of."""

    passage: Passage
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class VerificationPage(Page):
    """The passages of a source, to be checked against a copy of its text."""

    template = "entities/verification.html"
    indexed = False
    is_isolated: ClassVar[bool] = True
    origin: SourceOrigin
    passages: Slice[PassageEvidence]
    text_digest: str  # of the text as a whole


@blueprint.get("/source/<slug:slug>/verify")
@reads_arguments("page")
def page(slug: str) -> Response:
    """Return the page for a source; raise NotFound if it does not exist or has no passages."""
    entities = app_state().entities
    name = find_entity("source", slug)
    passages = passages_of(entities, name)
    if not passages:
        raise NotFound(
            "The source has no passages to check",
            where=slug,
            rule="passages",
            remedy="its page says whether its text was read",
        )
    number = page_number(len(passages), _PER_PAGE)
    shown = passages[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    found = VerificationPage(
        origin=read_origin(entities, name),
        passages=Slice(
            tuple(_evidence(entities, each) for each in shown),
            len(passages),
            number,
            -(-len(passages) // _PER_PAGE),
        ),
        text_digest=text_digest(entities, name),
    )
    response = Response(found.render())
    response.headers["Content-Security-Policy"] = ISOLATED_POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _evidence(entities: Entities, passage: Passage) -> PassageEvidence:
    names = entities.index.linking_to(passage.iri, UTS + "evidence", kind="statement")
    return PassageEvidence(
        passage, tuple(read_statement(entities, each) for each in names.page(0, len(names)))
    )

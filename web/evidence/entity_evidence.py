"""The members of an entity's JSON document with its evidence: the statements behind it, page by page.

An organisation also has where it stands on each product: “no” and “nothing known” are different answers.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from graph.core.iris import parse_entity_iri
from graph.core.site import SITE
from graph.evidence.standings import Standing, products_spoken_of, standing_on
from graph.evidence.support import has_statements, statements_behind
from graph.read.entities import Entities
from web.evidence.documents import envelope_documents
from web.html import urls
from web.html.request_args import page_number
from web.html.site_context import base_url

PER_PAGE: Final = 20
MAX_STANDINGS: Final = 100  # of one organisation; `standingsTotal` has how many there are


def evidence_members(entities: Entities, name: str) -> dict[str, Any]:
    """Return the members for the IRI `name` with the page of its evidence that the request asks for.

    There are none for an entity that can have no evidence, nor those of parts that the site has switched off.
    Raise NotFound for a page that there is not.
    """
    kind = (parse_entity_iri(name) or ("",))[0]
    has_evidence = has_statements(kind) and SITE.offers("members", "evidence")
    has_standings = kind == "organisation" and SITE.offers("members", "standings")
    return (_evidence(entities, name) if has_evidence else {}) | (
        _standings(entities, name) if has_standings else {}
    )


def _evidence(entities: Entities, name: str) -> dict[str, Any]:
    behind = statements_behind(entities, name)
    pages, number = max(1, -(-len(behind) // PER_PAGE)), page_number(len(behind), PER_PAGE)
    address = base_url() + urls.entity_url(name, "json")
    joint = "&" if "?" in address else "?"  # a release that is asked for stays in the address
    return {
        "evidence": envelope_documents(behind.page((number - 1) * PER_PAGE, PER_PAGE)),
        "evidencePage": {
            "total": len(behind),
            "page": number,
            "pages": pages,
            "next": f"{address}{joint}page={number + 1}" if number < pages else None,
        },
    }


def standing_documents(standings: Iterable[Standing]) -> list[dict[str, Any]]:
    """Return `standings` for `json.dumps`."""
    return [asdict(each) for each in standings]


def _standings(entities: Entities, organisation: str) -> dict[str, Any]:
    """Return where the organisation stands on products, and what holds for those that are not listed."""
    products = products_spoken_of(entities, organisation)
    listed = (standing_on(entities, organisation, each) for each in products[:MAX_STANDINGS])
    return {
        "standings": standing_documents(listed),
        "standingsTotal": len(products),
        "otherProducts": "nothing-known" if len(products) <= MAX_STANDINGS else None,
    }

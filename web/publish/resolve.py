"""Resolve identifiers of other registers to entities: /resolve?wikidata=Q42."""

from typing import Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import BadInput, NotFound
from graph.core.iris import parse_entity_iri
from graph.matching import identifiers
from web.html.app_state import app_state
from web.html.request_args import reads_arguments
from web.html.site_context import base_url

blueprint = Blueprint("resolve", __name__)

_RULE: Final = "resolve"


@blueprint.get("/resolve")
@reads_arguments(*identifiers.SCHEMES)
def page() -> Redirect:
    """Redirect (303) to the one entity that has the identifier, or else to the one it is a close match of.

    Raise NotFound for an unknown identifier, BadInput for one that several entities have."""
    entities = app_state().entities
    scheme, given = _requested_identifier()
    identifier = identifiers.parse_identifier(scheme, _entity_of_page(given) if scheme == "iri" else given)
    named = identifiers.find_by_identifier(entities, scheme, identifier)
    found = named.same or named.close
    title = identifiers.SCHEMES[scheme].title
    if not found:
        raise NotFound(
            f"Nothing here has the {title} {identifier[:200]}",
            where=scheme,
            rule=_RULE,
            remedy="look for it by name in /search",
        )
    if len(found) > 1:
        raise BadInput(
            f"The {title} {identifier[:200]} is that of several: {', '.join(found[:5])}",
            where=scheme,
            rule=_RULE,
            remedy="ask for one of them",
        )
    kind, slug = parse_entity_iri(found[0]) or ("", "")
    return redirect(url_for("entities.identifier", kind=kind, slug=slug), 303)


def _requested_identifier() -> tuple[str, str]:
    """Return the scheme and the identifier in the URL; raise BadInput unless there is exactly one."""
    given = [
        (scheme, value)
        for scheme, value in request.args.items(multi=True)
        if scheme in identifiers.SCHEMES and value.strip()
    ]
    if len(given) != 1:
        raise BadInput(
            "There are several identifiers" if given else "There is no identifier",
            where="URL",
            rule=_RULE,
            remedy=f"give one of {', '.join(identifiers.SCHEMES)}",
        )
    return given[0]


def _entity_of_page(given: str) -> str:
    """Return the IRI of the entity whose page on this host has the URL `given`, else `given` unchanged."""
    host = f"{base_url()}/"
    path = given.removeprefix(host).removeprefix("id/") if given.startswith(host) else ""
    return identifiers.parse_entity_name(path) or given

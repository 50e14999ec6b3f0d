"""Lookup of entities by external identifiers: numbers, codes, domains and IRIs of other data sets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from graph.core import iris
from graph.core.errors import BadInput
from graph.core.extensions import extension
from graph.core.namespaces import ID, OWL, RDFS, SKOS, WD
from graph.core.terms import Term, iri, text
from graph.matching.identifier_scheme import IdentifierScheme, matched_text
from graph.read.entities import Entities

SAME_PROPERTIES: Final = (OWL + "sameAs", SKOS + "exactMatch")
CLOSE_PROPERTIES: Final = (SKOS + "closeMatch", RDFS + "seeAlso")
_MAX_LENGTH: Final = 2000  # characters of an identifier
_MAX_ENTITIES: Final = 20  # per identifier

_SUBJECTS: Final = """
SELECT ?entity ?property ?value WHERE { ?entity ?property ?value FILTER(isIRI(?entity)) } LIMIT 20"""
_WIKIDATA_ITEM: Final = re.compile(
    r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/|wd:)?(Q[1-9]\d{0,14})", re.I
)


@dataclass(frozen=True)
class IdentifiedEntities:
    """The IRIs of entities with an identifier: those identified by it, and those only closely matching."""

    same: tuple[str, ...]
    close: tuple[str, ...] = ()


def parse_identifier(scheme: str, given: str) -> str:
    """Return the identifier `given` of `scheme` in the graph's form; raise BadInput if it is malformed."""
    known = SCHEMES[scheme]
    found = known.parse(given.strip()) if len(given) <= _MAX_LENGTH else ""
    if not found:
        raise BadInput(
            f"“{given[:60]}” is no {known.title}",
            where=scheme,
            rule="identifier",
            remedy=f"write something like {known.example}",
        )
    return found


def guess_identifiers(given: str) -> Iterator[tuple[str, str]]:
    """Yield scheme and identifier for each scheme that the text `given` can be an identifier of."""
    given = given.strip()
    for scheme, known in SCHEMES.items() if 0 < len(given) <= _MAX_LENGTH else ():
        found = known.parse(given)
        if found and not (known.guess_exact and found != given):
            yield scheme, found


def find_by_identifier(entities: Entities, scheme: str, identifier: str) -> IdentifiedEntities:
    """Return the entities with `identifier`, in the form of `parse_identifier`."""
    if SCHEMES[scheme].properties != SAME_PROPERTIES:
        return IdentifiedEntities(_subjects(entities, SCHEMES[scheme].properties, text(identifier)))
    if identifier.startswith(ID):
        return IdentifiedEntities((identifier,) if entities.exists(identifier) else ())
    if iris.may_be_linked(identifier) and entities.exists(identifier):
        return IdentifiedEntities((identifier,))
    variants = [iri(each) for each in _iri_variants(identifier)]
    same, close = (
        tuple(dict.fromkeys(name for each in variants for name in _subjects(entities, properties, each)))
        for properties in (SAME_PROPERTIES, CLOSE_PROPERTIES)
    )
    return IdentifiedEntities(same, tuple(name for name in close if name not in same))


def parse_entity_name(given: str) -> str:
    """Return the IRI of the site's entity `given`, an IRI, id:kind/slug or kind/slug, or "" for others.

    Where the site has no table of kinds, entities may have any IRI.
    """
    if iris.may_be_linked(given):
        return given
    whole = ID + given.removeprefix("id:").removeprefix(ID)
    return whole if iris.parse_entity_iri(whole) else ""


def _subjects(entities: Entities, properties: tuple[str, ...], value: Term) -> tuple[str, ...]:
    try:
        rows = [
            row for name in properties for row in entities.select(_SUBJECTS, property=iri(name), value=value)
        ]
    except ValueError:  # not an IRI
        return ()
    found = dict.fromkeys(row["entity"].value for row in rows)
    return tuple(_current_entities(entities, tuple(found)[:_MAX_ENTITIES]))


def _current_entities(entities: Entities, names: tuple[str, ...]) -> Iterator[str]:
    """Yield the IRIs of `names` that are of matched kinds, or the successors of retired ones."""
    matched = (name for name in names if entities.kind(name) in entities.index.kinds.matched)
    yield from dict.fromkeys(entities.successor(name) or name for name in matched)


def _iri_variants(name: str) -> tuple[str, ...]:
    """Return the variants of an IRI with http or https, with or without a trailing slash."""
    rest = name.partition("://")[2].removesuffix("/")
    return tuple(f"{scheme}://{rest}{end}" for scheme in ("http", "https") for end in ("", "/"))


def _parse_wikidata_item(given: str) -> str:
    found = matched_text(_WIKIDATA_ITEM.fullmatch(given))
    return WD + found.upper() if found else ""


def _parse_iri(given: str) -> str:
    if ours := parse_entity_name(given):
        return ours
    if _parse_wikidata_item(given):
        return _parse_wikidata_item(given)
    try:
        parts = urlsplit(given)
        return given if parts.scheme in ("http", "https") and parts.hostname and " " not in given else ""
    except ValueError:
        return ""


SCHEMES: Final[dict[str, IdentifierScheme]] = {
    "iri": IdentifierScheme("IRI", "http://www.wikidata.org/entity/Q52502", _parse_iri, SAME_PROPERTIES),
    "wikidata": IdentifierScheme("Wikidata item", "Q52502", _parse_wikidata_item, SAME_PROPERTIES),
    **extension("identifiers", {}),
}
"""The schemes by their name in parameters of URLs."""

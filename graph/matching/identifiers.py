"""Lookup of entities by external identifiers: numbers, codes, domains and IRIs of other data sets."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from graph.core import iris
from graph.core.errors import BadInput
from graph.core.namespaces import ID, ORG, OWL, RDFS, SKOS, UTS, WD
from graph.core.terms import Term, iri, text
from graph.read.entities import Entities

NUTS_NAMESPACE: Final = "http://data.europa.eu/nuts/code/"
SAME_PROPERTIES: Final = (OWL + "sameAs", SKOS + "exactMatch")
CLOSE_PROPERTIES: Final = (SKOS + "closeMatch", RDFS + "seeAlso")
MATCHED_KINDS: Final = ("organisation", "person", "product", "law", "place", "source")
_MAX_LENGTH: Final = 2000  # characters of an identifier
_MAX_ENTITIES: Final = 20  # per identifier

_SUBJECTS: Final = """
SELECT ?entity ?property ?value WHERE { ?entity ?property ?value FILTER(isIRI(?entity)) } LIMIT 20"""
_WIKIDATA_ITEM: Final = re.compile(
    r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/|wd:)?(Q[1-9]\d{0,14})", re.I
)
_ORGANISATION_NUMBER: Final = re.compile(r"(?:SE|16)?(\d{6})-?(\d{4})(?:01)?", re.ASCII | re.I)
_MUNICIPALITY_CODE: Final = re.compile(r"\d{3,4}", re.ASCII)  # spreadsheets lose the 0 in front
_SFS: Final = re.compile(r"(?:SFS\s*|https?://lagen\.nu/)?(\d{4}:\d{1,5})", re.ASCII | re.I)
_CELEX: Final = re.compile(r"(?:.*\bCELEX:)?(\d{5}[A-Z]{1,2}\d{4}(?:\(\d\d\))?)", re.ASCII | re.I)
_ISO_3166: Final = re.compile(r"SE-[A-Z]{1,2}", re.ASCII | re.I)
_NUTS_CODE: Final = re.compile(r"(?:https?://data\.europa\.eu/nuts/code/)?(SE\d{3})", re.ASCII | re.I)
_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.ASCII)


@dataclass(frozen=True)
class IdentifierScheme:
    """An identifier scheme: its name in messages, an example, its parser, and the properties with values."""

    title: str
    example: str
    parse: Callable[[str], str]
    properties: tuple[str, ...]


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
        if found and not (scheme == "municipality" and found != given):  # 180 may be any number
            yield scheme, found


def find_by_identifier(entities: Entities, scheme: str, identifier: str) -> IdentifiedEntities:
    """Return the entities with `identifier`, in the form of `parse_identifier`."""
    if SCHEMES[scheme].properties != SAME_PROPERTIES:
        return IdentifiedEntities(_subjects(entities, SCHEMES[scheme].properties, text(identifier)))
    if identifier.startswith(ID):
        return IdentifiedEntities((identifier,) if entities.exists(identifier) else ())
    variants = [iri(each) for each in _iri_variants(identifier)]
    same, close = (
        tuple(dict.fromkeys(name for each in variants for name in _subjects(entities, properties, each)))
        for properties in (SAME_PROPERTIES, CLOSE_PROPERTIES)
    )
    return IdentifiedEntities(same, tuple(name for name in close if name not in same))


def parse_entity_name(given: str) -> str:
    """Return the IRI of the project's entity `given`, an IRI, id:kind/slug or kind/slug, or "" for others."""
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
    matched = (name for name in names if (iris.parse_entity_iri(name) or ("", ""))[0] in MATCHED_KINDS)
    yield from dict.fromkeys(entities.successor(name) or name for name in matched)


def _iri_variants(name: str) -> tuple[str, ...]:
    """Return the variants of an IRI with http or https, with or without a trailing slash."""
    rest = name.partition("://")[2].removesuffix("/")
    return tuple(f"{scheme}://{rest}{end}" for scheme in ("http", "https") for end in ("", "/"))


def _matched_text(found: re.Match[str] | None) -> str:
    """Return the last group of a match, or the whole match if there is no group; "" for None."""
    return found[found.re.groups] if found else ""


def _parse_wikidata_item(given: str) -> str:
    found = _matched_text(_WIKIDATA_ITEM.fullmatch(given))
    return WD + found.upper() if found else ""


def _parse_nuts_code(given: str) -> str:
    """Return the IRI of a NUTS region: the code alone is a value of its municipalities too."""
    found = _matched_text(_NUTS_CODE.fullmatch(given))
    return NUTS_NAMESPACE + found.upper() if found else ""


def _parse_organisation_number(given: str) -> str:
    found = _ORGANISATION_NUMBER.fullmatch(given.replace(" ", ""))
    return f"{found[1]}-{found[2]}" if found else ""


def _parse_municipality_code(given: str) -> str:
    found = _matched_text(_MUNICIPALITY_CODE.fullmatch(given))
    return found and found.zfill(4)


def _parse_domain(given: str) -> str:
    """Return the domain of a URL, or the domain itself, without “www.”; "" if it is malformed."""
    whole = given.lower() if "://" in given else f"//{given.lower()}"
    try:
        host = urlsplit(whole).hostname or ""
    except ValueError:
        return ""
    plain = host.rstrip(".").removeprefix("www.")
    return plain if _DOMAIN.fullmatch(plain) and "@" not in given and " " not in given else ""


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
    "orgnr": IdentifierScheme(
        "organisation number",
        "212000-1355",
        _parse_organisation_number,
        (UTS + "organisationNumber", ORG + "identifier"),
    ),
    "municipality": IdentifierScheme(
        "municipality code", "1480", _parse_municipality_code, (UTS + "municipalityCode",)
    ),
    "sfs": IdentifierScheme(
        "SFS number", "2009:400", lambda given: _matched_text(_SFS.fullmatch(given)), (UTS + "sfsNumber",)
    ),
    "celex": IdentifierScheme(
        "CELEX number",
        "32016R0679",
        lambda given: _matched_text(_CELEX.fullmatch(given)).upper(),
        (UTS + "celex",),
    ),
    "iso3166": IdentifierScheme(
        "ISO 3166-2 code",
        "SE-O",
        lambda given: _matched_text(_ISO_3166.fullmatch(given)).upper(),
        (UTS + "iso3166",),
    ),
    "nuts": IdentifierScheme("NUTS 3 code", "SE232", _parse_nuts_code, SAME_PROPERTIES),
    "domain": IdentifierScheme("domain", "goteborg.se", _parse_domain, (UTS + "internetDomain",)),
}
"""The schemes by their name in parameters of URLs."""

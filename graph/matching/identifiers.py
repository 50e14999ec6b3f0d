"""Finds what an identifier from elsewhere names: a number, a code, a domain or an IRI of another data set."""

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

NUTS: Final = "http://data.europa.eu/nuts/code/"
SAME: Final = (OWL + "sameAs", SKOS + "exactMatch")
CLOSE: Final = (SKOS + "closeMatch", RDFS + "seeAlso")
THINGS: Final = ("organisation", "person", "product", "law", "place", "source")
_LONGEST: Final = 2000  # characters of an identifier
_MOST: Final = 20  # entities that one identifier is looked up for

_HOLDS: Final = """
SELECT ?entity ?property ?value WHERE { ?entity ?property ?value FILTER(isIRI(?entity)) } LIMIT 20"""
_ITEM: Final = re.compile(
    r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/|wd:)?(Q[1-9]\d{0,14})", re.I
)
_NUMBER: Final = re.compile(r"(?:SE|16)?(\d{6})-?(\d{4})(?:01)?", re.ASCII | re.I)
_MUNICIPALITY: Final = re.compile(r"\d{3,4}", re.ASCII)  # spreadsheets lose the 0 in front
_SFS: Final = re.compile(r"(?:SFS\s*|https?://lagen\.nu/)?(\d{4}:\d{1,5})", re.ASCII | re.I)
_CELEX: Final = re.compile(r"(?:.*\bCELEX:)?(\d{5}[A-Z]{1,2}\d{4}(?:\(\d\d\))?)", re.ASCII | re.I)
_COUNTY: Final = re.compile(r"SE-[A-Z]{1,2}", re.ASCII | re.I)
_REGION: Final = re.compile(r"(?:https?://data\.europa\.eu/nuts/code/)?(SE\d{3})", re.ASCII | re.I)
_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.ASCII)


@dataclass(frozen=True)
class Scheme:
    """One way of identifying: what it is called in a message, an example, and what holds the identifiers."""

    title: str
    example: str
    read: Callable[[str], str]
    properties: tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """What an identifier names: the entities it is said to be one of, and those it is only linked to."""

    same: tuple[str, ...]
    close: tuple[str, ...] = ()


def read(scheme: str, given: str) -> str:
    """Return the identifier `given` as the graph writes those of `scheme`; raise BadInput if it is none."""
    known = SCHEMES[scheme]
    found = known.read(given.strip()) if len(given) <= _LONGEST else ""
    if not found:
        raise BadInput(
            f"“{given[:60]}” is no {known.title}",
            where=scheme,
            rule="identifier",
            remedy=f"write something like {known.example}",
        )
    return found


def guess(given: str) -> Iterator[tuple[str, str]]:
    """Yield what `given`, which may be any text, can be as an identifier: scheme and identifier."""
    given = given.strip()
    for scheme, known in SCHEMES.items() if 0 < len(given) <= _LONGEST else ():
        found = known.read(given)
        if found and not (scheme == "municipality" and found != given):  # 180 in a text is any number
            yield scheme, found


def find(entities: Entities, scheme: str, identifier: str) -> Named:
    """Return what the `identifier`, as `read` gives it, names."""
    if SCHEMES[scheme].properties != SAME:
        return Named(_held(entities, SCHEMES[scheme].properties, text(identifier)))
    if identifier.startswith(ID):
        return Named((identifier,) if entities.exists(identifier) else ())
    forms = [iri(each) for each in _forms(identifier)]
    same, close = (
        tuple(dict.fromkeys(name for form in forms for name in _held(entities, properties, form)))
        for properties in (SAME, CLOSE)
    )
    return Named(same, tuple(name for name in close if name not in same))


def own(given: str) -> str:
    """Return the IRI of ours that `given` writes whole, as id:kind/slug or as kind/slug; else nothing."""
    whole = ID + given.removeprefix("id:").removeprefix(ID)
    return whole if iris.parse_entity_iri(whole) else ""


def _held(entities: Entities, properties: tuple[str, ...], value: Term) -> tuple[str, ...]:
    try:
        rows = [
            row for name in properties for row in entities.select(_HOLDS, property=iri(name), value=value)
        ]
    except ValueError:  # no IRI at all
        return ()
    found = dict.fromkeys(row["entity"].value for row in rows)
    return tuple(_in_use(entities, tuple(found)[:_MOST]))


def _in_use(entities: Entities, names: tuple[str, ...]) -> Iterator[str]:
    """Yield those of `names` that are things, not what is said of them, or what has replaced them."""
    things = (name for name in names if (iris.parse_entity_iri(name) or ("", ""))[0] in THINGS)
    yield from dict.fromkeys(entities.successor(name) or name for name in things)


def _forms(name: str) -> tuple[str, ...]:
    """Return the ways an IRI is written: by http or https, with or without a slash at its end."""
    rest = name.partition("://")[2].removesuffix("/")
    return tuple(f"{scheme}://{rest}{end}" for scheme in ("http", "https") for end in ("", "/"))


def _text(found: re.Match[str] | None) -> str:
    """Return what the group of an expression holds, or all if it has none; nothing if it was not found."""
    return found[found.re.groups] if found else ""


def _item(given: str) -> str:
    found = _text(_ITEM.fullmatch(given))
    return WD + found.upper() if found else ""


def _region(given: str) -> str:
    """Return the IRI of a region of NUTS: the code alone is that of the municipalities in it as well."""
    found = _text(_REGION.fullmatch(given))
    return NUTS + found.upper() if found else ""


def _number(given: str) -> str:
    found = _NUMBER.fullmatch(given.replace(" ", ""))
    return f"{found[1]}-{found[2]}" if found else ""


def _municipality(given: str) -> str:
    found = _text(_MUNICIPALITY.fullmatch(given))
    return found and found.zfill(4)


def _domain(given: str) -> str:
    """Return the domain of an address on the web, or the domain itself, without www."""
    whole = given.lower() if "://" in given else f"//{given.lower()}"
    try:
        host = urlsplit(whole).hostname or ""
    except ValueError:
        return ""
    plain = host.rstrip(".").removeprefix("www.")
    return plain if _DOMAIN.fullmatch(plain) and "@" not in given and " " not in given else ""


def _iri(given: str) -> str:
    if ours := own(given):
        return ours
    if _item(given):
        return _item(given)
    try:
        parts = urlsplit(given)
        return given if parts.scheme in ("http", "https") and parts.hostname and " " not in given else ""
    except ValueError:
        return ""


SCHEMES: Final[dict[str, Scheme]] = {
    "iri": Scheme("IRI", "http://www.wikidata.org/entity/Q52502", _iri, SAME),
    "wikidata": Scheme("Wikidata item", "Q52502", _item, SAME),
    "orgnr": Scheme(
        "organisation number", "212000-1355", _number, (UTS + "organisationNumber", ORG + "identifier")
    ),
    "municipality": Scheme("municipality code", "1480", _municipality, (UTS + "municipalityCode",)),
    "sfs": Scheme("SFS number", "2009:400", lambda given: _text(_SFS.fullmatch(given)), (UTS + "sfsNumber",)),
    "celex": Scheme(
        "CELEX number", "32016R0679", lambda given: _text(_CELEX.fullmatch(given)).upper(), (UTS + "celex",)
    ),
    "iso3166": Scheme(
        "ISO 3166-2 code", "SE-O", lambda given: _text(_COUNTY.fullmatch(given)).upper(), (UTS + "iso3166",)
    ),
    "nuts": Scheme("NUTS 3 code", "SE232", _region, SAME),
    "domain": Scheme("domain", "goteborg.se", _domain, (UTS + "internetDomain",)),
}
"""The schemes, by the name that a parameter of a URL has."""

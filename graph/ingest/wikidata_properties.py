"""The properties whose values are taken from Wikidata, and which values are accepted.

Properties as in https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from graph.core.namespaces import GEOSPARQL, PQ, PS, RDFS, WD, WDT, XSD, P
from graph.core.site import SITE
from graph.core.terms import Coordinates, Term
from graph.rdf.convert import to_node

ATTRIBUTES: Final = {
    "population": WDT + "P1082",
    "coordinates": WDT + "P625",
    "coat-of-arms": WDT + "P94",
    "official-site": WDT + "P856",
    "head-office": WDT + "P159",
}
POPULATION, COORDINATES, COAT_OF_ARMS, OFFICIAL_SITE, HEAD_OFFICE = ATTRIBUTES.values()
COUNT: Final = P + "P1082"  # leads to Wikidata's statement of the population, which knows its time
COUNTED: Final = PS + "P1082"
COUNTED_AT: Final = PQ + "P585"
WKT: Final = GEOSPARQL + "wktLiteral"
LANGUAGES: Final = SITE.languages  # of names
DATES: Final = {"9": (XSD + "gYear", 4), "10": (XSD + "gYearMonth", 7), "11": (XSD + "date", 10)}
"""The datatype of a time by Wikidata's precision of it, and how much of the time that keeps."""
_ITEM: Final = re.compile(re.escape(WD) + r"Q[1-9][0-9]{0,14}")
_STATEMENT: Final = re.compile(re.escape(WD) + r"statement/[A-Za-z0-9-]{1,80}")
_COUNT: Final = re.compile(r"0|[1-9][0-9]{0,11}")
_POINT: Final = re.compile(r"Point\((-?\d{1,3}(?:\.\d{1,20})?) (-?\d{1,2}(?:\.\d{1,20})?)\)", re.ASCII)
_LONGEST: Final = 2000  # characters of an address or a name


def fits(property_: str, value: Term) -> bool:
    """Return whether `property_` is known here and may have `value`."""
    return property_ in _CHECKS and _CHECKS[property_](value)


def is_item(value: Term) -> bool:
    """Return whether `value` is an item of Wikidata, not a blank node for an unknown value."""
    return value.kind == "iri" and bool(_ITEM.fullmatch(value.value))


def is_web_address(value: str) -> bool:
    """Return whether `value` is a web address that a page may link to: no script, no password."""
    try:
        parts = urlsplit(value)
        node = to_node(Term(value, "iri"))
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return False
    return bool(node and known) and parts.username is None and value.isprintable() and len(value) <= _LONGEST


def point(value: Term) -> Coordinates | None:
    """Return the point on the earth that a literal writes, or None for anything else."""
    found = _POINT.fullmatch(value.value)
    if not found:
        return None
    longitude, latitude = float(found[1]), float(found[2])
    return Coordinates(latitude, longitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None


def _is_count(value: Term) -> bool:
    return value.datatype == XSD + "integer" and bool(_COUNT.fullmatch(value.value))


def _is_statement(value: Term) -> bool:
    return value.kind == "iri" and bool(_STATEMENT.fullmatch(value.value))


def _is_time(value: Term) -> bool:
    try:
        whole = len(value.value) == dict(DATES.values()).get(value.datatype)
        return whole and bool(date.fromisoformat((value.value + "-01-01")[:10]))
    except ValueError:
        return False


def _is_point(value: Term) -> bool:
    return value.datatype == WKT and point(value) is not None


def _is_address(value: Term) -> bool:
    return value.kind == "iri" and is_web_address(value.value)


def _is_name(value: Term) -> bool:
    named = value.kind == "literal" and value.language in LANGUAGES
    return named and 0 < len(value.value) <= _LONGEST and value.value.isprintable()


_CHECKS: Final[dict[str, Callable[[Term], bool]]] = {
    POPULATION: _is_count,
    COUNT: _is_statement,
    COUNTED: _is_count,
    COUNTED_AT: _is_time,
    COORDINATES: _is_point,
    COAT_OF_ARMS: _is_address,
    OFFICIAL_SITE: _is_address,
    HEAD_OFFICE: is_item,
    RDFS + "label": _is_name,
}

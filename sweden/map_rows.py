"""Rows of the map: the value and the pattern of each municipality, the legend, and the order of the table."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from graph.core.terms import Term
from graph.read.entities import Ref
from graph.read.lists import name_sort_key
from sweden.map_models import LegendEntry, MapRow
from sweden.municipality_map import Municipality, MunicipalityFinding, MunicipalityMap
from web.html.app_state import app_state
from web.html.urls import local_name

UNKNOWN: Final = "none"  # no statement, adoption or observation is known
DISCUSSED: Final = "said"  # statements are known, but no status of adoption
OTHER: Final = "other"
_COUNTS: Final = (("n10", 10), ("n5", 5), ("n2", 2), ("n1", 1))
_ACROSS, _DOTS = "M-4 4L4-4M0 16L16 0M12 20L20 12", "M4 4h.1M12 12h.1"
PATTERNS: Final = {  # lines in a square of 16 units: patterns differ without colour too
    "in-use": "",
    "in-use-in-part": _ACROSS,
    "rolling-out": "M0 4H16M0 12H16",
    "preparing": "M4 0V16M12 0V16",
    "evaluating": _DOTS,
    "considering": "M8 8h.1",
    "not-in-use": "M4 4l8 8M12 4l-8 8",
    "paused": "M5 3V13M11 3V13",
    "discontinued": "M0 0L16 16M16 0L0 16",
    "declined": "M0 0L16 16M4 12h.1M12 4h.1",
    "halted": "M0 0L16 16M16 0L0 16",  # of a release from before there were the three above
    "microsoft": "",
    "google": _ACROSS,
    "local-isp": _DOTS,
    "n10": "",
    "n5": _ACROSS,
    "n2": _DOTS,
    "n1": "M8 8h.1",
    OTHER: "M0 8H16M8 0V16",
    DISCUSSED: "M8 4V12",
    UNKNOWN: "",
}
SORTS: Final = ("name", "county", "value", "asOf", "-name", "-county", "-value", "-asOf")


def map_row(municipality_map: MunicipalityMap, show: str, product: str, place: Municipality) -> MapRow:
    """Return the row of one municipality for the theme `show` (and `product`, an IRI, for adoptions)."""
    name = place.ref.iri
    if show == "statements":
        count = municipality_map.statement_counts().get(name, 0)
        key = next((key for key, least in _COUNTS if count >= least), UNKNOWN)
        return MapRow(place, key, count, None, "")
    if show == "mail":
        return _finding_row(place, municipality_map.mail_providers().get(name))
    if show == "adoption" and product:
        finding = municipality_map.adoptions(product).get(name)
        is_discussed = finding is None and name in municipality_map.discussed_by(product)
        return MapRow(place, DISCUSSED, None, None, "") if is_discussed else _finding_row(place, finding)
    return MapRow(place, UNKNOWN, None, None, "")


def _finding_row(place: Municipality, finding: MunicipalityFinding | None) -> MapRow:
    if finding is None:
        return MapRow(place, UNKNOWN, None, None, "")
    entities = app_state().entities
    value: Ref | Term = finding.value
    key = finding.value.value
    if finding.value.kind == "iri":
        value, key = entities.ref(finding.value.value), local_name(finding.value.value)
    return MapRow(place, key if key in PATTERNS else OTHER, value, finding.as_of, finding.evidence)


def build_legend(show: str, rows: Iterable[MapRow]) -> tuple[LegendEntry, ...]:
    """Return the legend of the patterns in `rows`; “unknown” is always in it."""
    rows = tuple(rows)
    counts = Counter(row.key for row in rows)
    values = {row.key: row.value for row in rows if not isinstance(row.value, int)}
    keys = [key for key in PATTERNS if counts[key] or key == UNKNOWN]
    return tuple(LegendEntry(key, None if key == OTHER else values.get(key), counts[key]) for key in keys)


def sort_rows(rows: Iterable[MapRow], sort: str) -> tuple[MapRow, ...]:
    """Return `rows` sorted by one of `SORTS`, and by name where values are equal."""
    order: dict[str, Callable[[MapRow], object]] = {
        "name": lambda row: "",
        "county": lambda row: (
            name_sort_key(row.municipality.county.labels) if row.municipality.county else ""
        ),
        "value": lambda row: -row.value if isinstance(row.value, int) else list(PATTERNS).index(row.key),
        "asOf": lambda row: row.as_of.value if row.as_of else "",
    }
    by_name = sorted(
        rows, key=lambda row: name_sort_key(row.municipality.ref.labels), reverse=sort == "-name"
    )
    key: Callable[[MapRow], object] = order[sort.removeprefix("-")]
    return tuple(sorted(by_name, key=key, reverse=sort.startswith("-")))  # type: ignore[arg-type]


def cell_value(row: MapRow) -> str | int:
    """Return the value of a row in CSV: an IRI, a text, a number, a key, or nothing if it is unknown."""
    if isinstance(row.value, Ref):
        return row.value.iri
    if isinstance(row.value, Term):
        return row.value.value
    return row.value if row.value is not None else ("" if row.key == UNKNOWN else row.key)

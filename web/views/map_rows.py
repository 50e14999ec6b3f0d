"""What the map shows of each municipality: its pattern, what that means, and its place in the table."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from graph.core.terms import Term
from graph.read.entities import Ref
from graph.read.lists import name_sort_key
from graph.read.municipality_map import Municipality, MunicipalityFinding, MunicipalityMap
from web.html.app_state import app_state
from web.html.urls import local_name
from web.views.page_models import Row, Sign

NONE: Final = "none"  # nobody has looked
SAID: Final = "said"  # something is said, and not how far it has come
OTHER: Final = "other"
_COUNTS: Final = (("n10", 10), ("n5", 5), ("n2", 2), ("n1", 1))
_ACROSS, _DOTS = "M-4 4L4-4M0 16L16 0M12 20L20 12", "M4 4h.1M12 12h.1"
MARKS: Final = {  # the lines in a square of 16 units that tell patterns apart without their colours
    "in-use": "",
    "in-use-in-part": _ACROSS,
    "rolling-out": "M0 4H16M0 12H16",
    "preparing": "M4 0V16M12 0V16",
    "evaluating": _DOTS,
    "considering": "M8 8h.1",
    "not-in-use": "M4 4l8 8M12 4l-8 8",
    "halted": "M0 0L16 16M16 0L0 16",
    "microsoft": "",
    "google": _ACROSS,
    "local-isp": _DOTS,
    "n10": "",
    "n5": _ACROSS,
    "n2": _DOTS,
    "n1": "M8 8h.1",
    OTHER: "M0 8H16M8 0V16",
    SAID: "M8 4V12",
    NONE: "",
}
SORTS: Final = ("name", "county", "value", "asOf", "-name", "-county", "-value", "-asOf")


def row_of(atlas: MunicipalityMap, show: str, product: str, place: Municipality) -> Row:
    """Return what the map shows for one municipality."""
    name = place.ref.iri
    if show == "statements":
        count = atlas.statement_counts().get(name, 0)
        key = next((key for key, least in _COUNTS if count >= least), NONE)
        return Row(place, key, count, None, "")
    if show == "mail":
        return _found(place, atlas.mail_providers().get(name))
    if show == "adoption" and product:
        finding = atlas.adoptions(product).get(name)
        heard = finding is None and name in atlas.discussed_by(product)
        return Row(place, SAID, None, None, "") if heard else _found(place, finding)
    return Row(place, NONE, None, None, "")


def _found(place: Municipality, finding: MunicipalityFinding | None) -> Row:
    if finding is None:
        return Row(place, NONE, None, None, "")
    entities = app_state().entities
    value: Ref | Term = finding.value
    key = finding.value.value
    if finding.value.kind == "iri":
        value, key = entities.ref(finding.value.value), local_name(finding.value.value)
    return Row(place, key if key in MARKS else OTHER, value, finding.as_of, finding.evidence)


def legend_of(show: str, rows: Iterable[Row]) -> tuple[Sign, ...]:
    """Return what the patterns stand for that are on the map, and in any case that nobody has looked."""
    rows = tuple(rows)
    counts = Counter(row.key for row in rows)
    values = {row.key: row.value for row in rows if not isinstance(row.value, int)}
    keys = [key for key in MARKS if counts[key] or key == NONE]
    return tuple(Sign(key, None if key == OTHER else values.get(key), counts[key]) for key in keys)


def in_order(rows: Iterable[Row], sort: str) -> tuple[Row, ...]:
    """Return `rows` in the order of a column; those with the same value by name."""
    order: dict[str, Callable[[Row], object]] = {
        "name": lambda row: "",
        "county": lambda row: (
            name_sort_key(row.municipality.county.labels) if row.municipality.county else ""
        ),
        "value": lambda row: -row.value if isinstance(row.value, int) else list(MARKS).index(row.key),
        "asOf": lambda row: row.as_of.value if row.as_of else "",
    }
    by_name = sorted(
        rows, key=lambda row: name_sort_key(row.municipality.ref.labels), reverse=sort == "-name"
    )
    key: Callable[[Row], object] = order[sort.removeprefix("-")]
    return tuple(sorted(by_name, key=key, reverse=sort.startswith("-")))  # type: ignore[arg-type]


def plain(row: Row) -> str | int:
    """Return what a row says, for a program; nothing where nobody has looked."""
    if isinstance(row.value, Ref):
        return row.value.iri
    if isinstance(row.value, Term):
        return row.value.value
    return row.value if row.value is not None else ("" if row.key == NONE else row.key)

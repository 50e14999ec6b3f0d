"""The map of a site without a map of its own: the entities with coordinates, as points."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from flask import Blueprint

from graph.core.entity_types import EntityKind
from graph.core.namespaces import XSD
from graph.core.property_paths import INVERSE, PropertyPath
from graph.core.terms import Term
from web.html.app_state import app_state
from web.html.page_models import Page
from web.html.request_args import choice, reads_arguments
from web.sparql.result_charts import ResultRow
from web.sparql.result_map import ResultMap, point_map

blueprint = Blueprint("map", __name__)

MAX_PLACES: Final = 2_000  # on one map
_COLUMNS: Final = ("entity", "lat", "long", "status")
_NUMBER: Final = re.compile(
    r"[-+]?\d{1,3}(?:\.\d{1,20})?", re.ASCII
)  # in a literal of any type, as schema.org has
_POINT: Final = re.compile(
    r"(?:<[^>]*>)?\s*POINT\s*\(\s*(-?[\d.]{1,20})\s+(-?[\d.]{1,20})\s*\)", re.ASCII | re.I
)


@dataclass(frozen=True)
class PlacesPage(Page):
    """The map of the places of one kind, and the same as a list."""

    template = "views/places.html"
    kind: str
    kinds: tuple[str, ...]
    map: ResultMap | None
    rows: tuple[ResultRow, ...]
    is_whole: bool


@blueprint.get("/map")
@reads_arguments("kind")
def page() -> str:
    """Return the map of the entities of the argument `kind`, by default the first kind with places."""
    entities = app_state().entities
    table = entities.index.kinds
    kind = choice("kind", table.places or ("",))
    found = entities.select(_query(table[kind])) if kind else []
    rows = tuple(_rows(found))
    return PlacesPage(
        kind=kind,
        kinds=table.places,
        map=point_map(_COLUMNS, rows, entities),
        rows=rows,
        is_whole=len(found) < MAX_PLACES,
    ).render()


def _rows(found: Iterable[dict[str, Term]]) -> Iterator[ResultRow]:
    """Yield entity, latitude, longitude and status of the rows of `_query` that have coordinates."""
    entities = app_state().entities
    for row in found:
        if place := _coordinates(row):
            status = row.get("status")
            shown = entities.ref(status.value) if status and status.kind == "iri" else status
            yield (entities.ref(row["entity"].value), *place, shown)


def _query(kind: EntityKind) -> str:
    """Return the query for the coordinates of the entities of `kind`; all terms are of its table."""
    place = kind.place
    classes = " ".join(f"<{each}>" for each in kind.classes)
    patterns = (
        [("geometry", place.geometry)]
        if place and place.geometry
        else [("latitude", place.latitude), ("longitude", place.longitude)]
        if place
        else []
    )
    found = " ".join(f"?entity {_path(paths)} ?{name} ." for name, paths in patterns)
    status = f"OPTIONAL {{ ?entity {_path(kind.status)} ?status }}" if kind.status else ""
    variables = " ".join(f"?{name}" for name, _ in patterns)
    return (
        f"SELECT DISTINCT ?entity {variables} {'?status' if status else ''} WHERE {{ "
        f"VALUES ?class {{ {classes} }} ?entity a ?class FILTER(isIRI(?entity)) {found} {status} }} "
        f"ORDER BY ?entity LIMIT {MAX_PLACES}"
    )


def _path(paths: tuple[PropertyPath, ...]) -> str:
    return "|".join("/".join(map(_step, path)) for path in paths)


def _step(step: str) -> str:
    return f"^<{step.removeprefix(INVERSE)}>" if step.startswith(INVERSE) else f"<{step}>"


def _coordinates(row: dict[str, Term]) -> tuple[Term, Term] | None:
    """Return latitude and longitude of a row, or None for what is no point."""
    if "geometry" not in row:
        written = [row[each].value.strip() for each in ("latitude", "longitude") if each in row]
        has_both = len(written) == len(("latitude", "longitude")) and all(map(_NUMBER.fullmatch, written))
        return (_degrees(written[0]), _degrees(written[1])) if has_both else None
    point = _POINT.match(row["geometry"].value)
    return (_degrees(point[2]), _degrees(point[1])) if point else None


def _degrees(written: str) -> Term:
    return Term(written, "literal", "", XSD + "decimal")

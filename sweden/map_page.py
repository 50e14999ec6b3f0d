"""The map of the municipalities with its table, and a small map that locates one municipality or county."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Response
from flask.sansio.blueprints import BlueprintSetupState
from markupsafe import Markup

from graph.core.namespaces import UTS
from graph.core.terms import iri
from graph.read.entities import Ref
from graph.read.lists import name_sort_key
from graph.statistics.map_shapes import Boundaries, MapBox
from graph.tables.csvw_schema import PARTIAL_DATE, CsvwColumn
from sweden.map_models import MapPage, MapRow
from sweden.map_rows import PATTERNS, SORTS, build_legend, cell_value, map_row, sort_rows
from sweden.municipality_map import MunicipalityMap, current_map
from web.html.app_state import app_state
from web.html.csvw import SUFFIX, column_titles, link_metadata, metadata_response
from web.html.i18n import in_all_languages
from web.html.request_args import choice, chosen_entity, reads_arguments, slug_of

blueprint = Blueprint("map", __name__, template_folder="templates")

_MARGIN: Final = 8
_ARGUMENTS: Final = ("show", "sort", "product", "county", "value")
_COLUMNS: Final = ("municipality", "id", "name", "county", "show", "product", "value", "as_of", "evidence")


@blueprint.get("/map")
@reads_arguments(*_ARGUMENTS)
def page() -> str:
    """Return the map with its table."""
    return _map_page().render()


@blueprint.get("/map.csv")
@reads_arguments(*_ARGUMENTS)
def data() -> Response:
    """Return the rows of the table as CSV."""
    found = _map_page()
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(_COLUMNS)
    for row in found.rows:
        name = next((each.value for each in row.municipality.ref.labels if each.language in {"sv", ""}), "")
        county = row.municipality.county.iri if row.municipality.county else ""
        product = found.product.iri if found.product else ""
        place = [row.municipality.code, row.municipality.ref.iri, name, county]
        as_of = row.as_of.value if row.as_of else ""
        table.writerow([*place, found.show, product, cell_value(row), as_of, row.evidence])
    return link_metadata(Response(text.getvalue(), content_type="text/csv; charset=utf-8"))


@blueprint.get(f"/map.csv{SUFFIX}")
@reads_arguments(*_ARGUMENTS)
def columns() -> Response:
    """Return the metadata of the columns of the table."""
    types = {"id": "anyURI", "county": "anyURI", "product": "anyURI", "as_of": PARTIAL_DATE}
    found = [
        CsvwColumn(each, column_titles(each), types.get(each, "string"), required=each == "id")
        for each in _COLUMNS
    ]
    return metadata_response(found, in_all_languages("map.title"), key="id", title="name")


@blueprint.record_once
def _register(setup: BlueprintSetupState) -> None:
    """Add the function `locator_map` to the templates of the application."""
    setup.app.jinja_env.globals["locator_map"] = locator_map


def locator_map(code: str, name: str) -> Markup | None:
    """Return a small map of Sweden with one municipality (by its code) or county marked, or None without one.

    `name` is the text alternative of the picture.
    """
    boundaries = app_state().boundaries()
    shape = boundaries.areas.get(code) or boundaries.groups.get(code)
    if shape is None:
        return None
    x, y, width, height = shape.box
    ring = max(width, height) // 2 + 60
    return Markup(
        '<svg class="locator-map" viewBox="0 0 {} {}" role="img" aria-label="{}"><path class="land" d="{}"/>'
        '<path class="marked-area" d="{}"/><circle class="marked-ring" cx="{}" cy="{}" r="{}"/></svg>'
    ).format(
        boundaries.width,
        boundaries.height,
        name,
        boundaries.outline,
        shape.path,
        x + width // 2,
        y + height // 2,
        ring,
    )


def _map_page() -> MapPage:
    """Return the map that the arguments of the URL select; raise BadInput for a faulty one."""
    state = app_state()
    municipality_map = current_map()
    show = choice("show", MapPage.shows)
    first = "name" if show == "mail" else "value"  # few adoptions are known: rows with a value come first
    sort = choice("sort", (first, *SORTS))
    product, county = chosen_entity("product"), _county(municipality_map)
    products = municipality_map.products()
    if show == "adoption" and not product and products:
        product = products[0][0].iri
    rows = tuple(map_row(municipality_map, show, product, each) for each in municipality_map.municipalities())
    here = [row for row in rows if not county or _is_in(row, county)]
    legend = build_legend(show, here)
    value = choice("value", ("", *(sign.key for sign in legend)))
    boundaries, entities = state.boundaries(), state.entities
    arguments = {
        "show": show,
        "county": slug_of(county),
        "value": value,
        "sort": "" if sort == first else sort,
    }
    arguments["product"] = slug_of(product) if show == "adoption" else ""
    return MapPage(
        show=show,
        product=entities.optional_ref(product or None) if show == "adoption" else None,
        products=products,
        county=entities.optional_ref(county or None),
        counties=_counties(rows),
        legend=legend,
        value=value,
        sort=sort,
        rows=sort_rows((row for row in here if value in {"", row.key}), sort),
        areas=tuple(
            (row, boundaries.areas[row.municipality.code])
            for row in sorted(here, key=lambda row: name_sort_key(row.municipality.ref.labels))
            if row.municipality.code in boundaries.areas
        ),
        county_outlines=tuple(boundaries.groups.values()),
        box=_box(boundaries, _county_code(county)),
        patterns={sign.key: PATTERNS[sign.key] for sign in legend},
        arguments={name: choice for name, choice in arguments.items() if choice},
    )


def _county(municipality_map: MunicipalityMap) -> str:
    """Return the IRI of the county whose slug is the argument `county`, or nothing."""
    choices = _counties(map_row(municipality_map, "", "", each) for each in municipality_map.municipalities())
    slug = choice("county", ("", *(slug_of(each.iri) for each in choices)))
    return next((each.iri for each in choices if slug and slug_of(each.iri) == slug), "")


def _county_code(county: str) -> str:
    entities = app_state().entities
    code = entities.node(iri(county)).literal(UTS + "countyCode") if county else None
    return code.value if code else ""


def _counties(rows: Iterable[MapRow]) -> tuple[Ref, ...]:
    found = {row.municipality.county for row in rows if row.municipality.county}
    return tuple(sorted(found, key=lambda county: name_sort_key(county.labels)))


def _is_in(row: MapRow, county: str) -> bool:
    return row.municipality.county is not None and row.municipality.county.iri == county


def _box(boundaries: Boundaries, county: str) -> MapBox:
    """Return the view box: that of the country, or of the county with this code and a margin."""
    shape = boundaries.groups.get(county)
    if shape is None:
        return MapBox(0, 0, boundaries.width, boundaries.height)
    x, y, width, height = shape.box
    return MapBox(x - _MARGIN, y - _MARGIN, width + 2 * _MARGIN, height + 2 * _MARGIN)


BLUEPRINTS: Final = (blueprint,)

"""The map of the municipalities, with the table beside it, and a small map that shows where one place is."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Flask, Response
from markupsafe import Markup

from graph.core.namespaces import UTS
from graph.core.terms import iri
from graph.read.entities import Ref
from graph.read.lists import name_sort_key
from graph.read.map_shapes import Boundaries, MapBox
from graph.read.municipality_map import MunicipalityMap
from web.html.app_state import app_state
from web.html.csvw import SUFFIX, Column, described, metadata
from web.html.i18n import LANGUAGES, messages
from web.html.request_args import among, chosen, reads_arguments, slug_of
from web.views.map_rows import MARKS, SORTS, in_order, legend_of, plain, row_of
from web.views.page_models import MapPage, Row

blueprint = Blueprint("map", __name__)

_MARGIN: Final = 8
_ARGUMENTS: Final = ("show", "sort", "product", "county", "value")
_COLUMNS: Final = ("municipality", "id", "name", "county", "show", "product", "value", "as_of", "evidence")


@blueprint.get("/map")
@reads_arguments(*_ARGUMENTS)
def page() -> str:
    """Show the map."""
    return _read().render()


@blueprint.get("/map.csv")
@reads_arguments(*_ARGUMENTS)
def data() -> Response:
    """Answer with the rows of the table."""
    found = _read()
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(_COLUMNS)
    for row in found.rows:
        name = next((each.value for each in row.municipality.ref.labels if each.language in {"sv", ""}), "")
        county = row.municipality.county.iri if row.municipality.county else ""
        product = found.product.iri if found.product else ""
        place = [row.municipality.code, row.municipality.ref.iri, name, county]
        as_of = row.as_of.value if row.as_of else ""
        table.writerow([*place, found.show, product, plain(row), as_of, row.evidence])
    return described(Response(text.getvalue(), content_type="text/csv; charset=utf-8"))


@blueprint.get(f"/map.csv{SUFFIX}")
@reads_arguments(*_ARGUMENTS)
def columns() -> Response:
    """Answer with what the columns of the table mean."""
    found = [Column(each, f"column.{each}", required=each == "municipality") for each in _COLUMNS]
    return metadata(found, {tag: messages(tag)["map.title"][0] for tag in LANGUAGES}, key=["municipality"])


def register(app: Flask) -> None:
    """Let templates show where a place is."""
    app.jinja_env.globals["locator_map"] = locator_map


def locator_map(code: str, name: str) -> Markup | None:
    """Return a small map of Sweden with one municipality (by its code) or county marked, or None without one.

    `name` is what the picture is called for those who do not see it.
    """
    sweden = app_state().boundaries()
    shape = sweden.municipalities.get(code) or sweden.counties.get(code)
    if shape is None:
        return None
    x, y, width, height = shape.box
    ring = max(width, height) // 2 + 60
    return Markup(
        '<svg class="locator" viewBox="0 0 {} {}" role="img" aria-label="{}"><path class="country" d="{}"/>'
        '<path class="here" d="{}"/><circle class="ring" cx="{}" cy="{}" r="{}"/></svg>'
    ).format(
        sweden.width, sweden.height, name, sweden.country, shape.path, x + width // 2, y + height // 2, ring
    )


def _read() -> MapPage:
    """Return the map that the URL asks for."""
    state = app_state()
    atlas = state.municipality_map
    show = among("show", MapPage.shows)
    first = "name" if show == "mail" else "value"  # where little is known, that comes first
    sort = among("sort", (first, *SORTS))
    product, county = chosen("product"), _county(atlas)
    products = atlas.products()
    if show == "adoption" and not product and products:
        product = products[0][0].iri
    rows = tuple(row_of(atlas, show, product, each) for each in atlas.municipalities())
    here = [row for row in rows if not county or _is_in(row, county)]
    legend = legend_of(show, here)
    value = among("value", ("", *(sign.key for sign in legend)))
    sweden, entities = state.boundaries(), state.entities
    given = {"show": show, "county": slug_of(county), "value": value, "sort": "" if sort == first else sort}
    given["product"] = slug_of(product) if show == "adoption" else ""
    return MapPage(
        show=show,
        product=entities.optional_ref(product or None) if show == "adoption" else None,
        products=products,
        county=entities.optional_ref(county or None),
        counties=_counties(rows),
        legend=legend,
        value=value,
        sort=sort,
        rows=in_order((row for row in here if value in {"", row.key}), sort),
        areas=tuple(
            (row, sweden.municipalities[row.municipality.code])
            for row in sorted(here, key=lambda row: name_sort_key(row.municipality.ref.labels))
            if row.municipality.code in sweden.municipalities
        ),
        around=tuple(sweden.counties.values()),
        box=_box(sweden, _county_code(county)),
        marks={sign.key: MARKS[sign.key] for sign in legend},
        given={name: choice for name, choice in given.items() if choice},
    )


def _county(atlas: MunicipalityMap) -> str:
    """Return the IRI of the county that the argument `county` names, as lists have it."""
    choices = _counties(row_of(atlas, "", "", each) for each in atlas.municipalities())
    slug = among("county", ("", *(slug_of(each.iri) for each in choices)))
    return next((each.iri for each in choices if slug and slug_of(each.iri) == slug), "")


def _county_code(county: str) -> str:
    entities = app_state().entities
    code = entities.node(iri(county)).literal(UTS + "countyCode") if county else None
    return code.value if code else ""


def _counties(rows: Iterable[Row]) -> tuple[Ref, ...]:
    found = {row.municipality.county for row in rows if row.municipality.county}
    return tuple(sorted(found, key=lambda county: name_sort_key(county.labels)))


def _is_in(row: Row, county: str) -> bool:
    return row.municipality.county is not None and row.municipality.county.iri == county


def _box(sweden: Boundaries, county: str) -> MapBox:
    """Return the part of the map that is shown: all of it, or a county with a margin."""
    shape = sweden.counties.get(county)
    if shape is None:
        return MapBox(0, 0, sweden.width, sweden.height)
    x, y, width, height = shape.box
    return MapBox(x - _MARGIN, y - _MARGIN, width + 2 * _MARGIN, height + 2 * _MARGIN)

"""The columns, dates and places of a kind, from the shapes of its classes and what its instances have.

A column is a property that a shape of the classes names, in the order of the shape; without shapes, one that
many instances have. A property with values that repeat is a facet. https://www.w3.org/TR/shacl/
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from graph.core.entity_types import EntityKind, ListColumn, Place
from graph.core.iris import last_segment
from graph.core.namespaces import (
    DCAT,
    DCTERMS,
    GEO,
    GEOSPARQL,
    NAME_PROPERTIES,
    OWL,
    PROV,
    RDFS,
    SCHEMA,
    SH,
    SKOS,
    TYPE,
    XSD,
)
from graph.core.property_paths import PropertyPath
from graph.core.site_kinds import TAKEN_COLUMNS
from graph.core.terms import Term

Select = Callable[[str], list[dict[str, Term]]]
_SAMPLE: Final = 2_000  # instances that are read
_NUMBERS: Final = ("subjects", "distinct", "iris", "blanks", "longest")
_MAX_COLUMNS: Final = 6  # that a list shows
_MAX_FACETS: Final = 10
_MAX_LENGTH: Final = 120  # characters of a literal in a column
_MAX_CHOICES: Final = 60  # values of a literal that is a facet
_SCHEMA_HTTP: Final = "http://schema.org/"
_LOCN: Final = "http://www.w3.org/ns/locn#"
_DATE_TYPES: Final = frozenset(XSD + each for each in ("date", "dateTime", "gYear", "gYearMonth"))
_DATES: Final = (
    *(DCTERMS + each for each in ("issued", "date", "created", "modified")),
    *(base + each for base in (SCHEMA, _SCHEMA_HTTP) for each in ("datePublished", "startDate")),
    PROV + "startedAtTime",
)
"""Dates of things, the preferred ones first, if half as many have it as have the most frequent date."""
_STATUSES: Final = ("http://www.w3.org/ns/adms#status",)
_HIDDEN: Final = frozenset(
    (
        *(TYPE, OWL + "sameAs", RDFS + "seeAlso", RDFS + "isDefinedBy", *NAME_PROPERTIES),
        *(SKOS + each for each in ("altLabel", "hiddenLabel", "exactMatch", "closeMatch", "definition")),
        *(SKOS + each for each in ("narrower", "hasTopConcept", "narrowerTransitive", "broaderTransitive")),
        *(GEO + each for each in ("lat", "long", "lat_long")),
        *(base + each for base in (SCHEMA, _SCHEMA_HTTP) for each in ("latitude", "longitude")),
    )
)
_POINTS: Final = (
    (GEO + "lat", GEO + "long"),
    (SCHEMA + "latitude", SCHEMA + "longitude"),
    (_SCHEMA_HTTP + "latitude", _SCHEMA_HTTP + "longitude"),
)
_HOPS: Final = ((), (GEO + "location",), (SCHEMA + "geo",), (_SCHEMA_HTTP + "geo",), (DCTERMS + "spatial",))
_GEOMETRIES: Final = (
    (GEOSPARQL + "asWKT",),
    (GEOSPARQL + "hasGeometry", GEOSPARQL + "asWKT"),
    (GEOSPARQL + "hasDefaultGeometry", GEOSPARQL + "asWKT"),
    (_LOCN + "geometry",),
    (DCAT + "centroid",),
    (DCTERMS + "spatial", DCAT + "centroid"),
    (DCTERMS + "spatial", _LOCN + "geometry"),
)


@dataclass(frozen=True)
class PropertyUse:
    """How the instances of a sample use one property."""

    iri: str
    subjects: int
    distinct: int
    iris: int
    blanks: int
    longest: int
    datatypes: frozenset[str]

    @property
    def is_date(self) -> bool:
        """Whether its values are dates."""
        return not self.datatypes.isdisjoint(_DATE_TYPES)

    @property
    def is_short(self) -> bool:
        """Whether its values fit into a column."""
        return not self.blanks and (self.iris > 0 or self.longest <= _MAX_LENGTH)

    @property
    def has_values(self) -> bool:
        """Whether some of its values are IRIs or literals."""
        return self.iris > 0 or bool(self.datatypes)

    @property
    def is_facet(self) -> bool:
        """Whether its values repeat, so that they divide the instances."""
        if self.is_date or self.blanks or not 1 < self.distinct < self.subjects:
            return False
        return self.iris > 0 or (self.distinct <= _MAX_CHOICES and self.longest <= _MAX_LENGTH)


def derive_kind(select: Select, classes: tuple[str, ...]) -> EntityKind:
    """Return the kind of the instances of `classes`, of which the first one names it."""
    uses = {use.iri: use for use in property_uses(select, classes)}
    by_shape = [each for each in _shape_properties(select, classes) if each in uses]
    by_use = sorted(uses, key=lambda each: (-uses[each].subjects, each))
    order = [each for each in dict.fromkeys((*by_shape, *by_use)) if each not in _HIDDEN]
    shown = [each for each in by_shape or order if uses[each].is_short and each not in _HIDDEN][:_MAX_COLUMNS]
    facets = [each for each in order if uses[each].is_facet][:_MAX_FACETS]
    date = _date(uses)
    columns: dict[str, ListColumn] = {}
    if len(classes) > 1:
        columns["type"] = ListColumn("type", ((TYPE,),), facet=True)
    for each in dict.fromkeys((*shown, *facets)):
        name = _column_name(each, columns)
        columns[name] = ListColumn(name, ((each,),), facet=each in facets, visible=each in shown)
    if date:
        name = _column_name("year", columns)
        columns[name] = ListColumn(name, ((date,),), facet=True, year=True, visible=False)
    return EntityKind(
        classes=classes,
        columns=tuple(columns.values()),
        dates=((date,),) if date else (),
        place=_place(select, classes),
        status=tuple((each,) for each in _STATUSES if each in uses),
    )


def sample(classes: tuple[str, ...]) -> str:
    """Return the pattern of a sample of the instances of `classes`, IRIs of the store."""
    values = " ".join(f"<{each}>" for each in classes)
    return (
        f"{{ SELECT DISTINCT ?entity WHERE {{ VALUES ?class {{ {values} }} ?entity a ?class "
        f"FILTER(isIRI(?entity)) }} LIMIT {_SAMPLE} }}"
    )


def property_uses(select: Select, classes: tuple[str, ...]) -> list[PropertyUse]:
    """Return how a sample of the instances of `classes` uses each property."""
    rows = select(
        f"""SELECT ?property (COUNT(DISTINCT ?entity) AS ?subjects) (COUNT(DISTINCT ?value) AS ?distinct)
        (SUM(IF(isIRI(?value), 1, 0)) AS ?iris) (SUM(IF(isBlank(?value), 1, 0)) AS ?blanks)
        (MAX(STRLEN(STR(?value))) AS ?longest)
        (GROUP_CONCAT(DISTINCT STR(DATATYPE(?value)); separator=" ") AS ?datatypes)
        WHERE {{ {sample(classes)} ?entity ?property ?value }} GROUP BY ?property"""
    )
    return [
        PropertyUse(
            iri=row["property"].value,
            datatypes=frozenset(row["datatypes"].value.split() if "datatypes" in row else ()),
            **{name: int(row[name].value) if name in row else 0 for name in _NUMBERS},
        )
        for row in rows
        if "property" in row
    ]


def _shape_properties(select: Select, classes: tuple[str, ...]) -> list[str]:
    """Return the properties in shapes of `classes`, in the order that the shapes give them."""
    values = " ".join(f"<{each}>" for each in classes)
    rows = select(
        f"""SELECT ?path (MIN(COALESCE(?groupOrder, 0)) AS ?first) (MIN(COALESCE(?order, 1000)) AS ?second)
        WHERE {{ VALUES ?class {{ {values} }}
          {{ ?shape <{SH}targetClass> ?class }} UNION {{ ?class a <{SH}NodeShape> BIND(?class AS ?shape) }}
          ?shape <{SH}property> ?rule . ?rule <{SH}path> ?path FILTER(isIRI(?path))
          OPTIONAL {{ ?rule <{SH}order> ?order }}
          OPTIONAL {{ ?rule <{SH}group>/<{SH}order> ?groupOrder }} }} GROUP BY ?path"""
    )
    found = [row for row in rows if "path" in row]
    found.sort(key=lambda row: (float(row["first"].value), float(row["second"].value), row["path"].value))
    return [row["path"].value for row in found]


def _date(uses: dict[str, PropertyUse]) -> str:
    """Return the property with the date of things, or "" if they have none."""
    dated = [use for use in uses.values() if use.is_date]
    if not dated:
        return ""
    most = max(dated, key=lambda use: (use.subjects, use.iri))
    usual = (each for each in _DATES if each in uses and uses[each].is_date)
    return next((each for each in usual if 2 * uses[each].subjects >= most.subjects), most.iri)


def _column_name(property_: str, taken: dict[str, ListColumn]) -> str:
    """Return a name for the column of `property_` that no other column and no argument of URLs has."""
    local = "".join(letter for letter in last_segment(property_) if letter.isascii() and letter.isalnum())
    name = local[:1].lower() + local[1:] if local[:1].isalpha() else f"p{local}"
    found, number = name, 2
    while found in taken or found in TAKEN_COLUMNS or found == "name":
        found, number = f"{name}{number}", number + 1
    return found


def _place(select: Select, classes: tuple[str, ...]) -> Place | None:
    """Return the paths to the coordinates of things, or None if they have none."""
    for hop in _HOPS:
        for latitude, longitude in _POINTS:
            paths = (*hop, latitude), (*hop, longitude)
            if all(_leads_anywhere(select, classes, path) for path in paths):
                return Place((paths[0],), (paths[1],))
    found = next((path for path in _GEOMETRIES if _leads_anywhere(select, classes, path)), None)
    return Place(geometry=(found,)) if found else None


def _leads_anywhere(select: Select, classes: tuple[str, ...], path: PropertyPath) -> bool:
    steps = "/".join(f"<{each}>" for each in path)
    return bool(select(f"SELECT ?value WHERE {{ {sample(classes)} ?entity {steps} ?value }} LIMIT 1"))

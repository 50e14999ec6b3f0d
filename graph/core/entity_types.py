"""The kinds of entities: their classes, and the columns, facets, dates and validity of their lists."""

from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import CODE, DCTERMS, ELI, OA, ORG, SCHEMA, SOSA, TYPE, UTS
from graph.core.partial_dates import END_OF_TIME, known_day_range

INVERSE: Final = "^"  # prefix of a step from object to subject, as in SPARQL property paths
OLDEST_FIRST: Final = "oldest"
AS_OF_KINDS: Final = ("organisation", "product", "law")
"""The kinds whose pages can show what was valid on a date."""
_UNBOUNDED: Final = (0, END_OF_TIME)
NAME_COLUMN: Final = "name"
PropertyPath = tuple[str, ...]
"""The IRIs of the properties to follow, one after the other, from an entity."""


@dataclass(frozen=True)
class ListColumn:
    """One column: the values that `paths` lead to, or how many triples with `counted_property` lead here.

    If `year` is true, the value is the year of the date at the end of the first path that leads to one. A
    column that is not `visible` is only a facet.
    """

    name: str
    paths: tuple[PropertyPath, ...] = ()
    counted_property: str = ""
    facet: bool = False
    year: bool = False
    visible: bool = True


@dataclass(frozen=True)
class Validity:
    """When an entity of a kind is valid: from the first date that `since` leads to until that of `until`.

    Without an end date it is valid until further notice, and without a start date on the date `at` alone. If
    it is `open_ended`, an unknown start or end means that there is none. Of several entities with the same
    values of the properties `unique_by`, the one that began last replaces the others, unless it has the value
    that `pending` pairs with a property: such a one says that nothing is concluded yet.
    """

    since: tuple[PropertyPath, ...] = ()
    until: tuple[PropertyPath, ...] = ()
    at: tuple[PropertyPath, ...] = ()
    unique_by: tuple[str, ...] = ()
    pending: tuple[str, str] = ("", "")
    open_ended: bool = False

    @property
    def date_paths(self) -> tuple[tuple[PropertyPath, ...], ...]:
        """The paths to the start date, to the end date and to a date on which it was valid."""
        return self.since, self.until, self.at

    def interval(self, since: str | None, until: str | None, at: str | None) -> tuple[int, int] | None:
        """Return the first and the last day (YYYYMMDD) of the validity with these dates; None if unknown."""
        start, end, on = known_day_range(since), known_day_range(until), known_day_range(at)
        if self.open_ended:
            return (start[0] if start else 0), (end[1] if end else END_OF_TIME)
        first = start or on
        if first is None:
            return None
        return first[0], (end or (_UNBOUNDED if start else first))[1]


@dataclass(frozen=True)
class EntityKind:
    """A kind of entity: its classes and the columns of its list.

    The list is ordered newest first by the first of the paths `dates` that leads to a date, or by name if
    there are no such paths. Entities of a kind with a `validity` are valid on some dates only.
    """

    classes: tuple[str, ...]
    columns: tuple[ListColumn, ...]
    dates: tuple[PropertyPath, ...] = ()
    validity: Validity | None = None

    @property
    def facets(self) -> tuple[str, ...]:
        """The names of the columns that the list can be filtered by."""
        return tuple(column.name for column in self.columns if column.facet)

    def column(self, name: str) -> ListColumn:
        """Return the column called `name`; raise KeyError if there is none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def visible_columns(self) -> tuple[ListColumn, ...]:
        """The columns that the list displays."""
        return tuple(column for column in self.columns if column.visible)

    @property
    def count_columns(self) -> tuple[str, ...]:
        """The names of the columns that hold counts."""
        return tuple(column.name for column in self.columns if column.counted_property)

    @property
    def paths(self) -> tuple[PropertyPath, ...]:
        """All paths of its columns and its validity."""
        columns = tuple(path for column in self.columns for path in column.paths)
        dates = self.validity.date_paths if self.validity else ()
        return columns + tuple(path for paths in dates for path in paths)

    @property
    def sort_orders(self) -> tuple[str, ...]:
        """The orders that the list can be sorted in, besides its default: each also descending, after “-”."""
        return (NAME_COLUMN, *(column.name for column in self.visible_columns))


def _direct(name: str, *properties: str, facet: bool = False) -> ListColumn:
    return ListColumn(name, tuple((property_,) for property_ in properties), facet=facet)


def _year(*paths: PropertyPath) -> ListColumn:
    return ListColumn("year", paths, facet=True, year=True, visible=False)


def _facet(name: str, *path: str) -> ListColumn:
    return ListColumn(name, (path,), facet=True, visible=False)


_AS_OF: Final = ((UTS + "asOf",),)
_MADE_IN: Final = ((UTS + "madeIn",),)
_ISSUED: Final = ((DCTERMS + "issued",), (UTS + "issuedNotAfter",), (UTS + "issuedNotBefore",))
_LATEST_ISSUED: Final = (_ISSUED[0], _ISSUED[2], _ISSUED[1])  # prefers the latest possible date
_SOURCE_DATES: Final = tuple((UTS + "saidIn", *path) for path in _ISSUED)


_VALID_FROM: Final = ((UTS + "validFrom",),)
_VALID_UNTIL: Final = ((UTS + "validUntil",),)
_STATEMENT_COUNT = ListColumn("statements", counted_property=UTS + "onBehalfOf")
ENTITY_KINDS: Final[dict[str, EntityKind]] = {
    "organisation": EntityKind(
        tuple(
            UTS + name
            for name in (
                *("PublicBody", "Municipality", "Region", "StateAgency", "Company", "NewsPublisher"),
                *("Unit", "Board"),
            )
        ),
        (
            _direct("type", TYPE, facet=True),
            _direct("code", UTS + "municipalityCode", UTS + "countyCode"),
            _direct("county", UTS + "inCounty", facet=True),
            _STATEMENT_COUNT,
            _facet("status", INVERSE + UTS + "adopter", UTS + "status"),
        ),
    ),
    "person": EntityKind(
        (UTS + "Person",),
        (
            ListColumn("role", ((ORG + "hasMembership", SCHEMA + "roleName"),)),
            ListColumn("organisation", ((ORG + "hasMembership", ORG + "organization"),), facet=True),
            ListColumn("statements", counted_property=UTS + "speaker"),
        ),
    ),
    "product": EntityKind(
        (UTS + "Product",),
        (
            _direct("vendor", UTS + "vendor", facet=True),
            _direct("deployment", UTS + "deployment", facet=True),
            ListColumn("statements", counted_property=UTS + "about"),
        ),
    ),
    "law": EntityKind(
        (UTS + "LegalAct", UTS + "Provision"),
        (
            _direct("short", UTS + "shortName", ELI + "title_short"),
            _direct("identifier", ELI + "id_local"),
            _direct("from", ELI + "date_applicability", ELI + "first_date_entry_in_force"),
            _direct("until", ELI + "date_no_longer_in_force"),
            ListColumn("statements", counted_property=UTS + "cites"),
        ),
        validity=Validity(
            ((ELI + "date_applicability",), (ELI + "first_date_entry_in_force",)),
            ((ELI + "date_no_longer_in_force",),),
            open_ended=True,
        ),
    ),
    "statement": EntityKind(
        (UTS + "Statement",),
        (
            _direct("kind", UTS + "kind", facet=True),
            _direct("organisation", UTS + "onBehalfOf", facet=True),
            _direct("speaker", UTS + "speaker", facet=True),
            _direct("unit", UTS + "speakerUnit", facet=True),
            _direct("speechAct", UTS + "speechAct", facet=True),
            _direct("certainty", UTS + "certainty", facet=True),
            _direct("about", UTS + "about", facet=True),
            _direct("law", UTS + "cites", facet=True),
            _direct("source", UTS + "saidIn", facet=True),
            _direct("passage", UTS + "evidence"),
            _direct("text", UTS + "text"),
            _facet("county", UTS + "onBehalfOf", UTS + "inCounty"),
            _year(*_SOURCE_DATES),
        ),
        dates=_SOURCE_DATES,
        validity=Validity(tuple((UTS + "saidIn", *path) for path in _LATEST_ISSUED)),
    ),
    "source": EntityKind(
        tuple(UTS + name for name in ("Source", "Article", "Report", "Decision", "Judgment", "DataSet")),
        (
            _direct("type", TYPE, facet=True),
            _direct("publisher", DCTERMS + "publisher", facet=True),
            _direct("issued", DCTERMS + "issued", UTS + "issuedNotBefore", UTS + "issuedNotAfter"),
            ListColumn("statements", counted_property=UTS + "saidIn"),
            _year(*_ISSUED),
        ),
        validity=Validity(_LATEST_ISSUED),
    ),
    "adoption": EntityKind(
        (UTS + "Adoption",),
        (
            _direct("organisation", UTS + "adopter", facet=True),
            _direct("product", UTS + "product", facet=True),
            _direct("status", UTS + "status", facet=True),
            _direct("asOf", UTS + "asOf"),
            _facet("county", UTS + "adopter", UTS + "inCounty"),
            _year(*_AS_OF),
        ),
        dates=_AS_OF,
        validity=Validity(_VALID_FROM, _VALID_UNTIL, _AS_OF, unique_by=(UTS + "adopter", UTS + "product")),
    ),
    "assessment": EntityKind(
        (UTS + "Assessment",),
        (
            _direct("organisation", UTS + "assessor", facet=True),
            _direct("outcome", UTS + "outcome", facet=True),
            _direct("product", UTS + "product", facet=True),
            _direct("law", UTS + "underAct", facet=True),
            _direct("madeIn", UTS + "madeIn"),
            _direct("actInferred", UTS + "actInferred"),
            _direct("assessmentType", UTS + "assessmentType", facet=True),
            _direct("concerns", UTS + "concerns", facet=True),
            _facet("county", UTS + "assessor", UTS + "inCounty"),
            _year(*_MADE_IN),
        ),
        dates=_MADE_IN,
        validity=Validity(
            _VALID_FROM,
            _VALID_UNTIL,
            (*_MADE_IN, *_AS_OF),
            unique_by=tuple(UTS + name for name in ("assessor", "product", "underAct", "concerns")),
            pending=(UTS + "outcome", CODE + "assessment-outcome/under-review"),
        ),
    ),
    "observation": EntityKind(
        (UTS + "Observation",),
        (
            _direct("organisation", SOSA + "hasFeatureOfInterest"),
            _direct("provider", UTS + "mailProvider", facet=True),
            _direct("evidence", UTS + "observationEvidence", facet=True),
            _direct("asOf", UTS + "asOf"),
            _facet("county", SOSA + "hasFeatureOfInterest", UTS + "inCounty"),
            _year(*_AS_OF),
        ),
        dates=_AS_OF,
        validity=Validity(at=_AS_OF),
    ),
    "passage": EntityKind(
        (UTS + "Passage",),
        (
            _direct("source", OA + "hasSource", facet=True),
            _direct("paragraph", UTS + "paragraph"),
            ListColumn("start", ((OA + "hasSelector", OA + "start"),)),
            ListColumn("end", ((OA + "hasSelector", OA + "end"),)),
            ListColumn("statements", counted_property=UTS + "evidence"),
        ),
    ),
    "place": EntityKind(
        (UTS + "County",),
        (_direct("code", UTS + "countyCode"), ListColumn("organisations", counted_property=UTS + "inCounty")),
    ),
}

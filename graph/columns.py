"""Which columns and facets a list of each kind of entity has, and in which orders it can be read."""

from dataclasses import dataclass
from typing import Final

from graph.namespaces import DCTERMS, ELI, OA, ORG, RDF, SCHEMA, SOSA, UTS

TYPE: Final = RDF + "type"
BACK: Final = "^"  # before a step that is taken from the object to the subject
OLDEST: Final = "oldest"
NAME: Final = "name"
Path = tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One column: the values at the end of `paths`, or how many times the property `tally` leads here.

    Of a `year` the value is the year of the date at the end of the first path that leads to one. What is not
    `shown` is a facet alone.
    """

    name: str
    paths: tuple[Path, ...] = ()
    tally: str = ""
    facet: bool = False
    year: bool = False
    shown: bool = True


@dataclass(frozen=True)
class Kind:
    """What a list holds: the entities of `classes`, and its columns.

    What has `dates` comes newest first, by the first path that leads to one; anything else by name.
    """

    classes: tuple[str, ...]
    columns: tuple[Column, ...]
    dates: tuple[Path, ...] = ()

    @property
    def facets(self) -> tuple[str, ...]:
        """The columns that the list can be narrowed by."""
        return tuple(column.name for column in self.columns if column.facet)

    def column(self, name: str) -> Column:
        """Return the column called `name`; raise KeyError if there is none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns that the list has."""
        return tuple(column for column in self.columns if column.shown)

    @property
    def sorts(self) -> tuple[str, ...]:
        """The orders that the list can be read in, besides its own: each also backwards, after “-”."""
        return (NAME, *(column.name for column in self.shown))


def _direct(name: str, *properties: str, facet: bool = False) -> Column:
    return Column(name, tuple((property_,) for property_ in properties), facet=facet)


def _year(*paths: Path) -> Column:
    return Column("year", paths, facet=True, year=True, shown=False)


def _facet(name: str, *path: str) -> Column:
    return Column(name, (path,), facet=True, shown=False)


_AS_OF: Final = ((UTS + "asOf",),)
_MADE_IN: Final = ((UTS + "madeIn",),)
_ISSUED: Final = ((DCTERMS + "issued",), (UTS + "issuedNotAfter",), (UTS + "issuedNotBefore",))
_SAID: Final = tuple((UTS + "saidIn", *path) for path in _ISSUED)


_SAID_BY = Column("statements", tally=UTS + "onBehalfOf")
KINDS: Final[dict[str, Kind]] = {
    "organisation": Kind(
        tuple(
            UTS + name
            for name in ("PublicBody", "Municipality", "Region", "StateAgency", "Company", "NewsPublisher")
        ),
        (
            _direct("type", TYPE, facet=True),
            _direct("code", UTS + "municipalityCode", UTS + "countyCode"),
            _direct("county", UTS + "inCounty", facet=True),
            _SAID_BY,
            _facet("status", BACK + UTS + "adopter", UTS + "status"),
        ),
    ),
    "person": Kind(
        (UTS + "Person",),
        (
            Column("role", ((ORG + "hasMembership", SCHEMA + "roleName"),)),
            Column("organisation", ((ORG + "hasMembership", ORG + "organization"),), facet=True),
            Column("statements", tally=UTS + "speaker"),
        ),
    ),
    "product": Kind(
        (UTS + "Product",),
        (
            _direct("vendor", UTS + "vendor", facet=True),
            _direct("deployment", UTS + "deployment", facet=True),
            Column("statements", tally=UTS + "about"),
        ),
    ),
    "law": Kind(
        (UTS + "LegalAct",),
        (
            _direct("short", ELI + "title_short"),
            _direct("identifier", ELI + "id_local"),
            _direct("from", ELI + "date_applicability", ELI + "first_date_entry_in_force"),
            _direct("until", ELI + "date_no_longer_in_force"),
            Column("statements", tally=UTS + "cites"),
        ),
    ),
    "statement": Kind(
        (UTS + "Statement",),
        (
            _direct("kind", UTS + "kind", facet=True),
            _direct("organisation", UTS + "onBehalfOf", facet=True),
            _direct("speaker", UTS + "speaker", facet=True),
            _direct("group", UTS + "speakerGroup"),
            _direct("about", UTS + "about", facet=True),
            _direct("law", UTS + "cites", facet=True),
            _direct("source", UTS + "saidIn", facet=True),
            _direct("passage", UTS + "evidence"),
            _direct("text", UTS + "text"),
            _facet("county", UTS + "onBehalfOf", UTS + "inCounty"),
            _year(*_SAID),
        ),
        dates=_SAID,
    ),
    "source": Kind(
        tuple(UTS + name for name in ("Source", "Article", "Report", "Decision", "DataSet")),
        (
            _direct("type", TYPE, facet=True),
            _direct("publisher", DCTERMS + "publisher", facet=True),
            _direct("issued", DCTERMS + "issued", UTS + "issuedNotBefore", UTS + "issuedNotAfter"),
            Column("statements", tally=UTS + "saidIn"),
            _year(*_ISSUED),
        ),
    ),
    "adoption": Kind(
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
    ),
    "assessment": Kind(
        (UTS + "Assessment",),
        (
            _direct("organisation", UTS + "assessor", facet=True),
            _direct("product", UTS + "product", facet=True),
            _direct("law", UTS + "underAct", facet=True),
            _direct("outcome", UTS + "outcome", facet=True),
            _direct("madeIn", UTS + "madeIn"),
            _facet("county", UTS + "assessor", UTS + "inCounty"),
            _year(*_MADE_IN),
        ),
        dates=_MADE_IN,
    ),
    "observation": Kind(
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
    ),
    "passage": Kind(
        (UTS + "Passage",),
        (
            _direct("source", OA + "hasSource", facet=True),
            _direct("paragraph", UTS + "paragraph"),
            Column("start", ((OA + "hasSelector", OA + "start"),)),
            Column("end", ((OA + "hasSelector", OA + "end"),)),
            Column("statements", tally=UTS + "evidence"),
        ),
    ),
    "place": Kind(
        (UTS + "County",),
        (_direct("code", UTS + "countyCode"), Column("organisations", tally=UTS + "inCounty")),
    ),
}

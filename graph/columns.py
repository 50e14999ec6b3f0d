"""Which columns and facets a list of each kind of entity has."""

from dataclasses import dataclass
from typing import Final

from graph.describe import TYPE
from graph.namespaces import DCTERMS, ELI, OA, ORG, SCHEMA, SOSA, UTS


@dataclass(frozen=True)
class Column:
    """One column: the values at the end of `paths`, or how many times the property `tally` leads here."""

    name: str
    paths: tuple[tuple[str, ...], ...] = ()
    tally: str = ""
    facet: bool = False


@dataclass(frozen=True)
class Kind:
    """What a list holds: the entities of `classes`, and its columns."""

    classes: tuple[str, ...]
    columns: tuple[Column, ...]


def _direct(name: str, *properties: str, facet: bool = False) -> Column:
    return Column(name, tuple((property_,) for property_ in properties), facet=facet)


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
        ),
    ),
    "source": Kind(
        tuple(UTS + name for name in ("Source", "Article", "Report", "Decision", "DataSet")),
        (
            _direct("type", TYPE, facet=True),
            _direct("publisher", DCTERMS + "publisher", facet=True),
            _direct("issued", DCTERMS + "issued", UTS + "issuedNotBefore", UTS + "issuedNotAfter"),
            Column("statements", tally=UTS + "saidIn"),
        ),
    ),
    "adoption": Kind(
        (UTS + "Adoption",),
        (
            _direct("organisation", UTS + "adopter"),
            _direct("product", UTS + "product", facet=True),
            _direct("status", UTS + "status", facet=True),
            _direct("asOf", UTS + "asOf"),
        ),
    ),
    "assessment": Kind(
        (UTS + "Assessment",),
        (
            _direct("organisation", UTS + "assessor"),
            _direct("product", UTS + "product", facet=True),
            _direct("law", UTS + "underAct", facet=True),
            _direct("outcome", UTS + "outcome", facet=True),
            _direct("madeIn", UTS + "madeIn"),
        ),
    ),
    "observation": Kind(
        (UTS + "Observation",),
        (
            _direct("organisation", SOSA + "hasFeatureOfInterest"),
            _direct("provider", UTS + "mailProvider", facet=True),
            _direct("evidence", UTS + "observationEvidence", facet=True),
            _direct("asOf", UTS + "asOf"),
        ),
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

"""The properties of Swedish bodies, products and laws that a spreadsheet may ask for."""

from typing import Final

from graph.core.kind_table import SITE_TABLE
from graph.core.namespaces import GEO, SKOS, TYPE, UTS
from graph.matching.reconciliation_table import (
    LABEL,
    LINKS,
    ORGANISATION,
    ROLE,
    STATEMENTS,
    ReconciliationProperty,
    ReconciliationTable,
    named_property,
)

_PROPERTIES: Final = (
    named_property(LABEL, SITE_TABLE.matched, "namn", "name"),
    named_property(SKOS + "altLabel", SITE_TABLE.matched, "annat namn", "other name"),
    named_property(UTS + "formerName", ("organisation",), "tidigare namn", "former name"),
    named_property(TYPE, SITE_TABLE.matched, "typ", "type"),
    ReconciliationProperty(UTS + "organisationNumber", ("organisation",), identifies=True),
    ReconciliationProperty(UTS + "municipalityCode", ("organisation",), identifies=True),
    ReconciliationProperty(UTS + "countyCode", ("organisation", "place")),
    ReconciliationProperty(UTS + "internetDomain", ("organisation",), identifies=True),
    ReconciliationProperty(UTS + "inCounty", ("organisation",), value_class=UTS + "County"),
    ReconciliationProperty(UTS + "population", ("organisation",)),
    ReconciliationProperty(UTS + "nuts3", ("organisation", "place")),
    ReconciliationProperty(UTS + "iso3166", ("place",), identifies=True),
    named_property(GEO + "lat", ("organisation",), "latitud", "latitude"),
    named_property(GEO + "long", ("organisation",), "longitud", "longitude"),
    named_property(ORGANISATION, ("person",), "organisation", "organisation", of=UTS + "PublicBody"),
    named_property(ROLE, ("person",), "uppdrag", "office"),
    ReconciliationProperty(UTS + "vendor", ("product",), value_class=UTS + "Company"),
    ReconciliationProperty(UTS + "deployment", ("product",)),
    ReconciliationProperty(UTS + "sfsNumber", ("law",), identifies=True),
    ReconciliationProperty(UTS + "celex", ("law",), identifies=True),
    ReconciliationProperty(UTS + "shortName", ("law",)),
    named_property(LINKS, SITE_TABLE.matched, "länkar till andra datamängder", "links to other data sets"),
    named_property(STATEMENTS, SITE_TABLE.matched, "antal utsagor", "number of statements"),
)
_ALIASES: Final = {
    "lat": GEO + "lat",
    "long": GEO + "long",
    "orgnr": UTS + "organisationNumber",
    "municipality": UTS + "municipalityCode",
    "county": UTS + "inCounty",
    "domain": UTS + "internetDomain",
    "sfs": UTS + "sfsNumber",
}
_CODES: Final = ("municipalityCode", "countyCode", "organisationNumber")
_TYPES: Final = (
    *("Municipality", "Region", "StateAgency", "PublicBody", "Company", "NewsPublisher", "Person"),
    *("Product", "LegalAct", "County", "Source"),
)
TABLE: Final = ReconciliationTable(
    _PROPERTIES,
    _ALIASES,
    described=(*_CODES, "sfsNumber", "celex", "inCounty", "organisation"),
    previewed=(
        *(*_CODES, "inCounty", "organisation", "role", "vendor", "deployment"),
        *("sfsNumber", "celex", "statements"),
    ),
    types=tuple(UTS + name for name in _TYPES),
)

"""The properties of our ontology that are searched, by the field of the text index."""

from typing import Final

from graph.core.namespaces import UTS

_CODES: Final = (
    *("municipalityCode", "countyCode", "organisationNumber", "sfsNumber", "celex", "ecli"),
    *("registerNumber", "internetDomain", "nuts3", "iso3166"),
)
PROPERTIES: Final = {"former": (UTS + "formerName",), "code": tuple(UTS + name for name in _CODES)}

"""The classes of schema.org for our own: https://schema.org/docs/full.html."""

from typing import Final

from graph.core.namespaces import UTS

TYPES: Final = {
    UTS + "NewsPublisher": "NewsMediaOrganization",
    UTS + "Company": "Corporation",
    UTS + "PublicBody": "GovernmentOrganization",
    UTS + "Municipality": "GovernmentOrganization",
    UTS + "Region": "GovernmentOrganization",
    UTS + "County": "AdministrativeArea",
}
IDENTIFIERS: Final = (
    *("municipalityCode", "countyCode", "organisationNumber", "sfsNumber", "celex", "iso3166", "nuts3"),
)
"""The local names of our properties whose values are identifiers."""
JURISDICTIONS: Final = {UTS + "celex": "EU", UTS + "sfsNumber": "SE"}
"""Where a legal act applies, by the property of the number that it has."""

"""The organisations of our graph: municipalities and regions with their codes, in counties."""

from typing import Final

from graph.core.namespaces import ORG, UTS
from graph.core.organisations import OrganisationModel

ORGANISATIONS: Final = OrganisationModel(
    registers=(UTS + "Municipality", UTS + "Region", UTS + "StateAgency"),
    codes=(UTS + "municipalityCode", UTS + "countyCode"),
    group=UTS + "inCounty",
    group_facet="county",
    keys=(
        *(UTS + each for each in ("municipalityCode", "countyCode", "organisationNumber", "inCounty")),
        UTS + "population",
        UTS + "populationAsOf",
        ORG + "unitOf",
    ),
    without_adoptions=frozenset(UTS + name for name in ("Company", "NewsPublisher", "Unit", "Board")),
)
EXAMPLE_CLASSES: Final = (UTS + "Municipality",)
"""The classes of which the description of the data set names an entity as an example."""

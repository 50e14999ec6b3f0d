"""The order of facts on the pages of entities."""

from typing import Final

from graph.core.namespaces import DCTERMS, ELI, UTS

ORDER: Final = (
    UTS + "municipalityCode",
    UTS + "countyCode",
    UTS + "organisationNumber",
    UTS + "inCounty",
    UTS + "shortName",
    ELI + "title_short",
    ELI + "id_local",
    UTS + "sfsNumber",
    UTS + "celex",
    ELI + "first_date_entry_in_force",
    ELI + "date_applicability",
    ELI + "date_no_longer_in_force",
    DCTERMS + "publisher",
    UTS + "vendor",
    UTS + "deployment",
)
"""IRIs of properties; others come after them."""

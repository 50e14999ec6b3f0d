"""The identifiers and classes of Swedish bodies and laws in Wikidata."""

from typing import Final

from graph.core.namespaces import UTS, WD, WDT
from graph.curation.wikidata_model import WikidataModel

MODEL: Final = WikidataModel(
    codes={
        WDT + "P6460": "organisationNumber",
        WDT + "P525": "municipalityCode",
        WDT + "P476": "celex",
    },
    titles={
        "organisationNumber": "organisation number",
        "municipalityCode": "municipality code",
        "celex": "CELEX number",
    },
    classes={UTS + "Municipality": WD + "Q127448", UTS + "County": WD + "Q200547"},
)

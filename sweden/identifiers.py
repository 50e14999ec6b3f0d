"""Identifiers of Swedish bodies and of laws: their schemes by the name in parameters of URLs."""

import re
from typing import Final

from graph.core.namespaces import ORG, OWL, SKOS, UTS
from graph.matching.identifier_scheme import IdentifierScheme, matched_text, parse_domain

NUTS_NAMESPACE: Final = "http://data.europa.eu/nuts/code/"
_ORGANISATION_NUMBER: Final = re.compile(r"(?:SE|16)?(\d{6})-?(\d{4})(?:01)?", re.ASCII | re.I)
_MUNICIPALITY_CODE: Final = re.compile(r"\d{3,4}", re.ASCII)  # spreadsheets lose the 0 in front
_SFS: Final = re.compile(r"(?:SFS\s*|https?://lagen\.nu/)?(\d{4}:\d{1,5})", re.ASCII | re.I)
_CELEX: Final = re.compile(r"(?:.*\bCELEX:)?(\d{5}[A-Z]{1,2}\d{4}(?:\(\d\d\))?)", re.ASCII | re.I)
_ISO_3166: Final = re.compile(r"SE-[A-Z]{1,2}", re.ASCII | re.I)
_NUTS_CODE: Final = re.compile(r"(?:https?://data\.europa\.eu/nuts/code/)?(SE\d{3})", re.ASCII | re.I)


def _parse_nuts_code(given: str) -> str:
    """Return the IRI of a NUTS region: the code alone is a value of its municipalities too."""
    found = matched_text(_NUTS_CODE.fullmatch(given))
    return NUTS_NAMESPACE + found.upper() if found else ""


def _parse_organisation_number(given: str) -> str:
    found = _ORGANISATION_NUMBER.fullmatch(given.replace(" ", ""))
    return f"{found[1]}-{found[2]}" if found else ""


def _parse_municipality_code(given: str) -> str:
    found = matched_text(_MUNICIPALITY_CODE.fullmatch(given))
    return found and found.zfill(4)


SCHEMES: Final = {
    "orgnr": IdentifierScheme(
        "organisation number",
        "212000-1355",
        _parse_organisation_number,
        (UTS + "organisationNumber", ORG + "identifier"),
    ),
    "municipality": IdentifierScheme(
        "municipality code",
        "1480",
        _parse_municipality_code,
        (UTS + "municipalityCode",),
        guess_exact=True,
    ),
    "sfs": IdentifierScheme(
        "SFS number", "2009:400", lambda given: matched_text(_SFS.fullmatch(given)), (UTS + "sfsNumber",)
    ),
    "celex": IdentifierScheme(
        "CELEX number",
        "32016R0679",
        lambda given: matched_text(_CELEX.fullmatch(given)).upper(),
        (UTS + "celex",),
    ),
    "iso3166": IdentifierScheme(
        "ISO 3166-2 code",
        "SE-O",
        lambda given: matched_text(_ISO_3166.fullmatch(given)).upper(),
        (UTS + "iso3166",),
    ),
    "nuts": IdentifierScheme("NUTS 3 code", "SE232", _parse_nuts_code, (OWL + "sameAs", SKOS + "exactMatch")),
    "domain": IdentifierScheme("domain", "goteborg.se", parse_domain, (UTS + "internetDomain",)),
}

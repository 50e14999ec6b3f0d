"""Parsing of identifiers of other data sets."""

import pytest

from graph.core.errors import BadInput
from graph.core.namespaces import ID
from graph.matching.identifiers import SCHEMES, guess_identifiers, parse_entity_name, parse_identifier


@pytest.mark.parametrize("scheme", SCHEMES)
def test_examples_are_parsed(scheme: str) -> None:
    assert parse_identifier(scheme, SCHEMES[scheme].example)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1480", [("municipality", "1480")]),
        ("180", []),
        ("Göteborg", []),
        ("Q52502", [(scheme, "http://www.wikidata.org/entity/Q52502") for scheme in ("iri", "wikidata")]),
        ("2120001355", [("orgnr", "212000-1355")]),
        ("SFS 2009:400", [("sfs", "2009:400")]),
        ("32016R0679", [("celex", "32016R0679")]),
        ("SE-O", [("iso3166", "SE-O")]),
        ("SE232", [("nuts", "http://data.europa.eu/nuts/code/SE232")]),
        ("www.goteborg.se", [("domain", "goteborg.se")]),
        ("organisation/malmo-kommun", [("iri", f"{ID}organisation/malmo-kommun")]),
        ("javascript:alert(1)", []),
        ("http://[", []),
        ("", []),
        ("x" * 3000, []),
    ],
)
def test_identifiers_are_guessed_from_text(text: str, found: list[tuple[str, str]]) -> None:
    assert list(guess_identifiers(text)) == found


@pytest.mark.parametrize(("scheme", "text"), [("orgnr", "1480"), ("iri", "x" * 3000), ("domain", "a@b.se")])
def test_malformed_identifiers_are_refused(scheme: str, text: str) -> None:
    with pytest.raises(BadInput):
        parse_identifier(scheme, text)


def test_names_of_own_entities_are_parsed() -> None:
    assert (
        parse_entity_name("id:law/osl")
        == parse_entity_name("law/osl")
        == parse_entity_name(f"{ID}law/osl")
        == f"{ID}law/osl"
    )
    assert (
        parse_entity_name("law/OSL")
        == parse_entity_name("http://example.org/law/osl")
        == parse_entity_name("")
        == ""
    )

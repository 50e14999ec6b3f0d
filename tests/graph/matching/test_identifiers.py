"""What a text can be as an identifier of elsewhere."""

import pytest

from graph.core.errors import BadInput
from graph.core.namespaces import ID
from graph.matching.identifiers import SCHEMES, guess, own, read


@pytest.mark.parametrize("scheme", SCHEMES)
def test_examples_are_read(scheme: str) -> None:
    assert read(scheme, SCHEMES[scheme].example)


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
def test_guesses(text: str, found: list[tuple[str, str]]) -> None:
    assert list(guess(text)) == found


@pytest.mark.parametrize(("scheme", "text"), [("orgnr", "1480"), ("iri", "x" * 3000), ("domain", "a@b.se")])
def test_what_is_none_is_refused(scheme: str, text: str) -> None:
    with pytest.raises(BadInput):
        read(scheme, text)


def test_own() -> None:
    assert own("id:law/osl") == own("law/osl") == own(f"{ID}law/osl") == f"{ID}law/osl"
    assert own("law/OSL") == own("http://example.org/law/osl") == own("") == ""

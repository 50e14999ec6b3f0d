"""Names of entities in the words of a question, and dates."""

import pytest

from graph.questions.dates import read_dates
from graph.questions.names import NamedEntity, NameTable
from graph.questions.tokens import tokenise

TABLE = NameTable(
    [
        NamedEntity(
            "organisation", "goteborg", ("Göteborgs kommun", "Gothenburg Municipality"), "municipality"
        ),
        NamedEntity("organisation", "boras", ("Borås kommun", "Borås Municipality"), "municipality"),
        NamedEntity("organisation", "habo", ("Habo kommun", "Habo Municipality"), "municipality"),
        NamedEntity("organisation", "haabo", ("Håbo kommun", "Håbo Municipality"), "municipality"),
        NamedEntity("organisation", "uppsala", ("Uppsala kommun",), "municipality"),
        NamedEntity("organisation", "region-uppsala", ("Region Uppsala",), "region"),
        NamedEntity("organisation", "vgr", ("Västra Götalandsregionen",), "region"),
        NamedEntity("organisation", "kalmar", ("Kalmar kommun",), "municipality"),
        NamedEntity("organisation", "region-kalmar", ("Region Kalmar län",), "region"),
        NamedEntity("organisation", "imy", ("IMY",)),
        NamedEntity("county", "skane", ("Skåne län",), "county"),
        NamedEntity("county", "stockholm", ("Stockholms län",), "county"),
        NamedEntity("office", "it-chef", ("it-chef",)),
        NamedEntity("product", "office", ("Office",)),
        NamedEntity("product", "office-365", ("Office 365",)),
        NamedEntity("product", "windows", ("Windows",)),
    ]
)


def found(text: str, *kinds: str) -> tuple[str, ...]:
    """Return the entities that all of `text` names."""
    tokens = tokenise(text)
    end, iris = TABLE.find(kinds or ("organisation",), tokens, 0) or (0, ())
    return iris if end == len(tokens) else ()


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("Göteborg", "goteborg"),
        ("goteborgs", "goteborg"),
        ("Göteborgs stad", "goteborg"),
        ("Göteborgs kommuns", "goteborg"),
        ("City of Gothenburg", "goteborg"),
        ("Gothenburg's", "goteborg"),
        ("Borås", "boras"),
        ("borås stad", "boras"),
        ("Habo", "habo"),
        ("Håbo", "haabo"),
        ("Uppsala kommun", "uppsala"),
        ("Region Uppsala", "region-uppsala"),
        ("region uppsalas", "region-uppsala"),
        ("Region Västra Götaland", "vgr"),
        ("Kalmar", "kalmar"),
        ("Region Kalmar län", "region-kalmar"),
        ("IMY:s", "imy"),
        ("Office 365", "office-365"),
        ("office365", "office-365"),
        ("Office", "office"),
        ("Windows", "windows"),
        ("Skåne", "skane"),
        ("Stockholm", "stockholm"),
        ("Stockholm County", "stockholm"),
    ],
)
def test_a_name_is_found(text: str, iri: str) -> None:
    assert found(text, "organisation", "product", "county") == (iri,)


@pytest.mark.parametrize("text", ["Göteborgarna", "Borå", "Kommun", "Stad", "Office 364", "", "s"])
def test_other_words_are_no_names(text: str) -> None:
    assert found(text, "organisation", "product", "county") == ()


def test_the_value_of_an_office_is_its_name() -> None:
    assert found("IT-chef", "office") == ("it-chef",)
    assert found("chef", "office") == ()


def test_a_name_of_two_has_both_and_a_kind_has_its_own() -> None:
    assert found("Uppsala") == ("region-uppsala", "uppsala")
    assert found("Skåne", "organisation") == ()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2017", "2017"),
        ("2017-10", "2017-10"),
        ("2017-10-09", "2017-10-09"),
        ("oktober 2017", "2017-10"),
        ("9 oktober 2017", "2017-10-09"),
        ("October 9 2017", "2017-10-09"),
        ("May 2018", "2018-05"),
        ("maj 2018", "2018-05"),
        ("31 februari 2018", ""),
        ("365", ""),
        ("1066", ""),
        ("2017-13", ""),
        ("oktober", ""),
        ("", ""),
    ],
)
def test_dates(text: str, date: str) -> None:
    tokens = tokenise(text)
    assert [each for end, each in read_dates(tokens, 0) if end == len(tokens)] == ([date] if date else [])

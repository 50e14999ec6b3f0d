"""Search in the text index: what is found, in which order, and why."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from graph.build.store_writer import load
from graph.core.errors import BadInput, Unavailable
from graph.release.releases import Release
from graph.search import writer
from graph.search.search import Found, Hit, Search
from graph.search.suggest import suggest

Make = Callable[[str], Search]
HEAD = """@base <https://w3id.org/utsaga/id/> . @prefix uts: <https://w3id.org/utsaga/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://example.org/> .
"""


@pytest.fixture(scope="module")
def search(release: Release) -> Search:
    found = Search.beside(release.store)
    assert found
    return found


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """What makes a text index of some Turtle."""

    def made(turtle: str) -> Search:
        place = tmp_path / str(len(list(tmp_path.iterdir())))
        place.mkdir()
        load(place / "store", parse((HEAD + turtle).encode(), format=RdfFormat.TURTLE))
        writer.write(place / writer.FOLDER, place / "store")
        found = Search.beside(place / "store")
        assert found
        return found

    return made


def slugs(found: Found) -> list[str]:
    return [hit.iri.rpartition("/")[2] for hit in found.hits]


def marks(hit: Hit) -> list[tuple[str, str]]:
    return [
        (match.field, " ".join(part for part, is_match in match.parts if is_match)) for match in hit.matches
    ]


def test_an_old_name_leads_to_the_region_and_says_why(search: Search) -> None:
    found = search.find("Stockholms läns landsting")
    assert slugs(found)[0] == "region-stockholm"
    assert marks(found.hits[0])[0] == ("former", "Stockholms läns landsting")
    assert found.hits[0].matches[0].predicate == "https://w3id.org/utsaga/ns#formerName"


@pytest.mark.parametrize("typed", ["goteborg", "Göteborg", "göteborgs", "GÖTEBORG", "Goteborgs stad"])
def test_a_name_is_found_with_and_without_its_letters_and_in_other_forms(search: Search, typed: str) -> None:
    assert slugs(search.find(typed))[0] == "goteborgs-kommun"


def test_letters_that_are_typed_are_meant(search: Search) -> None:
    assert slugs(search.find("malå")) == ["mala-kommun"]
    assert slugs(search.find("mal"))[0] == "mala-kommun"  # which “mål” and mala.se follow
    assert slugs(search.find("mala"))[0] == "mala-kommun"


def test_a_name_written_as_typed_comes_no_later_than_one_that_is_folded(make: Make) -> None:
    search = make(
        '<organisation/a> rdfs:label "Goteborg Ab"@sv . <organisation/b> rdfs:label "Göteborg Ab"@sv .'
    )
    assert slugs(search.find("Göteborg")) == ["b"]
    assert sorted(slugs(search.find("Goteborg"))) == ["a", "b"]


def test_letters_that_nothing_has_are_taken_for_others(make: Make) -> None:
    search = make('<organisation/a> rdfs:label "Malmo Inc"@en .')
    found = search.find("Malmö")
    assert (slugs(found), found.how) == (["a"], "rough")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("212000-1355", "goteborgs-kommun"),
        ("2120001355", "goteborgs-kommun"),
        ("0180", "stockholms-kommun"),
        ("2009:400", "osl"),
        ("SFS 2009:400", "osl"),
        ("32016R0679", "gdpr"),
        ("(EU) 2016/679", "gdpr"),
        ("goteborg.se", "goteborgs-kommun"),
        ("OSL", "osl"),
    ],
)
def test_numbers_codes_and_short_names_are_found(search: Search, typed: str, first: str) -> None:
    assert slugs(search.find(typed))[0] == first


def test_words_of_statements_are_found_in_both_languages(search: Search) -> None:
    swedish, english = search.find("stadsjurister", kind="statement"), search.find("lawyer", kind="statement")
    assert set(slugs(swedish)) & set(slugs(english))
    assert {hit.kind for hit in swedish.hits} == {"statement"}


def test_all_words_are_wanted_and_none_that_is_excluded(search: Search) -> None:
    every, less = search.find("office"), search.find("office -göteborg")
    assert 0 < less.total < every.total
    assert search.find('"office 365"').total == search.find('"office 365').total > 0
    assert search.find('"365 office"').total == 0
    assert search.find("-office").total == search.find("-office -office").total > every.total


def test_what_has_some_of_the_words_is_better_than_nothing(search: Search) -> None:
    found = search.find("who else uses Office 365 and on what legal grounds")
    assert (found.how, slugs(found)[0]) == ("any", "who-uses-office-365")
    assert search.find("xyzzy plugh").hits == ()


def test_a_name_that_begins_so_is_found_where_no_word_is(search: Search) -> None:
    found = search.find("malm")
    assert (found.how, slugs(found)[0]) == ("rough", "malmo-kommun")
    assert marks(found.hits[0])[0][1] == "Malmö"


def test_kinds_are_counted_whichever_is_chosen(search: Search) -> None:
    every, some = search.find("office"), search.find("office", kind="product")
    assert some.kinds == every.kinds
    assert some.total == every.kinds["product"] == len(some.hits)
    assert sum(every.kinds.values()) == every.total
    assert search.find("office", kind="place").hits == ()


def test_pages_follow_each_other(search: Search) -> None:
    whole = slugs(search.find("kommun", limit=30))
    assert slugs(search.find("kommun", limit=10)) + slugs(search.find("kommun", limit=20, offset=10)) == whole


def test_the_newest_comes_first_where_asked(make: Make) -> None:
    search = make("""
        <source/old> dcterms:issued "2017-10-09"^^xsd:date . <source/new> dcterms:issued "2019"^^xsd:gYear .
        <statement/a> uts:text "moln"@sv ; uts:saidIn <source/old> .
        <statement/b> uts:text "moln och moln"@sv ; uts:saidIn <source/new> .
        <product/c> rdfs:label "moln"@sv .""")
    assert slugs(search.find("moln", newest=True)) == ["b", "a", "c"]
    assert slugs(search.find("moln"))[0] == "c"


def test_the_better_known_comes_first(make: Make) -> None:
    search = make("""
        <product/x1> rdfs:label "Molnet ett"@sv . <product/x2> rdfs:label "Molnet två"@sv .
        <statement/a> uts:about <product/x2> . <statement/b> uts:about <product/x2> .""")
    assert slugs(search.find("molnet")) == ["x2", "x1"]


def test_any_rdf_is_searched_in_whatever_language(make: Make) -> None:
    search = make("""
        ex:a skos:prefLabel "Gemeinde"@de ; skos:definition "Ville française" .
        ex:a skos:prefLabel "Kommuner" . [] rdfs:label "nameless" . ex:b rdfs:label 7 .""")
    for typed in ("gemeinde", "francaise", "kommun", "7"):
        assert search.find(typed).kinds == {"resource": 1}, typed
    assert search.find("gemeind").how == "rough"  # German is not stemmed
    assert search.find("nameless").hits == ()


def test_retired_identifiers_are_not_found(make: Make) -> None:
    search = make('<organisation/old> dcterms:isReplacedBy <organisation/new> ; rdfs:label "Borta" .')
    assert search.find("borta").hits == ()


def test_a_long_text_is_cut_around_the_match(make: Make) -> None:
    search = make(f'<product/a> skos:note "{"först " * 100}målet {"sist " * 100}"@sv .')
    match = search.find("målet").hits[0].matches[0]
    assert len(match.value) < 260
    assert match.value.startswith("… först")
    assert match.value.endswith("sist …")
    assert ("målet", True) in match.parts


def test_values_beyond_all_measure_do_no_harm(make: Make) -> None:
    many = " ".join(f'skos:altLabel "namn{number}" ;' for number in range(10_000))
    search = make(f'<product/a> {many} rdfs:label "{"x" * 1_000_000}", "kort", "{"ord " * 100_000}" .')
    assert slugs(search.find("kort")) == ["a"]


@pytest.mark.parametrize(
    "typed",
    [
        "a AND OR NOT",
        "title:office^5 ~2 [a TO b] {c}",
        'office* ?ffice /o.*/ "',
        "office\x00\x1b[31m\u202e",
        '+-!(){}[]^"~*?:\\/office',
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "“office 365”",
        "--office -",
        "name_sv:office",
        "😀 office",
        "\U0010ffff ½ ﷺ 中文 שלום",
    ],
)
def test_nothing_that_is_typed_is_malformed(search: Search, typed: str) -> None:
    for newest in (False, True):
        assert search.find(typed, newest=newest).total >= 0


@settings(deadline=None)
@given(typed=st.text(max_size=80), newest=st.booleans())
def test_whatever_is_typed_is_answered_or_refused(search: Search, typed: str, newest: bool) -> None:
    with contextlib.suppress(BadInput):
        search.find(typed, newest=newest)
    suggest(search, typed)


@pytest.mark.parametrize(
    "typed", ["", "   ", "-", '""', '"-"', "?!*()[]", "\x00\x01", "a " * 21, "a" * 401, "\ufdfa" * 23]
)
def test_what_has_no_words_or_too_many_is_refused(search: Search, typed: str) -> None:
    with pytest.raises(BadInput) as raised:
        search.find(typed)
    assert raised.value.faults[0].where == "q"
    assert raised.value.faults[0].remedy


def test_without_an_index_there_is_no_search_and_a_broken_one_is_told(tmp_path: Path) -> None:
    assert Search.beside(tmp_path / "store") is None
    (tmp_path / writer.FOLDER).mkdir()
    (tmp_path / writer.FOLDER / "meta.json").write_text("{")
    with pytest.raises(Unavailable):
        Search.beside(tmp_path / "store")


def test_the_same_content_gives_the_same_order(make: Make) -> None:
    turtle = " ".join(f'<product/p{number}> rdfs:label "Molnet {number}" .' for number in range(200))
    one, other = make(turtle), make(turtle)
    assert slugs(one.find("molnet", limit=50)) == slugs(other.find("molnet", limit=50))

"""Full-text search: hits, their order and their matches."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from graph.build.store_writer import load
from graph.core.errors import BadInput, Unavailable
from graph.release.release import Release
from graph.search import writer
from graph.search.suggest import suggest
from graph.search.text_index import SearchHit, SearchResults, TextIndex

MakeIndex = Callable[[str], TextIndex]
HEAD = """@base <https://w3id.org/utsaga/id/> . @prefix uts: <https://w3id.org/utsaga/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix schema: <https://schema.org/> .
@prefix ex: <http://example.org/> .
"""


@pytest.fixture(scope="module")
def index(release: Release) -> TextIndex:
    found = TextIndex.open_beside(release.store)
    assert found
    return found


@pytest.fixture
def make(tmp_path: Path) -> MakeIndex:
    """Return a function that makes a text index of Turtle."""

    def made(turtle: str) -> TextIndex:
        place = tmp_path / str(len(list(tmp_path.iterdir())))
        place.mkdir()
        load(place / "store", parse((HEAD + turtle).encode(), format=RdfFormat.TURTLE))
        writer.write_text_index(place / writer.INDEX_FOLDER, place / "store")
        found = TextIndex.open_beside(place / "store")
        assert found
        return found

    return made


def slugs(found: SearchResults) -> list[str]:
    return [hit.iri.rpartition("/")[2] for hit in found.hits]


def marks(hit: SearchHit) -> list[tuple[str, str]]:
    return [
        (match.field, " ".join(part for part, is_match in match.parts if is_match)) for match in hit.matches
    ]


def test_a_former_name_finds_the_region_and_is_the_match(index: TextIndex) -> None:
    found = index.search("Stockholms läns landsting")
    assert slugs(found)[0] == "region-stockholm"
    assert marks(found.hits[0])[0] == ("former", "Stockholms läns landsting")
    assert found.hits[0].matches[0].predicate == "https://w3id.org/utsaga/ns#formerName"


@pytest.mark.parametrize("typed", ["goteborg", "Göteborg", "göteborgs", "GÖTEBORG", "Goteborgs stad"])
def test_a_name_is_found_with_and_without_accents_and_in_other_forms(index: TextIndex, typed: str) -> None:
    assert slugs(index.search(typed))[0] == "goteborgs-kommun"


def test_typed_accents_are_required(index: TextIndex) -> None:
    assert slugs(index.search("malå")) == ["mala-kommun"]
    assert slugs(index.search("mal"))[0] == "mala-kommun"  # which “mål” and mala.se follow
    assert slugs(index.search("mala"))[0] == "mala-kommun"


def test_names_without_the_typed_accents_are_excluded(make: MakeIndex) -> None:
    index = make(
        '<organisation/a> rdfs:label "Goteborg Ab"@sv . <organisation/b> rdfs:label "Göteborg Ab"@sv .'
    )
    assert slugs(index.search("Göteborg")) == ["b"]
    assert sorted(slugs(index.search("Goteborg"))) == ["a", "b"]


def test_accents_without_any_match_are_ignored(make: MakeIndex) -> None:
    index = make('<organisation/a> rdfs:label "Malmo Inc"@en .')
    found = index.search("Malmö")
    assert (slugs(found), found.mode) == (["a"], "rough")


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
def test_entities_are_found_by_numbers_codes_and_short_names(
    index: TextIndex, typed: str, first: str
) -> None:
    assert slugs(index.search(typed))[0] == first


def test_statements_are_found_in_both_languages(index: TextIndex) -> None:
    swedish, english = (
        index.search("stadsjurister", kind="statement"),
        index.search("lawyer", kind="statement"),
    )
    assert set(slugs(swedish)) & set(slugs(english))
    assert {hit.kind for hit in swedish.hits} == {"statement"}


def test_hits_have_all_words_and_no_excluded_ones(index: TextIndex) -> None:
    every, less = index.search("office"), index.search("office -göteborg")
    assert 0 < less.total < every.total
    assert index.search('"office 365"').total == index.search('"office 365').total > 0
    assert index.search('"365 office"').total == 0
    assert index.search("-office").total == index.search("-office -office").total > every.total


def test_hits_with_some_words_are_returned_if_none_has_all(index: TextIndex) -> None:
    found = index.search("who else uses Office 365 and on what legal grounds")
    assert (found.mode, slugs(found)[0]) == ("any", "who-uses-office-365")
    assert index.search("xyzzy plugh").hits == ()


def test_names_with_the_prefix_are_returned_if_no_word_matches(index: TextIndex) -> None:
    found = index.search("malm")
    assert (found.mode, slugs(found)[0]) == ("rough", "malmo-kommun")
    assert marks(found.hits[0])[0][1] == "Malmö"


def test_hits_are_counted_by_kind_for_any_filter(index: TextIndex) -> None:
    every, some = index.search("office"), index.search("office", kind="product")
    assert some.kinds == every.kinds
    assert some.total == every.kinds["product"] == len(some.hits)
    assert sum(every.kinds.values()) == every.total
    assert index.search("office", kind="place").hits == ()


def test_pages_of_hits_are_contiguous(index: TextIndex) -> None:
    whole = slugs(index.search("kommun", limit=30))
    assert (
        slugs(index.search("kommun", limit=10)) + slugs(index.search("kommun", limit=20, offset=10)) == whole
    )


def test_hits_are_sorted_by_date_on_request(make: MakeIndex) -> None:
    index = make("""
        <source/old> dcterms:issued "2017-10-09"^^xsd:date . <source/new> dcterms:issued "2019"^^xsd:gYear .
        <statement/a> uts:text "moln"@sv ; uts:saidIn <source/old> .
        <statement/b> uts:text "moln och moln"@sv ; uts:saidIn <source/new> .
        <product/c> rdfs:label "moln"@sv .""")
    assert slugs(index.search("moln", newest=True)) == ["b", "a", "c"]
    assert slugs(index.search("moln"))[0] == "c"


def test_entities_with_more_links_come_first(make: MakeIndex) -> None:
    index = make("""
        <product/x1> rdfs:label "Molnet ett"@sv . <product/x2> rdfs:label "Molnet två"@sv .
        <statement/a> uts:about <product/x2> . <statement/b> uts:about <product/x2> .""")
    assert slugs(index.search("molnet")) == ["x2", "x1"]


def test_words_come_before_parts_of_compounds(make: MakeIndex) -> None:
    index = make("""
        <product/x1> rdfs:label "Molntjänster"@sv . <product/x2> rdfs:label "Tjänster"@sv .
        <statement/a> uts:about <product/x1>, <product/x2> ; uts:text "Avtal om molntjänsten gäller."@sv .""")
    found = index.search("tjänst")
    assert slugs(found) == ["x2", "x1", "a"]
    assert marks(found.hits[2]) == [("text", "molntjänsten")]
    assert slugs(index.search("tjanst")) == ["x2", "x1", "a"]
    assert slugs(index.search('"tjänst avtal"')) == []


def test_people_are_found_by_office_and_organisation(make: MakeIndex) -> None:
    index = make("""
        <organisation/u> rdfs:label "Region Uppsala"@sv .
        <person/a> rdfs:label "Anna Ek"@sv ; org:hasMembership <person/a#jurist> .
        <person/a#jurist> schema:roleName "jurist"@sv, "lawyer"@en ; org:organization <organisation/u> .
        <person/b> rdfs:label "Bo Jurist"@sv .""")
    found = index.search("jurist uppsala")
    assert slugs(found) == ["a"]
    assert marks(found.hits[0])[0] == ("office", "jurist Uppsala")
    assert slugs(index.search("jurist")) == ["b", "a"]
    assert slugs(index.search("lawyer")) == ["a"]
    assert [each.iri for each in suggest(index, "region")] == ["https://w3id.org/utsaga/id/organisation/u"]


def test_any_rdf_is_searched_in_any_language(make: MakeIndex) -> None:
    index = make("""
        ex:a skos:prefLabel "Gemeinde"@de ; skos:definition "Ville française" .
        ex:a skos:prefLabel "Kommuner" . [] rdfs:label "nameless" . ex:b rdfs:label 7 .""")
    for typed in ("gemeinde", "francaise", "kommun", "7"):
        assert index.search(typed).kinds == {"resource": 1}, typed
    assert index.search("gemeind").mode == "rough"  # German is not stemmed
    assert index.search("nameless").hits == ()


def test_retired_identifiers_are_not_found(make: MakeIndex) -> None:
    index = make('<organisation/old> dcterms:isReplacedBy <organisation/new> ; rdfs:label "Borta" .')
    assert index.search("borta").hits == ()


def test_the_excerpt_of_a_long_text_is_around_the_match(make: MakeIndex) -> None:
    index = make(f'<product/a> skos:note "{"först " * 100}målet {"sist " * 100}"@sv .')
    match = index.search("målet").hits[0].matches[0]
    assert len(match.value) < 260
    assert match.value.startswith("… först")
    assert match.value.endswith("sist …")
    assert ("målet", True) in match.parts


def test_overlong_and_too_many_values_are_indexed_in_part(make: MakeIndex) -> None:
    many = " ".join(f'skos:altLabel "namn{number}" ;' for number in range(10_000))
    index = make(f'<product/a> {many} rdfs:label "{"x" * 1_000_000}", "kort", "{"ord " * 100_000}" .')
    assert slugs(index.search("kort")) == ["a"]


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
def test_no_text_is_malformed(index: TextIndex, typed: str) -> None:
    for newest in (False, True):
        assert index.search(typed, newest=newest).total >= 0


@settings(deadline=None)
@given(typed=st.text(max_size=80), newest=st.booleans())
def test_any_text_is_searched_or_refused(index: TextIndex, typed: str, newest: bool) -> None:
    with contextlib.suppress(BadInput):
        index.search(typed, newest=newest)
    suggest(index, typed)


@pytest.mark.parametrize(
    "typed", ["", "   ", "-", '""', '"-"', "?!*()[]", "\x00\x01", "a " * 21, "a" * 401, "\ufdfa" * 23]
)
def test_text_without_words_or_with_too_many_is_refused(index: TextIndex, typed: str) -> None:
    with pytest.raises(BadInput) as raised:
        index.search(typed)
    assert raised.value.faults[0].where == "q"
    assert raised.value.faults[0].remedy


def test_a_missing_index_is_none_and_a_broken_one_raises(tmp_path: Path) -> None:
    assert TextIndex.open_beside(tmp_path / "store") is None
    (tmp_path / writer.INDEX_FOLDER).mkdir()
    (tmp_path / writer.INDEX_FOLDER / "meta.json").write_text("{")
    with pytest.raises(Unavailable):
        TextIndex.open_beside(tmp_path / "store")


def test_the_same_content_gives_the_same_order(make: MakeIndex) -> None:
    turtle = " ".join(f'<product/p{number}> rdfs:label "Molnet {number}" .' for number in range(200))
    one, other = make(turtle), make(turtle)
    assert slugs(one.search("molnet", limit=50)) == slugs(other.search("molnet", limit=50))

"""A site without a table of kinds: pages and services come from its own ontology, data and languages."""

import json
from urllib.parse import quote

import pytest

from tests.web.sites.conftest import Served

pytestmark = pytest.mark.slow
NS = "http://www.geonames.org/ontology#"
ADM1 = quote(NS + "A.ADM1", safe="")


def test_the_front_page_has_the_name_the_lists_and_no_other_subject(thesaurus: Served) -> None:
    page = thesaurus.get("/")
    assert "<title>" in page
    assert "Feature codes" in page
    assert "The kinds of places that GeoNames tells apart." in page
    assert 'href="/gn-code"' in page
    assert "690" in page
    assert "Which codes are in a class?" in page
    assert not any(word in page for word in ("Utsaga", "cloud", "Sweden", "municipalit"))


def test_the_interface_is_in_the_languages_that_have_messages(thesaurus: Served) -> None:
    page = thesaurus.get("/?lang=sv")
    assert '<html lang="sv">' in page
    assert "De slags platser som GeoNames skiljer åt." in page
    assert 'hreflang="ru"' in page  # of content


def test_search_finds_by_name_in_any_language(thesaurus: Served) -> None:
    for words, name in (("mountain", "T.MT"), ("гора", "T.MT"), ("fjällsjö", "H."), ("berg", "T.MT")):
        found = json.loads(thesaurus.get(f"/search.json?q={quote(words)}", "application/json"))
        assert any(hit["id"].startswith(NS + name) for hit in found["hits"]) or name == "H.", words
    assert found["kinds"]["gn-code"]


def test_suggestions_name_the_kind_in_words_of_the_ontology(thesaurus: Served) -> None:
    found = json.loads(thesaurus.get("/suggest?prefix=mount", "application/json"))
    first = found["suggestions"][0]
    assert first["kind"] == "gn-code"
    assert first["kindLabels"]["en"] == "Code"


def test_lists_have_columns_and_facets_of_the_properties_in_use(thesaurus: Served) -> None:
    page = thesaurus.get("/gn-code")
    assert "<h1>Code</h1>" in page
    assert "Notation" in page or "notation" in page
    whole = json.loads(thesaurus.get("/gn-code.json", "application/json"))
    assert len(whole) == 690
    filtered = json.loads(thesaurus.get("/gn-code.json?inScheme=T", "application/json"))
    assert 50 < len(filtered) < 200
    assert all(row["id"].startswith(NS + "T.") for row in filtered)


def test_an_entity_whose_iri_others_minted_has_a_page_and_documents(thesaurus: Served) -> None:
    page = thesaurus.get(f"/resource?iri={ADM1}")
    assert "first-order administrative division" in page
    assert '<nav class="breadcrumbs"' in page
    assert '<a href="/gn-code">Code</a>' in page.partition('class="breadcrumbs"')[2].partition("</nav>")[0]
    assert "första ordningens administrativ avdelning" in thesaurus.get(f"/resource?iri={ADM1}&content=sv")
    assert "первого порядка" in thesaurus.get(f"/resource?iri={ADM1}&content=ru")
    assert f"<{NS}A.ADM1>" in thesaurus.get(f"/resource.nt?iri={ADM1}", "application/n-triples")


def test_reconciliation_finds_entities_by_name(thesaurus: Served) -> None:
    manifest = json.loads(thesaurus.get("/reconcile", "application/json"))
    assert manifest["name"] == "Feature codes"
    assert NS + "Code" in {each["id"] for each in manifest["defaultTypes"]}
    queries = quote(json.dumps({"a": {"query": "hospital", "type": NS + "Code"}}))
    (first, *_) = json.loads(thesaurus.get(f"/reconcile?queries={queries}", "application/json"))["a"][
        "result"
    ]
    assert first["id"] == NS + "S.HSP"
    assert first["match"]


def test_the_query_page_completes_terms_of_the_site(thesaurus: Served) -> None:
    assert thesaurus.get("/query")
    terms = thesaurus.get("/query/terms.json", "application/json")
    assert NS + "Code" in terms
    result = thesaurus.get(
        "/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?s a <" + NS + "Code> }"), "text/csv"
    )
    assert result.split() == ["n", "690"]


def test_a_stored_query_is_a_question_and_stands_on_the_front_page(thesaurus: Served) -> None:
    asked = json.loads(
        thesaurus.get("/search.json?q=" + quote("Which codes are in a class?"), "application/json")
    )
    assert asked["answer"]["query"] == "codes-of-class"
    assert thesaurus.get("/queries/codes-of-class.csv", "text/csv").count("\n") > 600


def test_the_builder_offers_the_classes_of_the_site(thesaurus: Served) -> None:
    assert '<option value="Code">Code' in thesaurus.get("/build")
    page = thesaurus.get("/build?class=Code&show=1&0.property=inScheme&0.show=1")
    assert "690 rows" in page


def test_the_data_set_is_described_under_its_own_name(thesaurus: Served) -> None:
    described = thesaurus.get("/dataset.ttl", "text/turtle")
    assert "Feature codes" in described
    assert "https://creativecommons.org/licenses/by/3.0/" in described
    assert "Utsaga" not in described
    assert "void:Dataset" in described or "http://rdfs.org/ns/void#Dataset" in described


def test_the_colours_of_the_site_are_a_stylesheet(thesaurus: Served) -> None:
    assert 'href="/site.css"' in thesaurus.get("/")
    assert "--accent: #7a2d00;" in thesaurus.get("/site.css", "text/css")


def test_a_map_shows_what_has_coordinates(stations: Served) -> None:
    page = stations.get("/map")
    assert page.count("<circle") == 2
    assert "Alpha" in page
    assert "Gamma" not in page
    assert "Delta" in stations.get("/map?kind=buoy")


def test_a_timeline_shows_what_has_dates(stations: Served) -> None:
    page = stations.get("/timeline?sort=oldest")
    assert page.index("Alpha") < page.index("Gamma")
    assert "Alpha" not in stations.get("/timeline?year=2004")
    assert "Beta" in stations.get("/timeline?year=2004")


def test_views_without_content_are_not_in_the_menu(thesaurus: Served, stations: Served) -> None:
    assert 'href="/map"' not in thesaurus.get("/")
    assert 'href="/map"' in stations.get("/")
    assert 'href="/compare"' not in stations.get("/")


def test_words_and_templates_of_the_site_come_before_those_of_the_product(stations: Served) -> None:
    assert "Zeitleiste von Feature codes" in stations.get("/timeline?lang=de")
    assert "Nothing to compare here" in stations.get("/report")


def test_a_hostile_iri_never_becomes_a_link(stations: Served) -> None:
    for path in (
        "/station",
        "/timeline",
        "/search?q=Hostile",
        "/resource?iri=" + quote("javascript:alert(1)"),
    ):
        page = stations.get(path)
        assert 'href="javascript:' not in page.lower(), path

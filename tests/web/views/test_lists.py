"""Tests of lists with facets, counts and paging, as HTML, CSV and JSON."""

import csv
import io
import re

import extruct
import pytest
from flask.testing import FlaskClient
from rdflib import RDF, RDFS, SDO, Graph, Literal, URIRef

from graph.core.iris import KIND_NAMES

UNIT = "oby-kommun-juristerna"


def rows(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/organisation/([a-z-]+)', text)


def test_default_order_is_by_statements_then_swedish_name(pages: FlaskClient) -> None:
    listed = rows(pages.get("/organisation").text)
    assert listed == ["aby-kommun", "oby-kommun", "molnbolaget", "zby-kommun", UNIT]


def test_retired_identifiers_are_not_listed(pages: FlaskClient) -> None:
    assert "aby-koping" not in pages.get("/organisation").text


def test_facets(pages: FlaskClient) -> None:
    text = pages.get("/organisation").text
    assert 'href="/organisation?type=Municipality"' in text
    assert rows(pages.get("/organisation?type=Company").text) == ["molnbolaget"]
    narrowed = pages.get("/organisation?type=Municipality&county=mellanlan").text
    assert rows(narrowed) == ["aby-kommun", "oby-kommun"]
    assert 'href="/organisation?county=mellanlan"' in narrowed, "each choice can be dropped"
    assert rows(pages.get("/organisation?type=Nothing").text) == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("?organisation=oby-kommun", 2),
        ("?about=molnet&speaker=eva-ek", 2),
        ("?law=osl", 1),
        ("?kind=opinion", 1),
        ("?source=rapporten-2019", 1),
    ],
)
def test_statements_are_filtered(pages: FlaskClient, query: str, count: int) -> None:
    assert pages.get(f"/statement{query}").text.count('<article class="statement">') == count


def test_newest_statements_come_first(pages: FlaskClient) -> None:
    text = pages.get("/statement").text
    assert text.index("Bara på svenska") < text.index("Öbys jurister ser") < text.index("Åby stoppar")


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_kind_has_a_list_in_three_formats(pages: FlaskClient, kind: str) -> None:
    assert pages.get(f"/{kind}").status_code == 200
    table = list(csv.DictReader(io.StringIO(pages.get(f"/{kind}.csv").text)))
    items = pages.get(f"/{kind}.json").json
    assert items is not None
    assert [row["id"] for row in table] == [item["id"] for item in items]
    assert all(row["id"].startswith(f"https://w3id.org/utsaga/id/{kind}/") for row in table)
    assert table


def test_csv_has_both_languages_and_is_filtered(pages: FlaskClient) -> None:
    (row,) = csv.DictReader(io.StringIO(pages.get("/statement.csv?law=osl").text))
    base = "https://w3id.org/utsaga"
    assert {name: cell for name, cell in row.items() if cell} == {
        "id": f"{base}/id/statement/bladet-2017-aby-stopp",
        "text_sv": "Åby stoppar Molnet.",
        "text_en": "Åby halts Molnet.",
        "kind": f"{base}/code/statement-kind/fact",
        "kind_label_sv": "sakuppgift",
        "kind_label_en": "fact",
        "organisation": f"{base}/id/organisation/aby-kommun",
        "organisation_label_sv": "Åby kommun",
        "organisation_label_en": "Åby Municipality",
        "speaker": f"{base}/id/person/eva-ek",
        "speaker_label_sv": "Eva Ek",
        "speaker_label_en": "Eva Ek",
        "about": f"{base}/id/product/molnet",
        "about_label_sv": "Molnet",
        "about_label_en": "Molnet",
        "law": f"{base}/id/law/osl",
        "law_label_sv": "Offentlighets- och sekretesslagen",
        "law_label_en": "Public Access to Information and Secrecy Act",
        "source": f"{base}/id/source/bladet-2017",
        "source_label_sv": "Stopp för molnet",
        "source_label_en": "Stopp för molnet",
        "issued": "2017-10",
        "issuedNotBefore": "2017-10-02",
        "passage": f"{base}/id/passage/bladet-2017-50-90",
    }


def test_json_counts_are_numbers(pages: FlaskClient) -> None:
    items = pages.get("/organisation.json").json
    assert items is not None
    assert {item["id"].rsplit("/", 1)[1]: item["statements"] for item in items}["oby-kommun"] == 2


def test_passages_are_in_reading_order(pages: FlaskClient) -> None:
    items = pages.get("/passage.json").json
    assert items is not None
    assert [item["start"] for item in items] == [0, 50, 400]


@pytest.mark.parametrize("page", ["0", "2", "x", ""])
def test_page_out_of_range(pages: FlaskClient, page: str) -> None:
    assert pages.get(f"/organisation?page={page}").status_code == 404


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("sort=name", ["molnbolaget", "zby-kommun", "aby-kommun", "oby-kommun", UNIT]),
        ("sort=code", ["aby-kommun", "oby-kommun", "zby-kommun", "molnbolaget", UNIT]),
        ("sort=-code", ["zby-kommun", "oby-kommun", "aby-kommun", "molnbolaget", UNIT]),
        ("sort=-statements", ["oby-kommun", "aby-kommun", "molnbolaget", "zby-kommun", UNIT]),
        ("sort=-name&type=Municipality", ["oby-kommun", "aby-kommun", "zby-kommun"]),
    ],
)
def test_sort_by_column(pages: FlaskClient, query: str, order: list[str]) -> None:
    assert rows(pages.get(f"/organisation?{query}").text) == order
    items = pages.get(f"/organisation.json?{query}").json
    assert items is not None
    assert [item["id"].rsplit("/", 1)[1] for item in items] == order


def test_column_headers_reverse_the_order(pages: FlaskClient) -> None:
    text = pages.get("/organisation?type=Municipality&sort=code").text
    assert re.search(
        r'<th scope="col" aria-sort="ascending"><a href="[^"]*type=Municipality[^"]*sort=-code"', text
    )
    assert re.search(r'<th scope="col" class="number"><a href="[^"]*sort=-statements"', text)


@pytest.mark.parametrize("address", ["/organisation?sort=x", "/person.csv?sort=oldest", "/law?sort=--name"])
def test_unknown_order_is_refused(pages: FlaskClient, address: str) -> None:
    assert pages.get(address).status_code == 400


def test_year_facet_is_newest_first(pages: FlaskClient) -> None:
    text = pages.get("/statement").text
    assert text.index("/statement?year=2019") < text.index("/statement?year=2017")
    assert pages.get("/statement?year=2017&sort=oldest").text.count('<article class="statement">') == 2


def test_facets_through_other_entities(pages: FlaskClient) -> None:
    assert rows(pages.get("/organisation?status=halted").text) == ["aby-kommun"]
    assert "aby-molnet" in pages.get("/assessment?county=mellanlan&outcome=obstacle").text
    assert pages.get("/statement?county=mellanlan").text.count('<article class="statement">') == 3


def test_empty_list_is_an_empty_document(pages: FlaskClient) -> None:
    assert pages.get("/organisation.json?type=Nothing").json == []
    assert len(pages.get("/organisation.csv?type=Nothing").text.splitlines()) == 1


def test_a_source_has_one_date_or_bounds(reader: FlaskClient) -> None:
    text = reader.get("/source").text
    assert "<td><span>oktober–november 2017</span></td>" in text
    assert '<td><time datetime="2017">2017</time>, ' not in text


@pytest.mark.parametrize(
    ("accept", "media_type", "location"),
    [
        ("text/html", "text/html", None),
        ("*/*", "text/html", None),
        ("text/csv", "text/csv", "/organisation.csv?type=Municipality"),
        ("application/json", "application/json", "/organisation.json?type=Municipality"),
        ("application/ld+json", "application/ld+json", "/organisation.jsonld?type=Municipality"),
        ("text/turtle", "text/turtle", "/organisation.ttl?type=Municipality"),
        ("text/plain", "application/n-triples", "/organisation.nt?type=Municipality"),
    ],
)
def test_a_list_is_negotiated(pages: FlaskClient, accept: str, media_type: str, location: str | None) -> None:
    answer = pages.get("/organisation?type=Municipality", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert answer.headers.get("Content-Location") == location
    assert "Accept" in answer.headers["Vary"]
    alternate = '</organisation.jsonld?type=Municipality>; rel="alternate"; type="application/ld+json"'
    assert alternate in answer.headers.getlist("Link")
    if location:
        assert pages.get(location).data == answer.data


def test_a_list_is_refused_in_what_it_is_not_written_as(pages: FlaskClient) -> None:
    answer = pages.get("/organisation", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/csv" in answer.text


def test_a_list_as_rdf_has_its_order_its_total_and_its_names(pages: FlaskClient) -> None:
    graph = Graph().parse(data=pages.get("/organisation.ttl?type=Municipality").text, format="turtle")
    whole = graph.value(None, RDF.type, SDO.ItemList)
    assert str(whole) == "http://localhost/organisation?type=Municipality"
    assert graph.value(whole, SDO.numberOfItems) == Literal(3)
    listed = list(graph.objects(whole, SDO.itemListElement))
    listed.sort(key=lambda each: int(str(graph.value(each, SDO.position))))
    items = [str(graph.value(each, SDO.item)) for each in listed]
    assert [each.rpartition("/")[2] for each in items] == ["aby-kommun", "oby-kommun", "zby-kommun"]
    assert (URIRef(items[0]), RDFS.label, Literal("Åby kommun", lang="sv")) in graph
    assert graph.value(whole, URIRef("http://www.w3.org/ns/hydra/core#next")) is None


def test_the_page_describes_its_list_to_search_engines(pages: FlaskClient) -> None:
    data = extruct.extract(pages.get("/statement?law=osl").text, syntaxes=["json-ld"])["json-ld"]
    assert [each["@type"] for each in data] == ["ItemList"]
    assert data[0]["numberOfItems"] == 1
    (item,) = data[0]["itemListElement"]
    assert (item["position"], item["item"]["@type"]) == (1, "Claim")
    assert {"@value": "Åby stoppar Molnet.", "@language": "sv"} in item["item"]["name"]
    assert item["item"]["@id"] == "https://w3id.org/utsaga/id/statement/bladet-2017-aby-stopp"

"""The pages of the stored queries."""

import csv
import io
import json
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from rdflib import CSVW, RDF, RDFS, SDO, SH, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.collection import Collection

from graph.query.columns import projected_columns
from graph.query.stored import load_queries
from web.html.i18n import LANGUAGES, messages

OBY = "https://w3id.org/utsaga/id/organisation/oby-kommun"

HERE = [name for name, query in load_queries().items() if not query.services]
AFAR = [name for name, query in load_queries().items() if query.services]


def test_the_index_lists_all_queries(pages: FlaskClient) -> None:
    text = pages.get("/queries").text
    assert [name for name in load_queries() if f'href="/queries/{name}"' not in text] == []


@pytest.mark.parametrize("name", HERE)
def test_every_query_has_a_page_and_its_data(pages: FlaskClient, name: str) -> None:
    page = pages.get(f"/queries/{name}?lang=en")
    assert page.status_code == 200
    assert load_queries()[name].title["en"] in unescape(page.text)
    header = next(csv.reader(io.StringIO(pages.get(f"/queries/{name}.csv").text)))
    assert json.loads(pages.get(f"/queries/{name}.json").text)["head"]["vars"] == header
    assert pages.get(f"/queries/{name}.tsv").text.split("\n")[0] == "\t".join(f"?{each}" for each in header)
    ElementTree.fromstring(pages.get(f"/queries/{name}.xml").text)  # noqa: S314 (it is our own)
    query = pages.get(f"/queries/{name}.rq")
    assert (query.mimetype, query.text) == ("application/sparql-query", load_queries()[name].text)


@pytest.mark.parametrize("name", AFAR)
def test_a_query_with_disallowed_services_is_shown_without_a_result(pages: FlaskClient, name: str) -> None:
    page = pages.get(f"/queries/{name}?lang=en")
    assert page.status_code == 200
    assert "Also asks Wikidata." in page.text
    assert "UTSAGA_SERVICES" in page.text
    assert 'id="answer"' not in page.text
    assert f'href="/queries/{name}.csv' not in page.text
    assert pages.get(f"/queries/{name}.rq").text == load_queries()[name].text


@pytest.mark.parametrize("name", AFAR)
@pytest.mark.parametrize("extension", ["csv", "tsv", "json", "xml", "csv-metadata.json"])
def test_the_data_of_a_query_with_disallowed_services_are_refused(
    pages: FlaskClient, name: str, extension: str
) -> None:
    answer = pages.get(f"/queries/{name}.{extension}", headers={"Accept": "*/*"})
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert "UTSAGA_SERVICES" in answer.text
    assert f"/queries/{name}.rq" in answer.text


def test_cells_link_to_entities_by_name(pages: FlaskClient) -> None:
    text = pages.get("/queries/adoption-status").text
    assert '<a href="/organisation/aby-kommun"><bdi>Åby kommun</bdi></a>' in text
    assert '<span class="status halted">' in text
    assert '<span title="?organisation">Organisation</span>' in text
    assert "organisationLabel" not in text.partition("<tbody>")[0], "the link says it already"


def test_parameters_are_bound(pages: FlaskClient) -> None:
    whole = pages.get("/queries/statements-by-organisation.csv").text
    part = pages.get("/queries/statements-by-organisation.csv?organisation=organisation/aby-kommun").text
    assert "Öby" in whole
    assert "Öby" not in part
    assert "Åby" in part
    page = pages.get("/queries/statements-by-organisation?organisation=organisation/aby-kommun").text
    assert 'value="Åby kommun"' in page
    assert "statements-by-organisation.csv?organisation=organisation/aby-kommun" in page
    assert "VALUES (?organisation)" in page


def test_choices_are_the_values_in_the_data(pages: FlaskClient) -> None:
    text = pages.get(f"/queries/legal-assessments?organisation={OBY}").text
    assert f'<option value="{OBY}" selected>Öby kommun</option>' in text
    assert text.count('class="status ') == 1


def test_a_type_of_organisation_is_chosen(pages: FlaskClient) -> None:
    text = pages.get("/queries/adoption-status?bodyType=uts:Municipality&lang=en").text
    choices = text.partition('<select name="bodyType">')[2].partition("</select>")[0]
    assert re.search(r'<option value="[^"]*ns#Municipality" selected>\s*municipality</option>', choices)
    assert "Agent" not in choices
    answer = pages.get("/queries/adoption-status?bodyType=kommun&lang=en")
    assert (answer.status_code, "is not a type of organisation" in answer.text) == (400, True)


@pytest.mark.parametrize("value", ["x y", "<script>", "javascript:alert(1)>"])
def test_an_invalid_value_is_reported_on_the_page(pages: FlaskClient, value: str) -> None:
    answer = pages.get("/queries/legal-assessments", query_string={"organisation": value})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("extension", ["csv", "rq"])
def test_an_invalid_value_for_data_is_a_bad_request(pages: FlaskClient, extension: str) -> None:
    assert pages.get(f"/queries/legal-assessments.{extension}?organisation=x y").status_code == 400


@pytest.mark.parametrize(
    ("query", "values", "bound", "meant"),
    [
        (
            "adoption-status",
            {"organisation": "Göteborg"},
            "organisation/goteborgs-kommun",
            "Göteborgs kommun",
        ),
        (
            "adoption-status",
            {"organisation": "Stockholms stad"},
            "organisation/stockholms-kommun",
            "Stockholms kommun",
        ),
        ("adoption-status", {"product": "O365"}, "product/office-365", "Office 365"),
        ("disagreements", {"organisationA": "Gotebrog"}, "organisation/goteborgs-kommun", "Göteborgs kommun"),
        ("laws-cited", {"law": "OSL"}, "law/osl", "Offentlighets- och sekretesslagen"),
        ("who-waits-for-whom", {"waitsFor": "Göteborg"}, "organisation/goteborgs-kommun", "Göteborgs kommun"),
        (
            "external-links",
            {"entity": "Datainspektionen"},
            "organisation/imy",
            "Integritetsskyddsmyndigheten",
        ),
        ("mail-providers-by-county", {"county": "Skåne"}, "place/skane-lan", "Skåne län"),
        ("provisions-tested", {"provision": "10 kap. 2 a § OSL"}, "law/osl-10-kap-2-a", "10 kap. 2 a §"),
    ],
)
def test_a_typed_name_is_bound_to_the_entity(
    reader: FlaskClient, query: str, values: dict[str, str], bound: str, meant: str
) -> None:
    (name,) = values
    page = reader.get(f"/queries/{query}", query_string=values)
    assert page.status_code == 200
    assert f'<a href="/{bound}"><bdi>{meant}' in page.text
    assert f"/queries/{query}.csv?{name}={bound}" in page.text
    rows = reader.get(f"/queries/{query}.csv", query_string=values)
    assert rows.text == reader.get(f"/queries/{query}.csv", query_string={name: bound}).text
    assert (
        f"<https://w3id.org/utsaga/id/{bound}>"
        in reader.get(f"/queries/{query}.rq", query_string=values).text
    )


@pytest.mark.parametrize(
    ("values", "sentence", "nearest"),
    [
        (
            {"organisation": "Stockholm"},
            "Vad menas med ”Stockholm” (Organisation)?",
            "organisation/region-stockholm",
        ),
        ({"organisation": "qwxz"}, "Inget som vi känner till heter ”qwxz” (Organisation).", ""),
        (
            {"organisation": "organisation/kalmar"},
            "Vad menas med ”organisation/kalmar”",
            "organisation/kalmar-kommun",
        ),
        ({"asof": "igår"}, "”igår” är inget datum (Tidpunkt).", ""),
    ],
)
def test_a_name_that_is_not_certain_gets_a_sentence_and_the_nearest(
    reader: FlaskClient, values: dict[str, str], sentence: str, nearest: str
) -> None:
    answer = reader.get("/queries/adoption-status", query_string={"product": "product/office-365", **values})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "IRI" not in answer.text.partition("<footer")[0].partition("<pre>")[0]
    link = f'href="/queries/adoption-status?product=product/office-365&amp;organisation={nearest}"'
    assert (link in answer.text) == bool(nearest)
    accept = {"Accept": "application/problem+json"}
    problem = reader.get("/queries/adoption-status.csv", query_string=values, headers=accept)
    assert problem.status_code == 400
    assert nearest in problem.get_json()["faults"][0]["remedy"]


def test_an_outside_identifier_is_no_name(reader: FlaskClient) -> None:
    answer = reader.get("/queries/external-links?external=Göteborg&lang=en")
    assert "“Göteborg” is not a web address (External identifier)." in answer.text
    found = reader.get("/queries/external-links?external=http://www.wikidata.org/entity/Q52502")
    assert found.status_code == 200


def test_fields_suggest_what_fits_and_show_names(reader: FlaskClient) -> None:
    text = reader.get("/queries/then-and-now?organisation=organisation/malmo-kommun").text
    product = "https://w3id.org/utsaga/id/product/office-365"
    assert f'<option value="{product}" selected>' in reader.get("/queries/adoption-status?product=O365").text
    assert re.search(r'<input name="organisation" value="Malmö kommun"[^>]+placeholder="Göteborg"', text)
    assert 'data-suggest="/suggest.json?kind=organisation"' in text
    assert (
        'organisation/malmo-kommun"'
        not in text.partition('<form class="parameters')[2].partition("</form>")[0]
    )
    assert re.search(
        r'name="product" value="Office 365"[^>]+kind=product', reader.get("/queries/then-and-now").text
    )
    assert 'placeholder="brought to a stop"' in reader.get("/queries/evidence?lang=en").text


@pytest.mark.parametrize("path", ["/queries/nothing", "/queries/nothing.csv", "/queries/evidence.exe"])
def test_an_unknown_query_is_not_found(pages: FlaskClient, path: str) -> None:
    assert pages.get(path).status_code == 404


def test_the_iri_of_a_query_redirects_to_its_page(pages: FlaskClient) -> None:
    answer = pages.get("/query/evidence")
    assert (answer.status_code, answer.location) == (303, "/queries/evidence")


def test_a_stored_query_opens_in_the_editor(pages: FlaskClient) -> None:
    answer = pages.get("/sparql?example=evidence")
    assert (answer.status_code, answer.location) == (303, "/query?example=evidence")
    assert "?digest" in pages.get(answer.location).text


@pytest.mark.parametrize("name", HERE)
def test_every_column_has_a_title_in_both_languages(pages: FlaskClient, name: str) -> None:
    header = pages.get(f"/queries/{name}.csv").text.partition("\n")[0].strip()
    for language in LANGUAGES:
        without = [each for each in header.split(",") if f"column.{each}" not in messages(language)]
        assert without == [], language


def test_short_codes_are_in_words(reader: FlaskClient) -> None:
    text = reader.get("/queries/mail-providers-by-county").text
    assert ">local-isp<" not in text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "en lokal leverantör" in text.partition("<tbody>")[2]
    assert '<option value="local-isp">en lokal leverantör</option>' in text


def test_columns_are_called_by_what_they_hold(reader: FlaskClient) -> None:
    quantities = reader.get("/queries/quantities?lang=sv").text
    assert '<span title="?unit">Enhet</span>' in quantities
    assert "<h2>Nämnd eller förvaltning</h2>" in reader.get("/statement?lang=sv").text
    assert '<span title="?kind">Typ</span>' in reader.get("/queries/coverage?lang=sv").text
    assert "<h2>Typ av utsaga</h2>" in reader.get("/statement?lang=sv").text


def test_charts_are_labelled_by_titles_of_columns(reader: FlaskClient) -> None:
    page = reader.get("/queries/coverage?view=chart&lang=en").text
    caption = page[page.index("<figcaption>") : page.index("</figcaption>")]
    assert '<span title="?kind">Type</span>' in caption
    assert "<code>" not in caption
    file = reader.get("/queries/coverage/chart.svg?lang=en").text
    assert ">All in the register (" in file
    assert "inRegister" not in file
    query = "SELECT ?kind (COUNT(*) AS ?inRegister) { ?s a ?kind } GROUP BY ?kind"
    free = reader.get("/query", query_string={"query": query, "view": "chart", "lang": "en"}).text
    assert "<code>kind</code>" in free, "a free query has the names of its variables"
    assert ">inRegister" in reader.get("/query/chart.svg", query_string={"query": query, "lang": "en"}).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_descriptions_have_no_names_of_programs(language: str) -> None:
    for query in load_queries().values():
        words = re.findall(r"\b(?:[a-z]+[A-Z]\w*|\w+:\w+)\b", query.description[language])
        assert set(words) <= {"eSam"}, query.name


@pytest.mark.parametrize(
    ("accept", "media_type", "location"),
    [
        ("*/*", "text/html", None),
        ("text/csv", "text/csv", "/queries/coverage.csv"),
        ("application/json", "application/sparql-results+json", "/queries/coverage.json"),
        ("application/sparql-results+xml", "application/sparql-results+xml", "/queries/coverage.xml"),
        ("text/turtle", "text/turtle", "/queries/coverage.ttl"),
        ("application/ld+json", "application/ld+json", "/queries/coverage.jsonld"),
        ("text/plain", "application/n-triples", "/queries/coverage.nt"),
        ("application/sparql-query", "application/sparql-query", "/queries/coverage.rq"),
    ],
)
def test_a_query_is_negotiated(
    pages: FlaskClient, accept: str, media_type: str, location: str | None
) -> None:
    answer = pages.get("/queries/coverage", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert answer.headers.get("Content-Location") == location
    assert "Accept" in answer.headers["Vary"]
    if location and not location.endswith(("ttl", "jsonld")):  # blank nodes have other labels each time
        assert pages.get(location).mimetype == media_type


def test_negotiated_rows_have_the_values_of_the_url(pages: FlaskClient) -> None:
    path = "/queries/statements-by-organisation"
    given = "organisation=organisation/aby-kommun"
    answer = pages.get(f"{path}?{given}&view=chart", headers={"Accept": "text/csv"})
    assert answer.headers["Content-Location"] == f"{path}.csv?{given}"
    assert answer.text == pages.get(f"{path}.csv?{given}").text
    assert "Öby" not in answer.text


@pytest.mark.parametrize("name", HERE)
def test_the_columns_that_are_described_are_those_of_the_rows(pages: FlaskClient, name: str) -> None:
    rows = json.loads(pages.get(f"/queries/{name}.json").text)
    assert list(projected_columns(load_queries()[name].text)) == rows["head"]["vars"]


@pytest.mark.parametrize("name", [*HERE[:3], *AFAR[:1]])
def test_a_query_is_described_as_rdf(pages: FlaskClient, name: str) -> None:
    query = load_queries()[name]
    graph = Graph().parse(data=pages.get(f"/queries/{name}.ttl").text, format="turtle")
    subject = URIRef(f"https://w3id.org/utsaga/query/{name}")
    assert (subject, RDF.type, SH.SPARQLSelectExecutable) in graph
    assert graph.value(subject, SH.select) == RdfLiteral(query.text)
    assert set(graph.objects(subject, RDFS.label)) == {
        RdfLiteral(words, lang=tag) for tag, words in query.title.items()
    }
    assert {str(each) for each in graph.objects(subject, SDO.keywords)} == set(query.keywords)
    parameters = {
        str(graph.value(each, SH.path)).partition("#")[2]: graph.value(each, SH.optional)
        for each in graph.objects(subject, SH.parameter)
    }
    assert parameters == {each.name: RdfLiteral(not each.required) for each in query.parameters}
    schema = graph.value(URIRef(f"http://localhost/queries/{name}.csv"), CSVW.tableSchema)
    head = graph.value(schema, CSVW.column)
    assert head
    columns = Collection(graph, head)
    assert [str(graph.value(each, CSVW.name)) for each in columns] == list(projected_columns(query.text))


def test_all_queries_as_json(pages: FlaskClient) -> None:
    document = pages.get("/queries.json").json
    assert document is not None
    assert document["release"] == "abc123def456"
    assert [each["name"] for each in document["queries"]] == list(load_queries())
    first = document["queries"][0]
    assert first["url"] == f"http://localhost/queries/{first['name']}"
    assert first["title"].keys() == first["description"].keys() == {"sv", "en"}
    named = next(each for each in document["queries"] if each["name"] == "adoption-status")
    assert {each["name"]: each["type"] for each in named["parameters"]}["organisation"] == "iri"
    assert named["columns"][0] == {
        "name": "organisation",
        "title": {"sv": "Organisation", "en": "Organisation"},
    }
    answer = pages.get("/queries", headers={"Accept": "application/json"})
    assert answer.json == document
    assert answer.headers["Content-Location"] == "/queries.json"


def test_all_queries_as_rdf(pages: FlaskClient) -> None:
    answer = pages.get("/queries", headers={"Accept": "text/turtle"})
    graph = Graph().parse(data=answer.text, format="turtle")
    assert len(set(graph.subjects(RDF.type, SH.SPARQLSelectExecutable))) == len(load_queries())

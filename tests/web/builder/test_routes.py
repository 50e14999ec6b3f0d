"""The pages of the query builder: the form, where it leads, the answer, and the query for programs."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from graph.backends.in_process import InProcess
from graph.core.errors import TooManyRequests
from graph.query_builder.read_model import read_model
from graph.query_builder.sparql import MAX_ROWS
from graph.rdf.query_types import QueryRequest, QueryResponse
from web.app import create_app
from web.builder.examples import EXAMPLES, example_arguments
from web.html.app_state import AppState

QUERY = "application/sparql-query"
PRODUCT = "/build?class=Product&show=1"
EXPLAINED = "/build?class=Adoption&show=1&0.property=asOf&0.value=x&lang={}"


def page_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.text)


def query_of(client: FlaskClient, address: str) -> TestResponse:
    return client.get(address, headers={"Accept": QUERY})


def test_the_empty_form_offers_every_class_and_the_examples(reader: FlaskClient) -> None:
    page = page_of(reader, "/build")
    for class_ in read_model().classes:
        assert f'value="{class_.name}"' in page
    assert page.count("/build?class=") == len(EXAMPLES)
    assert 'id="answer"' not in page
    assert 'class="builder-query"' not in page


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_an_address_with_an_answer(reader: FlaskClient, name: str) -> None:
    arguments = example_arguments(name)
    answer = reader.get("/build", query_string=arguments)
    assert answer.status_code == 200, "it is written as the form would be redirected to"
    assert "<tbody>" in answer.text
    for argument, value in arguments:
        if argument.endswith("property"):
            assert f'name="{argument}" value="{value}"' in answer.text


def test_the_form_leads_to_the_address_that_says_the_same(reader: FlaskClient) -> None:
    answer = reader.get("/build?lang=en&class=Adoption&show=1&sort=&add=status")
    assert answer.status_code == 303
    target = urlsplit(answer.location)
    assert parse_qsl(target.query) == [
        ("class", "Adoption"),
        ("show", "1"),
        ("0.property", "status"),
        ("0.show", "1"),
        ("lang", "en"),
    ]
    assert target.fragment == "row-0", "the row that was added"
    assert 'id="row-0"' in page_of(reader, answer.location)


@pytest.mark.parametrize(
    ("more", "fragment"),
    [
        ("&0.property=adopter&0.add=inCounty", "row-0-0"),
        ("&0.property=adopter&remove=0", "add"),
        ("&0.property=adopter&0.match=is", "answer"),
        ("&sort=", "add"),
    ],
)
def test_the_form_leads_to_the_part_that_changed(reader: FlaskClient, more: str, fragment: str) -> None:
    answer = reader.get(f"/build?class=Adoption&show=1{more}")
    assert urlsplit(answer.location).fragment == fragment
    assert f'id="{fragment}"' in page_of(reader, answer.location)


def test_an_address_does_not_redirect_to_itself(reader: FlaskClient) -> None:
    answer = reader.get("/build?class=Adoption&0.property=product&0.value=Office+365&view=chart")
    assert answer.status_code == 303
    assert reader.get(answer.location).status_code == 200
    assert "view=chart" in answer.location


def test_the_query_stands_beside_and_opens_in_the_editor(reader: FlaskClient) -> None:
    page = page_of(reader, PRODUCT)
    query = query_of(reader, PRODUCT)
    assert query.status_code == 200
    assert query.content_type == f"{QUERY}; charset=utf-8"
    assert f"<pre>{query.text}" in page
    link = re.search(r'href="(/query\?query=[^"]+)"', page)
    assert link
    assert dict(parse_qsl(urlsplit(link[1]).query))["query"] == query.text
    assert query.text in page_of(reader, link[1])


def test_the_columns_have_names_and_things_have_labels(reader: FlaskClient) -> None:
    swedish = page_of(reader, "/build?class=Statement&count=1&0.property=saidIn&0.show=1&lang=sv")
    assert '<th scope="col">sagt i</th>' in swedish
    assert '<th scope="col">antal</th>' in swedish
    assert "Kommunerna som väljer Office 365" in swedish
    english = page_of(reader, "/build?class=Statement&count=1&0.property=saidIn&0.show=1&lang=en")
    assert '<th scope="col">said in</th>' in english
    assert '<option value="Adoption">adoption</option>' in re.sub(r">\s+", ">", english)


def test_a_label_is_in_the_language_of_the_content(reader: FlaskClient) -> None:
    assert 'LANG(?productLabel) = "sv"' in query_of(reader, PRODUCT + "&lang=en&content=sv").text
    assert 'LANG(?productLabel) = "en"' in query_of(reader, PRODUCT + "&lang=sv&content=en").text


@pytest.mark.parametrize(("language", "words"), [("sv", "”x” är inget datum"), ("en", "“x” is not a date")])
def test_a_part_that_cannot_be_used_is_told_and_nothing_is_run(
    reader: FlaskClient, language: str, words: str
) -> None:
    page = page_of(reader, EXPLAINED.format(language))
    assert words in page
    assert 'value="x"' in page, "what was typed stays"
    assert "<tbody>" not in page
    assert 'class="builder-query"' not in page


@pytest.mark.parametrize(
    "address",
    [
        "/build?class=Nothing",
        "/build?class=Adoption&0.property=nothing",
        "/build?class=Adoption&0.property=status&0.match=x&0.sort=x&0.value=%00%FF",
        "/build?class=Adoption&0.0.0.0.0.0.property=status&99.property=status&remove=7.x",
        "/build?class=Adoption&0.property=adopter&0.value=" + "x" * 2000,
        "/build?class=Adoption&0.property=adopter&0.value=%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_a_broken_address_gives_a_message_and_no_error(reader: FlaskClient, address: str) -> None:
    answer = reader.get(address)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert "<script>alert" not in answer.text


def test_a_program_is_told_what_is_broken(reader: FlaskClient) -> None:
    answer = query_of(reader, EXPLAINED.format("sv"))
    assert answer.status_code == 400
    assert "“x” is not a date" in answer.text
    assert query_of(reader, "/build").status_code == 400


def test_candidates_for_an_ambiguous_name_are_links_to_the_whole_question(reader: FlaskClient) -> None:
    page = page_of(
        reader, "/build?class=Adoption&show=1&0.property=adopter&0.value=Stockholm&1.property=status"
    )
    links = re.findall(r'<p class="builder-candidates">(.*?)</p>', page, re.DOTALL)
    assert len(links) == 1
    link = re.search(r'href="([^"]*region-stockholm[^"]*)"', links[0])
    assert link
    assert "1.property=status" in link[1]
    assert "<tbody>" in page_of(reader, link[1]) or "empty" in page_of(reader, link[1])


def test_a_value_keeps_its_meaning_when_the_form_is_sent_again(reader: FlaskClient) -> None:
    address = "/build?class=Adoption&show=1&0.property=adopter&0.value=organisation/malmo-kommun&lang=sv"
    fields = re.findall(r'name="(0\.(?:known|value))" value="([^"]*)"', page_of(reader, address))
    assert ("0.known", "organisation/malmo-kommun Malmö kommun") in fields
    assert ("0.value", "Malmö kommun") in fields
    form = [("class", "Adoption"), ("show", "1"), ("0.property", "adopter"), *fields]
    again = reader.get("/build", query_string=[*form, ("lang", "sv")])
    assert (
        urlsplit(again.location).query
        == "class=Adoption&show=1&0.property=adopter&0.value=organisation/malmo-kommun&lang=sv"
    )


def test_the_menu_the_questions_and_the_editor_lead_here(reader: FlaskClient) -> None:
    assert '<a href="/build" aria-current="page">' in page_of(reader, "/build")
    for address in ("/queries", "/query"):
        main = page_of(reader, address).partition("<main")[2]
        assert 'href="/build"' in main


def test_an_answer_that_is_cut_says_so(reader: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = page_of(reader, "/build?class=Municipality&show=1&lang=en")
    assert "there may be more" not in whole
    for module in ("graph.query_builder.sparql", "web.builder.page_models"):
        monkeypatch.setattr(f"{module}.MAX_ROWS", 5)
    monkeypatch.setattr("web.builder.page_models.BuilderPage.max_rows", 5)
    cut = page_of(reader, "/build?class=Municipality&show=1&0.property=inCounty&lang=en")
    assert "The answer ends after 5 rows; there may be more." in cut
    assert MAX_ROWS > 5


def test_an_error_of_the_query_is_shown_with_its_status() -> None:
    class Busy(InProcess):
        def answer(self, query: QueryRequest) -> QueryResponse:
            raise TooManyRequests("Too much", remedy="wait", retry_after=7)

    client = create_app(AppState.of(Busy.of([]))).test_client()
    answer = client.get(PRODUCT, headers={"Accept": "text/html"})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Too much" in answer.text
    assert "uts:Product" in answer.text, "the query is shown all the same"


def test_it_works_without_a_text_index() -> None:
    client = create_app(AppState.of(InProcess.of([]))).test_client()
    page = client.get(PRODUCT + "&0.property=vendor&0.show=1", headers={"Accept": "text/html"}).text
    assert "data-complete" not in page
    assert "builder.js" not in page

"""The query editor: the form, results, errors, and the data for its script."""

import csv
import io
import json
import re
import shlex
import subprocess
import urllib.request
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.core.errors import TooManyRequests, Unavailable
from graph.core.namespaces import CODE, ID, PREFIXES, UTS
from graph.core.settings import Settings
from graph.rdf.query_types import QueryRequest, QueryResponse
from web.app import create_app
from web.html.app_state import AppState

POSITIONS = f"SELECT ?o ?status {{ ?a <{UTS}adopter> ?o ; <{UTS}status> ?status }}"


def asked(client: FlaskClient, query: str, **more: str) -> str:
    answer = client.get("/query", query_string={"query": query, "lang": "en", **more})
    assert answer.status_code == 200
    return answer.text


def test_the_editor_has_a_default_query_that_runs(pages: FlaskClient) -> None:
    page = pages.get("/query?lang=en").text
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert text
    assert 'id="answer"' not in page, "nothing is run before somebody asks"
    assert "Molnet" in asked(pages, unescape(text[1]))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_default_query_has_one_row_a_product(release_app: Flask, language: str) -> None:
    client = release_app.test_client()
    page = client.get(f"/query?lang={language}").text
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert text
    query = {"query": unescape(text[1]), "format": "csv"}
    rows = list(csv.DictReader(io.StringIO(client.get("/sparql", query_string=query).text)))
    products = {"query": f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a <{UTS}Product> }}", "format": "csv"}
    count = client.get("/sparql", query_string=products).text.split()[1]
    assert len(rows) == len({row["product"] for row in rows}) == int(count)


@pytest.mark.parametrize(
    ("select", "columns"),
    [("*", ["s", "o", "a"]), ("DISTINCT *", ["s", "o", "a"]), ("?o ?a ?s", ["o", "a", "s"])],
)
def test_columns_stand_in_the_order_of_the_query(pages: FlaskClient, select: str, columns: list[str]) -> None:
    page = asked(pages, f"SELECT {select} {{ ?s <{UTS}adopter> ?o . BIND (1 AS ?a) }}")
    assert re.findall(r'<th scope="col"><code>(\w+)</code>', page) == columns


def test_an_example_is_shown_with_its_description(pages: FlaskClient) -> None:
    page = pages.get("/query?example=evidence&lang=en").text
    assert "?digest" in page
    assert "Where in its source is each statement found?" in page
    assert pages.get("/query?example=nothing").status_code == 404


def test_cells_show_labels_of_iris(pages: FlaskClient) -> None:
    page = asked(pages, POSITIONS)
    assert '<bdi>Åby Municipality</bdi></a> <code class="short-iri">aby-kommun</code>' in page
    assert '<span class="status halted">' in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (POSITIONS, {"json", "xml", "csv", "tsv"}),
        ("ASK { ?s ?p ?o }", {"json", "xml"}),
        (f"DESCRIBE <{ID}law/osl>", {"ttl", "nt", "rdf", "jsonld", "nq", "trig", "n3"}),
    ],
)
def test_a_result_can_be_downloaded_in_each_format_of_its_form(
    pages: FlaskClient, query: str, names: set[str]
) -> None:
    page = asked(pages, query)
    links = [unescape(link) for link in re.findall(r'href="(/sparql\?[^"]*)"', page)]
    assert {parse_qs(urlsplit(link).query)["format"][0] for link in links} == names
    for link in links:
        assert parse_qs(urlsplit(link).query)["query"] == [query]
        assert pages.get(link).status_code == 200


def test_a_long_query_is_posted(pages: FlaskClient) -> None:
    answer = pages.post("/query?lang=en", data={"query": POSITIONS + "#" * 20_000, "view": "graph"})
    assert answer.status_code == 200
    assert 'class="plain-list graph-links"' in answer.text


def test_an_error_is_shown_beside_the_query(pages: FlaskClient) -> None:
    answer = pages.get("/query", query_string={"query": "SELECT ?x {\n ?x a a b }", "lang": "en"})
    assert answer.status_code == 400
    assert "line 2, column 9" in answer.text
    assert "?x a a b" in answer.text, "what was typed is not lost"
    assert answer.headers["Cache-Control"] == "no-store"
    assert pages.get("/query", query_string={"query": "DROP ALL"}).status_code == 400


MISSPELT = f"PREFIX uts: <{UTS}>\nSELECT ?o ?lable WHERE {{\n  ?a uts:user ?o\n  ?o rdfs:label ?label\n}}"


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "sv",
            [
                "Menade du ?label?",
                "Rad 3: uts:user finns inte. Menade du uts:adopter?",
                "punkt i slutet av rad 3.",
            ],
        ),
        (
            "en",
            [
                "Did you mean ?label?",
                "Line 3: uts:user does not exist.",
                "stop is missing at the end of line 3.",
            ],
        ),
    ],
)
def test_what_is_probably_wrong_is_told_with_its_line(
    pages: FlaskClient, language: str, lines: list[str]
) -> None:
    answer = pages.get("/query", query_string={"query": MISSPELT, "lang": language})
    assert answer.status_code == 400
    shown = unescape(answer.text)
    assert [line for line in lines if line not in shown] == []
    assert "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nPREFIX uts:" in shown, "one press adds it"


def test_hints_mended_one_after_the_other_give_a_query_that_runs(pages: FlaskClient) -> None:
    query = MISSPELT
    for _ in range(4):
        page = pages.get("/query", query_string={"query": query}).text
        fixed = re.search(r'<input type="hidden" name="query" value="([^"]*)">', page)
        assert fixed
        query = unescape(fixed[1])
    answer = pages.get("/query", query_string={"query": query})
    assert answer.status_code == 200
    assert "query-hints" not in answer.text
    assert "Åby" in answer.text


def test_a_result_without_rows_says_which_term_does_not_exist(pages: FlaskClient) -> None:
    answer = pages.get("/query", query_string={"query": f"SELECT * {{ ?x a <{UTS}Produkt> }}", "lang": "sv"})
    assert answer.status_code == 200
    assert "uts:Produkt finns inte. Menade du uts:Product?" in answer.text


def test_the_hints_of_a_script_are_those_of_the_page(pages: FlaskClient) -> None:
    text = "# 𝄞\n" + MISSPELT
    answer = pages.post("/query/hints.json?lang=sv", json={"query": text})
    units = text.encode("utf-16-le")
    found = {
        hint["message"]: units[2 * hint["from"] : 2 * hint["to"]].decode("utf-16-le")
        for hint in json.loads(answer.text)["hints"]
    }
    assert found == {
        "Rad 3: inget i frågan ger variabeln ?lable ett värde. Menade du ?label?": "?lable",
        "Rad 4: uts:user finns inte. Menade du uts:adopter?": "uts:user",
        "Det saknas en punkt i slutet av rad 4.": "?o",
        "Rad 5: prefixet rdfs: är inte deklarerat.": "rdfs:label",
    }


@pytest.mark.parametrize("sent", [None, [], {}, {"query": 1}])
def test_hints_on_no_query_are_refused(pages: FlaskClient, sent: object) -> None:
    answer = pages.post("/query/hints.json", json=sent)
    assert (answer.status_code, "There is no query" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("language", "words"), [("sv", "Skriv en fråga först."), ("en", "Write a query first.")]
)
def test_an_empty_query_is_told_to_be_empty(pages: FlaskClient, language: str, words: str) -> None:
    answer = pages.get(f"/query?query=%20&lang={language}")
    assert (answer.status_code, words in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("UTSAGA_SECONDS", "Frågan tog för lång tid och avbröts."),
        ("UTSAGA_RESULT_BYTES", "Svaret blev för stort."),
        ("UTSAGA_QUEUE_LENGTH", "Många frågar samtidigt just nu."),
        ("something else", "Servern kan inte svara just nu."),
    ],
)
def test_a_failure_is_told_in_the_language_of_the_reader(
    sample: InProcess, monkeypatch: pytest.MonkeyPatch, rule: str, words: str
) -> None:
    def refuse(question: QueryRequest) -> QueryResponse:
        raise Unavailable("In English", rule=rule)

    monkeypatch.setattr(sample, "answer", refuse)
    page = create_app(AppState.of(sample)).test_client().get("/query?query=ASK{}&lang=sv").text
    assert words in page
    assert page.index("<details") < page.index("In English"), "the engine's words are folded below"


def test_an_exceeded_limit_is_shown_with_its_setting(sample: InProcess) -> None:
    client = create_app(AppState.of(sample, settings=Settings(query_bytes=100))).test_client()
    answer = client.post("/query", data={"query": "ASK {}" + " " * 100})
    assert answer.status_code == 413
    assert "UTSAGA_QUERY_BYTES" in answer.text


def test_a_temporary_error_has_retry_after(sample: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(question: QueryRequest) -> QueryResponse:
        raise TooManyRequests("Enough", retry_after=7)

    monkeypatch.setattr(sample, "answer", refuse)
    answer = create_app(AppState.of(sample)).test_client().get("/query?query=ASK{}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


@pytest.mark.parametrize(
    "value", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</textarea><b>"]
)
def test_a_hostile_query_is_escaped(pages: FlaskClient, value: str) -> None:
    for query in (value, f"SELECT ('''{value}''' AS ?x) {{}}"):
        page = pages.get("/query", query_string={"query": query}).text
        assert value not in page
        assert unescape(page).count(value) >= 1


def test_views_are_offered_if_the_rows_have_data_for_them(pages: FlaskClient) -> None:
    assert 'class="view-links"' not in asked(
        pages, "SELECT ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
    )
    links = re.findall(r'<nav class="view-links".*?</nav>', asked(pages, POSITIONS + " # x"), re.DOTALL)
    assert "view=graph" in links[0]
    drawn = asked(pages, POSITIONS, view="graph")
    assert f'data-node="{ID}organisation/aby-kommun"' in drawn
    assert f'data-node="{CODE}adoption-status/halted"' in drawn
    assert "<table>" not in drawn
    assert "<table>" in asked(pages, POSITIONS, view="nonsense")


def test_a_large_result_can_only_be_downloaded(pages: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.sparql.result_table.MAX_BYTES", 1000)
    page = asked(pages, "SELECT * { ?s ?p ?o }")
    assert "<table>" not in page
    assert "format=csv" in page


def test_only_the_first_rows_are_shown(pages: FlaskClient) -> None:
    numbers = " ".join(f"(1 {each})" for each in range(700))
    page = asked(pages, f"SELECT * {{ VALUES (?a ?b) {{ {numbers} }} }}")
    assert page.count("<tr>") == 501
    assert "700 rows" in page
    page = asked(pages, f"CONSTRUCT {{ <x:s> <x:p> ?b }} {{ VALUES (?a ?b) {{ {numbers} }} }}")
    assert page.count("<tr>") == 501
    assert "700 rows" in page


@pytest.mark.parametrize("path", ["/queries/who-uses-office-365?asof=2017", "/query"])
def test_the_snippets_read_the_rows_of_the_page(server: str, path: str) -> None:
    """Python and curl run; what R, pandas and the spreadsheets are given is the same address."""
    query = """SELECT ?x ?y { BIND("it's \\"5\\" $HOME `å`, %41" AS ?x) BIND(2 AS ?y) }"""
    url = f"{server}{path}" + (f"?{urlencode({'query': query})}" if path == "/query" else "")
    with urllib.request.urlopen(url) as page:  # noqa: S310 (loopback)
        text = page.read().decode()
    codes = [
        unescape(each)
        for each in re.findall(r"<pre>(.*?)</pre>", text[text.index('class="snippets"') :], re.DOTALL)
    ]
    address, sheets, r, pandas, curl = codes[:5]
    with urllib.request.urlopen(address) as answer:  # noqa: S310 (loopback)
        rows = list(csv.reader(io.StringIO(answer.read().decode())))
    assert len(rows) > 1
    if path == "/query":
        assert rows == [["x", "y"], ['it\'s "5" $HOME `å`, %41', "2"]]
    assert sheets == f'=IMPORTDATA("{address}")'
    assert f'read.csv("{address}")' in r
    frames: list[str] = []

    def read_csv(given: str) -> SimpleNamespace:
        frames.append(given)
        return SimpleNamespace(head=list)

    exec(pandas.replace("import pandas as pd", ""), {"pd": SimpleNamespace(read_csv=read_csv)})  # noqa: S102 (the program that the page shows)
    assert frames == [address]
    command = [*shlex.split(curl), "--silent", "--output", "-"]
    assert command[:2] == ["curl", "-o"]
    command[1:3] = []
    fetched = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert list(csv.reader(io.StringIO(fetched))) == rows


def test_the_snippets_of_a_graph_read_turtle(pages: FlaskClient) -> None:
    page = unescape(asked(pages, f"DESCRIBE <{ID}law/osl>"))
    assert 'format="turtle")' in page
    assert "format=ttl" in page
    assert "read_csv" not in page
    assert 'class="snippets"' not in asked(pages, "ASK {}")


def test_completion_has_the_terms_of_the_release(pages: FlaskClient) -> None:
    answer = pages.get("/query/terms.json")
    told = json.loads(answer.text)
    assert told["prefixes"] == PREFIXES
    classes = {each["iri"]: each for each in told["classes"]}
    assert classes[f"{UTS}Municipality"]["count"] == 3
    assert classes[f"{UTS}Municipality"]["labels"] == {"sv": "kommun", "en": "municipality"}
    assert {each["iri"] for each in told["properties"]} > {f"{UTS}about", "javascript:alert(2)"}
    assert [each["iri"] for each in told["codes"]] == [f"{CODE}adoption-status/halted"]
    assert answer.headers["ETag"]


def test_a_cacheable_result_may_be_stored_and_another_may_not(pages: FlaskClient) -> None:
    kept = pages.get("/query", query_string={"query": POSITIONS})
    assert kept.headers["ETag"]
    again = pages.get("/query", query_string={"query": POSITIONS})
    assert again.headers["ETag"] == kept.headers["ETag"]
    now = pages.get("/query", query_string={"query": "SELECT (NOW() AS ?now) {}"})
    assert "ETag" not in now.headers
    assert now.headers["Cache-Control"] == "no-store"


def test_only_the_empty_editor_is_indexed(pages: FlaskClient) -> None:
    assert 'content="noindex"' not in pages.get("/query").text
    assert 'content="noindex"' in pages.get("/query?query=ASK{}").text


def test_scripts_have_a_digest_in_their_names_and_are_cached(sample: InProcess, tmp_path: Path) -> None:
    app = create_app(AppState.of(sample))
    names = Path(app.static_folder or "") / "built" / "names.json"
    if not names.is_file():
        pytest.skip("the scripts have not been built")
    script = json.loads(names.read_text(encoding="utf-8"))["editor.js"]
    client = app.test_client()
    assert f'<script type="module" src="/static/built/{script}"></script>' in client.get("/query").text
    with client.get(f"/static/built/{script}") as answer:
        assert "immutable" in answer.headers["Cache-Control"]
    with client.get("/static/built/none.js") as answer:
        assert answer.status_code == 404
        assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", "Rad 1: funktionen &lt;urn:f&gt; finns inte här"),
        ("en", "Line 1: the function &lt;urn:f&gt; does not"),
    ],
)
def test_a_function_that_does_not_exist_is_a_hint_beside_the_result(
    pages: FlaskClient, language: str, words: str
) -> None:
    text = "SELECT ?x { VALUES ?x { 1 } FILTER(<urn:f>(?x)) }"
    answer = pages.get("/query", query_string={"query": text, "lang": language})
    assert answer.status_code == 200
    assert words in answer.text
    assert 'id="answer"' in answer.text

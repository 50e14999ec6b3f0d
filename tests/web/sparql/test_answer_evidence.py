"""Answers of stored queries with their evidence, and the headers that say that they are whole."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from graph.core.namespaces import ID, UTS
from graph.core.settings import Settings
from graph.core.terms import iri
from web.app import create_app
from web.html.app_state import app_state

QUERIES = (
    *("adoption-status", "agreements", "as-of", "disagreements", "evidence", "hedged-claims", "in-the-cloud"),
    *("information-shared", "latest-status", "laws-cited", "legal-assessments", "outcomes-changed"),
    *("provisions-tested", "quantities", "reasons", "safeguards", "safeguards-shared"),
    *("statements-by-organisation", "supervisory-decisions", "then-and-now", "users-despite-obstacle"),
    *("waiting-for-gothenburg", "who-uses-office-365", "who-waits-for-whom"),
)


def read(reader: FlaskClient, path: str, status: int = 200) -> dict[str, Any]:
    answer = reader.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.get_json(force=True)
    return found


@pytest.mark.parametrize("name", QUERIES)
def test_each_row_has_its_statements(reader: FlaskClient, name: str) -> None:
    plain, found = (read(reader, f"/queries/{name}.json{tail}") for tail in ("", "?evidence=1"))
    assert {key: found[key] for key in plain} == plain, "what readers of SPARQL's JSON take stays the same"
    rows = found["evidenceOfRows"]
    assert len(rows) == len(plain["results"]["bindings"]) > 0
    assert all(rows), "no row without evidence"
    envelopes = [each["statement"] for each in found["evidence"]]
    assert len(envelopes) == len(set(envelopes))
    assert set(envelopes) == {name for row in rows for name in row}


def test_a_row_with_a_statement_has_the_envelope_of_that(reader: FlaskClient) -> None:
    found = read(reader, "/queries/waiting-for-gothenburg.json?evidence=1")
    named = [row["statement"]["value"] for row in found["results"]["bindings"]]
    assert found["evidenceOfRows"] == [[name] for name in named]
    assert found["evidence"][0]["passages"]


def bases(reader: FlaskClient, claims: Iterable[str]) -> set[str]:
    """Return the statements that `claims` are derived from."""
    with reader.application.app_context():
        entities = app_state().entities
        return {name for claim in claims for name in entities.node(iri(claim)).iris(f"{UTS}derivedFrom")}


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("in-the-cloud", ["adoption"]),
        ("then-and-now", ["adoption"]),
        ("outcomes-changed", ["assessmentBefore", "assessmentAfter"]),
        ("provisions-tested", ["assessment"]),
    ],
)
def test_a_row_with_claims_has_the_statements_that_they_are_derived_from(
    reader: FlaskClient, name: str, columns: list[str]
) -> None:
    found = read(reader, f"/queries/{name}.json?evidence=1")
    for row, statements in zip(found["results"]["bindings"], found["evidenceOfRows"], strict=True):
        assert set(statements) == bases(reader, (row[column]["value"] for column in columns))


def test_a_disagreement_has_the_statements_of_both_sides_and_no_others(reader: FlaskClient) -> None:
    found = read(reader, "/queries/disagreements.json?evidence=1")
    assessments = read(reader, "/sparql?query=" + quote(ASSESSMENTS))["results"]["bindings"]
    for row, statements in zip(found["results"]["bindings"], found["evidenceOfRows"], strict=True):
        sides = [
            {each["claim"]["value"] for each in assessments if all(_is_of(row, side, each))} for side in "AB"
        ]
        assert all(sides)
        assert set(statements) == bases(reader, set[str]().union(*sides))
        assert {row["statementA"]["value"], row["statementB"]["value"]} <= set(statements)


ASSESSMENTS = f"""SELECT * {{ ?claim <{UTS}assessor> ?organisation ; <{UTS}product> ?product ;
  <{UTS}outcome> ?outcome ; <{UTS}derivedFrom> ?statement . OPTIONAL {{ ?claim <{UTS}underAct> ?law }} }}"""


def _is_of(row: dict[str, Any], side: str, claim: dict[str, Any]) -> Iterator[bool]:
    """Yield whether each value of an assessment stands on one side of a row."""
    yield row["product"] == claim["product"]
    for name in ("organisation", "outcome", "statement", "law"):
        yield row.get(f"{name}{side}") == claim.get(name)


def test_the_line_of_a_product_is_followed(reader: FlaskClient) -> None:
    found = read(reader, "/queries/who-uses-office-365.json?evidence=1&lineage=1")
    assert len(found["results"]["bindings"]) > 10
    assert all(found["evidenceOfRows"])


def test_an_empty_answer_tells_a_no_from_what_nobody_says(reader: FlaskClient) -> None:
    path = "/queries/adoption-status.json?evidence=1&status=code:adoption-status/in-use"
    path += "&organisation=organisation/"
    silent = read(reader, f"{path}arjeplogs-kommun&product=product/office-365")
    assert silent["results"]["bindings"] == []
    assert [each["answer"] for each in silent["standings"]] == ["nothing-known"]
    refusing = read(reader, "/queries/adoption-status.json?status=code:adoption-status/declined")
    row = refusing["results"]["bindings"][0]
    slugs = [row[each]["value"].removeprefix(ID) for each in ("organisation", "product")]
    said = read(reader, f"{path}{slugs[0].removeprefix('organisation/')}&product={slugs[1]}")
    assert said["results"]["bindings"] == []
    assert [each["answer"] for each in said["standings"]] == ["no"]
    assert said["standings"][0]["statements"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("adoption-status.csv?evidence=1", "CSV"),
        ("adoption-status.tsv?evidence=1", "TSV"),
        ("adoption-status.xml?evidence=1", "XML"),
        ("coverage.json?evidence=1", "do not say which statements"),
        ("coverage?evidence=1", "do not say which statements"),
        ("laws-cited.json?evidence=2", "neither 1 nor 0"),
    ],
)
def test_what_has_no_evidence_is_refused(reader: FlaskClient, path: str, words: str) -> None:
    assert words in read(reader, f"/queries/{path}", 400)["detail"]


@pytest.mark.parametrize("accept", ["text/csv", "text/turtle", "application/sparql-query"])
def test_a_format_by_accept_without_a_place_for_evidence_is_refused(reader: FlaskClient, accept: str) -> None:
    answer = reader.get("/queries/laws-cited?evidence=1", headers={"Accept": accept})
    assert answer.status_code == 400
    assert reader.get("/queries/laws-cited", headers={"Accept": accept}).mimetype == accept


def test_evidence_0_is_as_none(reader: FlaskClient) -> None:
    path = "/queries/laws-cited.csv"
    assert reader.get(f"{path}?evidence=0").data == reader.get(path).data


def test_more_statements_than_the_setting_allows_are_refused(reader: FlaskClient) -> None:
    with reader.application.app_context():
        state = replace(app_state(), settings=Settings(evidence_statements=5), stored_answers={})
    found = read(create_app(state).test_client(), "/queries/laws-cited.json?evidence=1", 422)
    assert found["limit"] == "UTSAGA_EVIDENCE_STATEMENTS"


def test_a_page_shows_the_evidence_of_each_row(reader: FlaskClient) -> None:
    plain = reader.get("/queries/waiting-for-gothenburg").text
    shown = reader.get("/queries/waiting-for-gothenburg?evidence=1").text
    assert 'href="/queries/waiting-for-gothenburg?evidence=1#answer"' in plain
    assert 'href="/queries/waiting-for-gothenburg#answer"' in shown
    assert 'href="/queries/waiting-for-gothenburg.json?evidence=1"' in shown
    passages = re.findall(r'href="/passage/ny-teknik-office-365-[0-9-]+"', shown)
    assert len(passages) >= 7
    assert not re.search(r'href="/passage/', plain)


def test_a_page_without_rows_says_what_is_known(reader: FlaskClient) -> None:
    path = "/queries/adoption-status?evidence=1&product=product/office-365"
    path += "&organisation=organisation/arjeplogs-kommun"
    assert "ingen uppgift. Det betyder inte att svaret är nej." in reader.get(path).text
    assert "no data. That does not mean that the answer is no." in reader.get(f"{path}&lang=en").text


def test_a_query_without_statements_offers_no_evidence(reader: FlaskClient) -> None:
    assert "evidence=1" not in reader.get("/queries/coverage").text


@pytest.mark.parametrize(
    "path",
    [
        *(f"/queries/coverage.{each}" for each in ("csv", "tsv", "json", "xml")),
        "/queries/coverage",
        "/queries/laws-cited.json?evidence=1",
        "/sparql?query=ASK%20%7B%7D",
        "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%203",
    ],
)
def test_a_whole_answer_says_so_and_its_release(reader: FlaskClient, path: str) -> None:
    answer = reader.get(path, headers={"Accept": "*/*"})
    with reader.application.app_context():
        release = app_state().release
    assert release
    assert answer.headers["X-Utsaga-Complete"] == "yes"
    assert answer.headers["X-Utsaga-Release"] == release.id
    assert {"X-Utsaga-Complete", "X-Utsaga-Release"} <= {
        each.strip() for each in answer.headers["Access-Control-Expose-Headers"].split(",")
    }


def test_a_page_that_shows_the_first_rows_alone_is_not_complete(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.sparql.result_table.MAX_ROWS", 5)
    answer = reader.get("/queries/laws-cited?evidence=1")
    assert answer.status_code == 200
    assert "X-Utsaga-Complete" not in answer.headers


def test_a_refusal_names_its_limit_and_is_not_complete(reader: FlaskClient) -> None:
    answer = reader.get(f"/sparql?query={'x' * 200_000}", headers={"Accept": "application/json"})
    assert answer.status_code == 414
    assert answer.get_json(force=True)["limit"] == "UTSAGA_QUERY_BYTES"
    assert "X-Utsaga-Complete" not in answer.headers
    malformed = reader.get("/sparql?query=x", headers={"Accept": "application/json"})
    assert "limit" not in malformed.get_json(force=True)

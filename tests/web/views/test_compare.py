"""Tests of the comparison of organisations."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient


def test_page_without_organisations_shows_examples(pages: FlaskClient) -> None:
    text = pages.get("/compare").text
    assert "/compare?organisation=aby-kommun&amp;organisation=oby-kommun" in text, "they disagree"
    assert 'name="add"' in text


def test_positions_on_a_product(pages: FlaskClient) -> None:
    text = pages.get("/compare?organisation=aby-kommun&organisation=oby-kommun&organisation=zby-kommun").text
    section = text[text.index('href="/product/molnet">') :]
    aby, oby, zby = section.split('<div class="column">')[1:4]
    assert "stoppat" in aby
    assert "hinder" in aby
    assert "Inga känsliga uppgifter." in oby
    assert "ingen uppgift" in zby
    assert 'href="/adoption/aby-kommun-molnet-2017"' in text
    assert 'href="/assessment/oby-molnet-osl-2017"' in text
    assert 'href="/observation/mail-0001-2026-04-23"' in text


def test_statements_are_escaped_and_link_to_the_full_list(pages: FlaskClient) -> None:
    text = pages.get("/compare?organisation=oby-kommun").text
    assert "Bara på svenska &lt;b&gt;här&lt;/b&gt;." in text
    assert text.index("Bara på svenska") < text.index("Öbys jurister ser"), "newest first"


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("add=zby", "organisation=zby-kommun"),
        ("organisation=aby-kommun&add=Zby+kommun", "organisation=aby-kommun&organisation=zby-kommun"),
        (
            "organisation=aby-kommun&add=zby&product=molnet",
            "organisation=aby-kommun&organisation=zby-kommun&product=molnet",
        ),
        ("organisation=aby-kommun&organisation=aby-kommun", "organisation=aby-kommun"),
        ("organisation=aby-kommun&organisation=", "organisation=aby-kommun"),
        ("organisation=aby-koping", "organisation=aby-kommun"),
        ("organisation=aby-kommun&add=aby-kommun", "organisation=aby-kommun"),
        ("add=%C3%85by+k%C3%B6ping", "organisation=aby-kommun"),
    ],
)
def test_unambiguous_names_and_old_slugs_redirect_to_the_canonical_url(
    pages: FlaskClient, query: str, target: str
) -> None:
    answer = pages.get(f"/compare?{query}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/compare?{target}"
    assert pages.get(answer.headers["Location"]).status_code == 200


def test_redirects_keep_the_languages(pages: FlaskClient) -> None:
    assert "lang=en" in pages.get("/compare?add=zby&lang=en").headers["Location"]


@pytest.mark.parametrize("typed", ["Stockholms stad", "stockholms-kommun", "0180", "Stokholms kommun"])
def test_an_everyday_name_is_added(reader: FlaskClient, typed: str) -> None:
    for url in ("/compare?add=", "/timeline?name="):
        answer = reader.get(url + typed)
        assert answer.location.endswith("?organisation=stockholms-kommun"), url


def test_a_name_of_several_lists_them(reader: FlaskClient) -> None:
    text = reader.get("/compare?add=Stockholm").text
    assert "/compare?organisation=region-stockholm" in text
    assert "/compare?organisation=stockholms-kommun" in text
    assert 'data-suggest="/suggest.json?kind=organisation"' in text


def test_ambiguous_name_lists_candidates(pages: FlaskClient) -> None:
    text = pages.get("/compare?organisation=zby-kommun&add=kommun").text
    assert "/compare?organisation=zby-kommun&amp;organisation=aby-kommun" in text
    assert "/compare?organisation=zby-kommun&amp;organisation=oby-kommun" in text


@pytest.mark.parametrize("name", ["nobody", "%", "<script>alert(1)</script>", "…"])
def test_unknown_name(pages: FlaskClient, name: str) -> None:
    answer = pages.get("/compare", query_string={"add": name})
    assert answer.status_code == 200
    assert "Vi hittar ingen organisation med det namnet" in answer.text
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("organisation=No%20slug", 400),
        ("organisation=..%2F..%2Fetc", 400),
        ("organisation=no-such-body", 404),
        ("organisation=aby-kommun&product=no-such-thing", 404),
        ("&".join(f"organisation=o{number}" for number in range(7)), 400),
        (f"add={'x' * 201}", 400),
    ],
)
def test_faulty_arguments_are_refused(pages: FlaskClient, query: str, status: int) -> None:
    assert pages.get(f"/compare?{query}").status_code == status


def test_each_organisation_has_a_link_that_removes_it(pages: FlaskClient) -> None:
    text = pages.get("/compare?organisation=aby-kommun&organisation=oby-kommun").text
    assert re.search(r'<a href="/compare\?organisation=oby-kommun">\s*<span aria-hidden="true">×', text)


def test_comparison_as_csv(pages: FlaskClient) -> None:
    text = pages.get("/compare.csv?organisation=aby-kommun&organisation=oby-kommun").text
    table = list(csv.DictReader(io.StringIO(text)))
    assert {row["aspect"] for row in table} == {"adoption", "assessment", "statement", "mail"}
    found = next(row for row in table if row["aspect"] == "assessment" and row["text_en"])
    assert found == {
        "organisation": "https://w3id.org/utsaga/id/organisation/oby-kommun",
        "aspect": "assessment",
        "product": "https://w3id.org/utsaga/id/product/molnet",
        "law": "https://w3id.org/utsaga/id/law/osl",
        "value": "https://w3id.org/utsaga/code/assessment-outcome/no-obstacle",
        "date": "",
        "text_sv": "Inga känsliga uppgifter.",
        "text_en": "No sensitive data.",
        "evidence": "https://w3id.org/utsaga/id/assessment/oby-molnet-osl-2017",
    }
    assert list(csv.reader(io.StringIO(pages.get("/compare.csv").text)))[1:] == []


def test_comparison_is_not_indexed(pages: FlaskClient) -> None:
    assert '<meta name="robots" content="noindex">' in pages.get("/compare").text

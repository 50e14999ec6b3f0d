"""Why a query was not answered, as the editor shows it."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT ?a WHERE {\n ?a ?b ?c FILTR(?c > 3) }", "rad 2, tecken 11, vid ”FILTR”. Menade du FILTER?"),
        ("SELEC ?a WHERE { ?a ?b ?c }", "rad 1, tecken 1, vid ”SELEC”. Menade du SELECT?"),
        ("SELECT ?a WHERE { ?a ?b ?c ]", "rad 1, tecken 28, vid ”]”."),
        ("SELECT ?a WHERE {\n ?a ?b ?c", "Felet märktes i slutet av frågan, på rad 2."),
        ("SELECT ?a ?a <b", "vid ”"),
    ],
)
def test_the_place_and_what_stands_there_come_first(pages: FlaskClient, query: str, told: str) -> None:
    page = pages.get("/query", query_string={"query": query, "lang": "sv"})
    assert page.status_code == 400
    answer = page.text[page.text.index('id="answer"') :]
    engine = answer.index("<summary>Så säger SPARQL-motorn, på engelska</summary>")
    assert "Frågan följer inte SPARQL:s grammatik." in answer[:engine]
    assert told in answer[:engine]
    assert 'lang="en"' not in answer[:engine]
    assert '<bdi lang="en">' in answer[engine:]


def test_what_is_found_is_escaped_and_short(pages: FlaskClient) -> None:
    query = f"SELECT ?a WHERE {{ ?a ?b ?c }} <script>{'x' * 300}</script>"
    text = pages.get("/query", query_string={"query": query, "lang": "sv"}).text
    place = text[text.index("Felet märktes") :].partition("</p>")[0]
    assert "<script>" not in place
    assert len(place) < 400

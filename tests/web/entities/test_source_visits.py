"""The page of a source shows whether its address answers, and where a copy is archived."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from graph.backends.in_process import InProcess
from web.app import create_app
from web.html.app_state import AppState

TRIG = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix id: <https://w3id.org/utsaga/id/source/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix uts: <https://w3id.org/utsaga/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

id:never a uts:Report ; rdfs:label "Never"@sv ; schema:url <https://never.example/> .
id:there a uts:Report ; rdfs:label "There"@sv .
id:moved a uts:Report ; rdfs:label "Moved"@sv .
id:gone a uts:Report ; rdfs:label "Gone"@sv .
id:busy a uts:Report ; rdfs:label "Busy"@sv .
id:silent a uts:Report ; rdfs:label "Silent"@sv .
id:evil a uts:Report ; rdfs:label "Evil"@sv .
id:odd a uts:Report ; rdfs:label "Odd"@sv .
<https://w3id.org/utsaga/graph/register/source-checks> {
  id:there uts:checkedOn "2026-11-29"^^xsd:date ; uts:httpStatus 200 ;
    schema:archivedAt <http://web.archive.org/web/20191231235959/https://there.example/> .
  <http://web.archive.org/web/20191231235959/https://there.example/> dcterms:created "2019-12-31"^^xsd:date .
  id:moved uts:checkedOn "2026-11-29"^^xsd:date ; uts:httpStatus 200 ; uts:movedTo <https://new.example/p> .
  id:gone uts:checkedOn "2026-11-29"^^xsd:date ; uts:httpStatus 404 .
  id:busy uts:checkedOn "2026-11-29"^^xsd:date ; uts:httpStatus 503 .
  id:silent uts:checkedOn "2026-11-29"^^xsd:date ; uts:visitFailure "timeout" .
  id:odd uts:checkedOn "2026-11-29"^^xsd:date ; uts:visitFailure "title" .
  id:evil uts:checkedOn "<b>now</b>" ; uts:httpStatus 200 ; uts:movedTo <javascript:alert(1)> ;
    schema:archivedAt <javascript:alert(2)> .
}
"""


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    store = InProcess.of(parse(TRIG, format=RdfFormat.TRIG), union=True)
    found = create_app(AppState.of(store)).test_client()
    found.environ_base |= {"HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "en"}
    return found


def section(client: FlaskClient, path: str) -> str:
    """Return the HTML of the section about the address on the page at `path`, or nothing."""
    page = client.get(path)
    assert page.status_code == 200
    found = re.search('<section class="source-visit">.*?</section>', page.text, re.DOTALL)
    return found[0] if found else ""


def words(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", "", html)).replace("\xa0", " ").split())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("there", "Last checked 29 November 2026: answered (200) Archived copy 31 December 2019"),
        ("moved", "Last checked 29 November 2026: answered (200) Now leads on to new.example"),
        ("gone", "Last checked 29 November 2026: the page is gone (404)"),
        ("busy", "Last checked 29 November 2026: answered with an error (503)"),
        ("silent", "Last checked 29 November 2026: did not answer in time"),
    ],
)
def test_a_page_tells_what_became_of_the_last_visit(client: FlaskClient, name: str, said: str) -> None:
    assert words(section(client, f"/source/{name}")) == f"The source's address {said}"


def test_it_is_told_in_swedish(client: FlaskClient) -> None:
    said = words(section(client, "/source/there?lang=sv"))
    assert said.endswith(
        "Senast kontrollerad 29 november 2026: svarade (200) Arkiverad kopia 31 december 2019"
    )


def test_the_copy_is_linked(client: FlaskClient) -> None:
    link = '<a href="http://web.archive.org/web/20191231235959/https://there.example/" rel="external">'
    assert link in section(client, "/source/there")


@pytest.mark.parametrize("name", ["never", "odd"])
def test_nothing_is_told_where_nothing_is_known(client: FlaskClient, name: str) -> None:
    assert section(client, f"/source/{name}") == ""


def test_it_is_told_once(client: FlaskClient) -> None:
    assert client.get("/source/there").text.count("web.archive.org") == 1


def test_hostile_addresses_are_not_linked(client: FlaskClient) -> None:
    html = section(client, "/source/evil")
    assert "href" not in html
    assert "&lt;b&gt;now" in html

"""Pages of one release: they say so, lead to the newest, and their links stay in the release."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from graph.release.release import Release

ARTICLE = "/source/ny-teknik-office-365"
QUERY = quote("SELECT ?s { ?s a <https://w3id.org/utsaga/ns#Article> } ORDER BY ?s")
PINNED = re.compile(r'href="([^"]*[?&;]release=[^"]*)"')
NEWEST = {"sv": "Visa det senaste", "en": "Show the newest"}
LINK = {
    "sv": "Länk till svaret som det är i dagens utgåva",
    "en": "Link to this answer as of today’s release",
}


@pytest.fixture
def client(published_app: Flask) -> FlaskClient:
    found = published_app.test_client()
    found.environ_base |= {"HTTP_ACCEPT": "text/html,*/*;q=0.8", "HTTP_ACCEPT_LANGUAGE": "sv"}
    return found


def read(client: FlaskClient, target: str) -> str:
    response = client.get(target)
    assert response.status_code == 200
    return unescape(response.get_data(as_text=True))


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("target", [ARTICLE, "/queries/coverage", f"/query?query={QUERY}"])
def test_a_page_of_a_release_says_so_and_leads_to_the_newest(
    client: FlaskClient, release: Release, target: str, language: str
) -> None:
    mark = "&" if "?" in target else "?"
    plain, name = f"{target}{mark}lang={language}", release.manifest.id
    response = client.get(f"{plain}&release={name}")
    page = unescape(response.get_data(as_text=True))
    assert f'href="{plain}">{NEWEST[language]}</a>' in page
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page
    assert NEWEST[language] not in read(client, plain)
    assert LINK[language] not in page  # its own address is that link


def test_links_between_pages_of_a_release_stay_in_it_and_others_do_not_name_it(
    client: FlaskClient, release: Release
) -> None:
    name = release.manifest.id
    page = read(client, f"{ARTICLE}?release={name}")
    assert f'href="{ARTICLE}.ttl?release={name}"' in page
    facets = re.findall(rf'href="({ARTICLE}\?[^"]*kind=[^"]*)"', page)
    assert facets
    assert all(f"release={name}" in each for each in facets)
    paths = {each.partition("?")[0] for each in PINNED.findall(page) if each.startswith("/")}
    assert all(re.match(r"/(\w+/|queries$|query$|sparql$|resource)", each) for each in paths)
    assert "/map" not in paths
    assert not PINNED.findall(read(client, ARTICLE))


def test_forms_and_files_of_a_query_stay_in_the_release(client: FlaskClient, release: Release) -> None:
    name = release.manifest.id
    field = f'<input type="hidden" name="release" value="{name}">'
    stored = read(client, f"/queries/coverage?release={name}")
    editor = read(client, f"/query?query={QUERY}&release={name}")
    assert field in stored
    assert field in editor
    assert f'href="/queries/coverage.csv?release={name}"' in stored
    assert re.search(rf'href="/sparql\?query=[^"]*release={name}[^"]*"', editor)
    posted = client.post("/query", data={"query": "SELECT ?s { ?s a ?c } LIMIT 1", "release": name})
    assert field in posted.get_data(as_text=True)


def test_files_with_the_citation_are_of_the_release_that_the_page_cites(
    client: FlaskClient, release: Release
) -> None:
    name, statement = release.manifest.id, "/statement/ny-teknik-office-365-malmo-annan-syn"
    page = read(client, f"{statement}?release={name}")
    links = [each for each in re.findall(rf'href="({statement}\.[^"]*)"', page) if ".bib" in each]
    assert links
    assert all(f"release={name}" in each for each in links)
    assert name in client.get(links[0]).text
    assert client.get(f"{statement}.bib?release={'0' * 12}").status_code == 404


@pytest.mark.parametrize("method", ["POST", "QUERY"])
@pytest.mark.parametrize("url", ["/sparql", "/sparql?release="])
def test_a_form_names_the_release_of_its_query(
    client: FlaskClient, release: Release, url: str, method: str
) -> None:
    name = release.manifest.id
    response = client.open(url, method=method, data={"query": "ASK {}", "release": name})
    assert "immutable" in response.headers["Cache-Control"]
    other = client.open(url, method=method, data={"query": "ASK {}", "release": "0" * 12})
    assert other.status_code == 404


def test_the_url_says_which_release_a_form_is_for(client: FlaskClient, release: Release) -> None:
    url = f"/query?release={release.manifest.id}"
    response = client.post(url, data={"query": "SELECT ?s { ?s a ?c } LIMIT 1", "release": "0" * 12})
    assert response.status_code == 200


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("target", ["/queries/coverage?view=chart", f"/query?query={QUERY}&view=graph"])
def test_an_answer_has_a_link_to_itself_as_of_its_release(
    client: FlaskClient, release: Release, target: str, language: str
) -> None:
    page = read(client, f"{target}&lang={language}")
    found = re.search(r'<a id="release-link" href="http://localhost([^"]*)" rel="nofollow">([^<]*)</a>', page)
    assert found
    assert found[2] == LINK[language]
    assert f"release={release.manifest.id}" in found[1]
    assert NEWEST[language] in read(client, found[1])


def test_an_answer_that_changes_by_itself_has_no_such_link(client: FlaskClient) -> None:
    page = read(client, f"/query?query={quote('SELECT (RAND() AS ?x) {}')}")
    assert "release-link" not in page


def test_data_of_a_release_lasts(client: FlaskClient, release: Release) -> None:
    for target in (f"{ARTICLE}.ttl", "/queries/coverage.csv", f"/sparql?query={QUERY}"):
        mark = "&" if "?" in target else "?"
        response = client.get(f"{target}{mark}release={release.manifest.id}")
        assert response.headers["Cache-Control"] == "public, max-age=86400, immutable"
        assert f'<{target}>; rel="latest-version"' in response.headers.getlist("Link")
        assert response.headers["ETag"]
        assert "immutable" not in client.get(target).headers["Cache-Control"]


def test_without_releases_none_can_be_asked_for(pages: FlaskClient) -> None:
    for target in ("/sparql?query=ASK%7B%7D&release=", "/queries/coverage.csv?release="):
        response = pages.get(target + "0" * 12, headers={"Accept": "application/json"})
        assert response.status_code == 404
        assert response.get_json()["faults"][0]["where"] == "release"


def test_a_release_that_another_application_serves_is_not_answered_by_this_one(
    client: FlaskClient, release: Release
) -> None:
    for target in (
        f"/sparql?query={QUERY}&release=",
        f"{ARTICLE}?release=",
        "/queries/coverage.csv?release=",
    ):
        assert client.get(target + "0" * 12).status_code == 404
        assert client.get(target + "nonsense").status_code == 400
    assert client.post("/sparql", data={"query": "ASK {}", "release": "0" * 12}).status_code == 404
    assert client.post("/query", data={"query": "ASK {}", "release": "0" * 12}).status_code == 404


def test_an_unknown_release_is_not_taken_for_an_unknown_address(client: FlaskClient) -> None:
    response = client.get(f"{ARTICLE}?release={'0' * 12}&lang=en", headers={"Accept": "text/html"})
    assert (response.status_code, "There is no such release" in response.text) == (404, True)
    assert 'href="/releases' in response.text
    assert "Did you mean" not in response.text


def test_the_link_is_copied_with_one_press(browser: Browser, server: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    for target in ("/queries/coverage?lang=en", f"/query?query={QUERY}&lang=en"):
        page.goto(server + target)
        page.get_by_role("button", name="Copy the link").click()
        page.get_by_text("Copied").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.locator("#release-link").evaluate("link => link.href")
        assert "release=" in copied
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#progress")).to_contain_text("Answer")
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_text("Copied").wait_for()
    context.close()


NEWEST_ONLY = (
    *("/", "/organisation", "/organisation.csv", "/search?q=office", "/search.json?q=office", "/map"),
    *("/graph?iri=product/office-365", "/timeline", "/compare", "/build", "/dataset", "/graph/ontology"),
)


@pytest.mark.parametrize("target", NEWEST_ONLY)
def test_what_shows_the_newest_release_alone_refuses_another(
    client: FlaskClient, release: Release, target: str
) -> None:
    mark = "&" if "?" in target else "?"
    assert client.get(target).status_code in (200, 404)
    for name in (release.manifest.id, "0" * 12):
        answer = client.get(f"{target}{mark}release={name}", headers={"Accept": "application/json"})
        assert answer.status_code == 400
        assert "newest release alone" in answer.get_json(force=True)["detail"]
    page = client.get(f"{target}{mark}release={release.manifest.id}&lang=sv", headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert "bara för den senaste utgåvan" in page.text


def test_a_page_of_a_release_links_to_no_page_that_refuses_it(client: FlaskClient, release: Release) -> None:
    page = read(client, f"{ARTICLE}?release={release.manifest.id}")
    targets = {target.partition("?")[0] for target in PINNED.findall(page)}
    assert targets
    assert targets.isdisjoint(target.partition("?")[0] for target in NEWEST_ONLY)

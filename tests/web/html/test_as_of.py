"""Pages and lists as of a time: Göteborg from 2016 to 2022."""

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.release.release import Release
from web.app import create_app
from web.html.app_state import AppState
from web.html.i18n import messages

CITY = "/organisation/goteborgs-kommun"
ADOPTIONS = "/adoption.csv?organisation=goteborgs-kommun&product=office-365"
HELD = [
    ("2015", set()),
    ("2016-07", {"considering"}),
    ("2017-03", {"decided"}),
    ("2017-09", {"rolling-out"}),
    ("2017-10", {"paused"}),
    ("2017-10-20", {"paused"}),
    ("2017-11", {"rolling-out"}),
    ("2018-03", {"rolling-out"}),
    ("2019-12", {"rolling-out"}),
    ("2018-09", {"in-use"}),
    ("2022", {"in-use"}),
]


@pytest.fixture(scope="module")
def app(release: Release) -> Flask:
    return create_app(AppState.of(InProcess.open(release.store), release=release.manifest))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    found = app.test_client()
    found.environ_base |= {"HTTP_ACCEPT": "text/html,*/*;q=0.8", "HTTP_ACCEPT_LANGUAGE": "sv"}
    return found


def statuses(page: str) -> set[str]:
    """Return the statuses on Office 365 in the history on an organisation's page."""
    story = re.search(r'<h3><a href="/product/office-365[^>]*>.*?</ol>', page, re.DOTALL)
    return set(re.findall(r'<div>\s*<span class="status ([a-z-]+)"', story[0])) if story else set()


def rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).text)))


@pytest.mark.parametrize(("time", "held"), HELD)
def test_a_page_a_list_and_a_query_agree(client: FlaskClient, time: str, held: set[str]) -> None:
    page = client.get(f"{CITY}?asof={time}").text
    assert statuses(page) == held
    listed = {row["status"].rpartition("/")[2] for row in rows(client, f"{ADOPTIONS}&asof={time}")}
    assert listed == held
    query = f"/queries/adoption-status.csv?organisation={CITY[1:]}&product=product/office-365&asof={time}"
    assert {row["status"].rpartition("/")[2] for row in rows(client, query)} == held


@pytest.mark.parametrize(("time", "held"), HELD)
def test_organisations_are_filtered_by_adoptions_at_the_time(
    client: FlaskClient, time: str, held: set[str]
) -> None:
    for status in ("considering", "decided", "paused", "rolling-out"):
        found = rows(client, f"/organisation.csv?status={status}&asof={time}")
        assert (status in held) == any(row["id"].endswith("/goteborgs-kommun") for row in found)
        choice = re.search(
            rf'status={status}"[^>]*>[^/]*</bdi></a>\s+<span class="badge">(\d+)',
            client.get(f"/organisation?asof={time}").text,
        )
        assert (int(choice[1]) if choice else 0) == len(found)


def test_the_page_shows_its_time_and_a_link_to_the_present(client: FlaskClient) -> None:
    swedish, english = (client.get(f"{CITY}?asof=2018-03&lang={tag}").text for tag in ("sv", "en"))
    assert "<b>Status i mars 2018</b>, enligt det vi vet nu." in swedish
    assert "<b>As of March 2018</b>, according to what we know now." in english
    assert f'<a href="{CITY}?lang=sv">Tillbaka till alla tidpunkter</a>' in swedish
    assert '<input type="hidden" name="lang" value="en">' in english
    assert 'name="asof" value="2018-03"' in swedish
    assert "Status i" not in client.get(CITY).text
    assert 'name="asof"' in client.get(CITY).text, "there is a way to ask"
    assert "<b>Status år 2018</b>" in client.get("/adoption?asof=2018").text
    assert "<b>Status den 5 mars 2018</b>" in client.get("/law/osl?asof=2018-03-05").text


def test_links_to_pages_with_times_keep_the_time(client: FlaskClient) -> None:
    text = client.get(f"{CITY}?asof=2018-03").text
    assert 'href="/product/office-365?asof=2018-03"' in text
    assert 'href="/statement?organisation=goteborgs-kommun&amp;asof=2018-03"' in text
    assert 'href="/organisation/goteborgs-kommun.ttl"' in text, "documents tell everything"
    assert 'href="/person?' not in text
    assert "asof" not in client.get(CITY).text.replace('name="asof"', "").replace('class="asof', "")
    listed = client.get("/adoption?asof=2018-03&product=office-365").text
    assert 'href="/adoption.csv?product=office-365&amp;asof=2018-03"' in listed
    assert 'href="/adoption?product=office-365"' in listed, "the time can be left"


@pytest.mark.parametrize(
    "path", [CITY, "/product/office-365", "/law/osl", "/adoption", "/queries/adoption-status"]
)
def test_a_page_as_of_a_time_is_not_indexed(client: FlaskClient, path: str) -> None:
    now, then = client.get(path), client.get(f"{path}?asof=2018-03")
    assert '<meta name="robots" content="noindex">' not in now.text
    assert '<meta name="robots" content="noindex">' in then.text
    assert now.headers["ETag"] != then.headers["ETag"]
    canonical = re.search(r'<link rel="canonical" href="([^"]*)"', then.text)
    assert canonical is None or canonical[1] == f"http://localhost{path}"


@pytest.mark.parametrize(
    "path",
    [f"{CITY}?asof=x", f"{CITY}?asof=2018-13", "/adoption?asof=2018-02-30", "/adoption.csv?asof=<script>"],
)
def test_an_invalid_time_is_a_bad_request(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert "2018-03-05, 2018-03 eller 2018" in answer.text or "2018-03-05, 2018-03 or 2018" in answer.text
    assert "<script>" not in answer.text.replace('<script src="', "")


@pytest.mark.parametrize(
    "path", ["/person", "/place.csv", "/person/patrik-kron-malmo-kommun", "/source/ny-teknik-office-365"]
)
def test_pages_without_times_refuse_the_argument(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200
    assert client.get(f"{path}?asof=2018").status_code == 400
    assert client.get(f"{path}?asof=").status_code == 200


def test_documents_ignore_the_time(client: FlaskClient) -> None:
    assert client.get(f"{CITY}.ttl?asof=2018").data == client.get(f"{CITY}.ttl").data


def test_statements_and_sources_after_the_time_are_left_out(client: FlaskClient) -> None:
    assert rows(client, "/statement.csv?asof=2010") == []
    early, late = rows(client, "/source.csv?asof=2016"), rows(client, "/source.csv?asof=2022")
    listed_early = {row["id"].rpartition("/")[2]: row["issued"] for row in early}
    assert {"computer-sweden-salem-nej", "datainspektionen-malmo", "goteborg-0349-16"} <= set(listed_early)
    assert max(listed_early.values()) < "2017"
    assert {row["id"] for row in early} < {row["id"] for row in late}
    listed = rows(client, "/organisation.csv?asof=2016-07")
    counts = {row["id"].rpartition("/")[2]: int(row["statements"]) for row in listed}
    assert counts["goteborgs-kommun"] == 4, "those of the proposal"
    assert client.get("/organisation?asof=2016&sort=statements").status_code == 400
    assert client.get("/organisation?asof=2016&sort=-code").status_code == 200


def test_a_law_is_listed_while_it_was_in_force(client: FlaskClient) -> None:
    def listed(time: str) -> set[str]:
        return {row["id"].rpartition("/")[2] for row in rows(client, f"/law.csv?asof={time}")}

    assert {"pul", "gdpr"} & listed("2018-05-24") == {"pul"}
    assert {"pul", "gdpr"} & listed("2018-05-25") == {"gdpr"}
    assert {"pul", "gdpr"} & listed("2018-05") == {"pul", "gdpr"}


def test_the_form_of_a_query_has_a_time(client: FlaskClient) -> None:
    text = client.get("/queries/adoption-status").text
    assert re.search(r'<input name="asof" value=""[^>]*placeholder="2017-10"', text)
    assert "None" not in text
    then = client.get("/queries/adoption-status?asof=2017-10").text
    assert 'name="asof" value="2017-10"' in then
    assert "asof=2017-10" in then[then.index('class="format-links"') :], "the downloads are of the same time"
    assert client.get("/queries/adoption-status?asof=2017-13").status_code == 400


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_strength_of_evidence_is_explained_beside_observations(
    client: FlaskClient, language: str
) -> None:
    text = client.get(f"/queries/then-and-now?lang={language}").text
    proof = text[text.index('id="proof"') :]
    codes = ("mx", "gateway-backend", "txt-token", "on-premises")
    places = [proof.index(messages(language)[f"proof.{code}"][0].split(":")[0]) for code in codes]
    assert places == sorted(places), "the strongest first"
    for key in ("suite", "data", "decision", "whole", "change", "absence_provider", "absence_row"):
        assert messages(language)[f"proof.{key}"][0].split(".")[0] in proof
    assert 'href="#proof"' in text
    assert 'id="proof"' not in client.get("/queries/adoption-status").text
    for page in ("/observation/mail-0114-2026-04-23", "/organisation/eda-kommun"):
        assert 'href="/queries/then-and-now#proof"' in client.get(page).text


def test_observations_are_valid_at_their_date(client: FlaskClient) -> None:
    assert "_domainkey" not in client.get(f"{CITY}?asof=2018").text
    assert 'class="status observed"' not in client.get(f"{CITY}?asof=2018").text
    assert 'class="status observed"' in client.get(f"{CITY}?asof=2026-04").text

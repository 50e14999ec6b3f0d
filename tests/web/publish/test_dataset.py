"""The data set for programs: descriptions, dumps, feeds, sitemaps, and the JSON-LD of every page."""

import gzip
import hashlib
import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from protego import Protego
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from graph.backends.in_process import InProcess
from graph.core.settings import Settings
from graph.release import change_log
from graph.release.dumps import WHOLE
from graph.release.publication import Publication
from graph.release.release import DUMP, Release
from graph.search.text_index import TextIndex
from web.app import create_app
from web.html.app_state import AppState
from web.publish import sitemap

INFERRED = "https://w3id.org/utsaga/graph/inferred"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PAGES = Path(__file__).parents[1].joinpath("pages.txt").read_text(encoding="utf-8").split()


def served(release: Release, **settings: str | bool) -> Flask:
    return create_app(
        AppState.of(
            InProcess.open(release.store),
            release=release.manifest,
            text_index=TextIndex.open_beside(release.store),
            publication=Publication.of(release),
            settings=Settings(**settings),  # type: ignore[arg-type]
        )
    )


@pytest.fixture(scope="module")
def app(release: Release) -> Flask:
    return served(release)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def xml(body: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(body)  # noqa: S314 (an answer of ours)


def body(client: FlaskClient, path: str) -> bytes:
    with client.get(path) as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def links(answer: object) -> str:
    return ", ".join(answer.headers.getlist("Link"))  # type: ignore[attr-defined]


def test_the_description_conforms_to_the_dcat_shapes(server: str, shared: Path) -> None:
    suites = shared / "suites"
    command = [sys.executable, str(suites / "describe_suite.py"), f"{server}/dataset"]
    command += ["--shapes", str(suites / "shacl")]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    found = dict(re.findall(r"^(.+?) +violations +(\d+)", run.stdout, re.MULTILINE))
    assert len(found) >= 10, run.stdout + run.stderr
    del found["dcat-ap-hvd-3.0.0"]  # what the Commission calls high-value data, which this is not
    assert set(found.values()) == {"0"}, run.stdout
    assert run.returncode == 0


@pytest.mark.parametrize("extension", ["ttl", "jsonld", "nt", "rdf"])
def test_the_description_is_the_same_in_every_format(client: FlaskClient, extension: str) -> None:
    def read(path: str, form: RdfFormat) -> set[str]:
        return {str(quad.triple) for quad in parse(client.get(path).data, format=form, base_iri="http://x/")}

    form = RdfFormat.from_extension(extension)
    assert form
    assert read(f"/dataset.{extension}", form) == read("/dataset.nt", RdfFormat.N_TRIPLES)


def test_description_urls_use_the_host_and_iris_do_not(release: Release) -> None:
    client = served(release, public_base="https://data.example/x", contact="hej@example.org").test_client()
    text = client.get("/dataset.nt").get_data(as_text=True)
    name = "<https://w3id.org/utsaga/dataset#utsaga>"
    assert f"{name} <http://rdfs.org/ns/void#sparqlEndpoint> <https://data.example/x/sparql> ." in text
    assert "<https://data.example/x/download/utsaga.nq.gz>" in text
    assert "<mailto:hej@example.org>" in text
    assert "w3id.org/utsaga/download" not in text


def test_well_known_void_redirects_to_the_description(client: FlaskClient) -> None:
    answer = client.get("/.well-known/void")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/dataset")
    found = client.get("/.well-known/void", follow_redirects=True, headers={"Accept": "text/turtle"})
    assert found.mimetype == "text/turtle"
    assert '</dataset.ttl>; rel="alternate"; type="text/turtle"' in links(found)


@pytest.mark.parametrize(
    ("name", "home", "site"),
    [
        ("nuts", "http://data.europa.eu/nuts", "NUTS"),
        ("iso-3166-2", "https://www.omg.org/spec/LCC/Countries/Regions/", "ISO 3166-2 (OMG LCC)"),
        ("wikidata", "https://www.wikidata.org/", "Wikidata"),
        ("dbpedia", "https://www.dbpedia.org/", "DBpedia"),
    ],
)
def test_a_link_set_has_the_home_page_of_its_target(
    client: FlaskClient, name: str, home: str, site: str
) -> None:
    told = body(client, "/dataset.nt").decode()
    assert re.search(rf"#target-{name}> <http://xmlns.com/foaf/0.1/homepage> <{re.escape(home)}>", told)
    assert f'<a href="{home}" rel="external">{site}</a>' in body(client, "/dataset").decode()


def test_every_file_has_the_digest_in_the_description(client: FlaskClient, release: Release) -> None:
    sums = body(client, "/download/SHA256SUMS").decode().splitlines()
    assert len(sums) == len(release.manifest.graphs) + len(WHOLE) + 1
    for digest, name in (line.split("  ") for line in sums):
        with client.get(f"/download/{name}") as answer:
            assert hashlib.sha256(answer.data).hexdigest() == digest
            assert answer.headers["ETag"] == f'"{digest}"'
        with client.get(f"/download/{name}", headers={"If-None-Match": f'"{digest}"'}) as answer:
            assert answer.status_code == 304


def test_the_dumps_have_the_quads_of_the_release(client: FlaskClient, release: Release) -> None:
    def read(name: str, form: RdfFormat) -> set[str]:
        content = gzip.decompress(body(client, f"/download/{name}"))
        return {str(quad) for quad in parse(content, format=form)}

    whole = read("utsaga.nq.gz", RdfFormat.N_QUADS)
    assert len(whole) == sum(release.manifest.graphs.values())
    named = {line for line in read("utsaga.trig.gz", RdfFormat.TRIG) if "_:" not in line}
    assert named == {line for line in whole if "_:" not in line}
    article = read("source.ny-teknik-office-365.nt.gz", RdfFormat.N_TRIPLES)
    assert (
        len(article) == release.manifest.graphs["https://w3id.org/utsaga/graph/source/ny-teknik-office-365"]
    )


@pytest.mark.parametrize("name", ["manifest.json", "..%2fmanifest.json", "%2e%2e/manifest.json", "store", ""])
def test_other_files_are_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/download/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/dataset", "/dataset.ttl", "/.well-known/void", "/feed.atom"])
def test_without_a_release_the_description_is_not_found(pages: FlaskClient, path: str) -> None:
    assert pages.get(path).status_code == 404
    assert "/dataset" not in pages.get("/").get_data(as_text=True)


def test_a_release_of_an_earlier_version_is_not_published(release: Release, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    assert Publication.of(Release(tmp_path, release.manifest)) is None


def test_the_feed_of_all_statements(client: FlaskClient, release: Release) -> None:
    feed = xml(client.get("/feed.atom").data)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == min(100, release.manifest.classes["https://w3id.org/utsaga/ns#Statement"])
    for entry in entries:
        assert entry.findtext(f"{ATOM}id", "").startswith("https://w3id.org/utsaga/id/statement/")
        assert entry.findtext(f"{ATOM}updated") == release.manifest.created
        assert entry.findtext(f"{ATOM}content")
        assert next(each.get("term") for each in entry.iter(f"{ATOM}category")) == "new"


@pytest.mark.parametrize(
    ("path", "told"), [("/organisation/malmo-kommun", "onBehalfOf"), ("/product/microsoft-teams", "about")]
)
def test_the_feed_of_an_entity_has_the_statements_about_it(client: FlaskClient, path: str, told: str) -> None:
    feed = xml(client.get(f"{path}.atom?lang=en").data)
    assert feed.findtext(f"{ATOM}title", "").startswith("Utsaga: new and changed statements on ")
    names = {entry.findtext(f"{ATOM}id", "") for entry in feed.iter(f"{ATOM}entry")}
    linking = client.get(f"{path}.nt").get_data(as_text=True)
    said = set(re.findall(rf"^<(\S+/id/statement/\S+)> <\S+ns#{told}>", linking, re.MULTILINE))
    assert said
    assert said <= names
    assert 'type="application/atom+xml"' in client.get(path, headers={"Accept": "text/html"}).text


def test_a_feed_and_its_etag_depend_on_the_language(client: FlaskClient) -> None:
    answers = [client.get("/feed.atom", headers={"Accept-Language": tag}) for tag in ("sv", "en")]
    assert [xml(each.data).get("{http://www.w3.org/XML/1998/namespace}lang") for each in answers] == [
        "sv",
        "en",
    ]
    assert len({each.headers["ETag"] for each in answers}) == 2
    assert "Accept-Language" in answers[0].vary


def test_the_feed_of_an_unknown_entity_is_not_found(client: FlaskClient) -> None:
    assert client.get("/organisation/ingen-alls.atom").status_code == 404
    assert client.get("/person/patrik-kron-malmo-kommun.atom").status_code == 404


@pytest.mark.parametrize("allowed", [True, False])
def test_robots_txt_lets_in_ai_crawlers_or_not(release: Release, allowed: bool) -> None:
    text = served(release, ai_crawlers=allowed).test_client().get("/robots.txt").text
    rules = Protego.parse(text)
    for agent in ("GPTBot", "ClaudeBot", "CCBot", "Google-Extended"):
        assert rules.can_fetch("http://localhost/law/osl", agent) is allowed
    for agent in ("Googlebot", "bingbot", "anything"):
        assert rules.can_fetch("http://localhost/law/osl", agent)
        assert not rules.can_fetch("http://localhost/search?q=moln", agent)
    assert list(rules.sitemaps) == ["http://localhost/sitemap.xml"]


def test_the_sitemap_names_only_what_is_open_to_crawlers(client: FlaskClient) -> None:
    rules = Protego.parse(client.get("/robots.txt").text)
    found = [each.text or "" for each in xml(client.get("/sitemap.xml").data).iter(f"{MAP}loc")]
    assert found
    assert [address for address in found if not rules.can_fetch(address, "Googlebot")] == []


def test_the_sitemap_has_no_people_and_its_urls_exist(client: FlaskClient) -> None:
    root = xml(client.get("/sitemap.xml").data)
    found = [each.text or "" for each in root.iter(f"{MAP}loc")]
    assert root.tag == f"{MAP}urlset"
    assert len(found) == len(set(found))
    assert "http://localhost/organisation/malmo-kommun" in found
    assert not [each for each in found if "/person" in each]
    for address in found[:: max(1, len(found) // 40)]:
        answer = client.get(address, headers={"Accept": "text/html"})
        assert answer.status_code == 200, address
        assert "X-Robots-Tag" not in answer.headers


def test_the_sitemap_says_when_entities_have_changed(client: FlaskClient, release: Release) -> None:
    times = {
        each.findtext(f"{MAP}loc"): each.findtext(f"{MAP}lastmod")
        for each in xml(client.get("/sitemap.xml").data).iter(f"{MAP}url")
    }
    assert times["http://localhost/organisation/malmo-kommun"] == release.manifest.created
    assert times["http://localhost/queries"] is None
    assert sum(each is not None for each in times.values()) > 1000
    part = xml(client.get("/sitemap-law-1.xml").data)
    assert len(list(part.iter(f"{MAP}lastmod"))) == len(list(part.iter(f"{MAP}url"))) > 10


def test_a_sitemap_that_is_too_long_is_an_index(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {each.text for each in xml(client.get("/sitemap.xml").data).iter(f"{MAP}loc")}
    monkeypatch.setattr(sitemap, "MAX_URLS", 100)
    root = xml(client.get("/sitemap.xml").data)
    assert root.tag == f"{MAP}sitemapindex"
    parts = [client.get(each.text or "").data for each in root.iter(f"{MAP}loc")]
    lists = [[each.text for each in xml(part).iter(f"{MAP}loc")] for part in parts]
    assert max(map(len, lists)) == 100
    assert {each for one in lists for each in one} == whole
    assert client.get("/sitemap-law-99.xml").status_code == 404


def test_robots_txt_has_the_url_of_the_sitemap(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").get_data(as_text=True).splitlines()
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    assert "Disallow: /sparql" in lines


def data_of(page: str) -> dict[str, object]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(found) == 1
    told: dict[str, object] = json.loads(unescape(found[0]))
    return told


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("/", "WebSite"),
        ("/dataset", "Dataset"),
        ("/organisation/malmo-kommun", "GovernmentOrganization"),
        ("/organisation/microsoft", "Corporation"),
        ("/person/patrik-kron-malmo-kommun", "Person"),
        ("/product/office-365", "SoftwareApplication"),
        ("/law/osl", "Legislation"),
        ("/statement/ny-teknik-office-365-malmo-annan-syn", "Claim"),
        ("/source/ny-teknik-office-365", "NewsArticle"),
        ("/source/mxmap-2026-04", "Dataset"),
        ("/passage/ny-teknik-office-365-1248-1255", "Quotation"),
        ("/adoption/malmo-kommun-office-365-2017", "Claim"),
        ("/assessment/malmo-kommun-office-365-osl-2017", "Claim"),
        ("/observation/mail-0114-2026-04-23", "Observation"),
        ("/place/stockholms-lan", "AdministrativeArea"),
        ("/code/adoption-status", "DefinedTermSet"),
        ("/code/adoption-status/in-use", "DefinedTerm"),
        ("/resource?iri=http://www.w3.org/ns/prov%23Entity", "Thing"),
    ],
)
def test_every_page_has_json_ld_about_its_subject(client: FlaskClient, path: str, type_: str) -> None:
    told = data_of(client.get(path, headers={"Accept": "text/html"}).text)
    assert (told["@context"], told["@type"]) == ("https://schema.org", type_)
    triples = list(parse(_with_vocabulary(told), format=RdfFormat.JSON_LD, base_iri="http://x/"))
    assert triples
    assert all(quad.predicate.value.startswith(("https://schema.org/", "http://www.w3")) for quad in triples)


def _with_vocabulary(told: dict[str, object]) -> bytes:
    """Return the data with a JSON-LD context that needs no network."""
    return json.dumps(told | {"@context": {"@vocab": "https://schema.org/"}}).encode()


def test_the_licence_is_not_claimed_for_works_of_others(client: FlaskClient) -> None:
    for path in ("/source/ny-teknik-office-365", "/law/osl", "/passage/ny-teknik-office-365-1248-1255"):
        assert "license" not in data_of(client.get(path, headers={"Accept": "text/html"}).text)


def test_json_ld_cannot_end_its_script_element(release: Release) -> None:
    words = '"</script><script>window.harmed=1</script>"@en'
    text = f"<https://w3id.org/utsaga/id/law/x> <http://www.w3.org/2000/01/rdf-schema#label> {words} ."
    app = create_app(AppState.of(InProcess.of(parse(text, format=RdfFormat.TURTLE))))
    page = app.test_client().get("/law/x", headers={"Accept": "text/html"}).text
    assert "<script>window" not in page
    assert data_of(page)["name"] == [
        {"@value": "</script><script>window.harmed=1</script>", "@language": "en"}
    ]


@pytest.mark.parametrize(
    "path", ["/", "/law/osl", "/organisation", "/queries/coverage", "/organisation.json"]
)
def test_pages_link_to_their_licence_and_to_the_description(client: FlaskClient, path: str) -> None:
    told = links(client.get(path))
    assert '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"' in told
    assert '</dataset>; rel="describedby"' in told


def test_statements_of_a_release_without_a_change_log_are_dated_by_it(
    release: Release, tmp_path: Path
) -> None:
    (tmp_path / DUMP).write_bytes((release.path / DUMP).read_bytes())
    assert change_log.read(Release(tmp_path, release.manifest)) == change_log.read(release)


def test_changes_are_dated_by_the_release_that_brought_them(release: Release, tmp_path: Path) -> None:
    before = change_log.read(release)
    content = list(parse("".join(release.lines()), format=RdfFormat.N_QUADS))
    names = sorted(before)
    kept = [quad for quad in content if names[0] not in str(quad.subject)]
    first = next(q for q in kept if q.subject.value == names[1] and q.predicate.value.endswith("ns#text"))
    kept.remove(first)
    change_log.write(tmp_path, kept, "2030-01-01T00:00:00+00:00", release)
    after = json.loads((tmp_path / change_log.FILE).read_text())
    assert names[0] not in after
    assert after[names[1]][:2] == [before[names[1]].published, "2030-01-01T00:00:00+00:00"]
    assert after[names[2]] == list(before[names[2]])


def test_an_entity_changes_with_what_is_stated_of_it_of_its_parts_and_with_it(
    release: Release, tmp_path: Path
) -> None:
    later = "2030-01-01T00:00:00+00:00"
    content = list(parse("".join(release.lines()), format=RdfFormat.N_QUADS))
    graph = NamedNode("https://w3id.org/utsaga/graph/source/x")
    start = "https://w3id.org/utsaga/id/"
    more = [
        Quad(
            NamedNode(f"{start}statement/new"),
            NamedNode("x:about"),
            NamedNode(f"{start}product/office-365"),
            graph,
        ),
        Quad(NamedNode(f"{start}person/patrik-kron-malmo-kommun#x"), NamedNode("x:is"), Literal("x"), graph),
        Quad(NamedNode(f"{start}law/osl"), NamedNode("x:is"), Literal("x"), NamedNode(INFERRED)),
    ]
    change_log.write(tmp_path, [*content, *more], later, release)
    found = change_log.read_entities(Release(tmp_path, release.manifest))
    times = {name: each.updated for name, each in found.items()}
    changed = {name.removeprefix(start) for name, when in times.items() if when == later}
    assert changed == {"statement/new", "product/office-365", "person/patrik-kron-malmo-kommun"}
    assert times[f"{start}law/osl"] == release.manifest.created


def test_entities_of_a_release_without_a_change_log_are_dated_by_it(release: Release, tmp_path: Path) -> None:
    (tmp_path / DUMP).write_bytes((release.path / DUMP).read_bytes())
    found = change_log.read_entities(Release(tmp_path, release.manifest))
    assert found == change_log.read_entities(release)

"""Sites that are as unlike ours as can be: all works in their own terms and languages, without our words."""

import json
import re
import subprocess
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from tests.endpoint import serving
from tests.sweden.test_subject_words import found_in
from tests.web.pages.test_accessibility import AXE, violations
from tests.web.sites.conftest import Served
from tests.web.sites.unlike import CONCEPTS, MUSEUM

pytestmark = pytest.mark.slow
SITES: Final = ("datasets", "museum", "concepts")
BEGINNINGS: Final = (
    *("/", "/about", "/build", "/dataset", "/feed.atom", "/feeds", "/map", "/ns", "/openapi.json"),
    *(
        "/opensearch.xml",
        "/queries",
        "/queries.json",
        "/query",
        "/query/terms.json",
        "/reconcile",
        "/releases",
    ),
    *("/report", "/robots.txt", "/search?q=a", "/sitemap.xml", "/timeline", "/.well-known/void"),
)
AT_MOST: Final = 250  # addresses of a site
OF_A_FORM: Final = 3  # addresses that differ in their names and values alone
LINK: Final = re.compile(r'(?:href|src|action|og:image" content)="([^"]*)"')
ITEM: Final = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix s: <http://schema.org/> .
<http://www.wikidata.org/entity/Q70> rdfs:label "Stadt Bern"@de , "Berne"@fr ;
  s:description "Stadt in der Schweiz"@de .
"""
NOT_THERE: Final = re.compile(r"/(?:map|timeline)$")  # of a site without places or dates
NOT_IN_XML: Final = re.compile(r"\.rdf(?:\?|$)")  # a name with a control character cannot be written in XML
PROGRAMS_OWN: Final = re.compile(r"^/(?:docs|static)(?:/|$)")
WORDS_OF_ANY_SITE: Final = {"google"}  # Google Sheets


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest) -> Served:
    served: Served = request.getfixturevalue(request.param)
    return served


def form(address: str) -> str:
    path, _, query = address.partition("?")
    names = sorted(each.partition("=")[0] for each in query.split("&"))
    return f"{re.sub('/[^/]*[0-9][^/]*', '/N', path)}?{'&'.join(names)}"


def crawl(site: Served) -> Iterator[tuple[str, int, str, str]]:
    """Yield address, status, media type and text of what the pages of `site` lead to; a few of each form."""
    todo, seen, forms = deque(BEGINNINGS), {*BEGINNINGS}, Counter[str]()
    for _ in range(AT_MOST):
        if not todo:
            return
        address = todo.popleft()
        status, media_type, text = site.fetch(address)
        yield address, status, media_type, text
        links = LINK.findall(text) if "html" in media_type else ()
        for link in (text, *links) if 300 <= status < 400 else links:
            target = unescape(link).partition("#")[0].removeprefix(site.address)
            if target.startswith("/") and target not in seen:
                seen.add(target)
                forms[form(target)] += 1
                if forms[form(target)] <= OF_A_FORM:
                    todo.append(target)


def test_every_link_leads_somewhere_and_no_page_has_a_word_of_our_subject(site: Served) -> None:
    pages = 0
    for address, status, media_type, text in crawl(site):
        if status == 404:
            assert NOT_THERE.search(address), address
        elif status == 406:
            assert NOT_IN_XML.search(address), address
        else:
            assert status < 400, (address, status, text[-500:])
        if media_type.startswith(("text/", "application/json", "application/atom")):
            assert not re.search(r'(?:href|src)="\s*(?:javascript|data:text)', text, re.IGNORECASE), address
            if not PROGRAMS_OWN.match(address):
                pages += 1
                assert found_in(text) <= WORDS_OF_ANY_SITE, (address, found_in(text))
    assert pages > 50


def test_the_build_says_nothing_but_what_it_did(site: Served) -> None:
    assert "Traceback" not in site.built
    assert "Failed" not in site.built


@pytest.mark.parametrize(
    ("name", "class_", "paths"),
    [
        ("datasets", "Dataset", ("/d-dataset", "/dataset/zahl-0", "/queries/zum-thema", "/feeds")),
        ("museum", "Картина", ("/thing", f"/resource?iri={quote(MUSEUM + 'битый')}", "/ns", "/timeline")),
        ("concepts", "Concept", ("/concept", f"/resource?iri={quote(CONCEPTS + '5')}", "/dataset")),
    ],
)
@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_nothing_keeps_anybody_from_reading_a_page(
    request: pytest.FixtureRequest,
    browser: Browser,
    name: str,
    class_: str,
    paths: tuple[str, ...],
    width: int,
    theme: str,
) -> None:
    site: Served = request.getfixturevalue(name)
    found = {}
    with browser.new_context(base_url=site.address, bypass_csp=True, reduced_motion="reduce") as context:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        for path in ("/", "/query", f"/build?class={quote(class_)}", *paths):
            page.goto(path)
            page.evaluate(AXE.read_text(encoding="utf-8"))
            wide: int = page.evaluate("document.documentElement.scrollWidth")
            broken = [each for each in violations(page) if "x-private" not in each]
            found[path] = broken + ([f"{wide} px wide"] if wide > width else [])
    assert {path: broken for path, broken in found.items() if broken} == {}


def test_a_stored_question_is_shown_in_a_language_that_it_has(datasets: Served) -> None:
    title = '<bdi lang="de">Welche Datensätze gibt es?</bdi>'
    for path in ("/", "/queries", "/queries/zum-thema", "/query", "/feeds"):
        assert title in datasets.get(path), path
    french = datasets.get("/queries/zum-thema?content=fr")
    assert '<h1><bdi lang="fr">Quels jeux de données existent ?</bdi></h1>' in french
    assert "Welche Datensätze gibt es?" in datasets.get("/queries/zum-thema.atom", "application/atom+xml")


def test_content_is_in_the_language_of_the_site_that_the_browser_prefers(datasets: Served) -> None:
    for languages, words in (
        ("fr-CH, de;q=0.5", "Comptage n° 0 à Berne"),
        ("en, sv", "Verkehrszählung 0 in Bern"),
    ):
        assert f"{words}</bdi></h1>" in datasets.get("/dataset/zahl-0", languages=languages)
    assert "Verkehrszählung 0 in Bern</bdi></h1>" in datasets.get(
        "/dataset/zahl-0?content=de", languages="fr"
    )


def test_terms_without_a_label_are_called_by_their_words(datasets: Served) -> None:
    page = datasets.get("/dataset/zahl-0")
    facts = page.partition('id="facts"')[2]
    assert "Herausgeber" in facts
    for words in ("contact point", "has email", "status"):
        assert f"<bdi>{words}</bdi>" in facts, words
    assert "http://www.w3.org/2006/vcard/ns#" not in re.sub(r'(?:href|title)="[^"]*"', "", facts)
    assert facts.count("Verkehrszählung 0 in Bern") == 0, "the title is the heading, and no fact"


def test_the_builder_offers_what_the_data_have(datasets: Served, concepts: Served) -> None:
    page = datasets.get("/build?class=Dataset&show=1")
    assert '<option value="Dataset" selected>Datensatz' in page
    assert '<option value="publisher">Herausgeber' in page
    found = datasets.get(
        "/build?class=Dataset&show=1&0.property=publisher&0.value=Stadt+Genf&1.property=issued&1.show=1"
    )
    assert "12 rows" in found
    assert "Verkehrszählung 1 in Genf" in found
    assert "Verkehrszählung 0 in Bern" not in found
    query = datasets.get(
        "/build?class=Agent&show=1&0.property=Dataset.publisher&0.show=1", "application/sparql-query"
    )
    assert "?dataset dcterms:publisher ?agent" in query
    assert "rows" in concepts.get("/build?class=Concept&show=1&0.property=broader&0.value=koncepto+5")


def test_what_reconciliation_finds_it_also_previews_and_extends(museum: Served) -> None:
    manifest = json.loads(museum.get("/reconcile", "application/json"))
    assert manifest["schemaSpace"] == MUSEUM
    assert {each["name"] for each in manifest["defaultTypes"]} >= {"لوحة", "رسام", "قاعة"}
    queries = quote(json.dumps({"q": {"query": "اللوحة 7 «ضوء»", "type": MUSEUM + "Картина"}}))
    (first, *_) = json.loads(museum.get(f"/reconcile?queries={queries}", "application/json"))["q"]["result"]
    assert (first["id"], first["match"]) == (MUSEUM + "картина7", True)
    name = quote(first["id"])
    assert "اللوحة 7" in museum.get(f"/reconcile/preview?id={name}")
    assert museum.fetch(f"/resolve?iri={name}")[0] == 303
    asked = quote(json.dumps({"ids": [first["id"]], "properties": [{"id": MUSEUM + "год"}]}))
    extended = json.loads(museum.get(f"/reconcile?extend={asked}", "application/json"))
    assert extended["rows"][first["id"]][MUSEUM + "год"] == [{"str": "1707"}]
    assert extended["meta"][0]["name"] == "سنة"


def test_coordinates_that_are_texts_are_on_the_map(museum: Served) -> None:
    page = museum.get("/map")
    assert page.count("<circle") == 4
    assert "القاعة 3" in page


def test_the_timeline_has_the_date_that_most_have(museum: Served) -> None:
    assert "اللوحة 5" in museum.get("/timeline?year=1705")
    assert museum.get("/timeline?sort=oldest").index("اللوحة 5") < museum.get("/timeline?sort=oldest").index(
        "اللوحة 9"
    )


def test_a_page_has_a_picture_only_if_it_can_be_drawn(datasets: Served, museum: Served) -> None:
    address = re.search(r'og:image" content="([^"]*)"', datasets.get("/dataset/zahl-0"))
    assert address
    assert address[1].endswith("/card/dataset/zahl-0.png?lang=en")
    assert datasets.fetch(address[1].removeprefix(datasets.address))[:2] == (200, "image/png")
    for path in ("/", f"/resource?iri={quote(MUSEUM + 'картина3')}"):
        assert "og:image" not in museum.get(path), "the fonts have no Arabic"


def test_an_empty_name_is_no_name(museum: Served) -> None:
    page = museum.get(f"/resource?iri={quote(MUSEUM + 'пустое')}")
    assert "<h1><bdi>пустое</bdi></h1>" in page


def test_agents_read_nodes_without_an_iri_in_the_language_they_ask_for(datasets: Served) -> None:
    for language, words in (("de", "Verkehrszählung 0 in Bern"), ("fr", "Comptage n° 0 à Berne")):
        answer = datasets.ask_tool("entity", id="dataset/zahl-0", language=language)
        assert answer["name"] == words
        values = {each["property"]: each["values"] for each in answer["values"]}
        assert values["dcterms:spatial"][0]["values"]["dcat:centroid"] == ["POINT(7.447 46.948)"]
    title = datasets.ask_tool("questions", language="fr")["questions"][0]["title"]
    assert title == "Quels jeux de données existent ?"


def test_entities_are_linked_to_wikidata_by_names_in_the_languages_of_the_site(
    datasets: Served, tmp_path: Path
) -> None:
    item = tmp_path / "item.ttl"
    item.write_text(ITEM, encoding="utf-8")
    with serving(item) as endpoint:
        asked = [*datasets.command, "link", "agent", "--list", "--endpoint", endpoint.url, "--pause", "0"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Q70" in done.stdout
    assert "Stadt in der Schweiz" in " ".join(done.stdout.split())
    refused = [*datasets.command, "link", "organisation", "--list", "--endpoint", endpoint.url]
    done = subprocess.run(refused, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "use one of" in done.stderr
    assert "agent" in done.stderr


def test_the_feed_has_what_is_new_of_any_kind(datasets: Served) -> None:
    feed = datasets.get("/feed.atom", "application/atom+xml")
    assert feed.count("<entry>") == 26
    assert "CC BY 4.0" in feed
    found = datasets.get("/search.atom?q=Genf", "application/atom+xml")
    assert 0 < found.count("<entry>") < 26


def test_the_description_for_programs_is_of_the_site(datasets: Served) -> None:
    described = json.loads(datasets.get("/openapi.json", "application/json"))
    assert described["info"]["title"] == "Datenkatalog"
    assert described["info"]["license"]["name"] == "CC BY 4.0"
    assert not {"/compare.csv", "/map.csv", "/{cited}/{slug}.{style}"} & described["paths"].keys()
    assert "x-part" not in json.dumps(described)


def test_the_editor_begins_with_terms_of_the_site(datasets: Served) -> None:
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", datasets.get("/query"), re.DOTALL)
    assert text
    query = unescape(text[1])
    assert "?dataset a dcat:Dataset" in query
    assert datasets.get(f"/sparql?query={quote(query)}", "text/csv").count("\n") >= 24


def test_tables_are_titled_in_the_languages_of_the_site(datasets: Served) -> None:
    described = json.loads(datasets.get("/agent.csv-metadata.json", "application/json"))
    titles = [each["titles"] for each in described["tableSchema"]["columns"]]
    assert any(title.get("fr") == ["Name (allemand)"] for title in titles), titles


def test_cycles_and_many_narrower_concepts_are_shown(concepts: Served) -> None:
    hub = concepts.get(f"/resource?iri={quote(CONCEPTS + '5')}")
    assert "koncepto 100" in hub
    for number in (7, 10, 20, 97, 200, 201):  # in a cycle, below itself, or without a type
        assert f"koncepto {number}" in concepts.get(f"/resource?iri={quote(f'{CONCEPTS}{number}')}")
    broader = "<http://www.w3.org/2004/02/skos/core#broader>"
    query = f"SELECT (COUNT(DISTINCT ?c) AS ?n) {{ ?c {broader}+ <{CONCEPTS}5> }}"
    assert int(concepts.get(f"/sparql?query={quote(query)}", "text/csv").split()[1]) > 300

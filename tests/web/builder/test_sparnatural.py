"""Sparnatural, another query builder, takes our shapes for its configuration, in a real browser.

https://docs.sparnatural.eu/SHACL-based-configuration.html. Its files come from npm, for this test alone.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from graph.core.namespaces import UTS
from graph.query_builder.read_model import read_model
from web.html.labels import name

PACKAGE = Path(__file__).with_name("sparnatural") / "node_modules" / "sparnatural" / "dist" / "browser"
PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Sparnatural</title>
<link rel="stylesheet" href="/sparnatural/sparnatural.css">
<spar-natural src="{server}/shapes.ttl {server}/ns.ttl {server}/display-names.ttl" endpoint="{server}/sparql"
  lang="{language}" defaultLang="sv" distinct="true" limit="100"></spar-natural>
<script src="/sparnatural/sparnatural.js"></script>
<script>
  const builder = document.querySelector("spar-natural");
  builder.addEventListener("queryUpdated", (event) => {{
    document.body.dataset.query = builder.expandSparql(event.detail.queryString);
  }});
</script></html>"""
IN_ORDER = ("Statement", "Adoption", "Assessment", "Observation", "Quantity")
OTHERS = ("Municipality", "Person", "Membership", "Product", "LegalAct", "Source")


@pytest.fixture(params=["sv", "en"])
def sparnatural(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Page]:
    """A page with Sparnatural, whose files are put beside our own."""
    assert PACKAGE.is_dir(), f"{PACKAGE} is missing: make installs it"

    def serve(route: Route) -> None:
        wanted = route.request.url.rpartition("/")[2]
        if wanted:
            route.fulfill(path=PACKAGE / wanted)
        else:
            route.fulfill(body=PAGE.format(language=request.param, server=server), content_type="text/html")

    failures: list[str] = []
    with browser.new_context(base_url=server) as context:
        page = context.new_page()
        page.route("**/sparnatural/*", serve)
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto("/sparnatural/")
        yield page
    assert failures == []


class Sparnatural:
    """The query builder on a page, read in the page's language."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.language = page.locator("html").get_attribute("lang") or ""

    def class_name(self, class_: str) -> str:
        return name(read_model().by_name[class_].ref, self.language).value

    def offered(self, group: str) -> list[str]:
        """Return what the list of a group offers, in its order."""
        found = self.page.locator(f".{group} li.enabled .item-label")
        expect(found.first).to_be_attached()
        return [text.strip() for text in found.all_text_contents()]

    def choose(self, group: str, label: str) -> None:
        exactly = re.compile(rf"^\s*{re.escape(label)}\s*$")
        self.page.locator(f".{group} li.enabled:visible .item-sel").filter(has_text=exactly).first.click()


def test_it_offers_our_classes_and_properties_by_our_names(sparnatural: Page) -> None:
    shown = Sparnatural(sparnatural)
    classes = shown.offered("StartClassGroup")
    places = [classes.index(shown.class_name(each)) for each in IN_ORDER]
    assert places == sorted(places), "by sh:order"
    assert {shown.class_name(each) for each in OTHERS} <= set(classes)
    shown.choose("StartClassGroup", shown.class_name("Adoption"))
    values = shown.offered("EndClassGroup")
    assert shown.class_name("Product") in values
    assert "organisation" in values, "the class of adopters"
    assert {"sv": "användningsstatus", "en": "adoption status"}[shown.language] in values
    shown.choose("EndClassGroup", shown.class_name("Product"))
    product = read_model().by_name["Adoption"].properties["product"]
    chosen = sparnatural.locator(".ObjectPropertyGroup .current").first
    expect(chosen).to_have_text(name(product.ref, shown.language).value)


def test_its_query_is_about_our_terms_and_has_rows(sparnatural: Page) -> None:
    shown = Sparnatural(sparnatural)
    shown.choose("StartClassGroup", shown.class_name("Adoption"))
    shown.choose("EndClassGroup", shown.class_name("Product"))
    sparnatural.locator("#selectAll").click()
    sparnatural.wait_for_function("document.body.dataset.query")
    query = sparnatural.locator("body").get_attribute("data-query") or ""
    for term in (UTS + "Adoption", UTS + "product"):
        assert f"<{term}>" in query
    answer = sparnatural.request.get("/sparql", params={"query": query, "format": "json"})
    assert answer.ok
    assert len(answer.json()["results"]["bindings"]) > 10

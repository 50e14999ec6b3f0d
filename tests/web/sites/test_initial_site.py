"""The site that `utsaga init` makes, with a table of kinds and colours of light pages alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.cli.init_command import make_site
from graph.core.errors import BadInput
from graph.core.site import read_site
from tests.web.sites.conftest import Served, serve

pytestmark = pytest.mark.slow
KINDS = """
sighting:
  classes: [ex:Sighting]
  columns:
    seen: {path: ex:seen, year: true}
  dates: ex:seen
  place: {latitude: geo:lat, longitude: geo:long}
source:
  classes: [schema:CreativeWork]
  columns:
    issued: {path: dcterms:issued}
"""
COMMENTED = re.compile(r"^# (?=\[|[a-z.]+ = )")
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><rect width="900" height="600"/></svg>'
)


@pytest.fixture(scope="module")
def switched_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site with every line of `utsaga.toml` that the command comments out."""
    folder = tmp_path_factory.mktemp("switched-on") / "birds"
    make_site(folder, "Fåglar")
    file = folder / "utsaga.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    text = "\n".join(COMMENTED.sub("", line) for line in lines)
    assert text.count("#") < len(lines), "some lines were comments"
    file.write_text(text + "\n", encoding="utf-8")
    with serve(folder) as served:
        yield served


@pytest.fixture(scope="module")
def birds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("initial") / "birds"
    make_site(folder, "Birds")
    (folder / "kinds.yaml").write_text(KINDS, encoding="utf-8")
    (folder / "logo.svg").write_text(LOGO, encoding="utf-8")
    file = folder / "utsaga.toml"
    text = file.read_text(encoding="utf-8").replace('# logo = "logo.svg" ', 'logo = "logo.svg" ')
    file.write_text(text + '\n[colours]\naccent = "#7a2d00"\n', encoding="utf-8")
    with serve(folder) as served:
        yield served


def test_the_vocabulary_has_the_terms_of_the_site_and_its_name(birds: Served) -> None:
    page = birds.get("/ns")
    assert "<h1>The vocabulary of Birds</h1>" in page
    assert "ex:Sighting" in page
    assert "That somebody saw something" in page
    assert "ex:saidIn" in page
    assert "utsaga/ns" not in page.partition("<main")[2].partition("</main>")[0]
    assert "<https://example.org/ns#saidIn>" in birds.get("/ns.nt", "application/n-triples")


def test_a_document_that_a_site_does_not_have_is_not_offered_or_found(birds: Served) -> None:
    assert "/shapes.ttl" not in birds.get("/ns")
    assert birds.get("/ns/context.jsonld", "application/ld+json")
    answer = birds.get("/shapes.ttl", "text/turtle", 404)
    assert "no such document" in answer
    assert "utsaga.toml" not in answer


def test_a_timeline_without_a_facet_of_years_refuses_a_year(birds: Served) -> None:
    assert "A crane in the marsh" in birds.get("/timeline")
    assert "no years" in birds.get("/timeline?year=2026", "application/json", 400)


def test_views_are_in_the_menu_itself_if_there_is_no_comparison(birds: Served) -> None:
    menu = birds.get("/about").partition("<nav")[2].partition("</nav>")[0]
    assert "<details" not in menu
    assert 'href="/map"' in menu
    assert 'href="/timeline"' in menu


def test_colours_of_light_pages_leave_dark_ones_alone(birds: Served) -> None:
    style = birds.get("/site.css", "text/css")
    assert style.startswith(
        "@media not all and (prefers-color-scheme: dark) {\n:root {\n  --accent: #7a2d00;"
    )
    assert style.count("--accent") == 1


def test_the_logo_stands_beside_the_name(birds: Served) -> None:
    assert '<img class="logo" src="/site-logo" alt="">' in birds.get("/")
    assert birds.get("/site-logo", "image/svg+xml") == LOGO


def test_each_line_of_the_file_works_when_it_is_switched_on(switched_on: Served) -> None:
    home = switched_on.get("/")
    assert '<img class="logo" src="/site-logo" alt="">' in home
    assert "<svg" in switched_on.get("/site-logo", "image/svg+xml")
    assert 'href="mailto:you@example.org"' in switched_on.get("/about")
    style = switched_on.get("/site.css", "text/css")
    assert "--accent: #0a5a66;" in style
    assert "--accent: #7cc6cf;" in style
    assert "https://example.org/birds#" in switched_on.get("/query/terms.json", "application/json")
    assert "Statement" in switched_on.get("/ns"), "the vocabulary of the part"
    assert "A crane in the marsh" in switched_on.get("/sighting")
    assert '<option value="Sighting">' in switched_on.get("/build"), "the part has shapes, the site none"
    for path in ("/query", "/feeds", "/dataset", "/map", "/timeline", "/search?q=crane"):
        assert switched_on.get(path), path


def test_a_logo_that_is_not_there_is_refused(tmp_path: Path) -> None:
    make_site(tmp_path / "birds", "Birds")
    file = tmp_path / "birds" / "utsaga.toml"
    file.write_text(file.read_text("utf-8").replace('# logo = "logo.svg"', 'logo = "other.png"'), "utf-8")
    with pytest.raises(BadInput, match=r"other\.png is not there"):
        read_site(file.parent)


def test_the_builder_offers_what_has_been_seen(birds: Served) -> None:
    page = birds.get("/build?class=Sighting&show=1&0.property=seen&0.show=1")
    assert "2 rows" in page
    assert "A swan on the lake" in page

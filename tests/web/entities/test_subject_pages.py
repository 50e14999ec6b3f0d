"""Tests of the pages of entities on the project's own facts."""

import re

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store, parse

from graph.backends.in_process import InProcess
from web.app import create_app
from web.html.app_state import AppState

RDF = """
@prefix : <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix wkt: <http://www.opengis.net/ont/geosparql#> .
:one {
  :ship rdfs:label "Skeppet"@sv, "The ship"@en, "Le navire"@fr ; rdfs:comment "Un navire."@fr ;
    foaf:depiction <https://pictures.example/ship.jpg> ; :drawing <https://pictures.example/a.PNG> ;
    :home <https://pictures.example/page.html> ; :length 12345.5 ;
    :part [ :mast 3 ; :flag [ :colour "blå"@sv ] ] ;
    geo:lat "-57.7"^^xsd:decimal ; geo:long "11.9667"^^xsd:decimal .
}
:two { :ship :length 12345.5, 7 .
  :buoy rdfs:label "Bojen" ; wkt:asWKT "POINT(18.07 59.33)"^^wkt:wktLiteral . }
:wrong rdfs:label "x" ; geo:lat "north"^^xsd:decimal ; geo:long "500" .
"""


@pytest.fixture(scope="module")
def foreign_data() -> FlaskClient:
    quads = parse(RDF, format=RdfFormat.TRIG)
    store = Store()
    for quad in quads:
        store.add(quad)
        store.add(type(quad)(quad.subject, quad.predicate, quad.object))
    found = create_app(AppState.of(InProcess(store, union=False))).test_client()
    found.environ_base |= {"HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "en"}
    return found


def test_organisation_shows_past_and_present_status_and_its_peers(reader: FlaskClient) -> None:
    text = reader.get("/organisation/goteborgs-kommun").text
    assert "1480" in text
    assert 'datetime="2017"' in text, "then"
    assert 'datetime="2026-04-23"' in text, "and now"
    assert "Hur starkt stödet är" in text
    assert "Läget är känt för 11 av 290 kommuner" in text
    assert "<small>den här</small>" in text
    assert "ingen har tittat efter" in text
    assert ">279</td>" in text
    assert 'href="/compare?organisation=goteborgs-kommun"' in text


def test_safeguards_have_a_section_of_their_own(reader: FlaskClient) -> None:
    text = reader.get("/organisation/region-stockholm").text
    assert "Skydd och begränsningar" in text
    assert "hålls utanför" in text
    assert "går i stället i" in text


def test_unknown_status_differs_from_not_in_use(reader: FlaskClient) -> None:
    nobody = reader.get("/organisation/arboga-kommun").text
    assert '<span class="status unknown">ingen har tittat efter</span>' in nobody
    assert "not-in-use" not in nobody
    assert '<span class="status not-in-use">' in reader.get("/organisation/helsingborgs-kommun").text


def test_product_has_an_adoption_chart_and_assessments_by_law(reader: FlaskClient) -> None:
    text = reader.get("/product/office-365").text
    assert text.count('<table class="status-table">') == 2
    assert "Läget är känt för 5 av 21 regioner" in text
    assert '<svg class="share-bar in-use"' in text
    assert "style=" not in text
    questions = text.split('<h3 class="assessment-question">')[1:]
    shown = re.findall(r'<article class="assessment [^"]*">', text)
    listed = reader.get("/assessment.json?product=office-365").json
    assert listed
    assert len(shown) == len(listed) > 12, "none is left out"
    assert f"Visa alla {len(listed)} bedömningar" in text
    osl = next(each for each in questions if "/law/osl" in each.partition("</h3>")[0])
    for view in ("assessment obstacle", "assessment no-obstacle", "assessment permitted-with-conditions"):
        assert f'class="{view}"' in osl
    assert "Varianter, delar och föregångare" in text


def test_assessment_without_a_passage_names_its_source(reader: FlaskClient) -> None:
    text = reader.get("/law/gdpr").text
    view = text[text.index('<article class="assessment breach">') :].partition("</article>")[0]
    assert "(källan inte läst i sin helhet)</small> · <a" in view
    assert "/source/imy-region-uppsala" in view


def test_breach_and_no_obstacle_are_labelled(reader: FlaskClient) -> None:
    text = reader.get("/assessment/imy-e-post-region-uppsala-gdpr-2022").text
    assert re.search(
        r'<span class="status breach"><a href="/code/assessment-outcome/breach[^>]*>.*?överträdelse', text
    )
    assert 'class="status obstacle"' not in text


def test_law_shows_its_predecessor_and_its_force_at_each_statement(reader: FlaskClient) -> None:
    text = reader.get("/law/gdpr?sort=oldest").text
    line = text[text.index('<ol class="succession">') :].partition("</ol>")[0]
    assert line.index("/law/pul") < line.index('aria-current="true"')
    assert '<span class="legal-force not-yet">gällde inte än</span>' in text
    assert "CELEX:32016R0679" in text
    assert "/law/gdpr" in reader.get("/law/pul").text


def test_statement_shows_the_force_of_its_laws_and_how_to_verify_it(reader: FlaskClient) -> None:
    listing = reader.get("/statement.json?law=gdpr").json
    assert listing
    said = next(each["id"] for each in listing if "/ny-teknik-office-365-" in each["id"])
    text = reader.get(said.removeprefix("https://w3id.org/utsaga/id")).text
    assert "gällde inte än" in text
    assert 'href="/source/ny-teknik-office-365/verify"' in text


def test_statements_of_a_source_are_in_reading_order_whatever_sort_is_given(reader: FlaskClient) -> None:
    text = reader.get("/source/ny-teknik-office-365?sort=oldest").text
    assert "Nyast först" not in text
    said = text[text.index('id="said"') :]
    places = [
        int(each) for each in re.findall(r"</span>\s*<a class=\"passage-link\"[^>]*>.*?tecken (\d+)–", said)
    ]
    assert len(places) > 10
    assert places == sorted(places)


def test_source_shows_its_coverage(reader: FlaskClient) -> None:
    text = reader.get("/source/ny-teknik-office-365").text
    strip = text[text.index('<svg class="coverage-bar"') :].partition("</svg>")[0]
    assert 'role="img" aria-label="115 textställen täcker ' in strip
    assert strip.count("<rect") > 10
    assert "oktober–november 2017" in text
    assert "Hur mycket av texten" in text


def test_panels_show_their_queries(reader: FlaskClient) -> None:
    text = reader.get("/person/patrik-kron-malmo-kommun?lang=en").text
    assert "Show the query" in text
    assert "VALUES ?this { &lt;https://w3id.org/utsaga/id/person/patrik-kron-malmo-kommun&gt; }" in text
    assert 'href="/query?query=PREFIX+uts' in text


def test_entity_of_an_unknown_class_has_a_page(foreign_data: FlaskClient) -> None:
    text = foreign_data.get("/resource?iri=https://example.org/ship").text
    assert "<h1><bdi>The ship</bdi></h1>" in text
    assert '<bdi lang="fr">Un navire.</bdi>' in text
    assert text.count("Picture:") == 2
    assert "<img" not in text, "nothing is fetched from elsewhere"
    assert "57.7° S, 11.9667° E" in text
    assert "https://www.openstreetmap.org/?mlat=-57.70000&amp;mlon=11.96670#map=9/-57.70000/11.96670" in text
    assert "12,345.5" in text
    assert '<bdi lang="sv">blå</bdi>' in text, "nodes without a name are shown in place"


def test_each_value_shows_its_named_graphs(foreign_data: FlaskClient) -> None:
    text = foreign_data.get("/resource?iri=https://example.org/ship").text
    length = text[text.index("length") :].partition("</div>")[0]
    assert "https://example.org/one" in length
    assert "https://example.org/two" in length
    assert length.count('<details class="provenance">') == 2, "two values, of different origin"


@pytest.mark.parametrize(("iri", "shown"), [("buoy", "59.33° N, 18.07° E"), ("wrong", "")])
def test_positions(foreign_data: FlaskClient, iri: str, shown: str) -> None:
    text = foreign_data.get(f"/resource?iri=https://example.org/{iri}").text
    assert (shown in text) if shown else ("coordinates" not in text)
    assert ("openstreetmap" in text) == bool(shown)


def test_content_in_another_language_has_its_lang_attribute(reader: FlaskClient) -> None:
    text = reader.get("/organisation/goteborgs-kommun?lang=sv&content=en").text
    assert '<h1><bdi lang="en">Gothenburg Municipality</bdi></h1>' in text
    assert '<html lang="sv">' in text
    assert "<bdi>pausat</bdi>" in text, "codes speak as the interface"


def test_adoption_shows_its_period(reader: FlaskClient) -> None:
    text = reader.get("/organisation/goteborgs-kommun?lang=sv").text
    card = text[text.index('<h3><a href="/product/office-365?') :]
    story = card[card.index('<ol class="history">') : card.index("</ol>")]
    times = [re.sub("<[^>]*>", "", each) for each in re.findall(r"<li>(.*)", story)]
    assert times[0] == "från maj 2018, senast bekräftat 2021"
    assert "november 2019\N{THIN SPACE}–\N{THIN SPACE}maj 2021" in times
    assert "oktober–november 2017" in times
    assert "29 juni 2016 – 31 augusti 2016" in times


def test_news_publisher_shows_its_sources_and_no_unknown_status(reader: FlaskClient) -> None:
    text = reader.get("/organisation/ny-teknik").text
    published = text[text.index("Källor den har gett ut") :].split("</section>")[0]
    assert 'href="/source/ny-teknik-office-365"' in published
    assert "november 2017" in published
    assert "ingen har tittat efter" not in text
    assert "Källor den har gett ut" not in reader.get("/organisation/ny-teknik?asof=2018").text
    vendor = reader.get("/organisation/microsoft").text
    assert "ingen har tittat efter" not in vendor
    assert "Andra om organisationen" in vendor


def test_person_shows_mentions(reader: FlaskClient) -> None:
    text = reader.get("/person/stefan-schildt-region-stockholm").text
    assert "Andra om personen" in text
    assert 'href="/statement/ny-teknik-office-365-stockholm-liknande-hallning"' in text
    assert "Inga utsagor" not in text
    assert "Andra om personen" not in reader.get("/person/patrik-kron-malmo-kommun").text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "statement/ny-teknik-office-365-tidningen-lagligt",
            "statement/ny-teknik-office-365-tidningen-tajming",
        ),
        ("person/jorgen-appelgren", "source/ny-teknik-office-365"),
        ("source/goteborgs-posten-ateruptar", "source/goteborgs-posten-aterupptar"),
        ("code/adoption-status/halted", "code/adoption-status/paused"),
    ],
)
def test_a_retired_address_redirects(reader: FlaskClient, old: str, new: str) -> None:
    answer = reader.get(f"/{old}")
    assert (answer.status_code, answer.location.partition("?")[0]) == (308, f"/{new}")


def test_a_credit_is_text_of_the_source(reader: FlaskClient) -> None:
    assert "Foto: Jörgen Appelgren" in reader.get("/source/ny-teknik-office-365").text


def test_statements_agree_in_both_directions(reader: FlaskClient) -> None:
    here, there = (
        f"/statement/ny-teknik-office-365-{name}"
        for name in ("stockholm-liknande-hallning", "uppsala-kommun-saker-hantering")
    )
    for one, other in ((here, there), (there, here)):
        section = reader.get(one).text.partition("Stämmer överens med</h2>")[2].partition("</section>")[0]
        assert f'href="{other}"' in section


def test_office_and_its_passage_link_to_each_other(reader: FlaskClient) -> None:
    person = reader.get("/person/patrik-kron-malmo-kommun").text
    assert 'href="/passage/ny-teknik-office-365-1060-1093"' in person
    passage = reader.get("/passage/ny-teknik-office-365-1060-1093").text
    rest = passage[passage.index("Befattningar som stöder sig på textstället") :].partition("</section>")[0]
    assert 'href="/person/patrik-kron-malmo-kommun"' in rest
    assert 'href="/organisation/malmo-kommun"' in rest
    assert "Inga utsagor" not in passage
    both = reader.get("/passage/ny-teknik-office-365-2199-2249").text
    assert 'href="/statement/ny-teknik-office-365-uppsala-kommun-saker-hantering"' in both
    assert 'href="/person/catrin-ditz-uppsala-kommun"' in both


@pytest.mark.parametrize(
    "path",
    [
        "/statement/ny-teknik-office-365-stockholm-liknande-hallning",
        "/adoption/goteborgs-kommun-office-365-2017-aterupptaget",
        "/law/gdpr",
    ],
)
def test_pages_show_the_dates_of_sources_and_not_the_days_of_periods(reader: FlaskClient, path: str) -> None:
    assert "PeriodOfTime" in reader.get(f"{path}.ttl").text
    text = reader.get(f"{path}?lang=sv").text
    assert "Första dag" not in text
    assert "Sista dag" not in text

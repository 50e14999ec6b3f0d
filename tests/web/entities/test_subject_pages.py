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
    assert "<b>Belägg:</b>" in text
    assert "Status är känd för 11 av 290 kommuner" in text
    assert "<small>den här</small>" in text
    assert "ingen uppgift" in text
    assert ">279</td>" in text
    assert 'href="/compare?organisation=goteborgs-kommun"' in text


def test_safeguards_have_a_section_of_their_own(reader: FlaskClient) -> None:
    text = reader.get("/organisation/region-stockholm").text
    assert "Skydd och begränsningar" in text
    assert "hålls utanför" in text
    assert "går i stället i" in text


def test_unknown_status_differs_from_not_in_use(reader: FlaskClient) -> None:
    nobody = reader.get("/organisation/arboga-kommun").text
    assert "Utöver mätningen av e-posten har vi ingen uppgift" in nobody
    assert "Fråga själv: avtal och riskbedömningar är oftast allmänna handlingar" in nobody
    assert "not-in-use" not in nobody
    assert '<span class="status not-in-use">' in reader.get("/organisation/helsingborgs-kommun").text


def test_product_has_an_adoption_chart_and_assessments_by_law(reader: FlaskClient) -> None:
    text = reader.get("/product/office-365").text
    assert text.count('<table class="status-table">') == 2
    assert "Status är känd för 5 av 21 regioner" in text
    assert '<svg class="share-bar in-use"' in text
    assert "style=" not in text
    questions = text.split('<h3 class="assessment-question">')[1:]
    assert len(questions) == 3
    shown = re.findall(r'<article class="assessment [^"]*">', text)
    listed = reader.get("/assessment.json?product=office-365").json
    assert listed
    assert len(shown) == len(listed) > 12, "none is left out"
    assert len(listed) == len(reader.get("/assessment.csv?product=office-365").text.splitlines()) - 1
    assert f'href="/assessment?product=office-365">Visa alla {len(listed)} bedömningar</a>' in text
    osl = next(each for each in questions if "/law/osl" in each.partition("</h3>")[0])
    for view in ("assessment obstacle", "assessment no-obstacle", "assessment permitted-with-conditions"):
        assert f'class="{view}"' in osl
    assert "Varianter och delar" in text


def test_assessment_without_a_passage_names_its_source(reader: FlaskClient) -> None:
    text = reader.get("/law/gdpr").text
    view = text[text.index('<article class="assessment breach">') :].partition("</article>")[0]
    assert "(källan inte läst i sin helhet)</small> · <a" in view
    assert "/source/imy-region-uppsala" in view


def test_breach_and_no_obstacle_are_labelled(reader: FlaskClient) -> None:
    text = reader.get("/assessment/imy-e-post-region-uppsala-gdpr-2022").text
    assert re.search(
        r'<span class="status breach"><a href="/assessment\?outcome=breach[^>]*>.*?överträdelse', text
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
    assert times[0] == "från maj 2018, senast bekräftat 2021 (för 5 år sedan)"
    assert "november 2019\N{THIN SPACE}–\N{THIN SPACE}maj 2021 (för 5 år sedan)" in times
    assert "oktober–november 2017 (för 9 år sedan)" in times
    assert "29 juni 2016 – 31 augusti 2016 (för 10 år sedan)" in times


def test_news_publisher_shows_its_sources_and_no_unknown_status(reader: FlaskClient) -> None:
    text = reader.get("/organisation/ny-teknik").text
    published = text[text.index("Källor som den har gett ut") :].split("</section>")[0]
    assert 'href="/source/ny-teknik-office-365"' in published
    assert "november 2017" in published
    assert "ingen uppgift" not in text
    assert "Källor som den har gett ut" not in reader.get("/organisation/ny-teknik?asof=2018").text
    vendor = reader.get("/organisation/microsoft").text
    assert "ingen uppgift" not in vendor
    assert "Vad andra säger om den" in vendor


def test_person_shows_mentions(reader: FlaskClient) -> None:
    text = reader.get("/person/stefan-schildt-region-stockholm").text
    assert "Vad andra säger om personen" in text
    assert 'href="/statement/ny-teknik-office-365-stockholm-liknande-hallning"' in text
    assert "Inga utsagor" not in text
    assert "Vad andra säger om personen" not in reader.get("/person/patrik-kron-malmo-kommun").text


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
    rest = passage[passage.index("Roller som textstället är belägg för") :].partition("</section>")[0]
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


def test_organisation_page_has_anchors_in_the_order_of_its_contents(reader: FlaskClient) -> None:
    text = reader.get("/organisation/goteborgs-kommun").text
    contents = text[text.index('<nav class="page-contents"') :].partition("</nav>")[0]
    linked = re.findall(r'href="#([a-z]+)"', contents)
    assert linked == re.findall(r'<h2 id="([a-z]+)"', text)
    assert linked[:3] == ["status", "why", "statements"]
    assert linked[-1] == "facts"


def test_status_leads_to_the_assessments_behind_it(reader: FlaskClient) -> None:
    text = reader.get("/organisation/goteborgs-kommun").text
    paused = next(each for each in re.findall(r"<li>(.*?)</li>", text, re.DOTALL) if "status paused" in each)
    reasons = paused[paused.index('class="reason"') :]
    assert re.findall(r'href="/assessment/([a-z0-9-]+)"', reasons) == ["goteborgs-kommun-office-365-osl-2017"]


def test_question_with_one_answer_is_not_shown_as_disputed(reader: FlaskClient) -> None:
    text = reader.get("/organisation/datatilsynet").text
    assert 'id="assessments"' not in text
    assert 'id="why"' in text


def test_observation_is_not_followed_by_a_claim_that_nothing_is_known(reader: FlaskClient) -> None:
    text = reader.get("/organisation/region-gotland").text
    assert text.count("gotland.se</bdi></small>") == 1, "the same finding twice is shown once"
    assert text.count('href="/observation/') >= 2
    assert "ingen uppgift</span>" not in text


def test_status_leads_to_those_that_have_it(reader: FlaskClient) -> None:
    text = reader.get("/product/office-365").text
    assert 'href="/adoption?status=paused&amp;product=office-365"' in text
    listed = reader.get("/adoption?status=paused&product=office-365").text
    assert "/organisation/goteborgs-kommun" in listed
    assert 'href="/code/adoption-status/paused"' in listed, "the code itself stays within reach"


def test_product_shows_its_successor_with_statuses(reader: FlaskClient) -> None:
    text = reader.get("/product/office-365").text
    line = text[text.index('id="line"') :].partition("</section>")[0]
    assert "/product/microsoft-365" in line
    assert "/adoption/stockholms-kommun-microsoft-365-2021" in line


def test_county_counts_what_is_known(reader: FlaskClient) -> None:
    text = reader.get("/place/gotlands-lan").text
    tally = dict(re.findall(r"<li><b>([^<]+)</b> (\d+)</li>", text))
    assert tally["med mätt e-post"] == "1"
    assert tally["med utsagor"] == "0"

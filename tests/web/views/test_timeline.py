"""Tests of the timeline."""

import re

import pytest
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from web.app import create_app
from web.html.app_state import AppState


def years(text: str) -> list[str]:
    return re.findall(r'<section class="year"><h2>\s*<a[^>]*>(\d{4})</a>', text)


def test_newest_and_oldest_first(pages: FlaskClient) -> None:
    assert years(pages.get("/timeline").text) == ["2026", "2019", "2017", "2009"]
    assert years(pages.get("/timeline?sort=oldest").text) == ["2009", "2017", "2019", "2026"]


def test_each_kind_of_event_links_to_its_evidence(pages: FlaskClient) -> None:
    text = pages.get("/timeline").text
    for link in (
        "/statement/bladet-2017-aby-stopp",
        "/adoption/aby-kommun-molnet-2017",
        "/assessment/aby-molnet-osl-2017",
        "/law/osl",
    ):
        assert f'href="{link}"' in text
    assert "träder i kraft" in text
    assert "E-posten hos 1 organisation mättes" in text
    assert "Bara på svenska &lt;b&gt;här&lt;/b&gt;." in text


def test_dates_keep_their_precision(reader: FlaskClient) -> None:
    text = reader.get("/timeline?kind=statement&organisation=vasteras-kommun").text
    assert '<p class="date"><span>oktober–november 2017</span></p>' in text
    assert '<time datetime="2018-05-25">25 maj 2018</time>' in reader.get("/timeline?kind=law").text
    assert '<time datetime="2017">2017</time>' in reader.get("/timeline?kind=adoption").text


def test_each_status_is_one_event(reader: FlaskClient) -> None:
    text = reader.get("/timeline?kind=adoption&organisation=goteborgs-kommun").text
    events = text[text.index('<section class="year">') :]
    shown = re.findall(r'<p class="evidence"><a href="/adoption/([a-z0-9-]+)"', events)
    assert len(shown) == len(set(shown)) == 10


def test_lanes_show_where_knowledge_ends(reader: FlaskClient) -> None:
    text = reader.get("/timeline?organisation=goteborgs-kommun&product=office-365").text
    lane = text[text.index('<svg class="lane"') :].partition("</svg>")[0]
    assert lane.count("<rect") == 7
    assert lane.count('class="unknown-after"') == 1
    assert 'class="lane"' not in reader.get("/timeline?kind=law").text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=law", 1),
        ("kind=statement", 3),
        ("kind=statement&organisation=oby-kommun", 2),
        ("kind=statement&organisation=oby-kommun&year=2019", 1),
        ("kind=assessment&product=molnet", 1),
        ("organisation=zby-kommun", 0),
        ("organisation=aby-kommun&kind=observation", 1),
        ("product=molnet&kind=observation", 0),
    ],
)
def test_filters(pages: FlaskClient, query: str, count: int) -> None:
    text = pages.get(f"/timeline?{query}").text
    assert text.count('<p class="date">') == count
    assert ("Inga händelser." in text) == (count == 0)


def test_links_keep_and_remove_filters(pages: FlaskClient) -> None:
    text = pages.get("/timeline?kind=statement&organisation=oby-kommun&sort=oldest").text
    assert 'href="/timeline?kind=statement&amp;sort=oldest"><bdi>Öby kommun' in text
    assert 'href="/timeline?organisation=oby-kommun&amp;sort=oldest"' in text


def test_unambiguous_name_filters_by_its_organisation(pages: FlaskClient) -> None:
    answer = pages.get("/timeline?name=zby&kind=law")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/timeline?organisation=zby-kommun&kind=law"
    assert "/timeline?organisation=aby-kommun" in pages.get("/timeline?name=kommun").text
    assert "Vi hittar ingen organisation med det namnet" in pages.get("/timeline?name=nobody").text


def test_long_lists_are_paged(reader: FlaskClient) -> None:
    first, second = (reader.get(f"/timeline?kind=statement&page={page}").text for page in (1, 2))
    one, two = (set(re.findall(r'href="(/statement/[a-z0-9-]+)"', text)) for text in (first, second))
    assert len(one) == 40
    assert two
    assert not one & two
    assert reader.get("/timeline?page=1000").status_code == 404


def test_chart_has_a_table_with_the_same_counts(reader: FlaskClient) -> None:
    text = reader.get("/timeline").text
    bars = dict(re.findall(r"<title>(\d{4}): (\d+)</title>", text))
    table = text[
        text.index('class="year-table"') : text.index("</details>", text.index('class="year-table"'))
    ]
    in_table = {
        year: str(sum(int(number) for number in re.findall(r'class="number">(\d+)', row)))
        for year, row in re.findall(r'<th scope="row"><a[^>]*>(\d{4})</a></th>(.*?)</tr>', table, re.DOTALL)
    }
    assert in_table == {year: total for year, total in bars.items() if total != "0"}
    one = reader.get("/timeline?organisation=malmo-kommun").text
    assert "<title>2015: 0</title>" in one, "a year without events has its place"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("kind=nonsense", 400),
        ("sort=up", 400),
        ("year=1066", 200),
        ("year=106", 400),
        ("organisation=No%20slug", 400),
        ("organisation=nobody", 404),
        ("product=nothing", 404),
        ("page=x", 404),
        (f"name={'x' * 201}", 400),
    ],
)
def test_unknown_arguments_are_refused(pages: FlaskClient, query: str, status: int) -> None:
    assert pages.get(f"/timeline?{query}").status_code == status


def test_graph_without_events() -> None:
    answer = (
        create_app(AppState.of(InProcess.of([])))
        .test_client()
        .get("/timeline", headers={"Accept": "text/html"})
    )
    assert answer.status_code == 200
    assert years(answer.text) == []

"""Filters, order and pages of the statements on the page of an entity."""

import re

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from bench.generate import quads
from graph.backends.in_process import InProcess
from web.app import create_app
from web.html.app_state import AppState

HUB = "/product/molnkontoret"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    """A client of a generated graph with a hub."""
    found = parse("".join(quads(20_000, 1)).encode(), format=RdfFormat.N_QUADS)
    client = create_app(AppState.of(InProcess.of(found, union=True))).test_client()
    client.environ_base |= {"HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "en"}
    return client


def said(client: FlaskClient, address: str) -> tuple[list[str], int]:
    """Return the statements on a page, and the total that it shows."""
    text = client.get(address).text
    section = text[text.index('id="said"') :]
    shown = re.findall(r'<a href="(/statement/[a-z0-9-]+)">', section)
    count = re.search(r"<small>(\d+) statements?", section)
    assert count is not None
    return list(dict.fromkeys(shown)), int(count[1])


def test_each_statement_is_on_exactly_one_page(client: FlaskClient) -> None:
    first, total = said(client, HUB)
    pages = -(-total // len(first))
    assert pages > 5
    found = [name for page in range(1, pages + 1) for name in said(client, f"{HUB}?page={page}")[0]]
    assert len(found) == len(set(found)) == total
    assert client.get(f"{HUB}?page={pages + 1}").status_code == 404


def test_oldest_first_reverses_the_order(client: FlaskClient) -> None:
    newest, total = said(client, HUB)
    last = -(-total // len(newest))
    oldest = [name for page in (last, last - 1) for name in reversed(said(client, f"{HUB}?page={page}")[0])]
    assert said(client, f"{HUB}?sort=oldest")[0] == oldest[: len(newest)]


def test_the_count_of_a_choice_is_the_number_of_its_statements(client: FlaskClient) -> None:
    text = client.get(HUB).text
    choices = re.findall(
        rf'<a href="({HUB}\?(?:kind|year|law|organisation)=[^"]+)"[^>]*>.*?<span class="badge">(\d+)',
        text,
        re.DOTALL,
    )
    assert len(choices) > 20
    for address, count in choices[::5]:
        assert said(client, address)[1] == int(count)


def test_choices_can_be_removed_and_are_kept_in_links_to_pages(client: FlaskClient) -> None:
    text = client.get(f"{HUB}?kind=safeguard&sort=oldest").text
    assert f'href="{HUB}?sort=oldest"' in text
    assert f'href="{HUB}?kind=safeguard"' in text
    assert f'href="{HUB}?kind=safeguard&amp;sort=oldest&amp;page=2#said"' in text


@pytest.mark.parametrize("address", [f"{HUB}?kind=nothing", f"{HUB}?year=0&kind=fact"])
def test_filters_without_results_show_no_statements(client: FlaskClient, address: str) -> None:
    assert said(client, address) == ([], 0)


def test_an_unknown_order_is_a_bad_request(client: FlaskClient) -> None:
    answer = client.get(f"{HUB}?sort=backwards")
    assert answer.status_code == 400
    assert "newest, oldest" in answer.text


def test_filters_do_not_change_the_counts_of_an_organisation(pages: FlaskClient) -> None:
    for address in ("/organisation/oby-kommun", "/organisation/oby-kommun?kind=opinion"):
        assert re.search(r'organisation=oby-kommun">2</a></li>', pages.get(address).text)


def test_a_hostile_choice_is_escaped(client: FlaskClient) -> None:
    text = client.get(f"{HUB}?kind=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&x=1").text
    assert "<script>alert" not in text
    assert "&#34;&gt;&lt;script&gt;alert(1)" in text

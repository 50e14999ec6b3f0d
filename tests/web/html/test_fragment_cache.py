"""The fragment cache: a page does not depend on the pages rendered before."""

import re
from itertools import product

from flask import Flask
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.search.text_index import TextIndex
from web.app import create_app
from web.html.app_state import AppState

PAGES = (
    "/",
    "/statement",
    "/organisation/aby-kommun",
    "/product/molnet",
    "/law/osl",
    "/statement/bladet-2017-aby-stopp",
    "/compare?organisation=aby-kommun&organisation=oby-kommun",
)
STATEMENT = "/statement/ny-teknik-office-365-tidningen-strangare-an-pul"  # under two laws
MANNERS = ("lang=sv", "lang=en", "lang=en&content=sv", "content=en")


def texts(app: Flask, addresses: list[str], root: str = "") -> dict[str, str]:
    """Return the pages at `addresses`, requested in this order from a site below `root`."""
    client, site = app.test_client(), f"http://localhost{root}"
    client.environ_base |= {"HTTP_ACCEPT": "text/html"}
    return {address: client.get(address, base_url=site).text for address in addresses}


def test_pages_are_the_same_in_any_order_of_rendering(sample: InProcess, sample_index: TextIndex) -> None:
    addresses = [f"{page}{'&' if '?' in page else '?'}{each}" for page, each in product(PAGES, MANNERS)]
    one, other = (create_app(AppState.of(sample, text_index=sample_index)) for _ in range(2))
    forth = texts(one, addresses)
    assert forth == texts(other, addresses[::-1])
    assert len(set(forth.values())) == len(addresses)
    below = texts(one, addresses, root="/graf")
    assert not [
        link for text in below.values() for link in re.findall('href="(/[^"]*)', text) if link[:6] != "/graf/"
    ]


def test_a_statement_shows_the_legal_force_for_the_page_of_a_law(reader: FlaskClient) -> None:
    told = {}
    for law, sort in (
        ("gdpr", "oldest"),
        ("pul", ""),
    ):  # the orders in which the statement is among the first
        text = reader.get(f"/law/{law}?sort={sort}").text
        drawn = re.findall('<article class="statement">.*?</article>', text, re.S)
        told[law] = next(each for each in drawn if STATEMENT in each)
    assert "gällde inte än" in told["gdpr"]
    assert 'class="legal-force in-force"' in told["pul"]

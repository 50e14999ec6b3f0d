"""Hostile data in a real browser: whatever a file holds, its pages stay pages, and nothing of it runs.

The file is served as a user serves one. Every page is then looked at in its DOM: no script of the data has
run, no link leads anywhere but to the web, text is kept apart from what surrounds it, pages stay small.
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, expect
from pyoxigraph import RdfFormat, parse

from graph.core.iris import KIND_NAMES

Serving = Callable[..., AbstractContextManager[str]]

EVIL = "http://evil.example/"
FILE = Path(__file__).with_name("hostile.ttl")
MOST_BYTES = 700_000
SCRIPT = "<script>window.harmed=1</script>"
OVERRIDE = "\u202e"
TEXTS = [
    SCRIPT,
    '"><img src=x onerror="window.harmed=1">',
    "'-window.harmed=1-'",
    "</title></textarea></style></script><script>window.harmed=1</script>",
    "</script><script>window.harmed=1</script><!--",
    "{{ 7 * 7 }}{% raw %}${window.harmed=1}<svg/onload=window.harmed=1>",
    f"abc{OVERRIDE}txt.exe\u2066",
    "\u0007\u001b[31m\ufffe\u0000".replace("\u0000", ""),
]
BAD_IRIS = [
    "javascript:window.harmed=1",
    "JaVaScRiPt:window.harmed=1",
    "javascript:window.harmed=%221%22",
    "vbscript:window.harmed",
    "data:text/html,%3Cscript%3Ewindow.harmed=1%3C/script%3E",
    "data:image/svg+xml,%3Csvg%20onload=%22window.harmed=1%22/%3E",
    "file:///etc/passwd",
    "blob:http://evil.example/1",
    "http://user:word@evil.example/",
    "http://evil.example:99999/",
    "//".join(("http:", "evil.example/'onmouseover='window.harmed=1")),
    "http://evil.example/%22%3E%3Cscript%3Ewindow.harmed=1%3C/script%3E%20x",
    f"http://evil.example/{OVERRIDE}gpj.exe",
    "urn:x:'onload='window.harmed=1",
]
LOOK = Path(__file__).with_name("harmless.js").read_text(encoding="utf-8")
WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', event =>
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""


def literals(*texts: str, language: str = "") -> str:
    """Return `texts` as literals of Turtle, with commas between."""
    return ", ".join(json.dumps(text) + (f"@{language}" if language else "") for text in texts)


def data() -> str:
    """Return the file: Turtle with the hostile values in their places, and far too much of everything."""
    lists = {
        ":TEXTS": literals(*TEXTS, language="sv"),
        ":STRINGS": literals(*TEXTS, "../../etc/passwd", BAD_IRIS[0]),
        ":IRIS": ", ".join(f"<{name}>" for name in BAD_IRIS),
        ":LONG": literals("l" * 1_000_000),
        ":DIGITS": f'"{"9" * 5000}"^^xsd:integer',
        ":ITEMS": f"({' '.join(map(str, range(2000)))})",
    }
    named = (
        f"<{name}> rdfs:label {literals(SCRIPT)} ; :of :a ; a :Thing ; <{name}> :a ." for name in BAD_IRIS
    )
    many = (
        f':many :p{n} "value {n}" ; :same "same {n}" . :in{n} :to :many ; a :Many .' for n in range(10_000)
    )
    text = FILE.read_text(encoding="utf-8")
    for place, values in lists.items():
        text = text.replace(place, values)
    return "\n".join((text, *named, *many))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, serving: Serving) -> Iterator[str]:
    """A server of the file."""
    folder = tmp_path_factory.mktemp("hostile")
    file = folder / "hostile.ttl"
    file.write_text(data(), encoding="utf-8")
    with serving(folder / "none", str(file)) as address:
        yield address


@pytest.fixture(scope="module")
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    with browser.new_context(base_url=address, locale="sv-SE") as context:
        context.add_init_script(WATCH)
        yield context


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    """A page that reports every dialog, every question to somebody else and every script that fails."""
    complaints: list[str] = []
    with context.new_page() as page:

        def refuse(dialog: Dialog) -> None:
            complaints.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        def note(sent: Request) -> None:
            if not sent.url.startswith((address, "data:")):
                complaints.append(f"asked: {sent.url}")

        page.on("dialog", refuse)
        page.on("request", note)
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        yield page
    assert complaints == []


def resource(name: str) -> str:
    return "/resource?" + urllib.parse.urlencode({"iri": name})


def links(name: str, property_: str) -> str:
    return "/resource/links?" + urllib.parse.urlencode({"iri": name, "property": property_})


def with_query(path: str, **arguments: str) -> str:
    return f"{path}?{urllib.parse.urlencode(arguments)}"


PAGES = [
    "/",
    "/ns",
    *(f"/{kind}/evil" for kind in KIND_NAMES),
    *(f"/{kind}" for kind in KIND_NAMES),
    *(resource(EVIL + name) for name in ("a", "b", "long", "many", "cycle", "says", "Thing")),
    *map(resource, BAD_IRIS),
    links(EVIL + "a", EVIL + "of"),
    links(EVIL + "many", EVIL + "to"),
    links(BAD_IRIS[0], EVIL + "link"),
    with_query("/organisation", type=SCRIPT),
    with_query("/search", q="harmed"),
    with_query("/search", q=SCRIPT),
    with_query("/search", q=f"abc{OVERRIDE}txt"),
    "/map",
    "/timeline",
    with_query("/compare", organisation="evil", product="evil"),
    with_query("/graph", iri=EVIL + "a"),
    with_query("/graph", iri=BAD_IRIS[0]),
    "/query",
    with_query("/query", query=f"SELECT * {{ <{EVIL}a> ?p ?o }}"),
    with_query("/query", query=f"# {TEXTS[3]}{OVERRIDE}\nSELECT (1 AS ?x) {{}}"),
    "/queries",
    "/queries/statements-by-organisation",
    "/queries/evidence",
    with_query("/queries/adoption-status", organisation=SCRIPT),  # the name of an entity in the file
    "/sparql",
]
NOT_THERE = [
    resource(SCRIPT),
    resource("javascript:alert(1)//nothing"),
    with_query("/queries/adoption-status", organisation="javascript:alert(1)//nothing"),
    "/" + urllib.parse.quote(SCRIPT),
    "/organisation/" + urllib.parse.quote('"><script>window.harmed=1</script>', safe=""),
    with_query("/sparql", query=f"SELECT {SCRIPT}"),
]


def test_the_file_is_as_hostile_as_it_is_meant_to_be() -> None:
    """The parser takes every line: what it would refuse, nobody would have to defend against."""
    triples = list(parse(data(), format=RdfFormat.TURTLE))
    values = {str(triple.object) for triple in triples}
    assert all(f"<{name}>" in values for name in BAD_IRIS)
    assert len(triples) > 40_000


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_hostile_data_is_harmless(page: Page, path: str) -> None:
    drawn = path.startswith(("/quer", "/graph"))  # by scripts, from what they fetch
    answer = page.goto(path, wait_until="networkidle" if drawn else "load")
    assert answer
    assert answer.status == 200
    assert len(answer.body()) < MOST_BYTES
    assert page.locator("h1").count() == 1
    assert look(page) == []


@pytest.mark.parametrize("path", NOT_THERE)
def test_a_hostile_address_is_refused_harmlessly(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer
    assert 400 <= answer.status < 500
    assert look(page) == []


def test_what_is_dangerous_is_found_out(page: Page) -> None:
    page.goto("/")
    bad = f"<a href='javascript:1'>x</a><p>a <b>{OVERRIDE}b</b> c</p><b onclick='window.harmed=1'>x</b>"
    page.evaluate("bad => document.querySelector('main').innerHTML = bad", bad)
    page.locator("b").last.click()
    assert {each.split(":")[0].split("=")[0] for each in look(page)} == {
        "A href",
        "B onclick",
        "not apart",
        "script-src-attr",
    }


def test_a_hostile_name_is_suggested_harmlessly(page: Page) -> None:
    page.goto("/queries")
    page.get_by_role("combobox").press_sequentially("abc")
    expect(page.get_by_role("option").first).to_contain_text("txt.exe")
    assert look(page) == []


def test_what_is_in_the_way_of_the_pointer_does_nothing(page: Page) -> None:
    page.goto(resource(EVIL + "a"))
    for link in page.locator("main a").all()[:40]:
        if link.is_visible():
            link.hover()
    assert look(page) == []


def test_no_link_of_any_page_leads_to_a_failure_of_the_server(context: BrowserContext, address: str) -> None:
    left = [*PAGES]
    seen: set[str] = set()
    failed = []
    with context.new_page() as page:
        for path in (
            resource(EVIL + "a"),
            "/organisation/evil",
            "/statement/evil",
            "/law/evil",
            "/source/evil",
        ):
            page.goto(path)
            left += page.evaluate("[...document.links].map(a => a.href)")
    for url in left:
        absolute = urllib.parse.urljoin(address, url.split("#")[0])
        if absolute not in seen and absolute.startswith(address):
            seen.add(absolute)
            status = status_of(absolute)
            if status >= 500:
                failed.append((status, absolute))
    assert len(seen) > 100
    assert failed == []


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 (loopback)
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def look(page: Page) -> list[str]:
    """Return what is dangerous on the page that is shown."""
    found: Any = page.evaluate(LOOK)
    return list(map(str, found))

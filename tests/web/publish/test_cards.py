"""The pictures beside links to pages, the words beside them, and the description of the search."""

from io import BytesIO
from xml.etree import ElementTree

import extruct
import pytest
from flask.testing import FlaskClient
from PIL import Image

from web.publish.card_drawing import HEIGHT, WIDTH, Card, draw_card

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def picture(body: bytes) -> Image.Image:
    image = Image.open(BytesIO(body))
    image.load()
    return image.convert("RGB")


@pytest.mark.parametrize(
    "path",
    [
        "/card.png",
        "/card/organisation/aby-kommun.png",
        "/card/statement/bladet-2017-aby-stopp.png",
        "/card/adoption/aby-kommun-molnet-2017.png",
        "/card/assessment/oby-molnet-osl-2017.png",
        "/card/law/osl.png",
        "/card/source/bladet-2017.png",
        "/card/product/hostile.png",
        "/card/product/nameless.png",
    ],
)
def test_a_card_is_a_picture_of_the_size_that_platforms_want(pages: FlaskClient, path: str) -> None:
    answer = pages.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert picture(answer.data).size == (WIDTH, HEIGHT) == (1200, 630)
    assert len(answer.data) < 100_000
    assert pages.get(path).headers["ETag"] == answer.headers["ETag"]


def test_a_card_is_in_the_language_asked_for(pages: FlaskClient) -> None:
    path = "/card/organisation/aby-kommun.png"
    assert pages.get(f"{path}?lang=sv").data != pages.get(f"{path}?lang=en").data


@pytest.mark.parametrize(
    "path", ["/card/organisation/nobody.png", "/card/person/eva-ek.png", "/card/nothing/x.png"]
)
def test_there_is_no_card_of_what_there_is_not_nor_of_people(pages: FlaskClient, path: str) -> None:
    assert pages.get(path).status_code == 404


def test_a_status_has_its_colour() -> None:
    card = Card("Användning", "Åby: Molnet", "halted", "stoppat", ("Åby kommun, 2017",), "example.org")
    colours = {colour for _, colour in picture(draw_card(card)).getcolors(100_000) or ()}
    assert any(abs(r - 0xA3) < 8 and abs(g - 0x32) < 8 and abs(b - 0x1F) < 8 for r, g, b in colours)  # type: ignore[misc]  # of RGB


@pytest.mark.parametrize(
    "title", ["", "x" * 300, "ord " * 75, "\u05e9\u05dc\u05d5\u05dd", "W" * 40 + " " + "i" * 200]
)
def test_any_title_stays_above_the_foot_of_the_card(title: str) -> None:
    full = Card("Kind", title, "in-use", "status " * 40, ("who " * 60, "when " * 60), "example.org")
    image = picture(draw_card(full))
    foot = image.crop((0, HEIGHT - 82, WIDTH, HEIGHT - 68))
    assert len(foot.getcolors() or ()) == 1, "nothing is drawn over the foot"
    side = image.crop((WIDTH - 70, 20, WIDTH, HEIGHT))
    assert len(side.getcolors() or ()) == 1, "nor beside the text"


def test_pages_tell_other_sites_their_title_and_picture(pages: FlaskClient) -> None:
    page = pages.get("/organisation/aby-kommun?lang=en")
    (told,) = extruct.extract(page.text, syntaxes=["opengraph"], uniform=True)["opengraph"]
    assert told["og:title"] == "Åby Municipality"
    assert told["og:url"] == "http://localhost/organisation/aby-kommun"
    image = told["og:image"]
    assert image == "http://localhost/card/organisation/aby-kommun.png?lang=en"
    assert pages.get(image).mimetype == "image/png"
    for path in ("/", "/person/eva-ek", "/queries", "/organisation"):
        (told,) = extruct.extract(pages.get(path).text, syntaxes=["opengraph"], uniform=True)["opengraph"]
        assert told["og:image"] == "http://localhost/card.png?lang=sv"
        assert told["og:title"]
        assert told["og:description"]


def test_the_search_is_described_for_browsers(pages: FlaskClient) -> None:
    assert 'type="application/opensearchdescription+xml"' in pages.get("/").text
    answer = pages.get("/opensearch.xml?lang=en")
    assert answer.mimetype == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(answer.data)  # noqa: S314 (an answer of ours)
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert len(root.findtext(f"{OPENSEARCH}ShortName") or "") <= 16
    found = {each.get("type"): each.get("template") or "" for each in root.iter(f"{OPENSEARCH}Url")}
    page = pages.get(found["text/html"].replace("{searchTerms}", "molnet"))
    assert (page.status_code, page.mimetype) == (200, "text/html")
    data = pages.get(found["application/json"].replace("{searchTerms}", "molnet"))
    assert (data.status_code, data.mimetype) == (200, "application/json")

"""feedparser reads the feeds, and asks again only for what is new: https://feedparser.readthedocs.io/."""

import feedparser
import pytest

from graph.core.namespaces import ID

FEEDS = {
    "/feed.atom": (100, "Utsaga"),
    "/organisation/goteborgs-kommun.atom": (20, "Göteborgs kommun"),
    "/product/office-365.atom": (20, "Office 365"),
    "/search.atom?q=G%C3%B6teborg": (10, "Göteborg"),
}
"""The least number of entries, and a word of the title, by the address of a feed."""


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_well_formed_and_its_entries_lead_to_pages(server: str, path: str) -> None:
    least, word = FEEDS[path]
    found = feedparser.parse(server + path)
    assert (found.status, found.version, found.encoding) == (200, "atom10", "utf-8")
    assert not found.bozo
    assert word in found.feed.title
    assert len(found.entries) >= least
    for entry in found.entries:
        slug = entry.id.removeprefix(f"{ID}statement/")
        assert entry.link == f"{server}/statement/{slug}"
        assert entry.title
        assert entry.updated_parsed
        assert entry.content[0].value


def test_the_feed_of_an_organisation_tells_what_it_said(server: str) -> None:
    found = feedparser.parse(f"{server}/organisation/goteborgs-kommun.atom")
    entry = next(each for each in found.entries if each.id.endswith("/ny-teknik-office-365-goteborg-stopp"))
    assert "Office 365" in entry.title
    assert "Göteborg" in entry.title
    assert {author.name for each in found.entries for author in each.get("authors", ())} >= {
        "Göteborgs kommun"
    }


def test_the_feed_of_a_query_says_what_is_asked(server: str) -> None:
    found = feedparser.parse(f"{server}/queries/adoption-status.atom")
    assert not found.bozo
    assert "Vilken status har varje produkt" in found.feed.title


@pytest.mark.parametrize("field", ["etag", "modified"])
def test_what_is_unchanged_is_not_sent_again(server: str, field: str) -> None:
    first = feedparser.parse(f"{server}/feed.atom")
    again = feedparser.parse(f"{server}/feed.atom", **{field: first[field]})
    assert (again.status, again.entries) == (304, [])

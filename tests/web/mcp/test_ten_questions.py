"""Ten questions about the article are answered with the passages that prove the answer, in small pages."""

import hashlib
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from mcp.client.client import Client
from mcp.server import Server

from tests.web.mcp.agent import MAX_BYTES, Answer, read_pages, run
from tests.web.mcp.questions import SOURCE, TEN, Asked

Pages = list[Answer]


def envelopes(pages: Pages) -> list[dict[str, Any]]:
    """The evidence of all pages; a hit of the search has its own."""
    found = [each for page in pages for each in page.document.get("evidence", ())]
    hits = [hit for page in pages for hit in page.document.get("hits", ())]
    return found + [hit["evidence"] for hit in hits if "evidence" in hit]


def answers(asked: Asked, server: Server[Any]) -> Pages:
    return run(lambda: Client(server), lambda client: read_pages(client, asked.tool, asked.arguments))


@pytest.mark.parametrize("asked", TEN, ids=lambda asked: asked.words)
def test_a_question_is_answered_with_passages(asked: Asked, mcp_server: Server[Any]) -> None:
    pages = answers(asked, mcp_server)
    assert all(page.size <= MAX_BYTES for page in pages)
    assert len({page.document["release"] for page in pages}) == 1
    assert envelopes(pages[:1]), "the first page has no evidence"
    found = {each["statement"]: each["passages"] for each in envelopes(pages)}
    assert asked.expected <= found.keys()
    for statement in asked.expected:
        assert found[statement]
        for passage in found[statement]:
            assert 0 <= passage["start"] < passage["end"]
            assert re.fullmatch("[0-9a-f]{64}", passage["digest"])


@pytest.mark.parametrize("asked", [each for each in TEN if each.tool == "ask"], ids=lambda asked: asked.words)
def test_the_pages_have_all_rows_and_all_evidence_once(asked: Asked, mcp_server: Server[Any]) -> None:
    pages = answers(asked, mcp_server)
    rows = [row for page in pages for row in page.document["rows"]]
    given = [each["statement"] for each in envelopes(pages)]
    assert len(rows) == pages[0].document["rowsTotal"] > 0
    assert len(given) == len(set(given)) == pages[0].document["evidenceTotal"]
    assert {name for row in rows for name in row["statements"]} == set(given)


def test_a_larger_page_has_the_same_answer(mcp_server: Server[Any]) -> None:
    asked = TEN[1]
    small = answers(asked, mcp_server)
    (large,) = answers(Asked("", asked.tool, (), asked.arguments | {"size": 65_536}), mcp_server)
    assert len(small) > 1
    for member in ("rows", "evidence"):
        assert [each for page in small for each in page.document[member]] == large.document[member]


def test_the_digests_are_those_of_the_words_in_the_source(mcp_server: Server[Any], shared: Path) -> None:
    text = (shared / "sources" / f"{SOURCE}.txt").read_text()
    checked = 0
    for asked in TEN:
        for envelope in envelopes(answers(asked, mcp_server)):
            if envelope["source"]["iri"].endswith(f"/{SOURCE}"):
                for passage in envelope["passages"]:
                    words = unicodedata.normalize("NFC", text[passage["start"] : passage["end"]])
                    folded = " ".join(words.split())
                    assert hashlib.sha256(folded.encode()).hexdigest() == passage["digest"]
                    checked += 1
    assert checked > 30

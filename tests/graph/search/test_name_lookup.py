"""Queries of the name lookup."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from tantivy import Index, Query

from graph.search import writer
from graph.search.name_lookup import NameLookup
from graph.search.text_index import TextIndex


@pytest.mark.parametrize(
    ("word", "edits"), [("ab", 0), ("abc", 1), ("abcdefgh", 2), ("a" * 60, 2), ("a" * 63, 0), ("é" * 32, 0)]
)
def test_words_short_enough_for_the_index_are_looked_up_with_edits(word: str, edits: int) -> None:
    index = TextIndex(Index(writer.build_schema()))
    queries: list[Query] = []

    def search(query: Query, *_: Any, **__: Any) -> Any:
        queries.append(query)
        return SimpleNamespace(hits=[])

    stub = SimpleNamespace(
        schema=index.schema, kind_filter=index.kind_filter, searcher=SimpleNamespace(search=search)
    )
    NameLookup(cast(TextIndex, stub)).find_by_name("", word, (word,), ("law",))
    (query,) = queries
    assert ("FuzzyTermQuery" in repr(query)) == bool(edits)
    assert not edits or f"distance: {edits}" in repr(query)

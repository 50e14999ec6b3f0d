"""What a name is looked up by."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from tantivy import Index, Query

from graph.search import writer
from graph.search.name_lookup import NameLookup
from graph.search.search import Search


@pytest.mark.parametrize(
    ("word", "slips"), [("ab", 0), ("abc", 1), ("abcdefgh", 2), ("a" * 60, 2), ("a" * 63, 0), ("é" * 32, 0)]
)
def test_slips_are_looked_for_in_words_that_an_index_may_hold(word: str, slips: int) -> None:
    index = Search(Index(writer.schema()))
    asked: list[Query] = []

    def search(query: Query, *_: Any, **__: Any) -> Any:
        asked.append(query)
        return SimpleNamespace(hits=[])

    stub = SimpleNamespace(schema=index.schema, only=index.only, searcher=SimpleNamespace(search=search))
    NameLookup(cast(Search, stub)).named("", word, (word,), ("law",))
    (query,) = asked
    assert ("FuzzyTermQuery" in repr(query)) == bool(slips)
    assert not slips or f"distance: {slips}" in repr(query)

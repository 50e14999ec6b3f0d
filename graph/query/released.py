"""The stored queries as a release has them, for questions about an older release."""

from collections.abc import Mapping
from dataclasses import replace

from graph.core.namespaces import QUERY, SH
from graph.index.protocol import StoreReader
from graph.query.stored import StoredQuery, called_services

_TEXTS = f"SELECT ?query ?text WHERE {{ ?query <{SH}select> ?text }}"


def as_released(queries: Mapping[str, StoredQuery], reader: StoreReader) -> dict[str, StoredQuery]:
    """Return those of `queries` that the release in `reader` has, each with the text that it had then.

    One whose text is another today takes no parameters: what they change is not known of the older text.
    """
    texts = {row["query"].value.removeprefix(QUERY): row["text"].value for row in reader.select(_TEXTS)}
    return {name: _with_text(query, texts[name]) for name, query in queries.items() if name in texts}


def _with_text(query: StoredQuery, text: str) -> StoredQuery:
    if query.text == text:
        return query
    return replace(query, text=text, parameters=(), marked_text="", services=called_services(text))

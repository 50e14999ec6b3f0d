"""Documents of the text index as they are stored: the IRI of an entity, its kind and its values."""

import json
from typing import NamedTuple

from tantivy import DocAddress, Searcher

from graph.search.fields import StoredValue, search_kind


class StoredDocument(NamedTuple):
    """What is stored of an entity."""

    iri: str
    kind: str
    values: list[StoredValue]


def write_document(name: str, kind: str, values: list[StoredValue]) -> bytes:
    """Return the content of a document, with the kind unless the IRI `name` says it."""
    content = values if kind == search_kind(name) else {"kind": kind, "values": values}
    return json.dumps(content, ensure_ascii=False).encode()


def read_document(searcher: Searcher, address: DocAddress) -> StoredDocument:
    """Return the document at `address`."""
    document = searcher.doc(address)
    name, content = str(document["iri"][0]), json.loads(bytes(document["values"][0]))
    kind, values = (
        (content["kind"], content["values"]) if isinstance(content, dict) else (search_kind(name), content)
    )
    return StoredDocument(name, kind, [(str(a), str(b), str(c), str(d)) for a, b, c, d in values])

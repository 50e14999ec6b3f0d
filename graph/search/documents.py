"""Documents of the text index as they are stored: the IRI of an entity and its values."""

import json

from tantivy import DocAddress, Searcher

from graph.search.fields import StoredValue


def read_document(searcher: Searcher, address: DocAddress) -> tuple[str, list[StoredValue]]:
    """Return the IRI and the stored values of the document at `address`."""
    document = searcher.doc(address)
    values = json.loads(bytes(document["values"][0]))
    return str(document["iri"][0]), [(str(a), str(b), str(c), str(d)) for a, b, c, d in values]

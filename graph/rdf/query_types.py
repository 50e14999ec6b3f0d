"""A SPARQL query as a request, the data set that it runs on, and its result."""

from collections.abc import Mapping
from typing import IO, Final, NamedTuple

from graph.core.namespaces import BASE
from graph.rdf.formats import Form


class Dataset(NamedTuple):
    """The graphs named by parameters of the protocol; if there are none, FROM clauses in the query apply.

    https://www.w3.org/TR/sparql11-protocol/#dataset
    """

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


DEFAULT_DATASET: Final = Dataset()


class QueryRequest(NamedTuple):
    """An untrusted query, with everything besides the data that its result depends on.

    `media_types` holds the media type of the response for each form of result, or None if the client accepts
    none; relative IRIs are resolved against `base_iri`; `seconds` is the time that the query may take.
    """

    text: str
    media_types: Mapping[Form, str | None]
    dataset: Dataset = DEFAULT_DATASET
    base_iri: str = BASE
    seconds: float = 10.0


class QueryResponse(NamedTuple):
    """The serialized result of a query; `media_type` is the value of its Content-Type header.

    The body of a large result is an open temporary file. If it is not `cacheable`, the same query may have
    another result. `unknown_functions` are the IRIs of those that it calls and the engine lacks.
    """

    body: bytes | IO[bytes]
    media_type: str
    cacheable: bool = True
    unknown_functions: tuple[str, ...] = ()

    def read(self) -> bytes:
        """Return the whole body."""
        if isinstance(self.body, bytes):
            return self.body
        with self.body as file:
            return file.read()

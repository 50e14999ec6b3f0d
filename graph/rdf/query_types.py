"""A SPARQL query as a request, the data set that it runs on, and its result."""

from collections.abc import Mapping
from typing import IO, Any, Final, NamedTuple, Self

from graph.core.namespaces import BASE
from graph.rdf.formats import Form


class Dataset(NamedTuple):
    """The graphs named by parameters of the protocol; if there are none, FROM clauses in the query apply.

    https://www.w3.org/TR/sparql11-protocol/#dataset
    """

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


DEFAULT_DATASET: Final = Dataset()


class Question(NamedTuple):
    """A stranger's query, and all that its answer depends on besides the data.

    `choices` holds the media type to answer with for each form of result, or None where the client accepts
    none; relative IRIs are resolved against `base_iri`; `seconds` is the time the query may take.
    """

    text: str
    choices: Mapping[Form, str | None]
    dataset: Dataset = DEFAULT_DATASET
    base_iri: str = BASE
    seconds: float = 10.0

    def plain(self) -> tuple[Any, ...]:
        """Return it as the language's own types, which are pickled in a third of the time."""
        return self.text, self.choices, (*self.dataset,), self.base_iri, self.seconds

    @classmethod
    def of(cls, plain: tuple[Any, ...]) -> Self:
        """Return the question that gave `plain`."""
        text, choices, dataset, *others = plain
        return cls(text, choices, Dataset(*dataset), *others)


class Answer(NamedTuple):
    """A complete answer; `media_type` is the value of its Content-Type header.

    A large one is an open file without a name. One that does not last may be another the next time.
    """

    body: bytes | IO[bytes]
    media_type: str
    lasts: bool = True

    def read(self) -> bytes:
        """Return the whole body."""
        if isinstance(self.body, bytes):
            return self.body
        with self.body as file:
            return file.read()

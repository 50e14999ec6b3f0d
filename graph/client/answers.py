"""The answers of a server as values; the members of evidence are called as in its JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graph.core.python_values import python_value
from graph.core.terms import Term
from graph.evidence.envelope import Envelope, Named, Translations
from graph.evidence.standings import Standing as Standing  # noqa: PLC0414 (re-exported)

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Evidence(Envelope):
    """A statement with its source and its passages, whose words its text is, and how to cite it."""

    attributedTo: Named  # noqa: N815 (the name in JSON)
    release: str | None
    cite: Translations


@dataclass(frozen=True)
class Hit:
    """An entity that a search finds, with its evidence if it is a statement."""

    iri: str
    kind: str
    labels: Translations
    evidence: Evidence | None


@dataclass(frozen=True)
class SearchAnswer:
    """One page of what a search finds; `question` is the stored question that the words ask, if any."""

    total: int
    page: int
    pages: int
    hits: tuple[Hit, ...]
    suggestion: str | None
    question: Mapping[str, Any] | None


@dataclass(frozen=True)
class Entity:
    """What is said of an entity, with the first page of the statements behind it.

    `values` are as in its JSON document: by property in its short form. `other_products` is "nothing-known"
    for an organisation whose `standings` are all that is known.
    """

    iri: str
    types: tuple[str, ...]
    labels: Translations
    values: Mapping[str, Any]
    incoming: Mapping[str, int]
    evidence: tuple[Evidence, ...]
    evidence_total: int
    standings: tuple[Standing, ...]
    other_products: str | None


@dataclass(frozen=True)
class Answer:
    """The answer to a question: rows of terms, a boolean, or a graph in Turtle.

    `is_complete` is whether the server says that nothing is left out. With evidence, `evidence_of_rows` has
    the IRIs of the statements behind each row.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    boolean: bool | None = None
    graph: str | None = None
    evidence: tuple[Evidence, ...] = ()
    evidence_of_rows: tuple[tuple[str, ...], ...] = ()
    standings: tuple[Standing, ...] = ()
    is_complete: bool = False
    release: str | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, object]]:
        """Yield each row as values of Python by column; None is for what is not known."""
        for row in self.rows:
            yield {name: python_value(term) for name, term in zip(self.columns, row, strict=True)}

    def evidence_of(self, row: int) -> tuple[Evidence, ...]:
        """Return the evidence of the row with that number, counted from 0."""
        by_statement = {each.statement: each for each in self.evidence}
        names = self.evidence_of_rows[row] if self.evidence_of_rows else ()
        return tuple(by_statement[name] for name in names)

    def to_pandas(self) -> "DataFrame":
        """Return the rows as a data frame, with a column `evidence` if they have it: IRIs of statements.

        Raise ImportError, saying what to install, without pandas.
        """
        try:
            from pandas import DataFrame  # noqa: PLC0415 (an extra)
        except ImportError as error:
            raise ImportError("to_pandas needs pandas: pip install 'utsaga[pandas]'") from error
        frame = DataFrame(list(self), columns=[*self.columns])
        if self.evidence_of_rows:
            frame["evidence"] = [*self.evidence_of_rows]
        return frame

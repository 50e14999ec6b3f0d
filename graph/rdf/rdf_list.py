"""Read RDF collections, which are linked lists of blank nodes: https://www.w3.org/TR/rdf11-mt/#rdf-collections."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from graph.core.namespaces import RDF
from graph.core.terms import Term

_FIRST: Final = RDF + "first"
_REST: Final = RDF + "rest"
_NIL: Final = RDF + "nil"


def read_list(head: Term, properties: Callable[[Term], Mapping[str, Sequence[Term]]]) -> tuple[Term, ...]:
    """Return the items of the list that begins with the node `head`, none if it is not a list.

    `properties` returns the values of a node by the IRI of their property. A malformed list ends where it
    returns to a node already read; of several values of `rdf:first` or `rdf:rest` the first one counts.
    """
    items: list[Term] = []
    seen: set[Term] = set()
    cell: Term | None = head
    while cell and cell.kind != "literal" and cell.value != _NIL and cell not in seen:
        seen.add(cell)
        values = properties(cell)
        if not values.get(_FIRST):
            break
        items.append(values[_FIRST][0])
        cell = next(iter(values.get(_REST, ())), None)
    return tuple(items)

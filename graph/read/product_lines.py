"""A product and those that have succeeded it, or that it has succeeded."""

from typing import Final

from graph.core.namespaces import UTS
from graph.core.terms import iri
from graph.read.entities import Entities

_SUCCESSOR_OF: Final = UTS + "successorOf"
MAX_LINE: Final = 12  # products


def product_line(entities: Entities, product: str) -> tuple[str, ...]:
    """Return the IRI `product`, and those of the products that have succeeded it, nearest first."""
    line = [product]
    for name in line:
        line += [each for each in entities.subjects(name, _SUCCESSOR_OF) if each not in line]
        if len(line) >= MAX_LINE:
            break
    return tuple(line[:MAX_LINE])


def predecessors(entities: Entities, product: str) -> tuple[str, ...]:
    """Return the IRIs of the products that the one with the IRI `product` has succeeded, nearest first."""
    line = [product]
    for name in line:
        line += [each for each in entities.node(iri(name)).iris(_SUCCESSOR_OF) if each not in line]
        if len(line) >= MAX_LINE:
            break
    return tuple(line[1:MAX_LINE])

"""The classes above a class of the ontology."""

from collections import deque

from graph.core.namespaces import RDFS
from graph.core.terms import iri
from graph.read.entities import Entities


def superclasses(entities: Entities, name: str) -> tuple[str, ...]:
    """Return the IRIs of all classes above the class with the IRI `name`, the nearest first."""
    found: dict[str, None] = {}
    waiting = deque([name])
    while waiting:
        for each in entities.node(iri(waiting.popleft())).iris(RDFS + "subClassOf"):
            if each not in found and each != name:
                found[each] = None
                waiting.append(each)
    return tuple(found)

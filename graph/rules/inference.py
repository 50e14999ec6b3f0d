"""Adds what follows from the facts by the ontology's rules: superclasses, inverses, superproperties."""

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, QueryTriples, Store, Triple

from graph.core.namespaces import GRAPH
from graph.rdf.ontology_files import read_inference_rules

GRAPH_NAME = NamedNode(GRAPH + "inferred")


def infer(quads: Iterable[Quad]) -> list[Quad]:
    """Return the quads that the rules add to `quads` until they add no more, in the graph of inferences."""
    store = Store()
    store.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in quads)
    added: set[Triple] = set()
    while new := _apply_rules_once(store):
        added |= new
        store.extend(Quad(t.subject, t.predicate, t.object) for t in new)
    return [Quad(t.subject, t.predicate, t.object, GRAPH_NAME) for t in added]


def _apply_rules_once(store: Store) -> set[Triple]:
    found: set[Triple] = set()
    for rule in read_inference_rules():
        triples = store.query(rule)
        if isinstance(triples, QueryTriples):
            found |= {t for t in triples if Quad(t.subject, t.predicate, t.object) not in store}
    return found

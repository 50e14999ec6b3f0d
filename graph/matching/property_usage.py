"""Which properties of the reconciliation service some entity of a class has a value of."""

from typing import Final

from graph.core.namespaces import ID, UTS
from graph.core.terms import iri
from graph.matching.properties import STATUS, ReconciliationProperty
from graph.read.entities import Entities, cached_by_iri

_USED: Final = "SELECT DISTINCT ?class ?property WHERE { ?entity a ?class ; ?property ?value }"
_ADOPTED: Final = f"""
SELECT DISTINCT ?class ?product WHERE {{ ?claim <{UTS}adopter> ?entity ; <{UTS}product> ?product .
?entity a ?class }}"""


def has_values(entities: Entities, class_: str, property_: ReconciliationProperty) -> bool:
    """Return whether some entity of the class with the IRI `class_` has a value of `property_`.

    A property that is counted or derived has values for every class that it is offered for.
    """
    if property_.id.startswith(STATUS):
        return f"{ID}product/{property_.id.removeprefix(STATUS)}" in _adopted_products(entities, class_)
    return ":" not in property_.id or property_.id in _used_properties(entities, class_)


@cached_by_iri
def _used_properties(entities: Entities, class_: str) -> frozenset[str]:
    rows = entities.select(_USED, **{"class": iri(class_)})
    return frozenset(row["property"].value for row in rows)


@cached_by_iri
def _adopted_products(entities: Entities, class_: str) -> frozenset[str]:
    rows = entities.select(_ADOPTED, **{"class": iri(class_)})
    return frozenset(row["product"].value for row in rows)

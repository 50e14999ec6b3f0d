"""Which properties of the reconciliation service entities of a type have values of, and how many have one."""

from collections.abc import Iterable, Mapping
from typing import Final

from graph.core.namespaces import ID, ORG, SCHEMA, UTS
from graph.matching.identifiers import CLOSE_PROPERTIES, SAME_PROPERTIES
from graph.matching.properties import STATEMENT_PROPERTIES, list_properties
from graph.matching.reconciliation_table import (
    LINKS,
    ORGANISATION,
    ROLE,
    STATEMENTS,
    STATUS,
    ReconciliationProperty,
)
from graph.read.entities import Entities, cached_by_iri


def _choice(variable: str, names: Iterable[str]) -> str:
    """Return the SPARQL that gives `variable` the values of the IRIs `names`, constants of the program."""
    return f"VALUES ?{variable} {{ {' '.join(f'<{name}>' for name in names)} }}"


_VALUES: Final = "?entity ?key ?value"
_STATUSES: Final = f"?claim <{UTS}adopter> ?entity ; <{UTS}product> ?key ; <{UTS}status> ?status"
_DERIVED: Final = {
    LINKS: f"{_choice('link', (*SAME_PROPERTIES, *CLOSE_PROPERTIES))} ?entity ?link ?value",
    STATEMENTS: f"{_choice('link', STATEMENT_PROPERTIES)} ?statement ?link ?entity",
    ROLE: f"?entity <{ORG}hasMembership> ?membership . ?membership <{SCHEMA}roleName> ?title",
    ORGANISATION: f"?entity <{ORG}hasMembership> ?membership . ?membership <{ORG}organization> ?body",
}
"""What an `?entity` with a value has in the graph, by the property that is counted or derived."""


def propose_properties(entities: Entities, type_: str) -> tuple[ReconciliationProperty, ...]:
    """Return the properties that some entity of `type_` has a value of, those that most have first.

    `type_` is the IRI of a class or a kind; nothing is proposed for one that is not matched. A number of
    statements that is 0 for all is no value.
    """
    kind, _ = _classes(entities, type_)
    counts = _count_entities(entities, type_) if kind else {}  # cached, so only of types that are known
    found = (each for each in list_properties(entities) if kind in each.kinds and counts.get(each.id))
    return tuple(sorted(found, key=lambda each: -counts[each.id]))


@cached_by_iri
def _count_entities(entities: Entities, type_: str) -> Mapping[str, int]:
    """Return the number of entities of `type_` with a value, by the identifier of the property."""
    _, classes = _classes(entities, type_)
    of_type = f"{_choice('class', classes)} ?entity a ?class ."
    statuses = {
        STATUS + product.removeprefix(f"{ID}product/"): count
        for product, count in _count_by_key(entities, f"{of_type} {_STATUSES}").items()
    }
    derived = {id_: _count(entities, f"{of_type} {pattern}") for id_, pattern in _DERIVED.items()}
    return _count_by_key(entities, f"{of_type} {_VALUES}") | statuses | derived


def _count_by_key(entities: Entities, pattern: str) -> dict[str, int]:
    rows = entities.select(
        f"SELECT ?key (COUNT(DISTINCT ?entity) AS ?count) WHERE {{ {pattern} }} GROUP BY ?key"
    )
    return {row["key"].value: int(row["count"].value) for row in rows if "key" in row}


def _count(entities: Entities, pattern: str) -> int:
    (row,) = entities.select(f"SELECT (COUNT(DISTINCT ?entity) AS ?count) WHERE {{ {pattern} }}")
    return int(row["count"].value)


def _classes(entities: Entities, type_: str) -> tuple[str, tuple[str, ...]]:
    """Return the kind of entity of `type_`, a class or a kind, and its classes; nothing if there are none."""
    kinds = entities.index.kinds
    if type_ in kinds.matched:
        return type_, kinds[type_].classes
    return next(((kind, (type_,)) for kind in kinds.matched if type_ in kinds[kind].classes), ("", ()))

"""The properties of the reconciliation service, for conditions and for data extension.

The identifier of a property is its IRI in the vocabulary, or a word for values that are counted or derived
from several statements. The vocabulary's namespace can be omitted.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from graph.core.iris import term_words
from graph.core.kind_table import KindTable
from graph.core.namespaces import ID, SKOS, TYPE, UTS, XSD, expand_curie
from graph.core.terms import Term, iri, text
from graph.core.translations import for_site
from graph.matching.identifiers import CLOSE_PROPERTIES, SAME_PROPERTIES
from graph.matching.reconciliation_table import (
    LABEL,
    LINKS,
    ORGANISATION,
    ROLE,
    STATEMENTS,
    STATUS,
    ReconciliationProperty,
    reconciliation_table,
)
from graph.read.entities import Entities, Ref

STATEMENT_PROPERTIES: Final = (
    UTS + "onBehalfOf",
    UTS + "speaker",
    UTS + "about",
    UTS + "cites",
    UTS + "saidIn",
)


def list_properties(entities: Entities) -> tuple[ReconciliationProperty, ...]:
    """Return all properties with their labels, the statuses on each product last."""
    own = tuple(
        _with_labels(entities, property_)
        for property_ in reconciliation_table(entities.index.kinds).properties
    )
    products = entities.refs(entities.members(UTS + "Product"))
    return (*own, *(_status_property(ref) for ref in sorted(products) if ref.iri.startswith(ID + "product/")))


def find_property(entities: Entities, id_: str) -> ReconciliationProperty | None:
    """Return the property with the identifier or alias `id_` with its labels, or None."""
    if id_.startswith(STATUS):
        product = f"{ID}product/{id_.removeprefix(STATUS)}"
        exists = id_.count("/") == 1 and entities.exists(product)
        return _status_property(entities.ref(product)) if exists else None
    kinds = entities.index.kinds
    whole, aliases = expand_curie(id_), _aliases(kinds)
    found = _by_id(kinds).get(aliases.get(id_, aliases.get(whole, whole)))
    return _with_labels(entities, found) if found else None


@cache
def _by_id(kinds: KindTable) -> dict[str, ReconciliationProperty]:
    return {each.id: each for each in reconciliation_table(kinds).properties}


@cache
def _aliases(kinds: KindTable) -> dict[str, str]:
    """Return the identifiers of properties by other names for them."""
    return {
        **{id_.removeprefix(UTS): id_ for id_ in _by_id(kinds)},
        **dict.fromkeys((*SAME_PROPERTIES, "sameAs", "owl:sameAs", "wikidata"), LINKS),
        "label": LABEL,
        "name": LABEL,
        "altLabel": SKOS + "altLabel",
        "type": TYPE,
        **reconciliation_table(kinds).aliases,
    }


def property_values(
    entities: Entities, name: str, property_: ReconciliationProperty
) -> tuple[Term | Ref, ...]:
    """Return the values of `property_` of the IRI `name`: entities and codes with their labels."""
    return tuple(
        entities.ref(value.value) if value.kind == "iri" and property_.id != LINKS else value
        for value in _terms(entities, name, property_)
    )


def _terms(entities: Entities, name: str, property_: ReconciliationProperty) -> Iterator[Term]:
    node = entities.node(iri(name))
    if property_.id == TYPE:
        yield from map(iri, entities.types(node))
    elif property_.id == LINKS:
        yield from node.terms(*SAME_PROPERTIES, *CLOSE_PROPERTIES)
    elif property_.id == STATEMENTS:
        counts = entities.link_counts(name)
        yield Term(
            str(sum(counts.get(each, 0) for each in STATEMENT_PROPERTIES)), "literal", "", XSD + "integer"
        )
    elif property_.id == ROLE:
        yield from (title for office in entities.offices(name) for title in office.titles)
    elif property_.id == ORGANISATION:
        yield from (iri(office.organisation.iri) for office in entities.offices(name) if office.organisation)
    elif property_.id.startswith(STATUS):
        yield from _statuses(entities, name, f"{ID}product/{property_.id.removeprefix(STATUS)}")
    else:
        yield from node.terms(property_.id)


_STATUSES: Final = f"""
SELECT ?organisation ?product ?status ?when WHERE {{ ?claim <{UTS}adopter> ?organisation ;
<{UTS}product> ?product ; <{UTS}status> ?status OPTIONAL {{ ?claim <{UTS}asOf> ?when }} }}"""


def _statuses(entities: Entities, organisation: str, product: str) -> Iterator[Term]:
    """Yield the statuses of `organisation` on `product`, the latest first."""
    rows = entities.select(_STATUSES, organisation=iri(organisation), product=iri(product))
    rows.sort(key=lambda row: row["when"].value if "when" in row else "", reverse=True)
    yield from dict.fromkeys(row["status"] for row in rows)


def _status_property(product: Ref) -> ReconciliationProperty:
    words = for_site({"sv": "status för", "en": "status on"})
    labels = {each.language: each.value for each in product.labels}
    default = next(iter(labels.values()), product.iri)
    names = tuple(text(f"{words[each]} {labels.get(each, default)}", each) for each in words)
    return ReconciliationProperty(STATUS + product.iri.rpartition("/")[2], ("organisation",), names)


def _with_labels(entities: Entities, property_: ReconciliationProperty) -> ReconciliationProperty:
    if property_.labels:
        return property_
    labels = entities.ref(property_.id).labels or (text(term_words(property_.id) or property_.id),)
    return replace(property_, labels=labels)

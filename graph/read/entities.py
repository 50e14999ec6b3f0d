"""Access to the entities of a release one at a time: labels, values, incoming links, classes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import TypeVar, cast

from graph.core.iris import parse_entity_iri
from graph.core.namespaces import DCTERMS, NAME_PROPERTIES, ORG, RDFS, REPLACED_BY, SCHEMA, TYPE, UTS
from graph.core.partial_dates import END_OF_TIME, PartialDate, day_range
from graph.core.terms import Term, iri
from graph.index.protocol import EntityIndex, StoreReader
from graph.rdf.rdf_list import read_list
from graph.read.computed_index import ComputedIndex
from graph.read.derived_names import derive_names
from graph.read.memo import memoize
from graph.read.node_values import Values, read_values, values_by_property

_MAX_VALUES = 10_000  # of one node
_MAX_DIGITS = 18  # of a count or an offset
_CACHE_SIZE = 10_000  # entities, of some kilobytes each
Result = TypeVar("Result")

_LABELS = f"""
SELECT ?entity ?label WHERE {{ ?entity {"|".join(f"<{name}>" for name in NAME_PROPERTIES)} ?label
FILTER(isLiteral(?label)) }} LIMIT 50"""
_VALUES = f"""
SELECT ?entity ?property ?value WHERE {{ ?entity ?property ?value }} LIMIT {_MAX_VALUES}"""
_LINK_COUNTS = """
SELECT ?entity ?property (COUNT(*) AS ?count) WHERE { ?subject ?property ?entity FILTER(isIRI(?subject)) }
GROUP BY ?entity ?property"""
_VALUE_COUNTS = """
SELECT ?property ?entity (COUNT(*) AS ?count) WHERE { ?subject ?property ?entity }
GROUP BY ?property ?entity"""
_SUBJECTS = "SELECT ?property ?entity ?subject WHERE { ?subject ?property ?entity FILTER(isIRI(?subject)) }"
_USED_AS_PROPERTY = "SELECT ?entity WHERE { ?subject ?entity ?value } LIMIT 1"
_MEMBERS = "SELECT ?class ?entity WHERE { ?entity a ?class FILTER(isIRI(?entity)) }"


@dataclass(frozen=True, order=True)
class Ref:
    """A reference to an entity: its IRI and its labels in every language."""

    iri: str
    labels: tuple[Term, ...] = ()

    def __hash__(self) -> int:
        """Return the hash of the IRI, which is faster than hashing the labels too."""
        return hash(self.iri)


@dataclass(frozen=True)
class Node:
    """A node of the graph with its values by property IRI."""

    term: Term
    values: Values

    def terms(self, *properties: str) -> tuple[Term, ...]:
        """Return the values of `properties`, in their order."""
        return tuple(value for name in properties for value in self.values.get(name, ()))

    def literals(self, *properties: str) -> tuple[Term, ...]:
        """Return the values of `properties` that are literals."""
        return tuple(value for value in self.terms(*properties) if value.kind == "literal")

    def iris(self, *properties: str) -> tuple[str, ...]:
        """Return the values of `properties` that are IRIs."""
        return tuple(value.value for value in self.terms(*properties) if value.kind == "iri")

    def literal(self, *properties: str) -> Term | None:
        """Return the first value of `properties` that is a literal, or None."""
        return next(iter(self.literals(*properties)), None)

    def iri(self, *properties: str) -> str | None:
        """Return the first value of `properties` that is an IRI, or None."""
        return next(iter(self.iris(*properties)), None)

    def integer(self, name: str) -> int | None:
        """Return the first value of the property `name` that is a non-negative whole number, or None."""
        digits = (value.value for value in self.literals(name) if value.value.isdecimal())
        return next((int(each) for each in digits if len(each) <= _MAX_DIGITS), None)


@dataclass(frozen=True)
class Office:
    """A title that a person holds in an organisation, according to a source."""

    iri: str
    person: Ref
    titles: tuple[Term, ...]
    organisation: Ref | None
    source: Ref | None
    as_of: Term | None
    evidence: tuple[str, ...]  # the IRIs of passages

    def held_at(self, when: PartialDate | None) -> bool:
        """Return whether the office is known to have been held at the time `when`; True if that is None."""
        try:
            first, last = day_range(self.as_of.value) if self.as_of and when else (0, END_OF_TIME)
        except ValueError:  # not a date of the project's forms
            return False
        return when is None or (self.as_of is not None and first <= when.last and when.first <= last)


def cached_by_iri(read: "Callable[[Entities, str], Result]") -> "Callable[[Entities, str], Result]":
    """Return the function `read` of an entity's IRI with its results cached in `Entities`."""

    @wraps(read)
    def cached(entities: "Entities", name: str) -> Result:
        return cast("Result", entities.read_cached(read, name))

    return cached


class Entities:
    """The entities of one immutable release, with caches."""

    def __init__(self, store: StoreReader) -> None:
        """Read from `store`."""
        self._store = store
        self.select = store.select
        self.index: EntityIndex = store.index or ComputedIndex(self)
        self.labels = memoize(self._labels, _CACHE_SIZE, text=str)
        self.node = memoize(
            self._node, _CACHE_SIZE, text=lambda term: term.value, is_known=lambda node: bool(node.values)
        )
        self.ref = memoize(self._ref, _CACHE_SIZE, text=str, is_known=lambda ref: bool(ref.labels))
        self.link_counts = memoize(self.index.link_counts, _CACHE_SIZE, text=str)
        self.value_counts = lru_cache(64)(self._value_counts)
        self.read_cached = lru_cache(_CACHE_SIZE)(self._read)  # of entities that other entities lead to
        self._preloading: dict[str, Values] = {}  # on their way into the caches
        self._preloaded: set[str] = set()

    def _read(self, read: "Callable[[Entities, str], object]", name: str) -> object:
        return read(self, name)

    def preload(self, names: Iterable[str]) -> None:
        """Read the entities with the IRIs `names` into the caches, by one query for many of them."""
        missing = sorted(set(names) - self._preloaded)
        if len(self._preloaded) + len(missing) > _CACHE_SIZE:
            self._preloaded.clear()
        for name, values in read_values(self._store, missing):
            self._preloading[name] = values
            self.node(iri(name))
            self.labels(name)
            self._preloading.pop(name, None)
        self._preloaded.update(missing)

    def refs(self, names: tuple[str, ...]) -> tuple[Ref, ...]:
        """Return each of the IRIs `names` with its labels."""
        return tuple(map(self.ref, names))

    def optional_ref(self, name: str | None) -> Ref | None:
        """Return the IRI `name` with its labels, or None for None."""
        return None if name is None else self.ref(name)

    def list_items(self, head: Term) -> tuple[Term, ...]:
        """Return the items of the RDF list that begins with the node `head`, none if it is not a list."""
        return read_list(head, lambda cell: self.node(cell).values)

    def subjects(
        self, name: str, property_: str, *, limit: int | None = None, offset: int = 0
    ) -> tuple[str, ...]:
        """Return the IRIs that have the IRI `name` as value of `property_`, in the order of the index."""
        found = self.index.linking_to(name, property_)
        return found.page(offset, len(found) if limit is None else limit)

    def find_links(self, name: str, property_: str) -> tuple[str, ...]:
        """Return the IRIs that have the IRI `name` as value of `property_`, in the order of the store."""
        rows = self._store.select(_SUBJECTS, entity=iri(name), property=iri(property_))
        return tuple(row["subject"].value for row in rows)

    def count_links(self, name: str) -> Mapping[str, int]:
        """Return by property how many IRIs link to the IRI `name`, as counted by the store."""
        rows = self._store.select(_LINK_COUNTS, entity=iri(name))
        return {row["property"].value: int(row["count"].value) for row in rows if "property" in row}

    def members(self, class_: str) -> tuple[str, ...]:
        """Return the IRIs of the instances of the class `class_`, in the order of the store."""
        return tuple(row["entity"].value for row in self._store.select(_MEMBERS, **{"class": iri(class_)}))

    def types(self, node: Node) -> tuple[str, ...]:
        """Return the classes of `node` without superclasses of other classes of it."""
        types = node.iris(TYPE)
        above = {
            upper
            for name in types
            for upper in self.node(iri(name)).iris(RDFS + "subClassOf")
            if upper != name
        }
        return tuple(name for name in types if name not in above) or types

    def implied(self, node: Node) -> frozenset[str]:
        """Return the properties of `node` whose values are all values of a subproperty too."""
        return frozenset(
            upper
            for name, values in node.values.items()
            for upper in self._superproperties(name)
            if set(node.values.get(upper, ())) <= set(values)
        )

    def backlinks(self, name: str) -> Mapping[str, int]:
        """Return by property how many links lead to the IRI `name`, without those a subproperty implies."""
        counts = self.link_counts(name)
        implied = {
            upper
            for each, count in counts.items()
            for upper in self._superproperties(each)
            if counts.get(upper) == count
        }
        return {each: counts[each] for each in sorted(counts) if each not in implied}

    def _superproperties(self, property_: str) -> tuple[str, ...]:
        """Return the IRIs of the stated superproperties of `property_`."""
        uppers = self.node(iri(property_)).iris(RDFS + "subPropertyOf")
        return tuple(upper for upper in uppers if upper != property_)

    def kind(self, name: str) -> str:
        """Return the kind of the entity with the IRI `name`, or that of a retired one; "" for none."""
        return self.index.kind_of(name) or (parse_entity_iri(name) or ("",))[0]

    def exists(self, name: str) -> bool:
        """Return whether the IRI `name` occurs in any place of a triple."""
        try:
            found = self.node(iri(name)).values or self.link_counts(name)
            return bool(found or self._store.select(_USED_AS_PROPERTY, entity=iri(name)))
        except ValueError:  # not an IRI
            return False

    def successor(self, name: str) -> str | None:
        """Return the IRI that replaces the retired IRI `name`, or None if that is not retired."""
        node = self.node(iri(name))
        retired = set(node.values) <= {REPLACED_BY, RDFS + "label"}
        return node.iri(REPLACED_BY) if retired else None

    def offices(self, person: str) -> tuple[Office, ...]:
        """Return the offices of the person with the IRI `person`."""
        memberships = self.node(iri(person)).terms(ORG + "hasMembership")
        return tuple(self._office(self.node(term), person) for term in memberships)

    def office(self, membership: str) -> Office | None:
        """Return the office with the IRI `membership`, or None if it has no holder."""
        node = self.node(iri(membership))
        person = node.iri(ORG + "member")
        return None if person is None else self._office(node, person)

    def _office(self, node: Node, person: str) -> Office:
        return Office(
            iri=node.term.value,
            person=self.ref(person),
            titles=node.literals(SCHEMA + "roleName"),
            organisation=self.optional_ref(node.iri(ORG + "organization")),
            source=self.optional_ref(node.iri(DCTERMS + "source")),
            as_of=node.literal(UTS + "asOf"),
            evidence=node.iris(UTS + "evidence"),
        )

    def _ref(self, name: str) -> Ref:
        """Return the IRI `name` with its labels, with the text of a statement or title of an office, or with
        names that are derived from its values.
        """
        if labels := self.labels(name):
            return Ref(name, labels)
        node = self.node(iri(name))
        return Ref(name, node.literals(UTS + "text", SCHEMA + "roleName") or derive_names(self, node))

    def _labels(self, name: str) -> tuple[Term, ...]:
        values = self._preloading.get(name)
        found = (
            Node(iri(name), values).literals(*NAME_PROPERTIES)
            if values
            else (row["label"] for row in self._store.select(_LABELS, entity=iri(name)))
        )
        return tuple(sorted(each for each in found if each.value.strip()))

    def _node(self, term: Term) -> Node:
        if term.kind == "iri" and (values := self._preloading.get(term.value)):
            return Node(term, values)
        return Node(term, values_by_property(self._store.select(_VALUES, entity=term)))

    def _value_counts(self, property_: str) -> Mapping[str, int]:
        rows = self._store.select(_VALUE_COUNTS, property=iri(property_))
        return {row["entity"].value: int(row["count"].value) for row in rows if "entity" in row}

"""Reads the entities of a release one at a time: names, values, what links to them, what class they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import TypeVar, cast

from graph.core.namespaces import DCTERMS, NAME_PROPERTIES, ORG, RDFS, REPLACED_BY, SCHEMA, TYPE, UTS
from graph.core.partial_dates import END_OF_TIME, PartialDate, day_range
from graph.core.terms import Term, iri
from graph.index.protocol import EntityIndex, StoreReader
from graph.rdf.rdf_list import read_list
from graph.read.memo import memo
from graph.read.unindexed import Unindexed

_MOST_VALUES = 10_000  # of one node; what has more is read in part
_LONGEST_NUMBER = 18  # digits: no count or position has more
_MEMO = 10_000  # entities; what is known of one takes some kilobytes
Read = TypeVar("Read")

_LABELS = f"""
SELECT ?entity ?label WHERE {{ ?entity {"|".join(f"<{name}>" for name in NAME_PROPERTIES)} ?label
FILTER(isLiteral(?label)) }} LIMIT 50"""
_VALUES = f"""
SELECT ?entity ?property ?value WHERE {{ ?entity ?property ?value }} LIMIT {_MOST_VALUES}"""
_COUNTS = """
SELECT ?entity ?property (COUNT(*) AS ?count) WHERE { ?subject ?property ?entity FILTER(isIRI(?subject)) }
GROUP BY ?entity ?property"""
_TALLY = """
SELECT ?property ?entity (COUNT(*) AS ?count) WHERE { ?subject ?property ?entity }
GROUP BY ?property ?entity"""
_SUBJECTS = "SELECT ?property ?entity ?subject WHERE { ?subject ?property ?entity FILTER(isIRI(?subject)) }"
_USED = "SELECT ?entity WHERE { ?subject ?entity ?value } LIMIT 1"
_MEMBERS = "SELECT ?class ?entity WHERE { ?entity a ?class FILTER(isIRI(?entity)) }"


@dataclass(frozen=True, order=True)
class Ref:
    """Another entity as it is mentioned: its IRI and its names in every language."""

    iri: str
    labels: tuple[Term, ...] = ()

    def __hash__(self) -> int:
        """Return what most Refs differ in: reading all the labels each time would take longer."""
        return hash(self.iri)


@dataclass(frozen=True)
class Node:
    """What the graph says of one node, by property."""

    term: Term
    values: Mapping[str, tuple[Term, ...]]

    def terms(self, *properties: str) -> tuple[Term, ...]:
        """Return the values of `properties`, in their order."""
        return tuple(value for name in properties for value in self.values.get(name, ()))

    def literals(self, *properties: str) -> tuple[Term, ...]:
        """Return those values that are literals."""
        return tuple(value for value in self.terms(*properties) if value.kind == "literal")

    def iris(self, *properties: str) -> tuple[str, ...]:
        """Return those values that are IRIs."""
        return tuple(value.value for value in self.terms(*properties) if value.kind == "iri")

    def literal(self, *properties: str) -> Term | None:
        """Return the first literal, if there is one."""
        return next(iter(self.literals(*properties)), None)

    def iri(self, *properties: str) -> str | None:
        """Return the first IRI, if there is one."""
        return next(iter(self.iris(*properties)), None)

    def integer(self, name: str) -> int | None:
        """Return the first value of the property `name` that is a whole number, if there is one."""
        digits = (value.value for value in self.literals(name) if value.value.isdecimal())
        return next((int(each) for each in digits if len(each) <= _LONGEST_NUMBER), None)


@dataclass(frozen=True)
class Office:
    """A title held in an organisation, as a source gives it."""

    iri: str
    person: Ref
    titles: tuple[Term, ...]
    organisation: Ref | None
    source: Ref | None
    as_of: Term | None
    evidence: tuple[str, ...]  # the IRIs of passages

    def at(self, when: PartialDate | None) -> bool:
        """Tell whether it is known to have been held at the time `when`, if one is given."""
        try:
            first, last = day_range(self.as_of.value) if self.as_of and when else (0, END_OF_TIME)
        except ValueError:  # a date of another form
            return False
        return when is None or (self.as_of is not None and first <= when.last and when.first <= last)


def remembered(read: "Callable[[Entities, str], Read]") -> "Callable[[Entities, str], Read]":
    """Return `read`, which makes something of the entity with an IRI, so that it does that once for each."""

    @wraps(read)
    def found(entities: "Entities", name: str) -> Read:
        return cast("Read", entities.kept(read, name))

    return found


class Entities:
    """The entities of one immutable release; what is read is remembered."""

    def __init__(self, store: StoreReader) -> None:
        """Read from `store`."""
        self._store = store
        self.select = store.select
        self.index: EntityIndex = store.index or Unindexed(self)
        self.labels = memo(self._labels, _MEMO, text=str)
        self.node = memo(
            self._node, _MEMO, text=lambda term: term.value, is_known=lambda node: bool(node.values)
        )
        self.ref = memo(self._ref, _MEMO, text=str, is_known=lambda ref: bool(ref.labels))
        self.link_counts = memo(self.index.link_counts, _MEMO, text=str)
        self.tally = lru_cache(64)(self._tally)
        self.kept = lru_cache(_MEMO)(self._read)  # of entities that other entities lead to

    def _read(self, read: "Callable[[Entities, str], object]", name: str) -> object:
        return read(self, name)

    def refs(self, names: tuple[str, ...]) -> tuple[Ref, ...]:
        """Return each of the IRIs `names` with its labels."""
        return tuple(map(self.ref, names))

    def optional(self, name: str | None) -> Ref | None:
        """Return the IRI `name` with its labels, or None for None."""
        return None if name is None else self.ref(name)

    def list_items(self, head: Term) -> tuple[Term, ...]:
        """Return the items of the RDF list that begins with the node `head`, none if it is not a list."""
        return read_list(head, lambda cell: self.node(cell).values)

    def subjects(
        self, name: str, property_: str, *, limit: int | None = None, offset: int = 0
    ) -> tuple[str, ...]:
        """Return the IRIs that have the IRI `name` as value of `property_`, in the order of lists."""
        found = self.index.linking_to(name, property_)
        return found.page(offset, len(found) if limit is None else limit)

    def find_links(self, name: str, property_: str) -> tuple[str, ...]:
        """Return the same IRIs from the store itself, in its order: for what has no tables."""
        rows = self._store.select(_SUBJECTS, entity=iri(name), property=iri(property_))
        return tuple(row["subject"].value for row in rows)

    def count_links(self, name: str) -> Mapping[str, int]:
        """Return how many IRIs link to the IRI `name` from the store itself: for what has no tables."""
        rows = self._store.select(_COUNTS, entity=iri(name))
        return {row["property"].value: int(row["count"].value) for row in rows if "property" in row}

    def members(self, class_: str) -> tuple[str, ...]:
        """Return the IRIs of the entities of `class_`, in the store's order."""
        return tuple(row["entity"].value for row in self._store.select(_MEMBERS, **{"class": iri(class_)}))

    def types(self, node: Node) -> tuple[str, ...]:
        """Return the classes of `node`, without those that are superclasses of another of its classes."""
        types = node.iris(TYPE)
        above = {
            upper
            for name in types
            for upper in self.node(iri(name)).iris(RDFS + "subClassOf")
            if upper != name
        }
        return tuple(name for name in types if name not in above) or types

    def implied(self, node: Node) -> frozenset[str]:
        """Return the properties of `node` that say only what a more specific property of it says."""
        return frozenset(
            upper
            for name, values in node.values.items()
            for upper in self._above(name)
            if set(node.values.get(upper, ())) <= set(values)
        )

    def backlinks(self, name: str) -> Mapping[str, int]:
        """Return how many links lead to `name` by property, without what a more specific property says."""
        counts = self.link_counts(name)
        implied = {
            upper
            for each, count in counts.items()
            for upper in self._above(each)
            if counts.get(upper) == count
        }
        return {each: counts[each] for each in sorted(counts) if each not in implied}

    def _above(self, property_: str) -> tuple[str, ...]:
        """Return the properties that `property_` is stated to be a special case of."""
        uppers = self.node(iri(property_)).iris(RDFS + "subPropertyOf")
        return tuple(upper for upper in uppers if upper != property_)

    def exists(self, name: str) -> bool:
        """Tell whether anything at all is said with the IRI `name`, in whatever place of a triple."""
        try:
            told = self.node(iri(name)).values or self.link_counts(name)
            return bool(told or self._store.select(_USED, entity=iri(name)))
        except ValueError:  # it is no IRI at all
            return False

    def successor(self, name: str) -> str | None:
        """Return what the retired identifier `name` has been replaced by, or None if it is in use."""
        node = self.node(iri(name))
        retired = set(node.values) <= {REPLACED_BY, RDFS + "label"}
        return node.iri(REPLACED_BY) if retired else None

    def offices(self, person: str) -> tuple[Office, ...]:
        """Return the offices that `person` is known to have held."""
        memberships = self.node(iri(person)).terms(ORG + "hasMembership")
        return tuple(self._office(self.node(term), person) for term in memberships)

    def office(self, membership: str) -> Office | None:
        """Return the office that the IRI `membership` names, or None if nobody is said to hold it."""
        node = self.node(iri(membership))
        person = node.iri(ORG + "member")
        return None if person is None else self._office(node, person)

    def _office(self, node: Node, person: str) -> Office:
        return Office(
            iri=node.term.value,
            person=self.ref(person),
            titles=node.literals(SCHEMA + "roleName"),
            organisation=self.optional(node.iri(ORG + "organization")),
            source=self.optional(node.iri(DCTERMS + "source")),
            as_of=node.literal(UTS + "asOf"),
            evidence=node.iris(UTS + "evidence"),
        )

    def _ref(self, name: str) -> Ref:
        """Return the IRI `name` with its labels, or with its words if it is a statement, which has none."""
        return Ref(name, self.labels(name) or self.node(iri(name)).literals(UTS + "text"))

    def _labels(self, name: str) -> tuple[Term, ...]:
        return tuple(sorted(row["label"] for row in self._store.select(_LABELS, entity=iri(name))))

    def _node(self, term: Term) -> Node:
        values: dict[str, list[Term]] = {}
        for row in self._store.select(_VALUES, entity=term):
            values.setdefault(row["property"].value, []).append(row["value"])
        return Node(term, {name: tuple(sorted(values[name])) for name in sorted(values)})

    def _tally(self, property_: str) -> Mapping[str, int]:
        rows = self._store.select(_TALLY, property=iri(property_))
        return {row["entity"].value: int(row["count"].value) for row in rows if "entity" in row}

"""What can be counted in the content of a release, in one pass over its quads in the order of their subjects.

Memory goes by the number of properties, classes and described graphs, not by that of quads.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from graph.core.namespaces import BASE, DCTERMS, GRAPH, ID, RDF, UTS
from graph.rdf.convert import Node
from graph.read.graph_contents import is_part
from graph.release.distinct_counter import DistinctCounter

LINKS: Final = GRAPH + "links/"
TITLE, LICENSE, SOURCE = (DCTERMS + name for name in ("title", "license", "source"))
_TYPE: Final = NamedNode(RDF + "type")
_INFERRED: Final = NamedNode(GRAPH + "inferred")
_DATES: Final = frozenset((DCTERMS + "issued", UTS + "asOf"))
_SELF_DESCRIPTION: Final = frozenset((TITLE, LICENSE, SOURCE))
_KIND: Final = UTS + "kind"


@dataclass
class GraphCount:
    """What is counted in one named graph; `subjects` are IRIs, without itself and parts of our entities."""

    subjects: int = 0
    properties: set[str] = field(default_factory=set)
    classes: Counter[str] = field(default_factory=Counter)
    described: dict[str, list[Node]] = field(default_factory=lambda: defaultdict(list))  # by property
    links: int = 0  # from our entities to others'
    link_properties: set[str] = field(default_factory=set)


@dataclass
class ContentStatistics:
    """The counts of a release; triples that several graphs have count once."""

    triples: int = 0
    subjects: int = 0
    entities: int = 0
    objects: int = 0
    properties: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)  # distinct entities with an IRI
    typed: Counter[str] = field(default_factory=Counter)  # triples that say so, of any node
    kinds: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)  # by class, the first IRI
    years: tuple[str, str] | None = None
    sizes: Counter[str] = field(default_factory=Counter)  # quads by named graph
    graphs: dict[str, GraphCount] = field(default_factory=lambda: defaultdict(GraphCount))


def collect(
    quads: Iterable[Quad],
    objects: DistinctCounter | None = None,
    is_described: Callable[[str], bool] = lambda graph: True,
) -> ContentStatistics:
    """Return the statistics of distinct `quads`, in which those of a subject follow each other.

    `objects` counts the distinct objects, in memory by default. Only the graphs for which `is_described` is
    true are described, the others are counted.
    """
    found = ContentStatistics()
    counter = objects or DistinctCounter()
    for subject, group in groupby(quads, key=attrgetter("subject")):
        _Subject(subject, list(group), found, is_described).count(counter)
    found.objects = counter.count()
    return found


def collect_unordered(quads: Iterable[Quad]) -> ContentStatistics:
    """Return the statistics of `quads` in memory, in any order."""
    return collect(sorted(set(quads), key=lambda quad: str(quad.subject)))


class _Subject:
    """The quads of one subject."""

    def __init__(
        self, subject: object, quads: list[Quad], into: ContentStatistics, is_described: Callable[[str], bool]
    ) -> None:
        self._subject, self._quads, self._into, self._is_described = subject, quads, into, is_described
        self._name = subject.value if isinstance(subject, NamedNode) else ""

    def count(self, objects: DistinctCounter) -> None:
        """Add what they say to the statistics."""
        into = self._into
        into.subjects += 1
        into.entities += self._name.startswith(ID)
        triples = list(dict.fromkeys((quad.predicate, quad.object) for quad in self._quads))
        into.triples += len(triples)
        classes: set[str] = set()
        for property_, value in triples:
            name = property_.value
            into.properties[name] += 1
            objects.add(str(value))
            if isinstance(value, NamedNode):
                if name == _TYPE.value:
                    classes.add(value.value)
                    into.typed[value.value] += 1
                elif name == _KIND:
                    into.kinds[value.value] += 1
            elif name in _DATES and isinstance(value, Literal):
                self._add_year(value.value[:4])
        if self._name:
            self._add_classes(classes)
        self._count_graphs()

    def _add_classes(self, classes: set[str]) -> None:
        into = self._into
        for name in classes:
            into.classes[name] += 1
            into.examples[name] = min(into.examples.get(name, self._name), self._name)

    def _add_year(self, year: str) -> None:
        if year.isdecimal() and self._name.startswith(ID):
            first, last = self._into.years or (year, year)
            self._into.years = min(first, year), max(last, year)

    def _count_graphs(self) -> None:
        classes, about = self._stated_classes(), set()
        for quad in self._quads:
            graph = quad.graph_name
            if not isinstance(graph, NamedNode):
                continue
            self._into.sizes[graph.value] += 1
            if not self._is_described(graph.value):
                continue
            counted = self._into.graphs[graph.value]
            counted.properties.add(quad.predicate.value)
            if self._is_subject_of(graph):
                about.add(graph.value)
            if quad.subject == graph and quad.predicate.value in _SELF_DESCRIPTION:
                counted.described[quad.predicate.value].append(quad.object)  # type: ignore[arg-type]  # never a triple
            if self._leads_out(quad, graph.value):
                counted.links += 1
                counted.link_properties.add(quad.predicate.value)
        for name in about:
            self._into.graphs[name].subjects += 1
            self._into.graphs[name].classes.update(classes)

    def _is_subject_of(self, graph: NamedNode) -> bool:
        return bool(self._name) and self._name != graph.value and not is_part(self._name)

    def _stated_classes(self) -> set[str]:
        """Return the classes that other graphs than that of inferences give."""
        return {
            quad.object.value
            for quad in self._quads
            if quad.predicate == _TYPE
            and isinstance(quad.object, NamedNode)
            and quad.graph_name != _INFERRED
            and isinstance(quad.graph_name, NamedNode)
            and self._is_subject_of(quad.graph_name)
        }

    def _leads_out(self, quad: Quad, graph: str) -> bool:
        return (
            graph.startswith(LINKS)
            and self._name.startswith(ID)
            and isinstance(quad.object, NamedNode)
            and not quad.object.value.startswith(BASE)
        )

"""The entities of a release without a link to a data set outside: their names, codes, domains and makers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from graph.core.collation import MAIN_LANGUAGE
from graph.core.entity_types import EntityKind
from graph.core.iris import may_be_linked
from graph.core.namespaces import NAMESPACE, RDFS, TYPE, UTS
from graph.core.terms import Term, iri, text
from graph.matching.body_names import BodyType, body_names
from graph.matching.identifiers import CLOSE_PROPERTIES, SAME_PROPERTIES
from graph.read.entities import Entities, Node
from graph.search.fields import FIELDS

_PERSON: Final = "person"  # known here by an office only, and not looked for elsewhere
_ASKED_FOR: Final = "source"  # looked for only where somebody says so
_LINKED: Final = tuple(name for name in (*SAME_PROPERTIES, *CLOSE_PROPERTIES) if name != RDFS + "seeAlso")
_CODES: Final = {name.removeprefix(NAMESPACE): name for name in FIELDS["code"] if name.startswith(NAMESPACE)}


@dataclass(frozen=True)
class UnlinkedEntity:
    """One of our entities to look up; `makers` are the IRIs that its vendor has elsewhere."""

    iri: str
    kind: str
    types: frozenset[str]
    names: tuple[Term, ...]  # the label first
    forms: frozenset[BodyType]
    codes: Mapping[str, tuple[str, ...]]
    domains: tuple[str, ...]
    makers: tuple[str, ...]

    @property
    def label(self) -> str:
        """Its name, in the first language of the site if it has one."""
        return self.names[0].value


def linkable_kinds(kinds: Mapping[str, EntityKind]) -> tuple[str, ...]:
    """Return the names of those of `kinds` that are looked for elsewhere: named things but people."""
    return tuple(name for name, kind in kinds.items() if kind.matched and name != _PERSON)


def default_kinds(kinds: Mapping[str, EntityKind]) -> tuple[str, ...]:
    """Return the names of those of `kinds` that are looked for unless another one is named."""
    return tuple(name for name in linkable_kinds(kinds) if name != _ASKED_FOR)


def unlinked_entities(entities: Entities, kinds: Iterable[str], space: str) -> Iterator[UnlinkedEntity]:
    """Yield the entities of `kinds` that have no link to an IRI that begins with `space`, by IRI."""
    for kind in kinds:
        names = {name for class_ in entities.index.kinds[kind].classes for name in entities.members(class_)}
        for name in sorted(name for name in names if may_be_linked(name)):
            node = entities.node(iri(name))
            linked = any(other.startswith(space) for other in node.iris(*_LINKED))
            if not linked and not entities.successor(name):
                yield from _unlinked_entity(entities, kind, name, node)


def _unlinked_entity(entities: Entities, kind: str, name: str, node: Node) -> Iterator[UnlinkedEntity]:
    labels = sorted(entities.labels(name), key=lambda label: label.language != MAIN_LANGUAGE)
    others = node.literals(*FIELDS["former"], *FIELDS["also"])
    vendors = node.iris(UTS + "vendor")
    names = dict.fromkeys((*labels, *others, *_with_vendor(entities, vendors, labels)))
    if not labels:
        return
    codes = {code: tuple(each.value for each in node.literals(name)) for code, name in _CODES.items()}
    codes = {code: values for code, values in codes.items() if values}
    yield UnlinkedEntity(
        iri=name,
        kind=kind,
        types=frozenset(node.iris(TYPE)),
        names=tuple(names),
        forms=frozenset(body_names().types_of(kind, codes)),
        codes=codes,
        domains=tuple(each.value for each in node.literals(UTS + "internetDomain")),
        makers=tuple(same for vendor in vendors for same in entities.node(iri(vendor)).iris(*_LINKED)),
    )


def _with_vendor(entities: Entities, vendors: Iterable[str], labels: list[Term]) -> Iterator[Term]:
    """Yield the names of a product with its vendor's in front."""
    for vendor in vendors:
        for maker in entities.labels(vendor):
            for label in labels:
                if not label.value.startswith(maker.value):
                    yield text(f"{maker.value} {label.value}", label.language)

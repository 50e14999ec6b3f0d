"""The entities of a release without a link to a data set outside: their names, codes, domains and makers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from graph.core.iris import parse_entity_iri
from graph.core.namespaces import RDFS, TYPE, UTS
from graph.core.terms import Term, iri, text
from graph.matching.body_names import BodyType, body_names
from graph.matching.identifiers import CLOSE_PROPERTIES, SAME_PROPERTIES
from graph.read.entities import Entities, Node
from graph.search.fields import FIELDS

LINKABLE_KINDS: Final = ("organisation", "product", "law", "place", "source")
"""The kinds that are linked; a person is known here by an office only, and is not looked for elsewhere."""

DEFAULT_KINDS: Final = LINKABLE_KINDS[:-1]
_LINKED: Final = tuple(name for name in (*SAME_PROPERTIES, *CLOSE_PROPERTIES) if name != RDFS + "seeAlso")
_CODES: Final = tuple(name.removeprefix(UTS) for name in FIELDS["code"] if name.startswith(UTS))


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
        """Its name, in Swedish if it has one."""
        return self.names[0].value


def unlinked_entities(entities: Entities, kinds: Iterable[str], space: str) -> Iterator[UnlinkedEntity]:
    """Yield the entities of `kinds` that have no link to an IRI that begins with `space`, by IRI."""
    for kind in kinds:
        names = {name for class_ in entities.index.kinds[kind].classes for name in entities.members(class_)}
        for name in sorted(name for name in names if parse_entity_iri(name)):
            node = entities.node(iri(name))
            linked = any(other.startswith(space) for other in node.iris(*_LINKED))
            if not linked and not entities.successor(name):
                yield from _unlinked_entity(entities, kind, name, node)


def _unlinked_entity(entities: Entities, kind: str, name: str, node: Node) -> Iterator[UnlinkedEntity]:
    labels = sorted(entities.labels(name), key=lambda label: label.language != "sv")
    others = node.literals(*FIELDS["former"], *FIELDS["also"])
    vendors = node.iris(UTS + "vendor")
    names = dict.fromkeys((*labels, *others, *_with_vendor(entities, vendors, labels)))
    if not labels:
        return
    codes = {code: tuple(each.value for each in node.literals(UTS + code)) for code in _CODES}
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

"""The table of kinds of a site: what is of which kind, and what its lists have in common."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from graph.core.entity_types import EntityKind
from graph.core.iris import parse_entity_iri
from graph.core.namespaces import CODE, GRAPH, ID, QUERY
from graph.core.site import SITE
from graph.core.site_kinds import SITE_KINDS

MAX_MENU: Final = 6
_ADDRESSED: Final = ("_:", CODE, GRAPH, QUERY)


@dataclass(frozen=True)
class KindTable(Mapping[str, EntityKind]):
    """The kinds of entities of a site by name, in the order of its menus.

    If the kinds are `derived` from an ontology, the classes of an entity alone say of which kind it is. Else
    the IRI of an entity below the site's own address says it too: an entity `…/id/law/x` is of the kind law.
    """

    kinds: Mapping[str, EntityKind] = field(default_factory=dict)
    derived: bool = False

    def __getitem__(self, name: str) -> EntityKind:
        """Return the kind called `name`; raise KeyError if there is none."""
        return self.kinds[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the kinds."""
        return iter(self.kinds)

    def __len__(self) -> int:
        """Return the number of kinds."""
        return len(self.kinds)

    def __hash__(self) -> int:
        """Return a hash of the names, so that what is made of a table can be cached."""
        return hash((tuple(self.kinds), self.derived))

    @cached_property
    def facets(self) -> tuple[str, ...]:
        """The names of all facets, each once."""
        return tuple(dict.fromkeys(facet for kind in self.kinds.values() for facet in kind.facets))

    @cached_property
    def as_of(self) -> tuple[str, ...]:
        """The kinds whose pages can show what was valid on a date."""
        return tuple(name for name, kind in self.kinds.items() if kind.as_of and self.has_part_page(name))

    @cached_property
    def matched(self) -> tuple[str, ...]:
        """The kinds whose entities the reconciliation service finds."""
        return tuple(name for name, kind in self.kinds.items() if kind.matched)

    @cached_property
    def menu(self) -> tuple[str, ...]:
        """The kinds whose lists stand in the menu."""
        return tuple(name for name, kind in self.kinds.items() if kind.menu)[:MAX_MENU]

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The kinds whose entities can have coordinates."""
        return tuple(name for name, kind in self.kinds.items() if kind.place)

    @cached_property
    def dated(self) -> tuple[str, ...]:
        """The kinds that are ordered by date."""
        return tuple(name for name, kind in self.kinds.items() if kind.dates)

    @cached_property
    def timed(self) -> tuple[str, ...]:
        """The kinds that have lists as of a time."""
        return tuple(name for name, kind in self.kinds.items() if kind.as_of or kind.validity)

    def has_part_page(self, name: str) -> bool:
        """Return whether entities of the kind `name` have a page of a part of the site that is on."""
        return name in self.kinds and self.kinds[name].is_of_part and name in SITE.of_parts("pages")

    def kind_of(self, name: str, classes: Iterable[str]) -> str:
        """Return the kind of the entity with the IRI `name` and these `classes`, or "" for none."""
        own = self.named_kind(name)
        if own is None:
            return ""
        given = frozenset(classes)
        names = (own,) if own else self.kinds
        return next((each for each in names if not given.isdisjoint(self.kinds[each].classes)), "")

    def named_kind(self, name: str) -> str | None:
        """Return the kind that the IRI `name` alone allows: "" for any, None for what is in no list.

        Blank nodes are in no list, nor what has another address here: codes, queries, graphs, and parts of
        entities.
        """
        if name.startswith(_ADDRESSED):
            return None
        if self.derived or not name.startswith(ID):
            return ""
        parts = parse_entity_iri(name)
        return parts[0] if parts and parts[0] in self.kinds else None


SITE_TABLE: Final = KindTable(SITE_KINDS)
"""The table that the site has written; empty if it has none."""

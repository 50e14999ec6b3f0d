"""What held at a time, by what is known now; or, without a time, whatever is known.

Each answer is made of sets that an index has (`graph.index.protocol`), so that it takes no longer for a hub.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.core import entity_types
from graph.core.iris import last_segment
from graph.core.namespaces import TYPE, UTS
from graph.core.partial_dates import PartialDate
from graph.core.terms import iri
from graph.index.protocol import EntityIndex, EntitySet, FacetCount

_STANDING = ("organisation", "status")  # a column that is read through the adoptions that held


@dataclass(frozen=True)
class View:
    """What an index says of the time `when`, or of any time if that is None."""

    index: EntityIndex
    when: PartialDate | None = None

    def limit(self, kind: str, members: EntitySet) -> EntitySet:
        """Return those of `members`, which are of `kind`, that held then."""
        timed = self.when if entity_types.ENTITY_KINDS[kind].validity else None
        return members & self.index.valid_at(kind, timed) if timed else members

    def of_kind(self, kind: str) -> EntitySet:
        """Return the entities of `kind` that held then."""
        return self.limit(kind, self.index.of_kind(kind))

    def linking_to(self, name: str, *properties: str, kind: str) -> EntitySet:
        """Return those of `kind` that held then and link to the IRI `name` by one of `properties`."""
        return self.limit(kind, self.index.linking_to(name, *properties, kind=kind))

    def with_value(self, kind: str, facet: str, key: str) -> EntitySet:
        """Return the entities of `kind` that had the value that `key` stands for in the column `facet`."""
        if self.when is None or (kind, facet) != _STANDING:
            return self.index.with_value(kind, facet, key)
        found = self.standing()
        here = (members for status, members in found.items() if last_segment(status) == key)
        return next(here, self.index.filter_kind((), kind))

    def facet_counts(
        self, kind: str, facets: Sequence[str], members: EntitySet, most: int | None = None
    ) -> Mapping[str, Sequence[FacetCount]]:
        """Return by facet the values that `members`, entities of `kind`, had, most frequent first.

        Only the first `most` of each, if that is given; there are few statuses in any case.
        """
        standing = self.when is not None and kind == _STANDING[0] and _STANDING[1] in facets
        plain = [each for each in facets if not standing or each != _STANDING[1]]
        counted = dict(self.index.facet_counts(kind, plain, members, most))
        if standing:
            sizes = ((status, len(found & members)) for status, found in self.standing().items())
            counts = [FacetCount(last_segment(status), iri(status), size) for status, size in sizes if size]
            counted[_STANDING[1]] = sorted(counts, key=lambda each: (-each.count, each.key))
        return counted

    def standing(self, product: str = "") -> Mapping[str, EntitySet]:
        """Return the organisations that had each status, on the product with that IRI or on any."""
        those = (
            self.linking_to(product, UTS + "product", kind="adoption")
            if product
            else self.of_kind("adoption")
        )
        by_status = self.index.partition("adoption", "status", those)
        return {status: self._who("adoption", found) for status, found in by_status.items()}

    def status_counts(self, product: str, class_: str) -> Mapping[str, int]:
        """Return how many organisations of `class_` had which status on `product`.

        Those that had spoken of it, without any source saying where they stood then, are under "".
        """
        if self.when is None:
            return self.index.status_counts(product, class_)
        left = self.index.linking_to(class_, TYPE, kind="organisation")
        counts: dict[str, int] = {}
        for status, found in sorted(self.standing(product).items(), reverse=True):
            counts[status] = len(found & left)
            left -= found
        said = self.linking_to(product, UTS + "about", kind="statement")
        counts[""] = len(self._who("statement", said) & left)
        return {status: count for status, count in counts.items() if count}

    def tally(self, name: str, property_: str) -> int:
        """Return how many statements by then link to the IRI `name` by `property_`."""
        return len(self.linking_to(name, property_, kind="statement"))

    def _who(self, kind: str, members: EntitySet) -> EntitySet:
        """Return the organisations that `members`, of `kind`, are of."""
        return self.index.filter_kind(self.index.partition(kind, "organisation", members), "organisation")

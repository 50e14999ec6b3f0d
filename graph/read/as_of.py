"""An entity index restricted to what was valid at a time, by what is known now.

Results are combined from the sets of the index (`graph.index.protocol`), so that a hub takes no longer than
any other entity.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.core.iris import last_segment
from graph.core.namespaces import TYPE, UTS
from graph.core.partial_dates import PartialDate
from graph.core.terms import iri
from graph.index.protocol import EntityIndex, EntitySet, FacetCount

_STATUS_COLUMN = ("organisation", "status")  # a column computed from the adoptions valid then


@dataclass(frozen=True)
class AsOfIndex:
    """An index at the time `when`, or without any restriction if that is None."""

    index: EntityIndex
    when: PartialDate | None = None

    def restrict(self, kind: str, members: EntitySet) -> EntitySet:
        """Return those of `members`, entities of `kind`, that were valid then."""
        if self.when is None or kind not in self.index.kinds or not self.index.kinds[kind].validity:
            return members
        return members & self.index.valid_at(kind, self.when)

    def of_kind(self, kind: str) -> EntitySet:
        """Return the entities of `kind` that were valid then."""
        return self.restrict(kind, self.index.of_kind(kind))

    def linking_to(self, name: str, *properties: str, kind: str) -> EntitySet:
        """Return the entities of `kind`, valid then, that link to the IRI `name` by one of `properties`."""
        return self.restrict(kind, self.index.linking_to(name, *properties, kind=kind))

    def with_value(self, kind: str, facet: str, key: str) -> EntitySet:
        """Return the entities of `kind` that had the value with the URL key `key` in the column `facet`."""
        if self.when is None or (kind, facet) != _STATUS_COLUMN:
            return self.index.with_value(kind, facet, key)
        by_status = self.organisations_by_status()
        matching = (members for status, members in by_status.items() if last_segment(status) == key)
        return next(matching, self.index.filter_kind((), kind))

    def facet_counts(
        self, kind: str, facets: Sequence[str], members: EntitySet, most: int | None = None
    ) -> Mapping[str, Sequence[FacetCount]]:
        """Return by facet the values that `members`, entities of `kind`, had, most frequent first.

        At most `most` values per facet, if that is given, but every status: there are few.
        """
        with_status = self.when is not None and kind == _STATUS_COLUMN[0] and _STATUS_COLUMN[1] in facets
        stored = [facet for facet in facets if not with_status or facet != _STATUS_COLUMN[1]]
        counts = dict(self.index.facet_counts(kind, stored, members, most))
        if with_status:
            sizes = {
                status: len(having & members) for status, having in self.organisations_by_status().items()
            }
            statuses = [
                FacetCount(last_segment(name), iri(name), size) for name, size in sizes.items() if size
            ]
            counts[_STATUS_COLUMN[1]] = sorted(statuses, key=lambda each: (-each.count, each.key))
        return counts

    def organisations_by_status(self, product: str = "") -> Mapping[str, EntitySet]:
        """Return by the IRI of a status the organisations that had it, on `product` (an IRI) or on any."""
        if product:
            adoptions = self.linking_to(product, UTS + "product", kind="adoption")
        else:
            adoptions = self.of_kind("adoption")
        by_status = self.index.partition("adoption", "status", adoptions)
        return {status: self._organisations_of("adoption", each) for status, each in by_status.items()}

    def status_counts(self, product: str, class_: str) -> Mapping[str, int]:
        """Return by the IRI of a status how many organisations of the class `class_` had it on `product`.

        Under "" are those that had spoken of the product while no source gave their status then.
        """
        if self.when is None:
            return self.index.status_counts(product, class_)
        uncounted = self.index.linking_to(class_, TYPE, kind="organisation")
        counts: dict[str, int] = {}
        for status, having in sorted(self.organisations_by_status(product).items(), reverse=True):
            counts[status] = len(having & uncounted)
            uncounted -= having
        statements = self.linking_to(product, UTS + "about", kind="statement")
        counts[""] = len(self._organisations_of("statement", statements) & uncounted)
        return {status: count for status, count in counts.items() if count}

    def count_statements(self, name: str, property_: str) -> int:
        """Return how many statements made by then link to the IRI `name` by `property_`."""
        return len(self.linking_to(name, property_, kind="statement"))

    def _organisations_of(self, kind: str, members: EntitySet) -> EntitySet:
        """Return the organisations that `members`, entities of `kind`, belong to."""
        return self.index.filter_kind(self.index.partition(kind, "organisation", members), "organisation")

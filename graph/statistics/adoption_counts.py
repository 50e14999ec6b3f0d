"""Numbers of the organisations of a register by their status on a product.

Three groups without use are distinguished: organisations with the status that they do not use the product,
organisations with statements on the product but no status, and organisations without either.
"""

from dataclasses import dataclass

from graph.core.namespaces import TYPE
from graph.core.partial_dates import PartialDate
from graph.read.as_of import AsOfIndex
from graph.read.entities import Entities, Ref


@dataclass(frozen=True)
class AdoptionCounts:
    """The numbers of organisations of a kind by their latest known status."""

    kind: Ref
    total: int
    statuses: tuple[tuple[Ref, int], ...]  # the most frequent first
    unclear: int  # with statements on the product, but no status

    @property
    def known(self) -> int:
        """The number of organisations with a status."""
        return sum(count for _, count in self.statuses)

    @property
    def unmentioned(self) -> int:
        """The number of organisations with neither a status nor statements."""
        return max(self.total - self.known - self.unclear, 0)


def count_adoptions(
    entities: Entities, product: str, kind: str, when: PartialDate | None = None
) -> AdoptionCounts:
    """Return how many organisations of the class `kind` have which status on `product`, both IRIs.

    Statuses are the latest known, or those valid at the time `when`.
    """
    counts = AsOfIndex(entities.index, when).status_counts(product, kind)
    statuses = sorted(filter(None, counts), key=lambda each: (-counts[each], each))
    return AdoptionCounts(
        kind=entities.ref(kind),
        total=entities.link_counts(kind).get(TYPE, 0),
        statuses=tuple((entities.ref(status), counts[status]) for status in statuses),
        unclear=counts.get("", 0),
    )

"""How all the organisations of a kind stand on a product, counted against the register.

Three kinds of not using differ: an organisation is said not to use the product, it speaks of the product
but no source says where it stands, or no source says anything at all.
"""

from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import TYPE, UTS
from graph.core.partial_dates import PartialDate
from graph.read.as_of import View
from graph.read.entities import Entities, Ref

REGISTERS: Final = (UTS + "Municipality", UTS + "Region", UTS + "StateAgency")


@dataclass(frozen=True)
class Peers:
    """How many organisations of a kind have which status, by the latest that is known of each."""

    kind: Ref
    total: int
    statuses: tuple[tuple[Ref, int], ...]  # the most common first
    unclear: int  # speak of the product, but no source says where they stand

    @property
    def known(self) -> int:
        """Of how many it is known where they stand."""
        return sum(count for _, count in self.statuses)

    @property
    def unseen(self) -> int:
        """Of how many no source says anything."""
        return max(self.total - self.known - self.unclear, 0)


def peers(entities: Entities, product: str, kind: str, when: PartialDate | None = None) -> Peers:
    """Return how the organisations of the class `kind` stand on the product with the IRI `product`.

    That is by the latest known of each, or by what held at the time `when`.
    """
    counts = View(entities.index, when).status_counts(product, kind)
    statuses = sorted(filter(None, counts), key=lambda each: (-counts[each], each))
    return Peers(
        kind=entities.ref(kind),
        total=entities.link_counts(kind).get(TYPE, 0),
        statuses=tuple((entities.ref(status), counts[status]) for status in statuses),
        unclear=counts.get("", 0),
    )

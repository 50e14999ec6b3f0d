"""The quantities of a statement: numbers with units, and dates, with what and whom they are about."""

from dataclasses import dataclass

from graph.core.namespaces import UTS
from graph.core.terms import Term, iri
from graph.read.entities import Entities, Ref, cached_by_iri


@dataclass(frozen=True)
class Quantity:
    """A number or date: what it measures, its unit, its precision if it is not exact, and its subjects."""

    iri: str
    measures: Ref | None
    value: Term | None
    unit: Ref | None
    precision: Ref | None
    concerns: tuple[Ref, ...]
    product: Ref | None
    as_of: Term | None

    @property
    def is_date(self) -> bool:
        """Whether the value is a date, whose unit says no more than that."""
        return bool(self.value and self.value.datatype.endswith("#date"))


@cached_by_iri
def read_quantity(entities: Entities, name: str) -> Quantity:
    """Return the quantity with the IRI `name`."""
    node = entities.node(iri(name))
    return Quantity(
        iri=name,
        measures=entities.optional_ref(node.iri(UTS + "measures")),
        value=node.literal(UTS + "quantityValue"),
        unit=entities.optional_ref(node.iri(UTS + "unit")),
        precision=entities.optional_ref(node.iri(UTS + "precision")),
        concerns=entities.refs(node.iris(UTS + "concerns")),
        product=entities.optional_ref(node.iri(UTS + "product")),
        as_of=node.literal(UTS + "asOf"),
    )


def quantities_of(entities: Entities, statement: str) -> tuple[Quantity, ...]:
    """Return the quantities of the statement with the IRI `statement`, in the order of their IRIs."""
    names = entities.node(iri(statement)).iris(UTS + "quantity")
    return tuple(read_quantity(entities, name) for name in names)

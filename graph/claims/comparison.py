"""Comparison of organisations: their positions on products, safeguards, mail and newest statements."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graph.claims.claims import (
    Adoption,
    Assessment,
    Observation,
    observations_of,
    read_adoption,
    read_assessment,
)
from graph.claims.statements import Statement, read_statement
from graph.core.namespaces import CODE, UTS
from graph.core.organisations import organisation_model
from graph.core.terms import iri
from graph.index.protocol import EntitySet
from graph.read.entities import Entities, Ref

MAX_PRODUCTS: Final = 8  # compared at once
MAX_CLAIMS: Final = 4  # of one organisation on one product, the newest
MAX_STATEMENTS: Final = 3
_CLAIM_PROPERTIES: Final = {"adoption": UTS + "adopter", "assessment": UTS + "assessor"}
_OPPOSED_PAIRS: Final = f"""PREFIX uts: <{UTS}> SELECT DISTINCT ?one ?other WHERE {{
?mine uts:outcome <{CODE}assessment-outcome/obstacle> ; uts:product ?product ; uts:assessor ?one .
?theirs uts:product ?product ; uts:outcome <{CODE}assessment-outcome/no-obstacle> ; uts:assessor ?other .
FILTER(?one != ?other) }} LIMIT 3"""


@dataclass(frozen=True)
class ProductPosition:
    """What one organisation has claimed about one product, and how many statements it has made about it."""

    organisation: Ref
    adoptions: tuple[Adoption, ...]
    assessments: tuple[Assessment, ...]
    statement_count: int


@dataclass(frozen=True)
class ProductComparison:
    """The positions of the compared organisations on one product, in the order of the organisations."""

    product: Ref
    positions: tuple[ProductPosition, ...]


@dataclass(frozen=True)
class NewestStatements:
    """The newest of a set of statements, and the size of the set."""

    total: int
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class ComparedOrganisation:
    """One organisation: its types and area, its newest mail observation, its safeguards and statements."""

    organisation: Ref
    types: tuple[Ref, ...]
    group: Ref | None  # the larger area that it lies in
    mail: Observation | None
    safeguards: NewestStatements
    newest: NewestStatements


@dataclass(frozen=True)
class OrganisationComparison:
    """The organisations, the products they are compared on, and further products they have positions on."""

    organisations: tuple[ComparedOrganisation, ...]
    products: tuple[ProductComparison, ...]
    other_products: tuple[Ref, ...]


class ComparisonReader:
    """Comparisons between the organisations of one immutable release."""

    def __init__(self, entities: Entities) -> None:
        """Read through `entities`."""
        self._entities = entities

    def compare(self, organisations: Sequence[str], product: str = "") -> OrganisationComparison:
        """Return the comparison of the organisations with these IRIs on `product`, or on several products.

        The products that most of the organisations have a position on come first.
        """
        ranked = self._products(organisations)
        chosen = [product] if product else ranked[:MAX_PRODUCTS]
        return OrganisationComparison(
            tuple(self._organisation(name) for name in organisations),
            tuple(
                ProductComparison(
                    self._entities.ref(each), tuple(self._position(name, each) for name in organisations)
                )
                for each in chosen
            ),
            tuple(self._entities.ref(each) for each in ranked if each not in chosen),
        )

    def opposed_pairs(self) -> tuple[tuple[Ref, Ref], ...]:
        """Return some pairs of organisations of which one sees a legal obstacle where the other sees none."""
        rows = self._entities.select(_OPPOSED_PAIRS)
        return tuple(
            (self._entities.ref(row["one"].value), self._entities.ref(row["other"].value)) for row in rows
        )

    def _products(self, organisations: Sequence[str]) -> list[str]:
        """Return the IRIs of the products, those that most organisations have a position on first."""
        organisation_counts: Counter[str] = Counter()
        claim_counts: Counter[str] = Counter()
        index = self._entities.index
        for name in organisations:
            own: Counter[str] = Counter()
            for kind, relation in _CLAIM_PROPERTIES.items():
                members = index.linking_to(name, relation, kind=kind)
                counts = index.facet_counts(kind, ("product",), members)["product"]
                own.update({each.value.value: each.count for each in counts if each.value.kind == "iri"})
            organisation_counts.update(own.keys())
            claim_counts.update(own)
        return sorted(claim_counts, key=lambda each: (-organisation_counts[each], -claim_counts[each], each))

    def _claims(self, kind: str, name: str, product: str) -> tuple[str, ...]:
        """Return the IRIs of the newest claims of `kind` that the organisation makes about the product."""
        index = self._entities.index
        own = index.linking_to(name, _CLAIM_PROPERTIES[kind], kind=kind)
        return (own & index.linking_to(product, UTS + "product", kind=kind)).page(0, MAX_CLAIMS)

    def _position(self, name: str, product: str) -> ProductPosition:
        entities = self._entities
        statements = entities.index.linking_to(name, UTS + "onBehalfOf", kind="statement")
        return ProductPosition(
            entities.ref(name),
            tuple(read_adoption(entities, each) for each in self._claims("adoption", name, product)),
            tuple(read_assessment(entities, each) for each in self._claims("assessment", name, product)),
            len(statements & entities.index.linking_to(product, UTS + "about", kind="statement")),
        )

    def _organisation(self, name: str) -> ComparedOrganisation:
        node = self._entities.node(iri(name))
        index = self._entities.index
        statements = index.linking_to(name, UTS + "onBehalfOf", kind="statement")
        return ComparedOrganisation(
            organisation=self._entities.ref(name),
            types=self._entities.refs(self._entities.types(node)),
            group=self._entities.optional_ref(node.iri(organisation_model().group)),
            mail=next(iter(observations_of(self._entities, name)), None),
            safeguards=self._newest_statements(
                statements & index.with_value("statement", "kind", "safeguard")
            ),
            newest=self._newest_statements(statements),
        )

    def _newest_statements(self, statements: EntitySet) -> NewestStatements:
        newest = statements.page(0, MAX_STATEMENTS)
        return NewestStatements(
            len(statements), tuple(read_statement(self._entities, name) for name in newest)
        )

"""Sets organisations side by side: where each stands on a product, how it protects itself, what it says."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import CODE, UTS
from graph.core.terms import iri
from graph.index.protocol import EntitySet
from graph.read.claims import Adoption, Assessment, Observation, adoption, assessment, observations_of
from graph.read.entities import Entities, Ref
from graph.read.statements import Statement, statement

MOST_PRODUCTS: Final = 8  # compared at once
MOST_CLAIMS: Final = 4  # of one organisation on one product, the newest
MOST_STATEMENTS: Final = 3
_CLAIMS: Final = {"adoption": UTS + "adopter", "assessment": UTS + "assessor"}
_OPPOSED: Final = f"""PREFIX uts: <{UTS}> SELECT DISTINCT ?one ?other WHERE {{
?mine uts:outcome <{CODE}assessment-outcome/obstacle> ; uts:product ?product ; uts:assessor ?one .
?theirs uts:product ?product ; uts:outcome <{CODE}assessment-outcome/no-obstacle> ; uts:assessor ?other .
FILTER(?one != ?other) }} LIMIT 3"""


@dataclass(frozen=True)
class Standing:
    """Where one organisation stands on one product; `heard` counts what it has said about it."""

    organisation: Ref
    adoptions: tuple[Adoption, ...]
    assessments: tuple[Assessment, ...]
    heard: int


@dataclass(frozen=True)
class OnProduct:
    """Where each of the organisations stands on a product, in their order."""

    product: Ref
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class Voices:
    """The newest of some statements, and how many there are."""

    total: int
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Side:
    """One organisation: what it is, what its mail shows, how it protects itself, what it has said last."""

    organisation: Ref
    types: tuple[Ref, ...]
    county: Ref | None
    mail: Observation | None
    safeguards: Voices
    newest: Voices


@dataclass(frozen=True)
class Comparison:
    """The organisations, the products compared, and those that they could be compared on too."""

    sides: tuple[Side, ...]
    products: tuple[OnProduct, ...]
    others: tuple[Ref, ...]


class Comparisons:
    """Compares the organisations of one immutable release."""

    def __init__(self, entities: Entities) -> None:
        """Read through `entities`."""
        self._entities = entities

    def compare(self, organisations: Sequence[str], product: str = "") -> Comparison:
        """Return the organisations with these IRIs side by side, on the product with that IRI or on several.

        The products come first that most of the organisations have a position on.
        """
        found = self._products(organisations)
        chosen = [product] if product else found[:MOST_PRODUCTS]
        return Comparison(
            tuple(self._side(name) for name in organisations),
            tuple(
                OnProduct(
                    self._entities.ref(each), tuple(self._standing(name, each) for name in organisations)
                )
                for each in chosen
            ),
            tuple(self._entities.ref(each) for each in found if each not in chosen),
        )

    def opposed(self) -> tuple[tuple[Ref, Ref], ...]:
        """Return some pairs of organisations of which one sees a legal obstacle where the other sees none."""
        rows = self._entities.select(_OPPOSED)
        return tuple(
            (self._entities.ref(row["one"].value), self._entities.ref(row["other"].value)) for row in rows
        )

    def _products(self, organisations: Sequence[str]) -> list[str]:
        """Return the products: those that most of the organisations have a position on first."""
        parties: Counter[str] = Counter()
        claims: Counter[str] = Counter()
        index = self._entities.index
        for name in organisations:
            own: Counter[str] = Counter()
            for kind, relation in _CLAIMS.items():
                members = index.linking_to(name, relation, kind=kind)
                counts = index.facet_counts(kind, ("product",), members)["product"]
                own.update({each.value.value: each.count for each in counts if each.value.kind == "iri"})
            parties.update(own.keys())
            claims.update(own)
        return sorted(claims, key=lambda product: (-parties[product], -claims[product], product))

    def _claims(self, kind: str, name: str, product: str) -> tuple[str, ...]:
        """Return the IRIs of the newest claims of `kind` that the organisation makes about the product."""
        index = self._entities.index
        own = index.linking_to(name, _CLAIMS[kind], kind=kind)
        return (own & index.linking_to(product, UTS + "product", kind=kind)).page(0, MOST_CLAIMS)

    def _standing(self, name: str, product: str) -> Standing:
        entities = self._entities
        said = entities.index.linking_to(name, UTS + "onBehalfOf", kind="statement")
        return Standing(
            entities.ref(name),
            tuple(adoption(entities, each) for each in self._claims("adoption", name, product)),
            tuple(assessment(entities, each) for each in self._claims("assessment", name, product)),
            len(said & entities.index.linking_to(product, UTS + "about", kind="statement")),
        )

    def _side(self, name: str) -> Side:
        node = self._entities.node(iri(name))
        index = self._entities.index
        said = index.linking_to(name, UTS + "onBehalfOf", kind="statement")
        return Side(
            organisation=self._entities.ref(name),
            types=self._entities.refs(self._entities.types(node)),
            county=self._entities.optional(node.iri(UTS + "inCounty")),
            mail=next(iter(observations_of(self._entities, name)), None),
            safeguards=self._voices(said & index.with_value("statement", "kind", "safeguard")),
            newest=self._voices(said),
        )

    def _voices(self, said: EntitySet) -> Voices:
        newest = said.page(0, MOST_STATEMENTS)
        return Voices(len(said), tuple(statement(self._entities, name) for name in newest))

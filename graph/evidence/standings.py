"""Where an organisation stands on products: “no” and “nothing known” are different answers."""

from dataclasses import dataclass
from typing import Final, Literal

from graph.claims.claims import Adoption, read_adoption
from graph.core.iris import last_segment, parse_entity_iri
from graph.core.namespaces import UTS
from graph.core.terms import iri
from graph.evidence.envelope import Named
from graph.evidence.reader import literal_value, named
from graph.evidence.support import statements_behind
from graph.read.entities import Entities

Answer = Literal["yes", "no", "stopping", "not-yet", "ended", "unclear", "nothing-known"]
_ANSWERS: Final[dict[str, Answer]] = {
    "in-use": "yes",
    "in-use-in-part": "yes",
    "rolling-out": "yes",
    "not-in-use": "no",
    "declined": "no",
    "discontinued": "no",
    "paused": "stopping",
    "phasing-out": "stopping",
    "decided": "not-yet",
    "preparing": "not-yet",
    "evaluating": "not-yet",
    "considering": "not-yet",
}
"""By status, whether the organisation uses the product."""


@dataclass(frozen=True)
class StandingAdoption:
    """The newest adoption of a product by an organisation: its status, and the time that it is known for."""

    iri: str
    status: Named | None
    asOf: str | None  # noqa: N815 (the name in JSON)
    validFrom: str | None  # noqa: N815 (the name in JSON)
    validUntil: str | None  # noqa: N815 (the name in JSON)


@dataclass(frozen=True)
class Standing:
    """Where an organisation stands on a product, and the IRIs of the statements that say so.

    `answer` is whether it uses the product. It is "ended" if its status held until a day after which nothing
    is known, "unclear" if there are statements by or about it on the product but none says whether it uses
    it, and "nothing-known" if there are no statements: that does not mean “no”.
    """

    organisation: Named
    product: Named
    answer: Answer
    adoption: StandingAdoption | None
    statements: tuple[str, ...]


def products_spoken_of(entities: Entities, organisation: str) -> tuple[str, ...]:
    """Return the IRIs of the products in the claims and statements on an organisation.

    Those with a status come first.
    """
    index = entities.index
    adoptions = index.linking_to(organisation, UTS + "adopter", kind="adoption")
    counts = (
        *index.facet_counts("adoption", ("product",), adoptions)["product"],
        *index.facet_counts("statement", ("about",), statements_behind(entities, organisation))["about"],
    )
    names = dict.fromkeys(each.value.value for each in counts)
    return tuple(name for name in names if _is_product(entities, name))


def standing_on(entities: Entities, organisation: str, product: str) -> Standing:
    """Return where an organisation stands on a product, both IRIs."""
    index = entities.index
    own = index.linking_to(organisation, UTS + "adopter", kind="adoption")
    found = (own & index.linking_to(product, UTS + "product", kind="adoption")).page(0, 1)
    if found:
        adoption = read_adoption(entities, found[0])
        answer, statements = _answer(adoption), statements_behind(entities, adoption.iri)
    else:
        adoption = None
        about = index.linking_to(product, UTS + "about", kind="statement")
        statements = statements_behind(entities, organisation) & about
        answer = "unclear" if statements else "nothing-known"
    return Standing(
        named(entities.ref(organisation)),
        named(entities.ref(product)),
        answer,
        _adoption(adoption) if adoption else None,
        statements.page(0, len(statements)),
    )


def _answer(adoption: Adoption) -> Answer:
    """Return what the status of `adoption` says; one that is not ours is unclear."""
    if adoption.valid_until:
        return "ended"
    return _ANSWERS.get(last_segment(adoption.status.iri), "unclear") if adoption.status else "unclear"


def _adoption(adoption: Adoption) -> StandingAdoption:
    return StandingAdoption(
        adoption.iri,
        named(adoption.status) if adoption.status else None,
        literal_value(adoption.as_of),
        literal_value(adoption.valid_from),
        literal_value(adoption.valid_until),
    )


def _is_product(entities: Entities, name: str) -> bool:
    kind = (parse_entity_iri(name) or ("",))[0]
    return kind == "product" and bool(entities.node(iri(name)).values)

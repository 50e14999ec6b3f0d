"""The assessments behind a status: why an organisation uses a product, or has stopped using it."""

from typing import Final

from graph.claims.claims import Adoption, Assessment, assessments_of
from graph.core.namespaces import UTS
from graph.core.partial_dates import known_day_range
from graph.core.terms import Term, iri
from graph.read.entities import Entities

MAX_REASONS: Final = 3  # of one status, those that began last
_MAX_ASSESSMENTS: Final = 50  # of one organisation that are looked through
Interval = tuple[int, int]
"""The first and the last day, as in `graph.core.partial_dates`."""


def beginning(adoption: Adoption) -> Term | None:
    """Return the date when a status began, or else one on which it is known to have held."""
    return adoption.valid_from or adoption.as_of or adoption.valid_until


def assessments_behind(entities: Entities, adoption: Adoption) -> tuple[Assessment, ...]:
    """Return the assessments of the same product by the same organisation that explain its status.

    Those are the ones derived from a statement that the status is derived from too, and the ones that held
    when the status began; not one that ended then, nor one that a later one under the same act has replaced.
    """
    if not (adoption.adopter and adoption.product):
        return ()
    statements = {each.iri for each in adoption.statements}
    own = assessments_of(entities, adoption.adopter.iri, UTS + "assessor")[:_MAX_ASSESSMENTS]
    start = beginning(adoption)
    moment = known_day_range(start.value if start else None)
    found = []
    for each in own:
        interval = _interval(entities, each)
        shares = not statements.isdisjoint(said.iri for said in each.statements)
        if each.product == adoption.product and (shares or _held_at(interval, moment)):
            found.append((interval or (0, 0), each))
    found.sort(key=lambda pair: pair[0])
    latest = {each.act: each for _, each in found}  # under each act the one that began last
    return tuple(reversed(latest.values()))[:MAX_REASONS]


def _interval(entities: Entities, assessment: Assessment) -> Interval | None:
    """Return when an assessment holds, or None if that is unknown."""
    node = entities.node(iri(assessment.iri))
    validity = entities.index.kinds["assessment"].validity
    dates = (node.literal(UTS + name) for name in ("validFrom", "validUntil", "madeIn"))
    since, until, at = (term.value if term else None for term in dates)
    return validity.interval(since, until, at) if validity else None


def _held_at(interval: Interval | None, moment: Interval | None) -> bool:
    if interval is None or moment is None:
        return False
    was_replaced = interval[0] < moment[0] and interval[1] <= moment[1]
    return interval[0] <= moment[1] and interval[1] >= moment[0] and not was_replaced

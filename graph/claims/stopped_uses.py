"""Organisations that stopped or refused a product: later statuses, reasons, and who used it then."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from graph.claims.claims import Adoption, Assessment, read_adoption, read_assessment
from graph.claims.reasons import assessments_behind, beginning
from graph.core.iris import last_segment
from graph.core.namespaces import UTS
from graph.core.partial_dates import PartialDate
from graph.index.protocol import EntitySet
from graph.read.as_of import AsOfIndex
from graph.read.entities import Entities, Ref
from graph.read.product_lines import product_line

STOPPED: Final = ("paused", "declined", "discontinued", "phasing-out")
USED: Final = ("in-use", "in-use-in-part", "rolling-out")
_OBSTACLES: Final = frozenset(("obstacle", "breach"))
NO_OBSTACLES: Final = ("no-obstacle", "permitted-with-conditions")
MAX_OTHERS: Final = 8  # organisations that are shown beside one that stopped
_MAX_ADOPTIONS: Final = 50  # of one organisation that are looked through for the statuses after a stop


@dataclass(frozen=True)
class StoppedUse:
    """One organisation's stop of a product."""

    stop: Adoption
    resumed: Adoption | None  # the next status with which the organisation used the product
    reasons: tuple[Assessment, ...]
    users: tuple[Adoption, ...]  # of others that used the product at the time, each once
    opposite: tuple[Assessment, ...]  # of others that saw no obstacle then, under the same act


def read_stopped_uses(entities: Entities, product: Ref, limit: int) -> tuple[StoppedUse, ...]:
    """Return the last `limit` stops of `product` or of one that has succeeded it, the newest first."""
    line = product_line(entities, product.iri)
    index = AsOfIndex(entities.index)
    stopped = _having(index, "adoption", "status", STOPPED) & _about(index, "adoption", line)
    return tuple(_read(entities, line, read_adoption(entities, name)) for name in stopped.page(0, limit))


def _read(entities: Entities, line: tuple[str, ...], stop: Adoption) -> StoppedUse:
    reasons = assessments_behind(entities, stop)
    start = beginning(stop)
    then = AsOfIndex(entities.index, PartialDate(start.value) if start else None)
    return StoppedUse(
        stop,
        _resumption(entities, stop),
        reasons,
        _users(entities, then, line, stop),
        _opposite(entities, then, line, stop, _acts_in_the_way(reasons)),
    )


def _resumption(entities: Entities, stop: Adoption) -> Adoption | None:
    """Return the first status after `stop` with which its organisation used the same product."""
    if not (stop.adopter and stop.product and (start := beginning(stop))):
        return None
    index = AsOfIndex(entities.index)
    used = _having(index, "adoption", "status", USED)
    own = used & index.linking_to(stop.adopter.iri, UTS + "adopter", kind="adoption")
    of_product = own & index.linking_to(stop.product.iri, UTS + "product", kind="adoption")
    found = (read_adoption(entities, name) for name in of_product.page(0, _MAX_ADOPTIONS))
    later = [(each.valid_from.value, each) for each in found if each.valid_from]
    after = [pair for pair in later if pair[0] > start.value]
    return min(after, key=lambda pair: (pair[0], pair[1].iri))[1] if after else None


def _users(
    entities: Entities, then: AsOfIndex, line: tuple[str, ...], stop: Adoption
) -> tuple[Adoption, ...]:
    used = _having(then, "adoption", "status", USED) & _about(then, "adoption", line)
    found = (read_adoption(entities, name) for name in used.page(0, 2 * MAX_OTHERS))
    others = {each.adopter: each for each in found if each.adopter and each.adopter != stop.adopter}
    return tuple(others.values())[:MAX_OTHERS]


def _opposite(
    entities: Entities, then: AsOfIndex, line: tuple[str, ...], stop: Adoption, acts: frozenset[Ref]
) -> tuple[Assessment, ...]:
    """Return assessments by others, under one of `acts`, that saw no obstacle at the time."""
    found = _having(then, "assessment", "outcome", NO_OBSTACLES) & _about(then, "assessment", line)
    read = (read_assessment(entities, name) for name in found.page(0, 2 * MAX_OTHERS))
    others = (each for each in read if each.assessor and each.assessor != stop.adopter)
    return tuple(each for each in others if each.act in acts)[:MAX_OTHERS]


def _acts_in_the_way(reasons: tuple[Assessment, ...]) -> frozenset[Ref]:
    """Return the acts under which one of `reasons` found an obstacle."""
    obstacles = (each for each in reasons if each.outcome and last_segment(each.outcome.iri) in _OBSTACLES)
    return frozenset(each.act for each in obstacles if each.act)


def _having(index: AsOfIndex, kind: str, facet: str, codes: tuple[str, ...]) -> EntitySet:
    """Return the entities of `kind` whose column `facet` has one of `codes`."""
    return reduce(or_, (index.with_value(kind, facet, code) for code in codes))


def _about(index: AsOfIndex, kind: str, products: tuple[str, ...]) -> EntitySet:
    """Return the claims of `kind` about one of `products`, valid at the time of the index."""
    return reduce(or_, (index.linking_to(name, UTS + "product", kind=kind) for name in products))

"""Adds to every adoption, assessment, office, law and statement the period for which it holds, as two days.

Sources give dates as exactly as they know them, of three types that SPARQL does not compare. A period has the
first day that its claim may hold for and the last, of one type:
https://www.w3.org/TR/vocab-dcat-3/#Class:Period_of_Time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from graph.core.namespaces import DCAT, DCTERMS, ORG, RDF, UTS, XSD
from graph.core.partial_dates import PartialDate
from graph.core.property_paths import PropertyPath
from graph.core.site_kinds import SITE_KINDS
from graph.rules.inference import GRAPH_NAME

_PERIOD: Final = NamedNode(DCTERMS + "PeriodOfTime")
_TEMPORAL: Final = NamedNode(DCTERMS + "temporal")
_LAST_CONFIRMED: Final = NamedNode(UTS + "lastConfirmed")
_DATE: Final = NamedNode(XSD + "date")

Node = NamedNode | BlankNode
Value = NamedNode | Literal


Values = Callable[[str, str], Sequence[Value]]
"""Returns the values of the property of a node, each given by its IRI."""


class _Bounds(NamedTuple):
    """The paths to the dates when something begins, ends, and holds in any case, the preferred ones first."""

    begin: tuple[PropertyPath, ...] = ()
    end: tuple[PropertyPath, ...] = ()
    at: tuple[PropertyPath, ...] = ()


def _bounds_of(kind: str) -> _Bounds:
    """Return the paths by which the index too finds out when an entity of `kind` is valid."""
    validity = SITE_KINDS[kind].validity if kind in SITE_KINDS else None
    return _Bounds(*validity.date_paths) if validity else _Bounds()


_BOUNDS: Final = {
    UTS + "Adoption": _bounds_of("adoption"),
    UTS + "Assessment": _bounds_of("assessment"),
    ORG + "Membership": _bounds_of("adoption"),
    UTS + "LegalAct": _bounds_of("law"),
    UTS + "Statement": _Bounds(  # made when its source was issued; the index has it valid from then on
        ((UTS + "saidIn", UTS + "issuedNotBefore"), (UTS + "saidIn", DCTERMS + "issued")),
        ((UTS + "saidIn", UTS + "issuedNotAfter"), (UTS + "saidIn", DCTERMS + "issued")),
    ),
}
PERIOD_CLASSES: Final = tuple(_BOUNDS)
"""The IRIs of the classes of claims that have a period."""
_STEPS: Final = {step for bounds in _BOUNDS.values() for paths in bounds for path in paths for step in path}


def periods(quads: Iterable[Quad]) -> list[Quad]:
    """Return the quads of the periods of what `quads` say, in the graph of what the build adds.

    A claim that begins and is not known to end has no last day. Its uts:lastConfirmed is the last day for
    which a source says it. What has no date has no period.
    """
    values: dict[tuple[str, str], list[Value]] = {}
    classes: dict[str, set[str]] = {}
    for subject, predicate, value, _ in quads:
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            continue
        if predicate.value in _STEPS:
            values.setdefault((subject.value, predicate.value), []).append(value)
        elif predicate.value == RDF + "type" and value.value in _BOUNDS:
            classes.setdefault(value.value, set()).add(subject.value)
    return [
        Quad(triple.subject, triple.predicate, triple.object, GRAPH_NAME)
        for class_ in PERIOD_CLASSES
        for name in sorted(classes.get(class_, ()))
        for triple in period_of(name, class_, lambda node, step: values.get((node, step), ()))
    ]


def period_of(name: str, class_: str, values: Values) -> Iterator[Triple]:
    """Yield the triples of the period of the claim with the IRI `name`, a member of `class_`."""
    bounds = _BOUNDS[class_]
    begin, end, at = (_date(name, paths, values) for paths in bounds)
    first, last = begin or at, end or (None if begin else at)
    if first is None and last is None:
        return
    claim, period = NamedNode(name), NamedNode(f"{name}-period" if "#" in name else f"{name}#period")
    yield Triple(claim, _TEMPORAL, period)
    yield Triple(period, NamedNode(RDF + "type"), _PERIOD)
    if first:
        yield Triple(period, NamedNode(DCAT + "startDate"), _day(first.first_day))
    if last:
        yield Triple(period, NamedNode(DCAT + "endDate"), _day(last.last_day))
    elif bounds.at and first:
        confirmed = at if at and at.last_day >= first.first_day else first
        yield Triple(claim, _LAST_CONFIRMED, _day(confirmed.last_day))


def _date(name: str, paths: Iterable[PropertyPath], values: Values) -> PartialDate | None:
    """Return the earliest date at the end of the first path from `name` that leads to one."""
    for path in paths:
        nodes = [name]
        for step in path:
            nodes = [found.value for node in nodes for found in values(node, step)]
        if nodes:
            return PartialDate.parse(min(nodes))
    return None


def _day(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=_DATE)

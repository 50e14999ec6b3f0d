"""Runs the checks, queries that must have no result, on the content of a release before it is loaded."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from graph.core.errors import BadInput, Fault
from graph.core.namespaces import ID
from graph.query import stored


def check(store: Store, lines: dict[str, str]) -> None:
    """Raise BadInput with a fault for every row a check finds; `lines` maps an IRI to file:line."""
    faults = [fault for one in stored.load_checks().values() for fault in _faults(one, store, lines)]
    if faults:
        raise BadInput.of(faults)


def in_memory(quads: Iterable[Quad]) -> Store:
    """Return the quads in a store in memory, to be queried before there is a release."""
    store = Store()
    store.bulk_extend(quads)
    return store


def _faults(one: stored.DataCheck, store: Store, lines: dict[str, str]) -> Iterator[Fault]:
    rows = store.query(one.text)
    if isinstance(rows, QuerySolutions):
        names = [variable.value for variable in rows.variables]
        for row in rows:
            values = {name: row[name].value for name in names if isinstance(row[name], NamedNode | Literal)}
            fault = one.fault({name: value.removeprefix(ID) for name, value in values.items()})
            subject = values[next(iter(one.columns))]
            yield Fault(lines.get(subject, fault.where), fault.message, fault.rule, fault.remedy)

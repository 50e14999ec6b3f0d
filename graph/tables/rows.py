"""The rows of a table, read from the entities of a release: a value or a list of values for each field."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from graph.core.namespaces import BASE, NAMESPACE, TYPE, XSD
from graph.core.partial_dates import DATATYPES
from graph.core.property_paths import INVERSE, PropertyPath
from graph.core.terms import Term, iri
from graph.read.entities import Entities, Node
from graph.tables.description import LABEL, LANGUAGES, Column, Datatype, Table

Value = str | int | Decimal | bool | date
Cell = Value | tuple[Value, ...] | None
"""A value, several, or none."""
Row = tuple[Cell, ...]
Count = Callable[[str, str], int]
"""How many triples with a property lead to an entity, given its IRI and that of the property."""

_NUMBERS: Final = frozenset(XSD + name for name in ("integer", "decimal"))
_DATES: Final = frozenset(DATATYPES.values())
_TYPED: Final[dict[Datatype, frozenset[str]]] = {
    "integer": frozenset({XSD + "integer"}),
    "decimal": _NUMBERS,
    "boolean": frozenset({XSD + "boolean"}),
    "date": frozenset({XSD + "date"}),
    "partialDate": _DATES,
}
_PARSERS: Final[dict[Datatype, Callable[[str], Value]]] = {
    "integer": int,
    "decimal": Decimal,
    "boolean": lambda text: text in {"true", "1"},
    "date": date.fromisoformat,
}


def read_table(entities: Entities, table: Table) -> Iterator[Row]:
    """Yield all rows of `table`: those of a kind in the order of its list, those of a class by their IRIs."""
    return read_rows(entities, table, _members(entities, table))


def read_rows(
    entities: Entities, table: Table, names: Iterable[str], count: Count | None = None
) -> Iterator[Row]:
    """Yield the rows of `table` for the IRIs `names`; counts are those of `count`, or all there are."""
    reader = _RowReader(entities, table)
    if count:
        reader.count = count
    return map(reader.read, names)


class _RowReader:
    """Reads rows of one table."""

    def __init__(self, entities: Entities, table: Table) -> None:
        self._entities = entities
        self._table = table
        self.count: Count = lambda name, property_: entities.link_counts(name).get(property_, 0)

    def read(self, name: str) -> Row:
        """Return the row of the entity with the IRI `name`.

        A field that is to have one value has a list nevertheless where the data have several, and a text
        where a value is not of its datatype: data that is served without a release may break any rule.
        """
        node = self._entities.node(iri(name))
        names = self._names(name) if self._table.label == LABEL else ()
        cells = (cell for column in self._table.columns for cell in self._cells(node, column))
        return name, *names, *cells

    def _cells(self, node: Node, column: Column) -> tuple[Cell, ...]:
        if column.counted_property:
            return (self.count(node.term.value, column.counted_property),)
        ends = self._ends(node, column)
        if column.in_languages:
            return tuple(
                _cell([end.value for end in ends if end.language in {tag, ""}], many=column.many)
                for tag in LANGUAGES
            )
        if column.references:
            things = [end.value for end in ends]
            names = zip(*map(self._names, things), strict=True) if things else ((),) * len(LANGUAGES)
            shown = (things, *names) if column.named else (things,)
            return tuple(_cell(list(each), many=column.many) for each in shown)
        datatype = column.datatype or "string"
        values = [_value(end, datatype) for end in ends if not column.only or _is_typed(end, datatype)]
        return (_cell(values, many=column.many),)

    def _ends(self, node: Node, column: Column) -> tuple[Term, ...]:
        """Return the distinct nodes at the ends of the first path of `column` that leads to any."""
        for path in column.paths:
            ends = self._follow(node, path, latest=column.latest)
            if ends:
                return tuple(dict.fromkeys(ends))
        return ()

    def _follow(self, node: Node, path: PropertyPath, *, latest: bool) -> tuple[Term, ...]:
        if path == (TYPE,):
            types, derived = self._entities.types(node), self._entities.index.kinds.derived
            return tuple(iri(name) for name in types if derived or name.startswith((BASE, NAMESPACE)))
        ends = self._step(node.term, path[0], latest=latest)
        for step in path[1:]:
            ends = tuple(end for each in ends for end in self._step(each, step, latest=latest))
        return ends

    def _step(self, start: Term, step: str, *, latest: bool) -> tuple[Term, ...]:
        if start.kind == "literal":
            return ()
        if not step.startswith(INVERSE):
            return self._entities.node(start).terms(step)
        property_ = step.removeprefix(INVERSE)
        if latest:
            return tuple(map(iri, self._entities.subjects(start.value, property_, limit=1)))
        return tuple(map(iri, sorted(self._entities.find_links(start.value, property_))))

    def _names(self, name: str) -> tuple[Value, ...]:
        """Return the name of a thing in each language: in another one, or its IRI, where there is none."""
        labels = self._entities.ref(name).labels
        first = {label.language: label.value for label in reversed(labels)}
        other = first.get(LANGUAGES[0]) or next(iter(first.values()), name)
        return tuple(first.get(tag, other) for tag in LANGUAGES)


def _members(entities: Entities, table: Table) -> tuple[str, ...]:
    if table.name in entities.index.kinds:
        found = entities.index.of_kind(table.name)
        return found.page(0, len(found))
    return tuple(sorted(name for name in entities.members(table.class_) if name.startswith(BASE)))


def _value(end: Term, datatype: Datatype) -> Value:
    """Return a node as a value of `datatype`, or as text if it is none."""
    parse = _PARSERS.get(datatype)
    if parse is None or not _is_typed(end, datatype):
        return end.value
    try:
        return parse(end.value)
    except (ValueError, InvalidOperation):
        return end.value


def _is_typed(end: Term, datatype: Datatype) -> bool:
    return end.datatype in _TYPED.get(datatype, {end.datatype})


def _cell(values: list[Value], *, many: bool) -> Cell:
    """Return `values` as a cell: a list, or the only one there is."""
    if many:
        return tuple(values)
    return values[0] if len(values) == 1 else tuple(values) or None

"""Reads a register, a CSV file with its CSVW metadata beside it, into quads: csv2rdf in minimal mode.

https://www.w3.org/TR/csv2rdf/ with the metadata as the whole mapping; an empty cell gives no triple. Where
the csvw library is lax about a datatype (1_0 as a number, a date with a tail), the reading here is strict.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from csvw.dsv import UnicodeReaderWithLineNumber
from csvw.metadata import Dialect
from pyoxigraph import Literal, NamedNode, Quad

from graph.core.errors import BadInput, Fault
from graph.core.files import read_text
from graph.core.namespaces import GRAPH, REPLACED_BY, TYPE, XSD
from graph.ingest import csvw_metadata
from graph.ingest.csvw_metadata import Description
from graph.ingest.facts import Facts

_DECLARING = (TYPE, REPLACED_BY)

# https://www.w3.org/TR/xmlschema11-2/; a string has no control characters and no stray white space.
_LEXICAL = {
    "string": re.compile(r"[^\s\x00-\x1f\x7f]+(?: [^\s\x00-\x1f\x7f]+)*"),
    "integer": re.compile(r"[+-]?[0-9]+"),
    "decimal": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "gYear": re.compile(r"[0-9]{4}"),
}


def read(path: Path) -> Facts:
    """Return the facts of the register at `path`; raise BadInput with every fault of it and its metadata."""
    metadata = path.with_name(f"{path.name}-metadata.json")
    table = csvw_metadata.describe(metadata, path.name)
    register = _Register(path, table.tableSchema)
    register.read_rows(read_text(path))
    if register.faults:
        raise BadInput.of(register.faults)
    for quad in csvw_metadata.annotations(table, metadata, register.graph):
        register.quads.append(quad)
        if isinstance(quad.subject, NamedNode):
            register.lines.setdefault(quad.subject.value, f"{metadata}:1")
    return Facts(register.graph.value, register.quads, register.lines)


@dataclass(frozen=True)
class _Row:
    """The cells of a row that are not empty, as written and as read, and where the row is."""

    where: str
    written: dict[str, str] = field(default_factory=dict)
    values: dict[str, list[Any]] = field(default_factory=dict)


class _Register:
    """Reads the rows of a file into quads, with their lines and the faults."""

    def __init__(self, path: Path, schema: Description) -> None:
        self.path = path
        self.graph = NamedNode(f"{GRAPH}register/{path.stem}")
        self.quads: list[Quad] = []
        self.lines: dict[str, str] = {}
        self.faults: list[Fault] = []
        self._schema = schema
        self._columns = [column for column in schema.columns if not column.virtual]
        self._seen: dict[tuple[str, ...], str] = {}

    def read_rows(self, text: str) -> None:
        source = io.StringIO(text.removeprefix("\ufeff"), newline="")
        with UnicodeReaderWithLineNumber(source, dialect=Dialect()) as rows:
            line = 0
            try:
                line, header = next(rows, (1, []))
                self._check_header(header)
                if not self.faults:
                    for line, cells in rows:
                        self._read_row(f"{self.path}:{line}", cells)
            except csv.Error as error:
                where = f"{self.path}:{line + 1}"
                self._fault(where, f"the row that begins here is not CSV: {error}", "CSV", "mend the quotes")

    def _fault(self, where: str, message: str, rule: str, remedy: str) -> None:
        self.faults.append(Fault(where, message, rule, remedy))

    def _check_header(self, header: list[str]) -> None:
        where, names = f"{self.path}:1", [column.name for column in self._columns]
        for name in (name for name in header if name not in names):
            remedy = "take it out, or describe it in the metadata"
            self._fault(where, f"the column “{name}” is not known", "columns", remedy)
        if header != names and not self.faults:
            remedy = f"begin with {','.join(names)}"
            self._fault(where, "the columns are not those of the metadata", "columns", remedy)

    def _read_row(self, where: str, cells: list[str]) -> None:
        if len(cells) != len(self._columns):
            message = f"the row has {len(cells)} cells; there are {len(self._columns)} columns"
            self._fault(where, message, "columns", "give each column a cell, empty where nothing is known")
            return
        row, before = _Row(where), len(self.faults)
        for column, cell in zip(self._columns, cells, strict=True):
            self._read_cell(row, column, cell or column.inherit("default"))
        if len(self.faults) > before:
            return
        try:
            self._check_keys(row)
            for column in self._schema.columns:
                self._state(row, column)
        except ValueError as error:
            self._fault(where, f"the row makes no IRI: {error}", "IRI", "fill in the cells it is made of")

    def _read_cell(self, row: _Row, column: Description, cell: str) -> None:
        kind, separator = csvw_metadata.datatype(column), column.inherit("separator")
        try:
            empty = cell in column.inherit_null()
            parts = [] if empty else cell.split(separator) if separator else [cell]
            if not all(_LEXICAL[kind].fullmatch(part) for part in parts):
                raise ValueError(f"not one {kind} without stray white space")
            value = column.read(cell)
        except ValueError as error:
            form = getattr(column.inherit("datatype"), "format", None)
            message = (
                f"“{cell}” in {column.name} is not valid: {error}" if cell else f"{column.name} is empty"
            )
            self._fault(row.where, message, f"column {column.name}", f"write {form or f'one {kind}'}")
            return
        if not empty:
            row.written[column.name] = cell
            row.values[column.name] = value if separator else [value]

    def _check_keys(self, row: _Row) -> None:
        """Record a fault when an earlier row has the row's primary key, or is about the same entity."""
        key = tuple(row.written.get(name, "") for name in self._schema.primaryKey or ())
        about = (_iri(self._schema.inherit("aboutUrl"), row).value,)
        for one in (key, about):
            first = self._seen.setdefault(one, row.where) if one else row.where
            if first != row.where:
                message = f"{', '.join(one)} stands at {first} too"
                self._fault(row.where, message, "one row, one key", "take one row out, or mend the key")

    def _state(self, row: _Row, column: Description) -> None:
        """Add the triples of a cell, unless it is empty or only there for templates to use."""
        if column.suppressOutput or not (column.virtual or column.name in row.values):
            return
        about, prop, value = (column.inherit(kind) for kind in ("aboutUrl", "propertyUrl", "valueUrl"))
        subject, predicate = _iri(about, row), _iri(prop, row)
        objects = [_iri(value, row)] if value else [_literal(column, v) for v in row.values[column.name]]
        self.quads.extend(Quad(subject, predicate, one, self.graph) for one in objects)
        self.lines.setdefault(f"{subject.value} {predicate.value}", row.where)
        if predicate.value in _DECLARING:  # else the subject stands where another file declares it
            self.lines.setdefault(subject.value, row.where)


def _iri(template: Description, row: _Row) -> NamedNode:
    """Return the IRI that the template gives for the row; raise ValueError when a cell it needs is empty."""
    for name in template.variable_names:
        if name not in row.written:
            raise ValueError(f"{name} is empty")
    return NamedNode(template.expand(row.written))


def _literal(column: Description, value: Any) -> Literal:
    """Return the value in canonical form: the store rewrites 59.50 to 59.5, and the dumps must agree."""
    match csvw_metadata.datatype(column):
        case "integer":
            return Literal(str(value), datatype=NamedNode(XSD + "integer"))
        case "decimal":
            whole, _, fraction = f"{value:f}".partition(".")
            plain = f"{whole}.{fraction}".rstrip("0").rstrip(".") if fraction else whole
            return Literal("0" if plain == "-0" else plain, datatype=NamedNode(XSD + "decimal"))
        case "date":
            return Literal(value.date().isoformat(), datatype=NamedNode(XSD + "date"))
        case "gYear":
            return Literal(value, datatype=NamedNode(XSD + "gYear"))
    return Literal(value) if column.lang == "und" else Literal(value, language=column.lang)

"""Reads CSVW metadata, the description of a table that maps each of its cells to a triple.

https://www.w3.org/TR/tabular-metadata/ by way of the csvw library. A description stands on its own: a schema
or a dialect given as a URL would be fetched, and is refused.
"""

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from csvw.metadata import NAMESPACES, Table
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from graph.core.errors import BadInput
from graph.core.files import read_text

Description: TypeAlias = Any  # of a table, a column or a datatype; the csvw library has no types

DATATYPES = ("string", "integer", "decimal", "date", "gYear")


def describe(path: Path, name: str) -> Description:
    """Return the description at `path` of the table in the file `name`; raise BadInput with its faults."""
    document = _document(path)
    with warnings.catch_warnings(record=True) as complaints:
        warnings.simplefilter("always")
        try:
            table = Table.fromvalue(document)
        except (ValueError, TypeError, KeyError, AttributeError, AssertionError) as error:
            raise _refusal(path, str(error) or "it is malformed") from error
    found = [str(complaint.message) for complaint in complaints] + list(_missing(table, name))
    if found:
        raise BadInput.of(fault for message in found for fault in _refusal(path, message).faults)
    return table


def datatype(column: Description) -> str:
    """Return the name of the built-in datatype of a column's cells."""
    described = column.inherit("datatype")
    return described.base or "string" if described else "string"


def annotations(table: Description, path: Path, graph: NamedNode) -> Iterator[Quad]:
    """Yield the metadata at `path` about the whole table, as quads in and about the named graph."""
    document = {"@context": NAMESPACES, "@id": graph.value, **table.common_props}
    try:
        for quad in parse(json.dumps(document).encode(), format=RdfFormat.JSON_LD):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)
    except SyntaxError as error:
        raise _refusal(path, error.msg) from error


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise BadInput(
            error.msg, where=f"{path}:{error.lineno}", rule="JSON", remedy="mend the syntax"
        ) from error
    except RecursionError as error:
        raise _refusal(path, "it is nested too deeply") from error
    if not isinstance(document, dict) or not isinstance(document.get("tableSchema"), dict):
        raise _refusal(path, "it has no tableSchema of its own")
    if "dialect" in document:
        raise _refusal(path, "a register has the default dialect")
    return document


def _missing(table: Description, name: str) -> Iterator[str]:
    """Yield a fault for everything that a register needs and the description does not have."""
    schema = table.tableSchema
    names = {column.name for column in schema.columns if not column.virtual}
    if table.url.string != name:
        yield f"it describes {table.url.string}, not {name}"
    if schema.inherit("aboutUrl") is None:
        yield "it has no aboutUrl for the rows"
    if unknown := set(schema.primaryKey or ()) - names:
        yield f"the primary key has unknown columns: {', '.join(sorted(unknown))}"
    for column in schema.columns:
        if not column.name:
            yield f"the column {column} has no name"
        if datatype(column) not in DATATYPES:
            yield f"the datatype of {column} is none of {', '.join(DATATYPES)}"
        if not column.suppressOutput:
            yield from _missing_in_column(column, names)


def _missing_in_column(column: Description, names: set[str]) -> Iterator[str]:
    about, prop, value = (column.inherit(kind) for kind in ("aboutUrl", "propertyUrl", "valueUrl"))
    if prop is None:
        yield f"the column {column} has no propertyUrl"
    if column.virtual and value is None:
        yield f"the virtual column {column} has no valueUrl"
    used = {name for template in (about, prop, value) if template for name in template.variable_names}
    if unknown := used - names:
        yield f"the column {column} uses unknown columns: {', '.join(sorted(unknown))}"


def _refusal(path: Path, message: str) -> BadInput:
    return BadInput(
        f"the metadata cannot be used: {message}",
        where=f"{path}:1",
        rule="CSVW metadata",
        remedy="describe the table as https://www.w3.org/TR/tabular-metadata/ says",
    )

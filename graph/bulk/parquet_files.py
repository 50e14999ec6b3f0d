"""The tables as Parquet files, in a zip: https://parquet.apache.org/docs/file-format/.

Lists are lists, and days are dates. A column of days, months or years is text, as in ISO 8601.
"""

import io
import json
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from arro3.core import Array, DataType, list_array
from arro3.core import Table as ArrowTable
from arro3.io import write_parquet

from graph.bulk.content import BulkContent
from graph.bulk.zip_archive import write_zip
from graph.core.namespaces import DATASET, LICENCE
from graph.tables.cell_text import value_text
from graph.tables.description import Datatype, Field, Table
from graph.tables.rows import Cell, Row, Value

_TYPES: Final[dict[Datatype, DataType]] = {
    "integer": DataType.int64(),
    "decimal": DataType.float64(),
    "boolean": DataType.bool(),
}
_EPOCH: Final = date(1970, 1, 1)


def write_parquet_files(path: Path, content: BulkContent) -> None:
    """Write the tables of `content` to a zip at `path`; the files in it are compressed already."""
    write_zip(path, _members(content), compress=False)


def _members(content: BulkContent) -> Iterator[tuple[str, bytes]]:
    said = {"release": content.release, "dataset": DATASET, "licence": LICENCE}
    metadata = {"utsaga": json.dumps(said)}  # one key, since the library writes several in any order
    for table, rows in content.tables:
        file = io.BytesIO()
        write_parquet(_arrow(table, rows), file, compression="zstd(9)", key_value_metadata=metadata)
        yield f"{table.name}.parquet", file.getvalue()


def _arrow(table: Table, rows: Sequence[Row]) -> ArrowTable:
    columns: dict[str, Any] = {
        field.name: _array([row[at] for row in rows], field) for at, field in enumerate(table.fields)
    }
    return ArrowTable.from_pydict(columns)


def _array(cells: Sequence[Cell], field: Field) -> Array:
    if not field.many:
        return _values([None if isinstance(cell, tuple) else cell for cell in cells], field.datatype)
    lists = [cell if isinstance(cell, tuple) else () for cell in cells]
    ends = Array([0, *accumulate(map(len, lists))], type=DataType.int32())
    return list_array(ends, _values([value for each in lists for value in each], field.datatype))


def _values(values: Sequence[Value | None], datatype: Datatype) -> Array:
    if datatype == "date":
        days = [(each - _EPOCH).days if isinstance(each, date) else None for each in values]
        return Array(days, type=DataType.int32()).cast(DataType.date32())
    if datatype == "decimal":
        numbers = [None if each is None else float(str(each)) for each in values]
        return Array(numbers, type=DataType.float64())
    if datatype in _TYPES:
        return Array(values, type=_TYPES[datatype])
    texts = [None if each is None else value_text(each) for each in values]
    return Array(texts, type=DataType.string())

"""The tables as CSV files with their description in CSVW, in a zip: https://www.w3.org/TR/tabular-metadata/."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from graph.bulk.content import BulkContent
from graph.bulk.zip_archive import write_zip
from graph.core.namespaces import DATASET, LICENCE
from graph.core.site import SITE
from graph.tables.cell_text import cell_text
from graph.tables.csvw_schema import CONTEXT, DIALECT, columns_of, language_map, schema
from graph.tables.description import ID, LANGUAGES, Table
from graph.tables.rows import Row

METADATA: Final = "csv-metadata.json"
"""Where readers of CSVW look for the description of the files beside it."""


def write_csv(path: Path, content: BulkContent) -> None:
    """Write the tables of `content` to a zip at `path`."""
    write_zip(path, _members(content))


def _members(content: BulkContent) -> Iterator[tuple[str, bytes]]:
    described = json.dumps(table_group(content), ensure_ascii=False, indent=1) + "\n"
    yield METADATA, described.encode()
    for table, rows in content.tables:
        yield _file(table.name), _csv(table, rows).encode()


def table_group(content: BulkContent) -> dict[str, Any]:
    """Return the description of all files."""
    return {
        "@context": CONTEXT,
        "dc:title": language_map(dict.fromkeys(LANGUAGES, SITE.name)),
        "dc:source": {"@id": DATASET},
        "dc:license": {"@id": LICENCE},
        "schema:version": content.release,
        "dialect": DIALECT,
        "tables": [_describe(table, rows) for table, rows in content.tables],
    }


def _describe(table: Table, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the description of the file of `table`; a foreign key must have a value in each row."""
    references = {
        field.name: _file(field.references)
        for at, field in enumerate(table.fields)
        if field.references and not field.many and all(row[at] for row in rows)
    }
    return {
        "url": _file(table.name),
        "dc:title": language_map(table.title),
        "tableSchema": schema(columns_of(table), key=ID, title=table.label_field, references=references),
    }


def _file(table: str) -> str:
    return f"{table}.csv"


def _csv(table: Table, rows: Iterable[Row]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(field.name for field in table.fields)
    writer.writerows(map(cell_text, row) for row in rows)
    return text.getvalue()

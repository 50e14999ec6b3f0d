"""Writes all bulk files of a release."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from graph.bulk.content import BulkContent, read_content
from graph.bulk.csv_files import write_csv
from graph.bulk.datasette_metadata import write_datasette
from graph.bulk.parquet_files import write_parquet_files
from graph.bulk.sqlite_file import write_sqlite
from graph.bulk.xlsx_file import write_xlsx
from graph.read.entities import Entities
from graph.release.dumps import CSV, DATASETTE, PARQUET, SQLITE, XLSX

_WRITERS: Final[dict[str, Callable[[Path, BulkContent], None]]] = {
    CSV: write_csv,
    SQLITE: write_sqlite,
    DATASETTE: write_datasette,
    PARQUET: write_parquet_files,
    XLSX: write_xlsx,
}


def write_bulk_files(folder: Path, entities: Entities, release: str) -> None:
    """Write the files of the tables of `entities`, those of the release called `release`, to a new `folder`.

    Raise BadInput if the data have several values where a table has room for one.
    """
    folder.mkdir()
    content = read_content(entities, release)
    for name, write in _WRITERS.items():
        write(folder / name, content)

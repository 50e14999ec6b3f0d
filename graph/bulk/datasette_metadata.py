"""What Datasette is to show of the SQLite database: titles, facets and labels.

https://docs.datasette.io/en/stable/metadata.html. To use it:
`datasette utsaga.sqlite --metadata utsaga.datasette.json`.
"""

import json
from pathlib import Path
from typing import Any

from graph.bulk.content import BulkContent
from graph.bulk.sqlite_file import kept_fields, link_table, linked_fields
from graph.core.licences import licence_name
from graph.core.namespaces import BASE, LICENCE
from graph.core.site import SITE
from graph.release.dumps import SQLITE
from graph.tables.description import LANGUAGES, Field, Table, Translations


def write_datasette(path: Path, content: BulkContent) -> None:
    """Write the metadata of the database with `content` to `path`."""
    tables = {table.name: _table(table) for table, _ in content.tables}
    links = (link_table(table, field) for table, _ in content.tables for field in linked_fields(table))
    tables |= {name: {"hidden": True} for name in links}
    document = {
        "title": SITE.name,
        "license": licence_name(LICENCE),
        "license_url": LICENCE,
        "source": SITE.name,
        "source_url": BASE,
        "databases": {SQLITE.partition(".")[0]: {"tables": tables}},
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _table(table: Table) -> dict[str, Any]:
    described: dict[str, Any] = {
        "title": _both(table.title),
        "columns": {field.name: _both(field.title) for _, field in kept_fields(table)},
        "facets": [_facet(column.fields) for column in table.columns if column.facet],
    }
    if table.label_field:
        described["label_column"] = table.label_field
    return described


def _facet(fields: tuple[Field, ...]) -> str | dict[str, str]:
    """Return the facet of a column: of the names in a list, else of its values, which may be foreign keys."""
    first = fields[0]
    if not first.many:
        return first.name
    return {"array": next((each.name for each in fields if each.names), first.name)}


def _both(title: Translations) -> str:
    return " · ".join(dict.fromkeys(title[tag] for tag in LANGUAGES))

"""docs/sites.md names every key of a site's files."""

from pathlib import Path

import pytest

from graph.core import site, site_kinds
from graph.core.parts import PARTS
from graph.core.site import COLOURS, FOLDERS, TABLES

TEXT = (Path(__file__).parents[3] / "docs" / "sites.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", [*site.REQUIRED, *site.OPTIONAL])
def test_each_key_of_a_site_has_a_row(key: str) -> None:
    assert f"\n| `{key}` |" in TEXT


@pytest.mark.parametrize("table", [name for name in TABLES if name != "site"])
def test_each_table_has_a_row_with_its_keys(table: str) -> None:
    row = next(line for line in TEXT.splitlines() if line.startswith(f"| `[{table}]` |"))
    keys = {"colours": COLOURS, "folders": FOLDERS}.get(table, TABLES[table])
    assert all(f"`{key}`" in row for key in keys)


def test_each_part_is_named() -> None:
    row = next(line for line in TEXT.splitlines() if line.startswith("| `parts` |"))
    assert all(f"`{part}`" in row for part in PARTS)


def test_each_key_of_a_table_of_kinds_is_named() -> None:
    keys = (*site_kinds.KIND_KEYS, *site_kinds.COLUMN_KEYS, *site_kinds.VALIDITY_KEYS)
    assert all(key in TEXT for key in keys)

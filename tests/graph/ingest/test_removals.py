"""The list of people who were removed on request."""

from pathlib import Path

import pytest

from graph.core.errors import BadInput
from graph.core.namespaces import ID
from graph.ingest.removals import Removal, read_removals


@pytest.mark.parametrize("text", [None, "", "# nobody\n", "[]\n"])
def test_without_entries_nobody_is_removed(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "removed.yaml").write_text(text)
    assert read_removals(tmp_path) == ()


def test_an_entry_is_an_id_and_a_day(tmp_path: Path) -> None:
    (tmp_path / "removed.yaml").write_text("- id: person/anna-ek-ale\n  removed: 2026-12-31\n")
    assert read_removals(tmp_path) == (Removal(f"{ID}person/anna-ek-ale", "2026-12-31"),)


@pytest.mark.parametrize(
    "entry",
    [
        "- person/anna-ek",
        "- id: person/anna-ek",
        "- id: organisation/ale-kommun\n  removed: 2026-12-31",
        "- id: person/anna-ek\n  removed: 2026",
        "- id: person/anna-ek\n  removed: 2026-12-31\n  name: Anna Ek",
        "- id: https://example.org/\n  removed: 2026-12-31",
        "id: person/anna-ek",
        "- [",
    ],
)
def test_anything_else_is_a_fault_with_its_line(tmp_path: Path, entry: str) -> None:
    (tmp_path / "removed.yaml").write_text(f"# a comment\n{entry}\n")
    with pytest.raises(BadInput) as refused:
        read_removals(tmp_path)
    assert "removed.yaml:" in refused.value.faults[0].where

"""The notebook about the client runs from top to bottom, against a server on the loopback interface."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "examples" / "client.ipynb"


def read() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_notebook_runs(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UTSAGA_ADDRESS", server)
    notebook = read()
    folder = {"metadata": {"path": str(NOTEBOOK.parents[1])}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=folder).execute()
    printed = "".join(
        str(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
        for cell in notebook.cells
        for output in cell.get("outputs", ())
    )
    assert "https://w3id.org/utsaga/id/organisation/goteborgs-kommun" in printed
    assert "According to Utsaga's summary" in printed
    assert "characters" in printed
    assert "nothing-known" in printed
    assert "414 UTSAGA_QUERY_BYTES" in printed or "413 UTSAGA_QUERY_BYTES" in printed


def test_the_notebook_is_kept_without_what_it_prints() -> None:
    notebook = read()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) > 5
    assert not any(cell.outputs or cell.execution_count for cell in code)

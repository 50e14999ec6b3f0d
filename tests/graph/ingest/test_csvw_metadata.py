"""CSVW metadata: what a register requires, and the message for each missing part."""

import json
from pathlib import Path
from typing import Any

import pytest

from graph.core.errors import BadInput
from graph.ingest import csvw_metadata

COLUMN = {"name": "a", "propertyUrl": "https://example.org/a"}


def description(**schema: Any) -> dict[str, Any]:
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "t.csv",
        "tableSchema": {"aboutUrl": "https://example.org/{a}", "columns": [COLUMN], **schema},
    }


def test_a_column_is_a_string_unless_it_says_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "t.csv-metadata.json"
    path.write_text(json.dumps(description(columns=[COLUMN, {**COLUMN, "name": "b", "datatype": "date"}])))
    columns = csvw_metadata.describe(path, "t.csv").tableSchema.columns
    assert [csvw_metadata.datatype(column) for column in columns] == ["string", "date"]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "no tableSchema of its own"),
        ({**description(), "tableSchema": "https://example.org/schema.json"}, "no tableSchema of its own"),
        ({**description(), "dialect": "https://example.org/dialect.json"}, "default dialect"),
        ({**description(), "url": "other.csv"}, "it describes other.csv, not t.csv"),
        ({**description(), "@context": "https://example.org/"}, "malformed"),
        ({**description(), "surprise": 1}, "Invalid property surprise"),
        (description(aboutUrl=None), "no aboutUrl"),
        (description(primaryKey="z"), "unknown columns: z"),
        (description(columns=[{"name": "a"}]), "no propertyUrl"),
        (description(columns=[{"propertyUrl": "https://example.org/a"}]), "has no name"),
        (description(columns=[{**COLUMN, "datatype": "duration"}]), "is none of string, integer"),
        (description(columns=[{**COLUMN, "datatype": "nonsense"}]), "cannot be used"),
        (description(columns=[COLUMN, {**COLUMN, "name": "v", "virtual": True}]), "no valueUrl"),
        (description(columns=[{**COLUMN, "valueUrl": "https://example.org/{z}"}]), "unknown columns: z"),
    ],
)
def test_what_the_metadata_lacks_is_told(tmp_path: Path, document: Any, said: str) -> None:
    path = tmp_path / "t.csv-metadata.json"
    path.write_text(json.dumps(document))
    with pytest.raises(BadInput) as caught:
        csvw_metadata.describe(path, "t.csv")
    assert said in str(caught.value)
    assert all(fault.where == f"{path}:1" and fault.remedy for fault in caught.value.faults)


@pytest.mark.parametrize(("text", "where"), [('{\n"url": }', 2), ("[" * 100_000, 1)])
def test_what_is_no_json_is_told_with_its_line(tmp_path: Path, text: str, where: int) -> None:
    path = tmp_path / "t.csv-metadata.json"
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        csvw_metadata.describe(path, "t.csv")
    assert caught.value.faults[0].where == f"{path}:{where}"

"""The bulk files of the built release, read by the programs that people open them with."""

import csv
import io
import json
import sqlite3
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest
from csvw import CSVW

from graph.core.namespaces import UTS
from graph.release import dumps
from graph.release.release import Release
from graph.tables.description import tables

MALMO = "https://w3id.org/utsaga/id/organisation/malmo-kommun"
BULK = (dumps.CSV, dumps.SQLITE, dumps.PARQUET, dumps.XLSX, dumps.DATASETTE)


@pytest.fixture(scope="module")
def folder(release: Release) -> Path:
    return release.path / dumps.FOLDER


@pytest.fixture(scope="module")
def rows(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of each table by its name, as the CSV files have them."""
    with zipfile.ZipFile(folder / dumps.CSV) as archive:
        texts = {name: archive.read(f"{name}.csv").decode() for name in tables()}
    return {name: list(csv.DictReader(io.StringIO(text, newline=""))) for name, text in texts.items()}


@pytest.fixture
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{folder / dumps.SQLITE}?mode=ro", uri=True)) as connection:
        yield connection


@pytest.mark.parametrize("name", BULK)
def test_the_same_facts_give_the_same_bytes(release: Release, rebuilt: Release, name: str) -> None:
    first, second = (each.path / dumps.FOLDER / name for each in (release, rebuilt))
    assert first.read_bytes() == second.read_bytes()


def test_each_entity_has_a_row(rows: dict[str, list[dict[str, str]]], release: Release) -> None:
    for name, class_ in (("statement", "Statement"), ("adoption", "Adoption"), ("quantity", "Quantity")):
        assert len(rows[name]) == release.manifest.classes[UTS + class_] > 0
    malmo = next(row for row in rows["organisation"] if row["id"] == MALMO)
    assert (malmo["label_sv"], malmo["label_en"]) == ("Malmö kommun", "Malmö Municipality")


def test_csv_files_are_valid_by_their_metadata(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(folder / dumps.CSV) as archive:
        archive.extractall(tmp_path)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        group = CSVW(str(tmp_path / "csv-metadata.json"), validate=True)
        assert group.is_valid, [str(each.message) for each in told]
    described = {str(table.url): table for table in group.tables}
    assert set(described) == {f"{name}.csv" for name in tables()}
    keys = {row["id"] for row in described["organisation.csv"]}
    adoption = described["adoption.csv"]
    assert {key.reference.resource.string for key in adoption.tableSchema.foreignKeys} >= {"product.csv"}
    for row in adoption:
        assert row["organisation"] in keys
        assert row["lastConfirmed"] is None or isinstance(row["lastConfirmed"], date)
        assert isinstance(row["statement"], list)


def test_a_value_that_breaks_the_metadata_is_found(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(folder / dumps.CSV) as archive:
        archive.extractall(tmp_path)
    file = tmp_path / "adoption.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",2017,", ",2017-1,"), encoding="utf-8")
    metadata = str(tmp_path / "csv-metadata.json")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ValueError, match="2017-1"):
            assert CSVW(metadata, validate=True).is_valid


def test_sqlite_has_every_row_and_no_dangling_key(
    database: sqlite3.Connection, rows: dict[str, list[dict[str, str]]]
) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    for name, found in rows.items():
        count = f'SELECT COUNT(*) FROM "{name}"'  # noqa: S608 - a name of ours
        assert database.execute(count).fetchone() == (len(found),)
    keys = {row[2] for row in database.execute("PRAGMA foreign_key_list(adoption)")}
    assert keys == {"organisation", "product", "code"}


def test_sqlite_answers_a_question_by_names(database: sqlite3.Connection, release: Release) -> None:
    found = database.execute(
        """SELECT organisation.name, code.label_en, adoption.asOf FROM adoption
        JOIN organisation ON organisation.id = adoption.organisation
        JOIN code ON code.id = adoption.status JOIN product ON product.id = adoption.product
        WHERE product.name = 'Office 365' AND organisation.municipalityCode = '1280'"""
    ).fetchall()
    assert found
    assert all(name == "Malmö kommun" and label for name, label, _ in found)
    assert database.execute("SELECT id FROM release").fetchone() == (release.manifest.id,)
    linked = "SELECT COUNT(*) FROM statement_organisation WHERE organisation = ?"
    listed = "SELECT COUNT(*) FROM statement, json_each(statement.organisation) WHERE value = ?"
    (count,) = database.execute(linked, (MALMO,)).fetchone()
    assert database.execute(listed, (MALMO,)).fetchone() == (count,)
    assert count > 0


def datasette(folder: Path, path: str, *, described: bool = True) -> str:
    """Return what Datasette answers to a GET of `path`, from its own ASGI client."""
    command = [sys.executable, "-m", "datasette", str(folder / dumps.SQLITE), "--get", path]
    if described:
        command += ["--metadata", str(folder / dumps.DATASETTE)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


@pytest.mark.slow
def test_datasette_shows_names_and_facets(folder: Path) -> None:
    page = datasette(folder, "/utsaga/adoption")
    assert "Användning · Adoptions" in page
    assert '">Malmö kommun</a>&nbsp;<em>https://w3id.org/utsaga/id/organisation/malmo-kommun</em>' in page
    facets = json.loads(datasette(folder, "/utsaga/adoption.json"))["facet_results"]
    labels = {each["label"] for each in facets["status"]["results"]}
    assert labels >= {"används", "övervägs"}
    facets = json.loads(datasette(folder, "/utsaga/statement.json"))["facet_results"]
    assert facets["organisation_label_sv"]["type"] == "array"
    assert "Malmö kommun" in {each["value"] for each in facets["organisation_label_sv"]["results"]}


@pytest.mark.slow
def test_datasette_shows_names_without_its_metadata_too(folder: Path) -> None:
    assert '">Malmö kommun</a>&nbsp;<em>' in datasette(folder, "/utsaga/adoption", described=False)


def test_parquet_has_types_and_lists(folder: Path, rows: dict[str, list[dict[str, str]]]) -> None:
    with zipfile.ZipFile(folder / dumps.PARQUET) as archive:
        found = {
            name: pyarrow.parquet.read_table(io.BytesIO(archive.read(f"{name}.parquet"))) for name in tables()
        }
    assert {name: each.num_rows for name, each in found.items()} == {k: len(v) for k, v in rows.items()}
    adoption, organisation = found["adoption"].schema, found["organisation"].schema
    assert adoption.field("lastConfirmed").type == pyarrow.date32()
    assert adoption.field("asOf").type == pyarrow.string()
    assert adoption.field("statement").type.value_type == pyarrow.string()
    assert organisation.field("population").type == pyarrow.int64()
    assert organisation.field("latitude").type == pyarrow.float64()
    assert found["assessment"].schema.field("actInferred").type == pyarrow.bool_()
    for name, table in found.items():
        for row, written in zip(table.to_pylist(), rows[name], strict=True):
            assert {each for each, value in row.items() if value not in (None, [])} == {
                each for each, text in written.items() if text
            }
    first = found["adoption"].to_pylist()[0]
    assert first["lastConfirmed"] is None or isinstance(first["lastConfirmed"], date)


@pytest.fixture(scope="module")
def workbook(folder: Path) -> Any:
    return openpyxl.load_workbook(folder / dumps.XLSX)


def test_xlsx_has_every_row_under_a_frozen_header(
    workbook: Any, rows: dict[str, list[dict[str, str]]]
) -> None:
    assert workbook.sheetnames == ["om-about", *tables()]
    for name, found in rows.items():
        sheet = workbook[name]
        assert sheet.freeze_panes == "B2"
        assert (sheet.max_row, sheet.auto_filter.ref[:3]) == (len(found) + 1, "A1:")
        assert [cell.value for cell in sheet[1]] == [field.name for field in tables()[name].fields]


def test_xlsx_has_dates_numbers_and_links(workbook: Any) -> None:
    def column(table: str, name: str) -> list[Any]:
        header = [cell.value for cell in workbook[table][1]]
        return [row[header.index(name)] for row in workbook[table].iter_rows(min_row=2)]

    days = [cell for cell in column("adoption", "lastConfirmed") if cell.value]
    assert all(isinstance(cell.value, datetime) and cell.number_format == "yyyy-mm-dd" for cell in days)
    dates = {type(cell.value) for cell in column("adoption", "asOf") if cell.value}
    assert dates == {str, datetime}  # a month and a year are not made a day
    assert {type(cell.value) for cell in column("organisation", "population")} <= {int, type(None)}
    cell = column("organisation", "id")[0]
    assert cell.hyperlink.target == cell.value
    assert all(
        isinstance(cell.value, str) for cell in column("organisation", "municipalityCode") if cell.value
    )


def test_the_first_sheet_tells_what_the_columns_are(workbook: Any, release: Release) -> None:
    lines = [tuple(cell.value for cell in row) for row in workbook["om-about"].iter_rows(min_row=2)]
    assert lines[0][1] == release.manifest.id
    assert (None, "asOf", "Gäller per", "As of", f"{UTS}asOf") in lines

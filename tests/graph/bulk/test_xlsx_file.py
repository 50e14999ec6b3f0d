"""What a workbook does with rows that a release may have some day."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.bulk import xlsx_file
from graph.bulk.content import BulkContent
from graph.bulk.xlsx_file import MAX_CHARACTERS, write_xlsx
from graph.tables.description import Column, Table
from graph.tables.rows import Cell

TITLE = {"sv": "x", "en": "x"}
TABLE = Table(
    "law",
    TITLE,
    (Column("text", TITLE, datatype="string"), Column("day", TITLE, datatype="date")),
    label="none",
)


def workbook(tmp_path: Path, *rows: tuple[Cell, ...]) -> Any:
    write_xlsx(tmp_path / "x.xlsx", BulkContent("abc", ((TABLE, rows),)))
    return openpyxl.load_workbook(tmp_path / "x.xlsx")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x/")', "\t=1"])
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    cell = workbook(tmp_path, ("http://x/", text, None))["law"]["B2"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert cell.value == text
    assert cell.quotePrefix  # editing the cell makes no formula of it either


def test_text_that_is_harmless_has_no_mark(tmp_path: Path) -> None:
    assert not workbook(tmp_path, ("http://x/", "a=b", None))["law"]["B2"].quotePrefix


def test_only_addresses_of_the_web_are_links(tmp_path: Path) -> None:
    sheet = workbook(
        tmp_path,
        ("https://x/a", "https://x/a", None),
        ("file:///etc/passwd", None, None),
        ("mailto:a@b.se", None, None),
    )["law"]
    assert sheet["A2"].hyperlink.target == "https://x/a"
    assert [sheet[each].hyperlink for each in ("B2", "A3", "A4")] == [None] * 3


def test_a_day_before_the_calendar_of_excel_is_text(tmp_path: Path) -> None:
    sheet = workbook(tmp_path, ("a", None, date(1766, 12, 2)), ("b", None, date(1900, 3, 1)))["law"]
    assert sheet["C2"].value == "1766-12-02"
    assert sheet["C3"].value.date() == date(1900, 3, 1)


def test_a_text_that_is_too_long_says_that_it_was_cut(tmp_path: Path) -> None:
    cell = workbook(tmp_path, ("a", "x" * (MAX_CHARACTERS + 1), None))["law"]["B2"]
    assert len(cell.value) == MAX_CHARACTERS
    assert cell.value.endswith(" … [+CSV]")


def test_rows_beyond_a_sheet_are_on_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "MAX_ROWS", 2)
    book = workbook(tmp_path, *((name, None, None) for name in "abcde"))
    assert book.sheetnames == ["om-about", "law", "law 2", "law 3"]
    assert [cell.value for cell in book["law 3"]["A"]] == ["id", "e"]


def test_an_empty_table_has_its_header(tmp_path: Path) -> None:
    assert [cell.value for cell in workbook(tmp_path)["law"][1]] == ["id", "text", "day"]

"""The tables as a workbook for Excel and LibreOffice, a sheet for each: ISO/IEC 29500 (Office Open XML).

Days and numbers are real ones, and addresses are links. Text is written as text whatever it begins with, with
the mark that keeps it so when it is edited: none ever becomes a formula.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from graph.bulk.content import BulkContent
from graph.core.licences import licence_name
from graph.core.namespaces import DATASET, LICENCE
from graph.core.site import SITE
from graph.tables.cell_text import cell_text
from graph.tables.description import LANGUAGES, Field, Table
from graph.tables.rows import Cell, Row

MAX_ROWS: Final = 1_048_575  # of a sheet, beside its header
MAX_CHARACTERS: Final = 32_767  # of a cell
_MAX_LINKS: Final = 65_530  # of a sheet
_MAX_URL: Final = 2_079
_FIRST_DAY: Final = date(1900, 3, 1)  # before it, the calendar of Excel is wrong
_CUT: Final = " … [+CSV]"
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CREATED: Final = datetime(1980, 1, 1)  # the time of the build would make other bytes
_WIDTHS: Final = {"anyURI": 30, "string": 26}
_ABOUT: Final = "om-about"
_LICENCE: Final = {"sv": "Licens"}
_NO_TITLES: Final = ("",) * len(LANGUAGES)
_ABOUT_HEADER: Final = ("table", "column", *LANGUAGES, "property")


class _Sheet:
    """A sheet that is written cell by cell."""

    def __init__(self, book: Workbook, name: str, header: Sequence[str], formats: dict[str, Format]) -> None:
        self.sheet: Worksheet = book.add_worksheet(name)
        self._formats = formats
        self._links = 0
        for at, title in enumerate(header):
            self.sheet.write_string(0, at, title, formats["header"])

    def write(self, row: int, at: int, cell: Cell, *, link: bool = False) -> None:
        """Write `cell`, as a link if it is an address of the web and a link is wanted."""
        if isinstance(cell, bool):
            self.sheet.write_boolean(row, at, cell)
        elif isinstance(cell, int | Decimal):
            self.sheet.write_number(row, at, cell)
        elif isinstance(cell, date) and cell >= _FIRST_DAY:
            self.sheet.write_datetime(row, at, datetime.combine(cell, time()), self._formats["day"])
        elif text := cell_text(cell):
            self._write_text(row, at, text, link=link)

    def _write_text(self, row: int, at: int, text: str, *, link: bool) -> None:
        is_address = text.startswith(("https://", "http://")) and len(text) <= _MAX_URL
        if link and is_address and self._links < _MAX_LINKS:
            self._links += 1
            self.sheet.write_url(row, at, text)
            return
        if len(text) > MAX_CHARACTERS:
            text = text[: MAX_CHARACTERS - len(_CUT)] + _CUT
        guard = self._formats["text"] if text.startswith(_FORMULA_STARTS) else None
        self.sheet.write_string(row, at, text, guard)


def write_xlsx(path: Path, content: BulkContent) -> None:
    """Write the tables of `content` to a workbook at `path`."""
    with Workbook(str(path), _OPTIONS) as book:
        comments = f"{DATASET} {content.release}"
        book.set_properties({"title": SITE.name, "comments": comments, "created": _CREATED})
        formats = {
            "header": book.add_format({"bold": True, "bottom": 1}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "text": book.add_format({"quote_prefix": True}),
        }
        _write_about(book, content, formats)
        for table, rows in content.tables:
            for name, part in _parts(table, rows):
                _write_table(book, name, table, part, formats)


def _parts(table: Table, rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Yield the name and the rows of each sheet: one, or several where there are too many rows."""
    left = iter(rows)
    part, number = list(islice(left, MAX_ROWS)), 1
    while part or number == 1:
        yield table.name if number == 1 else f"{table.name} {number}", part
        part, number = list(islice(left, MAX_ROWS)), number + 1


def _write_table(
    book: Workbook, name: str, table: Table, rows: Sequence[Row], formats: dict[str, Format]
) -> None:
    fields = table.fields
    sheet = _Sheet(book, name, [field.name for field in fields], formats)
    for number, row in enumerate(rows, 1):
        for at, (field, cell) in enumerate(zip(fields, row, strict=True)):
            sheet.write(number, at, _day(cell, field), link=field.datatype == "anyURI")
    for at, field in enumerate(fields):
        sheet.sheet.set_column(at, at, _WIDTHS.get(field.datatype, 12))
    sheet.sheet.freeze_panes(1, 1)
    sheet.sheet.autofilter(0, 0, max(len(rows), 1), len(fields) - 1)


def _day(cell: Cell, field: Field) -> Cell:
    """Return the cell of a field of days, months or years as a day where it is one."""
    if field.datatype == "partialDate" and isinstance(cell, str) and len(cell) == len("2017-10-05"):
        return date.fromisoformat(cell)
    return cell


def _write_about(book: Workbook, content: BulkContent, formats: dict[str, Format]) -> None:
    """Write the first sheet: what the workbook is, and the title and property of every column."""
    sheet = _Sheet(book, _ABOUT, _ABOUT_HEADER, formats)
    lines: list[Sequence[Any]] = [
        (SITE.name, content.release, *_NO_TITLES, DATASET),
        ("", "", *(f"{_LICENCE.get(tag, 'Licence')}: {licence_name(LICENCE)}" for tag in LANGUAGES), LICENCE),
    ]
    for table, _ in content.tables:
        lines.append((table.name, "", *_titles(table), table.class_))
        lines += [("", field.name, *_titles(field), field.property_) for field in table.fields]
    for number, line in enumerate(lines, 1):
        for at, cell in enumerate(line):
            sheet.write(number, at, cell, link=True)
    sheet.sheet.set_column(0, len(_ABOUT_HEADER) - 1, 30)
    sheet.sheet.freeze_panes(1, 0)


def _titles(described: Table | Field) -> tuple[str, ...]:
    return tuple(described.title[tag] for tag in LANGUAGES)

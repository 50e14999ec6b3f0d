"""The description of a CSV file's columns in CSVW: https://www.w3.org/TR/tabular-metadata/."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graph.tables.cell_text import SEPARATOR
from graph.tables.description import ID, LANGUAGES, Field, Table

CONTEXT: Final = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
DIALECT: Final = {"encoding": "utf-8", "header": True}
PARTIAL_DATE: Final = "partialDate"
_PARTIAL_DATE_TYPE: Final = {
    "base": "string",
    "format": "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?",
    "dc:title": "A day, a month or a year, as exactly as it is known",
}


@dataclass(frozen=True)
class CsvwColumn:
    """A column: its name and titles by language, and what is known of its values.

    `about_url` and `value_url` are templates with the names of columns (RFC 6570). An identifier that other
    columns are about is not `described` by a property of its own.
    """

    name: str
    titles: Mapping[str, str] = field(default_factory=dict)
    datatype: str = "string"
    language: str = ""
    is_list: bool = False
    required: bool = False
    property_url: str = ""
    about_url: str = ""
    value_url: str = ""
    described: bool = True

    def describe(self) -> dict[str, Any]:
        """Return the column as CSVW has it."""
        described: dict[str, Any] = {
            "name": self.name,
            "titles": {"und": [self.name]} | {tag: [title] for tag, title in self.titles.items()},
            "datatype": _PARTIAL_DATE_TYPE if self.datatype == PARTIAL_DATE else self.datatype,
        }
        optional = {
            "lang": self.language,
            "separator": SEPARATOR if self.is_list else "",
            "required": self.required,
            "propertyUrl": self.property_url,
            "aboutUrl": self.about_url,
            "valueUrl": self.value_url,
            "suppressOutput": not self.described,
        }
        return described | {name: value for name, value in optional.items() if value}


def columns_of(table: Table) -> tuple[CsvwColumn, ...]:
    """Return the columns of a CSV file of `table`."""
    singles = {each.name for each in table.fields if not each.many}
    return tuple(_column(each, singles) for each in table.fields)


def schema(
    columns: Iterable[CsvwColumn],
    *,
    key: str = "",
    title: str = "",
    references: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the schema of a file: a row for each `key`, with its name in the column `title`.

    `references` are the columns with keys of another file, each with the name of that file.
    """
    described: dict[str, Any] = {"columns": [each.describe() for each in columns]}
    if key:
        described |= {"primaryKey": [key], "aboutUrl": f"{{+{key}}}"}
    if title:
        described["rowTitles"] = [title]
    if references:
        described["foreignKeys"] = [
            {"columnReference": [name], "reference": {"resource": file, "columnReference": [ID]}}
            for name, file in references.items()
        ]
    return described


def language_map(titles: Mapping[str, str]) -> list[dict[str, str]]:
    """Return a title in several languages as a common property has it."""
    return [{"@value": titles[tag], "@language": tag} for tag in LANGUAGES if tag in titles]


def _column(each: Field, singles: set[str]) -> CsvwColumn:
    """Return the column of a field. Names are properties of what they name, so that a cell must be one."""
    about = each.names if each.names in singles else ""
    known = not each.names or about
    is_thing = each.datatype == "anyURI" and not each.many and bool(each.property_)
    return CsvwColumn(
        name=each.name,
        titles=each.title,
        datatype=each.datatype,
        language=each.language,
        is_list=each.many,
        required=each.name == ID,
        property_url=each.property_ if known else "",
        about_url=f"{{+{about}}}" if about else "",
        value_url=f"{{+{each.name}}}" if is_thing else "",
        described=each.name != ID and bool(known and each.property_),
    )

"""The columns of a stored query's rows as CSV, in CSVW: https://www.w3.org/TR/tabular-metadata/#columns.

Datatypes are those of the values in the rows. Properties are those of the triples that the query asks for, of
what their subjects stand for: a column of the row, or a thing that only the row knows. What is computed has a
property of the query's own.
"""

from graph.core.namespaces import QUERY
from graph.core.terms import Term
from graph.query.columns import ColumnOrigin, column_origins
from graph.rdf.results import QueryResults
from graph.tables.csvw_schema import CsvwColumn
from graph.tables.term_types import common_type
from web.html.csvw import column_titles, file_url


def describe_columns(query: str, text: str, found: QueryResults) -> list[CsvwColumn]:
    """Return the columns of `found`, the rows of the stored query named `query` with the text `text`."""
    origins = column_origins(text)
    return [
        _describe(query, name, origins.get(name), found, [row[at] for row in found.rows])
        for at, name in enumerate(found.columns)
    ]


def _describe(
    query: str, name: str, origin: ColumnOrigin | None, found: QueryResults, cells: list[Term | None]
) -> CsvwColumn:
    datatype, language = common_type(cells)
    return CsvwColumn(
        name=name,
        titles=column_titles(name),
        datatype=datatype,
        language=language,
        property_url=origin.property_ if origin else f"{QUERY}{query}#{name}",
        about_url=_about_url(name, origin, found.columns) if origin else "",
        value_url=f"{{+{name}}}" if datatype == "anyURI" else "",
    )


def _about_url(name: str, origin: ColumnOrigin, columns: tuple[str, ...]) -> str:
    """Return the template of what has the values: a thing in the row, or one that only the row knows."""
    if origin.subject in columns:
        return f"{{+{origin.subject}}}"
    return f"{file_url()}#{{_row}}.{origin.subject or f'of-{name}'}"

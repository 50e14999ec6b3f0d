"""CSVW metadata of the columns of our CSV files: https://www.w3.org/TR/tabular-metadata/.

The metadata of a file has its URL with “-metadata.json” after the path, where CSVW expects it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from flask import Response, request

from graph.core.namespaces import LICENCE
from web.html.i18n import LANGUAGES, messages
from web.html.site_context import base_url

MEDIA_TYPE: Final = "application/csvm+json"
SUFFIX: Final = "-metadata.json"
_SEPARATOR: Final = " | "
_SAFE_IN_QUERY: Final = "%!$&'()*+,;=:@/?"  # characters that a query may have beside letters, digits and -._~
_MAX_URL_LENGTH: Final = 2_000  # in a header


@dataclass(frozen=True)
class Column:
    """A column: its name in the file, the key of its title in our messages, its language and datatype."""

    name: str
    title_key: str = ""
    language: str = ""
    datatype: str = "string"
    is_list: bool = False  # a list of values in each cell
    required: bool = False


def metadata_response(
    columns: Iterable[Column], titles: dict[str, str], *, key: Sequence[str] = ()
) -> Response:
    """Return the metadata of the file of the current request, which has these `columns`."""
    path = request.path.removesuffix(SUFFIX)
    document: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": base_url() + path + _query(),
        "dc:title": [{"@value": title, "@language": tag} for tag, title in titles.items()],
        "dc:license": {"@id": LICENCE},
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": {"columns": [_column(each) for each in columns]},
    }
    if key:
        document["tableSchema"]["primaryKey"] = list(key)
    body = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return Response(body, content_type=MEDIA_TYPE)


def link_metadata(response: Response) -> Response:
    """Add a link to the metadata to the response with a CSV file, unless the URL is very long."""
    address = request.path + SUFFIX + _query()
    if len(address) <= _MAX_URL_LENGTH:
        response.headers.add("Link", f'<{address}>; rel="describedby"; type="{MEDIA_TYPE}"')
    return response


def _query() -> str:
    """Return the query of the current URL with its question mark, escaped for another URL."""
    return f"?{quote(request.query_string, safe=_SAFE_IN_QUERY)}" if request.query_string else ""


def _column(column: Column) -> dict[str, Any]:
    description: dict[str, Any] = {
        "name": column.name,
        "titles": {"und": [column.name]} | _titles(column),
        "datatype": column.datatype,
    }
    if column.language:
        description["lang"] = column.language
    if column.is_list:
        description["separator"] = _SEPARATOR
    if column.required:
        description["required"] = True
    return description


def _titles(column: Column) -> dict[str, list[str]]:
    """Return the title of the column in each language, if our messages have one."""
    return {
        tag: [messages(tag)[column.title_key][0]]
        for tag in LANGUAGES
        if column.title_key and column.title_key in messages(tag)
    }

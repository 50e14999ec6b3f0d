"""CSVW metadata of the columns of our CSV files: https://www.w3.org/TR/tabular-metadata/.

The metadata of a file has its URL with “-metadata.json” after the path, where CSVW expects it.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from flask import Response, request

from graph.core.namespaces import LICENCE
from graph.tables.csvw_schema import CONTEXT, DIALECT, CsvwColumn, language_map, schema
from web.html.i18n import LANGUAGES, in_all_languages, messages
from web.html.site_context import base_url

MEDIA_TYPE: Final = "application/csvm+json"
SUFFIX: Final = "-metadata.json"
_SAFE_IN_QUERY: Final = "%!$&'()*+,;=:@/?"  # characters that a query may have beside letters, digits and -._~
_MAX_URL_LENGTH: Final = 2_000  # in a header


def metadata_response(
    columns: Iterable[CsvwColumn], titles: Mapping[str, str], *, key: str = "", title: str = ""
) -> Response:
    """Return the metadata of the file of the current request, which has these `columns`.

    Each row is about its value in the column `key`, if there is one, whose name is in the column `title`.
    """
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "url": file_url(),
        "dc:title": language_map(titles),
        "dc:license": {"@id": LICENCE},
        "dialect": DIALECT,
        "tableSchema": schema(columns, key=key, title=title),
    }
    body = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return Response(body, content_type=MEDIA_TYPE)


def file_url() -> str:
    """Return the URL of the file whose metadata the current request asks for."""
    return base_url() + request.path.removesuffix(SUFFIX) + _query()


def column_titles(name: str) -> dict[str, str]:
    """Return the title of the column `name` in each language, if our messages have one."""
    key = f"column.{name}"
    return in_all_languages(key) if key in messages(LANGUAGES[0]) else {}


def link_metadata(response: Response) -> Response:
    """Add a link to the metadata to the response with a CSV file, unless the URL is very long."""
    address = request.path + SUFFIX + _query()
    if len(address) <= _MAX_URL_LENGTH:
        response.headers.add("Link", f'<{address}>; rel="describedby"; type="{MEDIA_TYPE}"')
    return response


def _query() -> str:
    """Return the query of the current URL with its question mark, escaped for another URL."""
    return f"?{quote(request.query_string, safe=_SAFE_IN_QUERY)}" if request.query_string else ""

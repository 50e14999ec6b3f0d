"""What the columns of our CSV files mean, as CSVW has it: https://www.w3.org/TR/tabular-metadata/.

The metadata of a file is at its address with “-metadata.json” behind the path, where CSVW looks for it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from flask import Response, request

from graph.core.namespaces import LICENCE
from web.html.i18n import LANGUAGES, messages
from web.html.site_context import base

MEDIA_TYPE: Final = "application/csvm+json"
SUFFIX: Final = "-metadata.json"
_LISTED: Final = " | "
_KEPT: Final = "%!$&'()*+,;=:@/?"  # what the query of a URL may hold beside letters, digits and -._~
_LONGEST: Final = 2_000  # characters of an address in a header


@dataclass(frozen=True)
class Column:
    """A column: its name in the file, the word for it in our messages, its language, and what it holds."""

    name: str
    word: str = ""
    language: str = ""
    datatype: str = "string"
    many: bool = False  # several values in a cell
    required: bool = False


def metadata(columns: Iterable[Column], titles: dict[str, str], *, key: Sequence[str] = ()) -> Response:
    """Answer with the metadata of the file whose metadata is asked for, which has these `columns`."""
    path = request.path.removesuffix(SUFFIX)
    document: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": base() + path + _query(),
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
    """Say in the headers of a CSV file where its metadata is, unless that takes a very long address."""
    address = request.path + SUFFIX + _query()
    if len(address) <= _LONGEST:
        response.headers.add("Link", f'<{address}>; rel="describedby"; type="{MEDIA_TYPE}"')
    return response


def _query() -> str:
    """Return the query of the URL that was asked for, with the mark before it, as another URL can hold it."""
    return f"?{quote(request.query_string, safe=_KEPT)}" if request.query_string else ""


def _column(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": column.name,
        "titles": {"und": [column.name]} | _words(column),
        "datatype": column.datatype,
    }
    if column.language:
        told["lang"] = column.language
    if column.many:
        told["separator"] = _LISTED
    if column.required:
        told["required"] = True
    return told


def _words(column: Column) -> dict[str, list[str]]:
    """Return what the column is called in each language, if there is a word for it."""
    return {
        tag: [messages(tag)[column.word][0]]
        for tag in LANGUAGES
        if column.word and column.word in messages(tag)
    }

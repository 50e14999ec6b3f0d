"""Targets of links in documents → addresses of the site."""

import re
from typing import Final
from urllib.parse import urlencode

from flask import url_for

from web.documentation.documents import INDEX, names, pictures
from web.html.i18n import link_context

_ANYWHERE: Final = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_QUERY: Final = re.compile(r"\.\./queries/([a-z0-9-]+)\.rq")


def address(target: str) -> str | None:
    """Return the address on this site, or elsewhere, of the `target` of a link or a picture in a document.

    None is for files that this site does not serve, such as those of the code.
    """
    if _ANYWHERE.match(target) or target.startswith("#"):
        return target
    path, hash_, anchor = target.partition("#")
    found = _in_language(path) if path.startswith("/") else _of_file(path)
    return f"{found}{hash_}{anchor}" if found else None


def _of_file(path: str) -> str | None:
    """Return the address of a file that is named by its path from the folder of the documents."""
    name = path.removesuffix(".md")
    if path in pictures():
        return url_for("documentation.picture", name=path)
    if stored := _QUERY.fullmatch(path):
        return url_for("queries.page", name=stored[1])
    if name == INDEX:
        return url_for("documentation.index")
    return url_for("documentation.page", name=name) if name != path and name in names() else None


def _in_language(path: str) -> str:
    """Return the address of a page of this site that keeps the reader's languages."""
    arguments = urlencode(link_context().arguments)
    return f"{path}{'&' if '?' in path else '?'}{arguments}" if arguments else path

"""What every page needs beside its own context: the way around, the language switch, the release."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from flask import Flask, current_app, request

from graph.catalogue import StoredQuery
from graph.release import Manifest
from web.language import LANGUAGES

MAIN_LISTS: Final = ("organisation", "person", "product", "law", "statement", "source")


@dataclass(frozen=True)
class Site:
    """What the frame of every page shows."""

    release: Manifest | None
    lists: tuple[str, ...]
    path: str
    languages: dict[str, str]  # language → this page in it
    queries: dict[str, StoredQuery]


def register(app: Flask) -> None:
    """Give every template the variable `site`."""
    app.context_processor(lambda: {"site": _site()})


def _site() -> Site:
    known = current_app.extensions
    languages = {language: _in(language) for language in LANGUAGES}
    return Site(known["release"], MAIN_LISTS, request.path, languages, known["queries"])


def _in(language: str) -> str:
    """Return the address of the page that is being made, in `language`."""
    arguments = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return f"{quote(request.path)}?{urlencode([*arguments, ('lang', language)])}"

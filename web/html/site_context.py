"""The template variable `site`: navigation, language switch and release, for every page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from flask import Flask, request

from graph.query.stored import StoredQuery
from graph.release.releases import Manifest
from web.html.app_state import app_state
from web.html.i18n import LANGUAGES

MAIN_LISTS: Final = ("organisation", "person", "product", "law", "statement", "source")
_MENU_PATHS: Final = frozenset(
    f"/{each}" for each in (*MAIN_LISTS, "map", "timeline", "compare", "queries", "query")
)


@dataclass(frozen=True)
class Site:
    """The context of the header and footer of every page."""

    release: Manifest | None
    lists: tuple[str, ...]
    base: str  # the base of absolute URLs
    path: str
    place: str  # the path, if the menu has it
    languages: dict[str, str]  # language → this page in it
    anywhere: str  # this page in the language that its reader prefers
    contents: dict[str, str]  # language → this page with its content in it
    queries: Mapping[str, StoredQuery]
    searched: bool  # whether there is a text index to search
    published: bool  # whether there is a release to download


def register(app: Flask) -> None:
    """Give every template the variable `site`."""
    app.context_processor(lambda: {"site": _site()})


def _site() -> Site:
    state = app_state()
    languages, contents = (
        {language: _url_with(argument, language) for language in LANGUAGES}
        for argument in ("lang", "content")
    )
    return Site(
        state.release,
        MAIN_LISTS,
        base(),
        request.path,
        request.path if request.path in _MENU_PATHS else "",
        languages,
        _url_with("lang", ""),
        contents,
        state.stored_queries,
        state.text_index is not None,
        state.publication is not None,
    )


def base() -> str:
    """Return the base of absolute URLs, without a slash at its end."""
    public = app_state().settings.public_base
    return (public or request.host_url).rstrip("/")


def _url_with(argument: str, language: str) -> str:
    """Return the URL of the page that is being rendered, with `language`, if any, for `argument`."""
    arguments = [(key, value) for key, value in request.args.items(multi=True) if key != argument]
    query = urlencode([*arguments, (argument, language)] if language else arguments)
    return f"{quote(request.script_root + request.path)}{'?' if query else ''}{query}"

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
    f"/{each}" for each in (*MAIN_LISTS, "map", "timeline", "compare", "queries", "query", "build")
)


@dataclass(frozen=True)
class SiteContext:
    """The context of the header and footer of every page."""

    release: Manifest | None
    lists: tuple[str, ...]
    base_url: str  # the base of absolute URLs
    path: str
    menu_path: str  # the path, if the menu has it
    languages: dict[str, str]  # language → URL of this page in it
    neutral_url: str  # this page in the language that its reader prefers
    content_languages: dict[str, str]  # language → URL of this page with its content in it
    queries: Mapping[str, StoredQuery]
    has_search: bool  # whether there is a text index
    has_downloads: bool  # whether there are files to download


def register(app: Flask) -> None:
    """Add the variable `site` to every template."""
    app.context_processor(lambda: {"site": _site_context()})


def _site_context() -> SiteContext:
    state = app_state()
    languages, content_languages = (
        {language: _url_with(argument, language) for language in LANGUAGES}
        for argument in ("lang", "content")
    )
    return SiteContext(
        state.release,
        MAIN_LISTS,
        base_url(),
        request.path,
        request.path if request.path in _MENU_PATHS else "",
        languages,
        _url_with("lang", ""),
        content_languages,
        state.stored_queries,
        state.text_index is not None,
        state.publication is not None,
    )


def base_url() -> str:
    """Return the base of absolute URLs, without a slash at its end."""
    public = app_state().settings.public_base
    return (public or request.host_url).rstrip("/")


def _url_with(argument: str, language: str) -> str:
    """Return the URL of the page that is being rendered, with `language`, if any, for `argument`."""
    arguments = [(key, value) for key, value in request.args.items(multi=True) if key != argument]
    query = urlencode([*arguments, (argument, language)] if language else arguments)
    return f"{quote(request.script_root + request.path)}{'?' if query else ''}{query}"

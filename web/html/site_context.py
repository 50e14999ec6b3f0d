"""The template variable `site`: navigation, language switch and release, for every page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from flask import Flask, has_request_context, request

from graph.core.contact import contact_url
from graph.core.extensions import extension
from graph.core.kind_table import KindTable
from graph.core.licences import licence_name
from graph.core.namespaces import BASE
from graph.core.site import SITE
from graph.query.stored import StoredQuery
from graph.release.release import Manifest
from web.html.app_state import app_state
from web.html.i18n import CONTENT_LANGUAGES, LANGUAGE_ARGUMENTS, LANGUAGES

_OWN_VIEWS: Final = extension("views", tuple[str, ...]())
VIEWS: Final = tuple(
    view
    for view in dict.fromkeys((*_OWN_VIEWS, "map", "timeline", "compare"))
    if SITE.offers("blueprints", view) or view == "timeline"
)
"""The blueprints of views of the whole graph: those of the site, then those of any."""
_REPORT_PATH: Final = "/report"
_MAX_ADDRESS: Final = 500  # characters of an address in a link to the form for reports
_MENU_PATHS: Final = frozenset(f"/{each}" for each in (*VIEWS, "queries", "query", "build"))


@dataclass(frozen=True)
class Contact:
    """How to reach those who run the site: a URL that is safe to follow, and how it is shown."""

    url: str
    text: str


@dataclass(frozen=True)
class SiteContext:
    """The context of the header and footer of every page."""

    name: str
    has_colours: bool
    has_logo: bool
    release: Manifest | None
    lists: tuple[str, ...]
    views: tuple[str, ...]
    base_url: str  # the base of absolute URLs
    path: str
    menu_path: str  # the path, if the menu has it
    languages: dict[str, str]  # language → URL of this page in it
    neutral_url: str  # this page in the language that its reader prefers
    content_languages: dict[str, str]  # language → URL of this page with its content in it
    queries: Mapping[str, StoredQuery]
    has_search: bool  # whether there is a text index
    has_downloads: bool  # whether there are files to download
    contact: Contact | None
    has_reports: bool  # whether readers can report errors
    report_address: str  # this page, as a report of an error names it


def register(app: Flask) -> None:
    """Add the variable `site` to every template."""
    app.context_processor(lambda: {"site": _site_context()})
    licence = {"url": SITE.licence, "name": licence_name(SITE.licence)}
    app.jinja_env.globals.update(licence=licence, site_base=BASE)


def _site_context() -> SiteContext:
    state = app_state()
    kinds = state.entities.index.kinds
    languages, content_languages = (
        {language: _url_with(argument, language) for language in languages}
        for argument, languages in (("lang", LANGUAGES), ("content", CONTENT_LANGUAGES))
    )
    return SiteContext(
        SITE.name,
        bool(SITE.colours),
        SITE.logo is not None,
        state.release,
        kinds.menu,
        views(kinds),
        base_url(),
        request.path,
        request.path if request.path in _MENU_PATHS or request.path[1:] in kinds.menu else "",
        languages,
        _url_with("lang", ""),
        content_languages,
        state.stored_queries,
        state.text_index is not None,
        state.publication is not None,
        _contact(state.settings.contact or SITE.contact),
        bool(state.settings.reports),
        _report_address(),
    )


def views(kinds: KindTable) -> tuple[str, ...]:
    """Return the views that have something to show of entities of `kinds`."""
    shown = {"map": bool(kinds.places), "timeline": bool(kinds.dated)}
    return tuple(each for each in VIEWS if each in _OWN_VIEWS or shown.get(each, True))


def _contact(setting: str) -> Contact | None:
    url = contact_url(setting)
    return Contact(url, setting.removeprefix("mailto:").removeprefix("https://")) if url else None


def _report_address() -> str:
    """Return the address of the current page without its languages; on the form for reports, its subject."""
    if request.path == _REPORT_PATH:
        return request.args.get("about", "")[:_MAX_ADDRESS]
    arguments = [pair for pair in request.args.items(multi=True) if pair[0] not in LANGUAGE_ARGUMENTS]
    path = quote(request.path)
    address = f"{path}?{urlencode(arguments)}" if arguments else path
    return address if len(address) <= _MAX_ADDRESS else path[:_MAX_ADDRESS]


def base_url() -> str:
    """Return the base of absolute URLs, without a slash at its end; outside a request, that of our IRIs."""
    public = app_state().settings.public_base
    return (public or (request.host_url if has_request_context() else BASE)).rstrip("/")


def _url_with(argument: str, language: str) -> str:
    """Return the URL of the page that is being rendered, with `language`, if any, for `argument`."""
    arguments = [(key, value) for key, value in request.args.items(multi=True) if key != argument]
    query = urlencode([*arguments, (argument, language)] if language else arguments)
    return f"{quote(request.script_root + request.path)}{'?' if query else ''}{query}"

"""Languages of a page: that of the interface, and that of the content.

The interface is in the language of `?lang=`, else the one that the browser prefers, else the site's first.
Content is in the language of `?content=`, else in that of the interface, else (if a site has none in that) in
the one that the browser prefers, as far as the graph has it, else as `web.html.labels.best` chooses. No
cookie is set: links repeat the arguments. `web.html.catalogues` has the messages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import Any, Final, NamedTuple

from babel import Locale
from babel.messages.mofile import write_mo
from babel.support import Translations
from flask import Flask, g, request
from flask_babel import Babel, Domain, force_locale, get_domain, get_locale

from graph.core.formatting import LOCALES, number
from graph.core.site import SITE
from web.html import catalogues
from web.http.negotiation import preferred_language

CONTENT_LANGUAGES: Final = SITE.languages
LANGUAGES: Final = catalogues.languages(SITE)
LANGUAGE_NAMES: Final = {tag: str(Locale.parse(LOCALES[tag]).language_name) for tag in LOCALES}
"""The names of languages in the language itself."""
_RIGHT_TO_LEFT: Final = {tag for tag in LOCALES.values() if Locale.parse(tag).text_direction == "rtl"}
_OFFERED: Final = {"lang": LANGUAGES, "content": CONTENT_LANGUAGES}
LANGUAGE_ARGUMENTS: Final = {"lang": "interface", "content": "content"}  # argument of a URL → what it selects


class MessageDomain(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The messages of the interface, for Flask-Babel."""

    def get_translations(self) -> Translations:
        """Return the messages in the language of the page that is being rendered."""
        return translations(get_locale().language)


class LinkContext(NamedTuple):
    """The parts of URLs that all links of a page have in common."""

    arguments: tuple[tuple[str, str], ...]  # the language arguments of the URL, which links repeat
    root: str  # the prefix of the paths of the site
    asof: str = ""  # the time of the page, which links repeat too
    release: str = ""  # the release that the page is pinned to, which links repeat too


class PageContext(NamedTuple):
    """The languages of a page and the context of its links: the key of cached HTML."""

    language: str  # of the interface
    content: str  # of labels and texts of the graph
    links: LinkContext


def link_context() -> LinkContext:
    """Return the context of links in the current request; Accept-Language is not read."""
    context = g._get_current_object()  # one lookup: each use of the proxy is another
    found: LinkContext | None = context.get("link_context")
    if found is None:
        pairs = ((argument, request.args.get(argument, "")) for argument in LANGUAGE_ARGUMENTS)
        arguments = dict(pair for pair in pairs if pair[1] in _OFFERED[pair[0]])
        found = context.link_context = LinkContext(tuple(arguments.items()), request.script_root)
    return found


def set_link_time(text: str) -> None:
    """Make the links of the page that is being rendered repeat the time `text`."""
    g.link_context = link_context()._replace(asof=text)
    g.pop("page_context", None)


def set_link_release(name: str) -> None:
    """Make the links of the page that is being rendered repeat the release `name`."""
    g.link_context = link_context()._replace(release=name)
    g.pop("page_context", None)


def page_context() -> PageContext:
    """Return the context of the page that is being rendered, computed once for each request."""
    context = g._get_current_object()  # one lookup: each use of the proxy is another
    found: PageContext | None = context.get("page_context")
    if found is None:
        links = link_context()
        arguments = dict(links.arguments)
        language = arguments.get("lang") or _preferred(LANGUAGES)
        content = arguments.get("content") or (
            language if language in CONTENT_LANGUAGES else _preferred(CONTENT_LANGUAGES)
        )
        found = context.page_context = PageContext(language, content, links)
    return found


def _preferred(offered: tuple[str, ...]) -> str:
    """Return which of the languages `offered` the browser prefers; reading it makes a page vary by it."""
    return preferred_language(request.headers.get("Accept-Language", ""), offered)


def interface_language() -> str:
    """Return the language of the interface of the page that is being rendered."""
    return page_context().language


def content_language() -> str:
    """Return the language of the content."""
    return page_context().content


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Write interface and content in `language` until the end of the block, whatever the reader prefers.

    It needs an application context alone, so that what is no page can be written in a language too.
    """
    context = g._get_current_object()
    before = context.get("page_context")
    context.page_context = PageContext(language, language, LinkContext((), ""))
    try:
        with force_locale(LOCALES[language]):
            yield
    finally:
        context.page_context = before


def requested_language(argument: str = "lang") -> str:
    """Return the language in the URL's `argument`, or an empty string."""
    return dict(link_context().arguments).get(argument, "")


@cache
def messages(language: str) -> dict[str, tuple[str, ...]]:
    """Return the messages of `language` by key: one string, or one for each plural form."""
    found: Any = catalogues.read(language, LOCALES[language], SITE)
    return {
        message.id[0] if message.pluralizable else message.id: (
            tuple(message.string) if message.pluralizable else (str(message.string),)
        )
        for message in found
        if message.id
    }


def in_all_languages(key: str) -> dict[str, str]:
    """Return the message `key` in each language of the interface; raise KeyError for an unknown message."""
    return {language: messages(language)[key][0] for language in LANGUAGES}


@cache
def translations(language: str) -> Translations:
    """Return the messages of `language` for gettext."""
    compiled = BytesIO()
    write_mo(compiled, catalogues.read(language, LOCALES[language], SITE))
    compiled.seek(0)
    return Translations(compiled)


def translate(key: str, **values: object) -> str:
    """Return the message `key` in the current language, with `values` filled in; `n` chooses the plural form.

    Raise KeyError for an unknown message.
    """
    language = interface_language()
    forms = messages(language)[key]
    if not values:
        return forms[0]
    count = values.get("n")
    plural = len(forms) > 1 and isinstance(count, int)
    message = get_domain().get_translations().ngettext(key, key, count) if plural else forms[0]
    written = {
        name: number(str(value), language) if isinstance(value, int) else value
        for name, value in values.items()
    }
    return str(message).format(**written)


def register(app: Flask) -> None:
    """Make links repeat the language arguments, and add the messages to the templates of `app`."""
    babel = Babel(app, default_locale=LANGUAGES[0], locale_selector=interface_language, configure_jinja=False)
    babel.domain_instance = MessageDomain()
    app.url_defaults(_add_languages)
    app.jinja_env.globals.update(
        _=translate,
        language=interface_language,
        locale=lambda: LOCALES[interface_language()],
        content_language=content_language,
        is_right_to_left=lambda: LOCALES[interface_language()] in _RIGHT_TO_LEFT,
        chosen_language=requested_language,
        language_names=LANGUAGE_NAMES,
    )


def _add_languages(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint != "static" and not values.get("extension"):
        for argument, language in link_context().arguments:
            values.setdefault(argument, language)

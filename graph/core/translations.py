"""Texts in several languages: those of the program in the languages of the site, and the one to show."""

from collections.abc import Mapping
from typing import Final, TypeVar

from babel import Locale

from graph.core.formatting import LOCALES
from graph.core.site import SITE

T = TypeVar("T")
FALLBACK: Final = "en"
"""The language of what the program says where it has no words in a language of the site."""


def for_site(texts: Mapping[str, T], languages: tuple[str, ...] = SITE.languages) -> dict[str, T]:
    """Return those of `texts` of the program that are in one of `languages`, or else the one in English."""
    return {tag: texts[tag] for tag in texts if tag in languages} or {FALLBACK: texts[FALLBACK]}


def choose(texts: Mapping[str, str], *languages: str) -> tuple[str, str]:
    """Return a language of `texts` and the text in it; ("", "") if there is none.

    It is the first of `languages`, else of those of the site, else English, that has a text, else any.
    """
    order = (*languages, *SITE.languages, FALLBACK, *texts)
    return next(((tag, texts[tag]) for tag in order if texts.get(tag)), ("", ""))


def language_name(tag: str, language: str) -> str:
    """Return the name of the language `tag` in `language`, or in English, or the tag."""
    for each in (language, FALLBACK):
        if name := Locale.parse(LOCALES.get(each, each)).languages.get(tag):
            return str(name)
    return tag
